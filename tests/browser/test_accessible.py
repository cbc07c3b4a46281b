"""axe-core finds nothing to blame on our pages, in the light and in the dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
# What the dark can change: colours, and what only a colour tells.
COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
OURS = (
    *("/", "/search", "/search?q=мост", "/search?q=ghghgh", "/search?q=ловушка&language=ru&sort=relevance"),
    *("/a/{bridge}", "/a/{hostile}", "/a/{bare}", "/a/{gone}", "/a/{reworded}", "/a/{reworded}/changes"),
    *("/a/{bridge}/cite", "/changes", "/sources", "/source/steppe_news", "/charts?q=мост"),
)
# Datasette's own: what remains is named here, so that more is noticed.
WORKBENCH = ("/news", "/news/articles?source=steppe_news", "/news/with_words")
KNOWN = {
    "color-contrast",
    "heading-order",
    "region",
    "landmark-one-main",
    "page-has-heading-one",
    "target-size",
    "link-in-text-block",
}


def violations(window: Any, options: dict[str, Any] = OPTIONS) -> list[str]:
    """What axe-core blames a page for."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(window.page, options=options).response["violations"]
    return [f"{one['impact']} {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize(
    ("scheme", "options"), [("light", OPTIONS), ("dark", COLOURS)], ids=["light", "dark"]
)
def test_our_pages_are_for_everybody(visit: Open, scheme: str, options: dict[str, Any]) -> None:
    window = visit(scheme=scheme)
    blamed = {path: found for path in OURS if window.goto(path) and (found := violations(window, options))}
    assert blamed == {}


def test_our_refusals_are_for_everybody(visit: Open) -> None:
    window = visit()
    window.goto("/nowhere")
    window.happened[:] = [one for one in window.happened if "404" not in one]
    assert violations(window) == []


def test_datasettes_pages_are_blamed_for_what_is_known_only(visit: Open) -> None:
    window = visit()
    for path in WORKBENCH:
        window.goto(path)
        blamed = [one for one in violations(window) if one.split()[1].rstrip(":") not in KNOWN]
        assert blamed == [], path

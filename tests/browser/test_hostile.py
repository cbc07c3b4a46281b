"""Hostile articles change nothing on any page: no dialog, no request elsewhere, no script, no other look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.hostile import WAYS

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
LISTS = (
    *("/", "/search?q=ловушка", "/search?q=ловушка&sort=relevance&page=2", "/search?q=alert script"),
    *("/sources", "/source/steppe_news", "/charts?q=ловушка", "/changes"),
    *(
        "/news",
        "/news/articles",
        "/news/articles?_facet=section&_size=40",
        "/news/with_words?words=ловушка&since=2026-01-01",
    ),
    "/news/links",
)
FOREIGN = (
    "document.querySelectorAll('iframe,object,embed,base,form[action*=evil],link[href*=evil],img[src*=evil]')"
    ".length"
)


def test_no_list_runs_what_an_article_says(visit: Open) -> None:
    window = visit()
    for path in LISTS:
        assert window.goto(path).status == 200, path
        assert window.page.evaluate(FOREIGN) == 0, path
        assert window.page.url.startswith(window.server.address)


def test_no_article_runs_what_it_says(visit: Open) -> None:
    window = visit()
    for number in range(len(WAYS)):
        for ending in ("", "/cite") if number % 4 == 0 else ("",):
            assert window.goto(f"/a/{{trap{number}}}{ending}").status == 200
            assert window.page.evaluate(FOREIGN) == 0, number
            assert "49" not in window.page.title()
        for trap in window.page.locator("main a[href^='javascript'], main a[href^='data']").all():
            trap.click()
        assert window.page.locator("main").is_visible()


def test_no_row_of_datasettes_runs_what_an_article_says(visit: Open) -> None:
    window = visit()
    for number in range(0, len(WAYS), 3):
        assert window.goto(f"/news/articles/{{trap{number}}}").status == 200
        assert window.page.evaluate(FOREIGN) == 0, number


def test_what_is_typed_runs_nowhere(visit: Open) -> None:
    window = visit()
    for way in WAYS[:8]:
        window.goto("/")
        window.page.fill("input[type=search]", way[:200])
        with window.page.expect_navigation():
            window.page.keyboard.press("Enter")
        assert window.page.evaluate(FOREIGN) == 0
        assert window.page.input_value("input[type=search]") == way[:200].strip()

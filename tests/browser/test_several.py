"""The pages about several archives, in a browser: for everybody, on every window, into each and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.conftest import DESKTOP, NARROW, PHONE, Server, browsed, windows
from tests.browser.test_accessible import COLOURS, OPTIONS, violations
from tests.site.several.conftest import APRIL, MARCH, made

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
PAGES = (
    *("/", "/search", "/search?q=мост", "/search?q=мост&sort=relevance", "/search?q=ghghgh", "/sources"),
    *("/changes", "/charts"),
    *("/2026-03/", "/obl-hostile-1/"),
)


@pytest.fixture(scope="session")
def together(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Server]:
    """`muragat browse` on a folder of three archives, one of them damaged."""
    whole = tmp_path_factory.mktemp("several")
    made(whole / "2026-03", MARCH)
    made(whole / "обл <hostile> #1", APRIL)
    (whole / "damaged").mkdir()
    (whole / "damaged" / "news.db").write_bytes(b"no database")
    with browsed(str(whole)) as address:
        yield Server(address, {})


@pytest.fixture
def visit_all(browser: Any, together: Server) -> Iterator[Open]:
    """Opens windows on the archives."""
    yield from windows(browser, together)


@pytest.mark.parametrize(
    ("scheme", "options"), [("light", OPTIONS), ("dark", COLOURS)], ids=["light", "dark"]
)
def test_the_pages_are_for_everybody(visit_all: Open, scheme: str, options: dict[str, Any]) -> None:
    window = visit_all(scheme=scheme)
    blamed = {path: found for path in PAGES if window.goto(path) and (found := violations(window, options))}
    assert blamed == {}


@pytest.mark.parametrize("size", [DESKTOP, PHONE, NARROW], ids=["desktop", "phone", "narrow"])
def test_no_page_is_wider_than_the_window(visit_all: Open, size: tuple[int, int]) -> None:
    window = visit_all(size)
    for path in PAGES:
        window.goto(path)
        assert not window.is_wider_than_the_window(), path


def test_from_all_archives_into_one_and_back_without_a_script(visit_all: Open) -> None:
    window = visit_all(PHONE, java_script_enabled=False)
    window.goto("/")
    window.page.fill("input[type=search]", "мост")
    with window.page.expect_navigation():
        window.page.keyboard.press("Enter")
    assert "Нет ответа: damaged" in window.page.locator(".warning").inner_text()
    hit = window.page.locator("article.line").first
    assert "обл <hostile> #1" in hit.inner_text()
    hit.locator("h3 a").click()
    assert window.page.locator("h1").inner_text() == "Мост закрыли на ремонт"
    assert window.page.locator(".whose").inner_text() == "обл <hostile> #1"
    window.page.locator("a.brand").click()
    assert window.page.url == f"{window.server.address}/"

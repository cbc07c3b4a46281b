"""A real browser on a real server: Playwright drives the system's Chromium at `muragat browse`.

Skipped with a reason where either is missing; with REQUIRE_BROWSER=1 that is a failure.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from tests.browser.hostile import hostile_articles
from tests.site.conftest import NOW, fill, keep

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
DESKTOP, PHONE, NARROW = (1280, 900), (390, 844), (320, 640)
SERVE = (
    "import sys; from crawler.cli import main; "
    "sys.argv = ['muragat', 'browse', '--no-open', '--port', '0', *sys.argv[1:]]; main()"
)


def missing(reason: str) -> None:
    """Skip, or fail where a browser is required."""
    if os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("no Playwright; pip install -e '.[browser]' or run make test-browser")
    named = [os.environ.get("MURAGAT_CHROMIUM"), *map(shutil.which, PROGRAMS)]
    program = next((one for one in named if one), None)
    if program is None:
        missing("no Chromium; install one, or name it in MURAGAT_CHROMIUM")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield running
        running.close()


@dataclass
class Server:
    """A running `muragat browse`; `ids` are the articles' numbers by the last word of their addresses."""

    address: str
    ids: dict[str, int]

    def path(self, path: str) -> str:
        """A path in which articles are named by `{slug}`."""
        return path.format(**self.ids)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Server]:
    """`muragat browse` in a process of its own, on the sample archive and twenty hostile articles more."""
    folder = ArchiveFolder(tmp_path_factory.mktemp("browsed"))
    fill(folder)
    with Archive(folder) as archive:
        run = archive.runs.begin("steppe_news", started_at=NOW, version="1")
        for number, one in enumerate(hostile_articles()):
            keep(archive, run, one, NOW + timedelta(hours=1, minutes=number))
        archive.runs.end(run, status="done", reason=None, ended_at=NOW + timedelta(hours=2), seconds=2.5)
        rows = archive.news.conn.execute("SELECT url, id FROM articles").fetchall()
    with browsed("--archive", str(folder.path)) as address:
        yield Server(address, {url.rsplit("/", 1)[1]: number for url, number in rows})


@contextmanager
def browsed(*words: str) -> Iterator[str]:
    """`muragat browse` with these words in a process of its own; gives its address."""
    process = subprocess.Popen([sys.executable, "-c", SERVE, *words], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    found = next(filter(None, (re.search(r"http://127\.0\.0\.1:\d+", line) for line in process.stdout)), None)
    assert found
    yield found[0]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)


@dataclass
class Visit:
    """One reader's browser window, and everything in it that must never happen."""

    page: Any
    server: Server
    happened: list[str] = field(default_factory=list)

    def goto(self, path: str) -> Any:
        """Open a page of the site and wait until it is loaded; gives the answer."""
        return self.page.goto(self.server.address + self.server.path(path), wait_until="load")

    def is_wider_than_the_window(self) -> bool:
        """Whether one would have to scroll sideways."""
        return bool(
            self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        )


@pytest.fixture
def visit(browser: Any, server: Server) -> Iterator[Callable[..., Visit]]:
    """Opens windows; at the end of the test nothing may have happened in any of them."""
    yield from windows(browser, server)


def windows(browser: Any, server: Server) -> Iterator[Callable[..., Visit]]:
    """What opens windows on a server, and in the end looks at what happened in them."""
    opened: list[tuple[Any, Visit]] = []

    def open_window(
        size: tuple[int, int] = DESKTOP, *, language: str = "ru-RU", scheme: str = "light", **more: Any
    ) -> Visit:
        context = browser.new_context(
            locale=language,
            color_scheme=scheme,
            viewport={"width": size[0], "height": size[1]},
            reduced_motion="reduce",
            **more,
        )
        one = Visit(context.new_page(), server)
        watch(one)
        opened.append((context, one))
        return one

    yield open_window
    for context, _ in opened:
        context.close()
    assert [happened for _, one in opened for happened in one.happened] == []


def watch(visit: Visit) -> None:
    """Write down dialogs, errors, what the console complains of, and every request to another host."""
    page, happened = visit.page, visit.happened

    def dialog(one: Any) -> None:
        happened.append(f"dialog: {one.message}")
        one.dismiss()

    def console(message: Any) -> None:
        if message.type in {"error", "warning"}:
            happened.append(f"console: {message.text}")

    def request(asked: Any) -> None:
        if not asked.url.startswith((visit.server.address + "/", "data:", "blob:")):
            happened.append(f"request: {asked.url}")

    page.on("dialog", dialog)
    page.on("pageerror", lambda error: happened.append(f"error: {error}"))
    page.on("console", console)
    page.context.on("request", request)

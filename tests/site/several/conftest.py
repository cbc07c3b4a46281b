"""Archives that share a few articles, and the application that serves them together."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from archive.records import Article
from archive.site.headers import App
from archive.site.openness import Openness
from archive.site.several.choosing import Chosen
from archive.site.several.library import library
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from tests.site.conftest import ARTICLES, GONE, NOW, PUBLISHED, REWORDED, REWORDED_AGAIN, article, keep
from tests.site.raw_asking import ask

LATER = NOW + timedelta(days=20)
HIT = re.compile(r'<h3 dir="auto"[^>]*><a href="(/[^"?]+)[^"]*">(.*?)</a></h3>')


def on(day: str, slug: str, title: str, body: str, **changes: Any) -> Article:
    """An article of the sample newspaper, published at noon of a day."""
    noon = datetime.fromisoformat(f"{day}T12:00:00+05:00")
    changes = {
        "published_at": noon,
        "published_local": noon,
        "published_date": date.fromisoformat(day),
    } | changes
    return article(slug, title, body, **changes)


BRIDGE, SCHOOL, HOSTILE_ONE, BARE = ARTICLES
# Seen again in April, when the publisher had another number in it.
BRIDGE_LATER = replace(
    BRIDGE, body="Мост через Жанасу открыли.\n\nПо нему пошли сорок трамваев.", body_html=""
)
MARCH = [
    (BRIDGE, NOW),
    (SCHOOL, NOW),
    (HOSTILE_ONE, NOW),
    (BARE, NOW),
    (REWORDED, NOW),
    (REWORDED_AGAIN, NOW),
]
APRIL = [
    (BRIDGE_LATER, LATER),
    (GONE, LATER),
    (
        on("2026-04-01", "closed", "Мост закрыли на ремонт", "Ремонт моста займёт месяц.", language="ru"),
        LATER,
    ),
    (on("2026-04-02", "kopir", "Көпір жөнделуде", "Көпір бір айға жабылды.", language="kk"), LATER),
]


def made(path: Path, kept: Sequence[tuple[Article, datetime]], source: str = "steppe_news") -> ArchiveFolder:
    """An archive that holds these articles, each seen at its time."""
    folder = ArchiveFolder(path)
    with Archive(folder) as archive:
        archive.sources.save(
            source,
            name="Степная газета" if source == "steppe_news" else source,
            home="https://steppe.example/",
            languages=["ru", "kk"],
            timezone="Asia/Almaty",
            region="KZ",
        )
        run = archive.runs.begin(source, started_at=NOW, version="1")
        for one, at in kept:
            keep(archive, run, one, at)
        archive.runs.end(run, status="done", reason=None, ended_at=LATER, seconds=1.5)
    return folder


@dataclass
class Together:
    """Archives served together, asked in-process."""

    app: App

    def get(self, path: str, host: str = "localhost", method: str = "GET", **headers: str) -> httpx.Response:
        """The answer to a request; nothing is followed."""
        asked = {name.replace("_", "-"): value for name, value in headers.items()}
        return asyncio.run(ask(self.app, quoted(path), {"host": host, **asked}, method))

    def page(self, path: str, language: str = "en") -> str:
        """The HTML of a page that is there."""
        answer = self.get(path, accept_language=language)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.text

    def hits(self, path: str) -> list[tuple[str, str]]:
        """The hits of a page in their order: archive and title, without marks."""
        return hits(self.page(path))

    def all_hits(self, path: str) -> list[tuple[str, str]]:
        """The hits of a page and of all that follow it."""
        found, href = [], path
        while href:
            html = self.page(href)
            found += hits(html)
            href = next(
                (one.replace("&amp;", "&") for one in re.findall(r'rel="next" href="([^"]+)"', html)), ""
            )
        return found


def quoted(target: str) -> str:
    """A path and query with what no request line can hold in `%`; all else as it is."""
    return quote(target, safe="/%?&=:;,+*@!$'()~#[]\\\"<>^`{|}")


def hits(html: str) -> list[tuple[str, str]]:
    """The hits a page shows: the archive each leads into, and its title without marks."""
    return [(href.split("/")[1], re.sub(r"</?mark>", "", title)) for href, title in HIT.findall(html)]


def together(*folders: ArchiveFolder, openness: Openness | None = None) -> Together:
    """These archives, served together under their folders' names."""
    chosen = [Chosen(folder.path.name, folder.news) for folder in folders]
    return Together(library(chosen, "127.0.0.1", openness or Openness()))


def opened(site: Together) -> Together:
    """The same with its archives open: Datasette 1.0 closes after a test what is opened within it."""
    site.get("/", host="localhost")
    return site


@pytest.fixture(scope="session")
def months(tmp_path_factory: pytest.TempPathFactory) -> list[ArchiveFolder]:
    """Two parts of one whole, in the order of their names; nobody may write to them."""
    whole = tmp_path_factory.mktemp("whole")
    return [made(whole / "2026-03", MARCH), made(whole / "2026-04", APRIL)]


@pytest.fixture(scope="module")
def site(months: list[ArchiveFolder]) -> Together:
    """Both of them, served together."""
    return opened(together(*months))


@pytest.fixture
def own_months(tmp_path: Path) -> list[ArchiveFolder]:
    """The same, to be damaged."""
    return [made(tmp_path / "2026-03", MARCH), made(tmp_path / "2026-04", APRIL)]


__all__ = ["LATER", "PUBLISHED", "Iterator"]

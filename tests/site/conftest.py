"""A small archive with the kindest and the worst of articles, and a Datasette that serves it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.app import Datasette

from archive.records import Article, Author, Image, Link, Problem
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from tests.keeping import article_at, begin_source
from tests.keeping import keep as keep_read

NOW = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
PUBLISHED = datetime(2026, 3, 9, 19, 30, tzinfo=UTC)  # 00:30 on the 10th on the publisher's clock
HOSTILE = (
    "<script>alert(1)</script> {{7*7}} ${7*7} \"'><img src=x onerror=alert(2)> "
    "\u202ereversed\u202c a\x00b\x1b]0;x\x07"
)
HOSTILE_HTML = (
    '<p onclick="alert(3)">before <script>alert(4)</script><a href="javascript:alert(5)">one</a> '
    '<a href="//evil.example/x">two</a> '
    '<a href="https://good.example/?a=1&amp;b=2" target="_top">three</a></p>'
    '<img src="https://pictures.example/a.jpg" alt="A &quot;bridge&quot; &lt;b&gt;" onerror="alert(6)">'
    '<img src="data:image/svg+xml,&lt;svg onload=alert(7)&gt;" alt="trap"><svg onload="alert(8)"></svg>'
    "<iframe src='https://evil.example'></iframe><style>body{display:none}</style><form><input></form>"
    "<h2>A heading</h2><table><tr><td colspan=2>cell</td></tr></table><math><mi//xlink:href='data:x'>"
)


def article(slug: str, title: str | None, body: str, **changes: Any) -> Article:
    """An article of the sample newspaper, published in the night to 10 March 2026."""
    url = f"https://steppe.example/news/{slug}"
    paragraphs = "".join(f"<p>{part}</p>" for part in body.split("\n\n")) if body else ""
    stated = article_at(
        url,
        title=title,
        body=body,
        body_html=paragraphs,
        published_at=PUBLISHED,
        published_local=datetime.fromisoformat("2026-03-10T00:30:00+05:00"),
        published_date=date(2026, 3, 10),
        published_raw="10.03.2026 00:30",
        published_precision="minute",
        published_evidence="json-ld datePublished",
        language="ru",
        section="Общество",
        access="free",
        article_type="article",
        is_article=0.9,
        evidence={"title": "h1", "body": "blocks"},
        cleaned_with="1",
    )
    return replace(stated, **changes)


ARTICLES = [
    article(
        "bridge",
        "В Степном открыли мост",
        "Мост через Жанасу открыли в понедельник.\n\nПо нему пошли автобусы.",
        kicker="Дороги",
        lead="Мост ждали девять лет.",
        authors=(Author("Айгуль Сатова"), Author("Тимур Галеев")),
        agency="Дала-Информ",
        tags=("мост", "дороги"),
        images=(
            Image("https://pictures.example/bridge.jpg", "мост", "Мост утром", "Фото: редакция", "lead"),
        ),
        links=(
            Link("https://steppe.example/news/school", "Школу достроили", "related"),
            Link("https://elsewhere.example/x", "Другая газета", "source"),
            Link("javascript:alert(9)", "Нажми", "related"),
        ),
        problems=(Problem("published_contradicted", "two dates"),),
    ),
    article(
        "school",
        "Мектеп салынды",
        "Ауылда жаңа мектеп салынды.",
        language="kk",
        section="Қоғам",
        published_precision="day",
        published_at=PUBLISHED - timedelta(days=40),
        published_local=datetime.fromisoformat("2026-01-29T00:00:00+05:00"),
        published_date=date(2026, 1, 29),
    ),
    article(
        "hostile",
        HOSTILE,
        HOSTILE,
        lead=HOSTILE,
        kicker=HOSTILE,
        agency=HOSTILE,
        section=HOSTILE,
        tags=(HOSTILE,),
        authors=(Author(HOSTILE, "javascript:alert(10)"),),
        body_html=HOSTILE_HTML,
        images=(Image("javascript:alert(11)", HOSTILE, HOSTILE, HOSTILE, "lead"),),
        links=(Link("https://steppe.example/news/bridge", HOSTILE, "inline"),),
        evidence={"title": HOSTILE, HOSTILE: "h1"},
        problems=(Problem(HOSTILE, HOSTILE),),
        published_raw=HOSTILE,
    ),
    article(
        "bare",
        None,
        "",
        language=None,
        section=None,
        published_at=None,
        published_local=None,
        published_date=None,
        published_raw=None,
        published_precision=None,
        published_evidence=None,
        evidence={},
        access="unknown",
    ),
]
REWORDED = article("reworded", "Воды стало меньше", "Уровень воды 395 сантиметров.\n\nСудоходства нет.")
REWORDED_AGAIN = replace(
    REWORDED,
    body="Уровень воды 405 сантиметров.\n\nСудоходства нет.",
    body_html="<p>Уровень воды 405 сантиметров.</p><p>Судоходства нет.</p>",
)
GONE = article("gone", "Рыбалку отменили", "Лёд слишком тонкий.")


def fill(folder: ArchiveFolder) -> None:
    """Keep the sample articles, as a crawl would."""
    with Archive(folder) as archive:
        run = begin_source(
            archive,
            "steppe_news",
            at=NOW,
            name="Степная газета",
            home="https://steppe.example/",
            languages=["ru", "kk"],
            region="KZ",
        )
        for number, one in enumerate([*ARTICLES, REWORDED, REWORDED_AGAIN, GONE]):
            keep(archive, run, one, NOW + timedelta(minutes=number))
        gone = archive.news.conn.execute("SELECT id FROM articles WHERE url = ?", [GONE.url]).fetchone()[0]
        archive.articles.gone(gone, NOW)
        archive.runs.end(run, status="done", reason=None, ended_at=NOW, seconds=1.5)


def keep(archive: Archive, run: int, one: Article, at: datetime) -> None:
    """Keep one article of the sample newspaper and the page it was read from."""
    keep_read(archive, run, "steppe_news", one, at=at)


@dataclass
class Site:
    """A served archive, asked in-process."""

    datasette: Datasette
    ids: dict[str, int]

    def get(self, path: str, **headers: str) -> httpx.Response:
        """The answer to a GET request."""
        asked = {name.replace("_", "-"): value for name, value in headers.items()}
        return asyncio.run(self.datasette.client.get(path, headers=asked))

    def page(self, path: str, language: str = "en") -> str:
        """The HTML of a page that is there."""
        answer = self.get(path, accept_language=language)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.text


@pytest.fixture(scope="session")
def archive_folder(tmp_path_factory: pytest.TempPathFactory) -> ArchiveFolder:
    """The sample archive; nobody may write to it."""
    folder = ArchiveFolder(tmp_path_factory.mktemp("archive"))
    fill(folder)
    return folder


@pytest.fixture(scope="module")
def site(archive_folder: ArchiveFolder) -> Iterator[Site]:
    """Plain `datasette news.db`: the plugin comes by its entry point, no setting is given."""
    yield from served(archive_folder.news)


@pytest.fixture
def starting_site(archive_folder: ArchiveFolder) -> Iterator[Site]:
    """The same, not asked for anything yet."""
    yield from served(archive_folder.news)


def served(news: Path) -> Iterator[Site]:
    """The site of one database file."""
    datasette = Datasette([str(news)])
    rows = asyncio.run(datasette.get_database("news").execute("SELECT id, url FROM articles")).rows
    yield Site(datasette, {row["url"].rsplit("/", 1)[1]: row["id"] for row in rows})
    for database in datasette.databases.values():
        database.close()
    if datasette.executor:
        datasette.executor.shutdown()


@pytest.fixture
def formula_site(tmp_path: Path) -> Iterator[Site]:
    """The site of an archive whose only article, gone by now, is titled by a formula."""
    folder = ArchiveFolder(tmp_path)
    formula = article("formula", '=HYPERLINK("https://evil.example/";"x")', "=1+1\n\n@SUM(A1)")
    with Archive(folder) as archive:
        run = begin_source(archive, "steppe_news", at=NOW, name="x", region="KZ")
        keep(archive, run, formula, NOW)
        (number,) = archive.news.conn.execute("SELECT id FROM articles").fetchone()
        archive.articles.gone(number, NOW)
        archive.runs.end(run, status="done", reason=None, ended_at=NOW, seconds=1.5)
    yield from served(folder.news)

"""Archives to be exported: a small one kept as a crawl keeps it, and a big one made by SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.records import Author, Image, Link
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from tests.keeping import NOON, article_at, begin_source
from tests.keeping import keep as keep_read


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[ArchiveFolder]:
    """Four articles: two with a date, one undated, one of another source that tries to be a formula."""
    folder = ArchiveFolder(tmp_path / "archive")
    with Archive(folder) as archive:
        runs = {
            source: begin_source(archive, source, home=f"https://{source.replace('_', '-')}.example/")
            for source in ("steppe_news", "aul_kz")
        }

        def keep(path: str, source: str = "steppe_news", **fields: Any) -> None:
            url = f"https://{source.replace('_', '-')}.example{path}"
            keep_read(archive, runs[source], source, article_at(url, cleaned_with="1", **fields))

        keep(
            "/full",
            title="Мост, «Достык» и вода",
            lead="Коротко.",
            body='Первый абзац.\n\nВторой: "да", сказал аким.',
            body_html="<p>Первый абзац.</p>",
            published_at=NOON,
            published_date=date(2026, 3, 10),
            published_precision="minute",
            authors=(Author("Айгуль Серикова", "https://steppe-news.example/a"),),
            tags=("мост", "вода"),
            section="Город",
            language="ru",
            links=(
                Link("https://a.example/1", "первая", "inline"),
                Link("https://a.example/2", "вторая", "related"),
            ),
            images=(Image("https://a.example/1.jpg", role="lead", caption="Мост"),),
        )
        keep(
            "/next", title="Ертең боран", body="Қар жауады.", language="kk", published_date=date(2026, 3, 11)
        )
        keep("/undated", title="Без даты", body="Текст о мосте.", language="ru")
        keep(
            "/formula",
            source="aul_kz",
            title="=HYPERLINK(1)",
            body="- Начнём, - сказал он.",
            agency="+7 канал",
        )
    return folder


STORY = " ".join(f"слово{number} вода мост{number * 7} дорога" for number in range(40))


@pytest.fixture
def telling(tmp_path: Path) -> ArchiveFolder:
    """A story of 1 March, reprinted on the 6th; another of the 10th, and one without a date."""
    folder = ArchiveFolder(tmp_path / "telling")
    told = (
        ("steppe_news", "первая", STORY, datetime(2026, 3, 1, 7, tzinfo=UTC)),
        ("aul_kz", "перепечатка", STORY + " перепечатано", datetime(2026, 3, 6, 7, tzinfo=UTC)),
        ("steppe_news", "другая", STORY[::-1], datetime(2026, 3, 10, 7, tzinfo=UTC)),
        ("steppe_news", "без даты", "Короткий текст.", None),
    )
    with Archive(folder) as archive:
        runs = {source: begin_source(archive, source) for source in ("steppe_news", "aul_kz")}
        for number, (source, title, body, at) in enumerate(told):
            url = f"https://{source.replace('_', '-')}.example/{number}"
            article = article_at(
                url,
                title=title,
                body=body,
                published_at=at,
                published_date=at.date() if at else None,
                cleaned_with="1",
            )
            keep_read(archive, runs[source], source, article)
    return folder


def made_up(archive: Archive, count: int, chars: int = 3_000) -> None:
    """`count` articles with three links and a picture each, written by SQL alone."""
    begin_source(archive, "made_up")
    text = ("слово дорога мост вода " * (chars // 20))[:chars]
    stated = {
        "source": "made_up", "requested_url": "r", "body": text, "body_html": text, "authors": "[]",
        "breadcrumbs": "[]", "tags": '["a", "b"]', "access": "free", "article_type": "article",
        "is_article": 1.0, "evidence": "{}", "problems": "[]", "cleaned_with": "1", "content_hash": "h",
        "page_id": 1, "revisions": 1, "first_seen_at": "2026-03-10T07:00:00Z",
        "last_seen_at": "2026-03-10T07:00:00Z",
    }  # fmt: skip

    def rows() -> Iterable[dict[str, Any]]:
        for n in range(1, count + 1):
            yield stated | {
                "id": n * 7,
                "url": f"https://x.example/{n}",
                "url_key": f"x.example/{n}",
                "title": f"№ {n}",
            }

    connection = archive.news.conn
    connection.execute("DROP TRIGGER articles_search_insert")  # the search index is not what is measured
    names = [*stated, "id", "url", "url_key", "title"]
    marks = ", ".join(f":{name}" for name in names)
    connection.executemany(f"INSERT INTO articles ({', '.join(names)}) VALUES ({marks})", rows())
    links = (
        (n * 7, p, "inline", f"https://x.example/{p}", None, "т")
        for n in range(1, count + 1)
        for p in range(3)
    )
    connection.executemany("INSERT INTO links VALUES (?, ?, ?, ?, ?, ?)", links)
    connection.commit()


@pytest.fixture(scope="session")
def big_folder(tmp_path_factory: pytest.TempPathFactory) -> ArchiveFolder:
    """20,000 articles of 3,000 letters, only to be read."""
    folder = ArchiveFolder(tmp_path_factory.mktemp("big"))
    with Archive(folder) as archive:
        made_up(archive, 20_000)
    return folder


@pytest.fixture
def changing(tmp_path: Path) -> Iterator[Archive]:
    """An archive of 1,500 articles that somebody writes to."""
    with Archive(ArchiveFolder(tmp_path / "changing")) as archive:
        made_up(archive, 1_500, chars=20)
        archive.news.conn.execute("DROP TRIGGER articles_search_delete")
        archive.news.conn.execute("PRAGMA foreign_keys = OFF")
        yield archive

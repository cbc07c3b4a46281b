"""An archive to write to, and records to write into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.identity import url_key
from archive.records import Article, Author, Found, Image, Link, Outcome, Page, Visit
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
SOURCE = "steppe_news"
SITE = "https://steppe.example"


@dataclass
class Desk:
    """An open archive with one source and one run, and short ways to write to it."""

    archive: Archive
    folder: ArchiveFolder
    run: int

    def article(self, path: str, **fields: Any) -> Article:
        url = SITE + path
        stated = {
            "url": url,
            "requested_url": url,
            "url_key": url_key(url),
            "title": f"Новость {path}",
            "lead": "Коротко о главном.",
            "body": f"Первый абзац {path}.\n\nВторой абзац.",
            "published_at": NOON,
            "published_date": NOON.date(),
            "published_precision": "minute",
            "authors": (Author("Айгуль Серикова"),),
            "links": (Link(SITE + "/other", "Ещё по теме", "related"),),
            "images": (Image(SITE + "/1.jpg", role="lead"),),
            "language": "ru",
            "access": "free",
            "article_type": "article",
            "is_article": 1.0,
            "cleaned_with": "1",
        }
        return Article(**(stated | fields))

    def page(self, path: str, body: bytes = b"<p>text</p>", **fields: Any) -> Page:
        url = SITE + path
        stated = {"source": SOURCE, "fetched_at": NOON, "status": 200, "headers": (), "body": body}
        return Page(**({"url": url, "requested_url": url} | stated | fields))

    def visit(self, path: str, **fields: Any) -> Visit:
        return Visit(**({"url": SITE + path, "kind": "article", "status": 200, "fetched_at": NOON} | fields))

    def found(self, path: str, **fields: Any) -> Found:
        return Found(**({"url": SITE + path, "via": "feed", "document": SITE + "/feed"} | fields))

    def keep(self, path: str, *, at: datetime = NOON, html: bytes | None = None, **fields: Any) -> Outcome:
        """Keep a page and the article it shows, as a crawl does."""
        body = html or f"<h1>{path} {sorted(fields.items())}</h1>".encode()
        page_id = self.archive.pages.keep(self.page(path, body, fetched_at=at), kind="article")
        visit = self.visit(path, page_id=page_id, fetched_at=at)
        return self.archive.keep_article(self.run, SOURCE, self.article(path, **fields), visit)

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        return list(self.archive.news.query(query, values))

    def value(self, query: str, *values: Any) -> Any:
        return self.archive.news.conn.execute(query, values).fetchone()[0]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    folder = ArchiveFolder(tmp_path / "archive")
    # Long enough for nothing, so that a locked file is an error at once.
    with Archive(folder, busy_timeout=0.05) as archive:
        archive.sources.save(
            SOURCE, name="Степь", home=SITE + "/", languages=["ru"], timezone="Asia/Almaty", region=None
        )
        run = archive.runs.begin(SOURCE, started_at=NOON, version="test")
        yield Desk(archive, folder, run)

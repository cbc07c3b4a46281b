"""An archive of three sources that copy one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlite_utils import Database

from archive.identity import url_key
from archive.records import Article, Outcome, Page, Visit
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from archive.syndication.clusters import Copy
from archive.syndication.finding import copies_of

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
ALMATY = timedelta(hours=5)
NAMES = {"liter_kz": "Liter.kz", "inkaraganda_kz": "ИнКараганда", "steppe_news": "Степь"}


def words(seed: int, count: int = 200) -> list[str]:
    """Made-up words; two seeds have none in common."""
    random = Random(seed)
    return [f"с{seed}лово{random.randrange(10**6)}" for _ in range(count)]


def text(seed: int, count: int = 200) -> str:
    """A text of made-up words that no other seed has."""
    return " ".join(words(seed, count))


@dataclass
class Press:
    """Three newspapers and the archive that keeps them."""

    archive: Archive
    folder: ArchiveFolder
    runs: dict[str, int] = field(default_factory=dict)

    @property
    def db(self) -> Database:
        return self.archive.news

    def print(
        self, source: str, slug: str, body: str, *, at: datetime | None = NOON, **fields: Any
    ) -> tuple[int, Outcome]:
        """Keep an article as a crawl does; returns its id and what became of it."""
        url = f"https://{source.replace('_', '-')}.example/{slug}"
        page = Page(url, url, source, NOON, 200, (), f"{body}{fields}".encode())
        stated: dict[str, Any] = {
            "title": f"Заголовок {slug}",
            "published_at": at,
            "published_local": at and (at + ALMATY),
            "published_date": at and (at + ALMATY).date(),
            "published_precision": "minute" if at else None,
        }
        article = Article(url=url, requested_url=url, url_key=url_key(url), body=body, **(stated | fields))
        visit = Visit(url, "article", 200, NOON, page_id=self.archive.pages.keep(page, kind="article"))
        outcome = self.archive.keep_told_article(self.runs[source], source, article, visit, article_id=None)
        return self.value("SELECT id FROM articles WHERE url = ?", url), outcome

    def day(self, source: str, slug: str, body: str, day: str) -> int:
        """Keep an article that states its day only."""
        begin = datetime.fromisoformat(day).replace(tzinfo=UTC) - ALMATY
        return self.print(
            source, slug, body, at=begin, published_date=date.fromisoformat(day), published_precision="day"
        )[0]

    def value(self, query: str, *values: Any) -> Any:
        return self.db.conn.execute(query, values).fetchone()[0]

    def copies(self, article_id: int, threshold: float = 0.8) -> dict[int, Copy]:
        """The other articles of its cluster."""
        return {copy.id: copy for copy in copies_of(self.db, article_id, threshold) if copy.id != article_id}

    def state(self) -> dict[str, set[tuple[Any, ...]]]:
        """Everything the archive knows of copies."""
        tables = ("article_fingerprints", "fingerprints", "copies")
        return {name: set(self.db.conn.execute(f"SELECT * FROM {name}")) for name in tables}


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    folder = ArchiveFolder(tmp_path / "archive")
    with Archive(folder) as archive:
        made = Press(archive, folder)
        for source, name in NAMES.items():
            archive.sources.save(
                source, name=name, home="h", languages=["ru"], timezone="Asia/Almaty", region=None
            )
            made.runs[source] = archive.runs.begin(source, started_at=NOON, version="test")
        yield made

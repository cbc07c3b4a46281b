"""An archive with articles of two sources, to be searched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive.store.archive import Archive
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder
from tests.keeping import article_at, begin_source, visit_of

Keep = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path) -> ArchiveFolder:
    return ArchiveFolder(tmp_path / "archive")


@pytest.fixture
def keep(folder: ArchiveFolder) -> Iterator[Keep]:
    """Keeps an article as a crawl does: `keep(path, title, body, day=…, source=…)`."""
    with Archive(folder) as archive:
        runs = {source: begin_source(archive, source) for source in ("steppe_news", "aul_kz")}

        def keep(
            path: str,
            title: str,
            body: str = "",
            day: str | None = None,
            source: str = "steppe_news",
            **fields: Any,
        ) -> None:
            url = f"https://{source.replace('_', '-')}.example{path}"
            when = date.fromisoformat(day) if day else None
            article = article_at(
                url,
                title=title,
                body=body,
                published_date=when,
                published_at=datetime(when.year, when.month, when.day, tzinfo=UTC) if when else None,
                **fields,
            )
            visit = visit_of(archive, source, url)
            archive.keep_told_article(runs[source], source, article, visit, article_id=None)

        yield keep


@pytest.fixture
def db(folder: ArchiveFolder, keep: Keep) -> Iterator[Database]:
    with closing(open_to_read(folder.news)) as reader:
        yield reader

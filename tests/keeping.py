"""A small archive made as a crawl makes it: a source with a run, and articles read from kept pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from archive.identity import url_key
from archive.records import Article, Page, Visit
from archive.store.archive import Archive

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)


def begin_source(archive: Archive, source: str, *, at: datetime = NOON, **stated: Any) -> int:
    """Save a source and begin a run of it; returns the run."""
    known = {"name": source, "home": "h", "languages": ["ru"], "timezone": "Asia/Almaty", "region": None}
    archive.sources.save(source, **(known | stated))
    return archive.runs.begin(source, started_at=at, version="test")


def article_at(url: str, **fields: Any) -> Article:
    """An article that says nothing but what is given."""
    return Article(**({"url": url, "requested_url": url, "url_key": url_key(url)} | fields))


def visit_of(archive: Archive, source: str, url: str, *, at: datetime = NOON) -> Visit:
    """The visit of an address whose page, another one for each address, was kept."""
    page_id = archive.pages.keep(Page(url, url, source, at, 200, (), url.encode()), kind="article")
    return Visit(url, "article", 200, at, page_id=page_id)


def keep(archive: Archive, run: int, source: str, article: Article, *, at: datetime = NOON) -> None:
    """Keep a page and the article that was read from it."""
    archive.keep_article(run, source, article, visit_of(archive, source, article.requested_url, at=at))

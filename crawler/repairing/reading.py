"""Kept pages read again for a repair, by the same cleaning as in a crawl."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from archive.records import Found, Page
from archive.store.archive import Archive
from archive.store.mending import PageReading
from crawler.pipelines.workers import CleaningFailed
from crawler.runs.session import Session
from crawler.sources.profile import Source

BATCH = 50  # pages in hand: 5 MB
Answer = TypeVar("Answer")


class PageReader:
    """Reads kept pages in the session's workers, by the profiles of their sources."""

    def __init__(self, session: Session, sources: Mapping[str, Source]) -> None:
        self.session, self.sources = session, sources

    async def read(self, page_ids: Iterable[int]) -> dict[int, PageReading]:
        """The readings of those pages that are kept, sound, and show an article, by page."""
        wanted, readings = list(dict.fromkeys(page_ids)), {}
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            pages = await self.session.write(self.fetcher(batch))
            for reading in await asyncio.gather(*(self.read_one(*one) for one in pages)):
                if reading:
                    readings[reading.page_id] = reading
        return readings

    def fetcher(self, page_ids: list[int]) -> Callable[[Archive], list[tuple[int, Page, tuple[Found, ...]]]]:
        """What takes pages out of the archive, each with what documents said of its address."""

        def fetched(archive: Archive) -> list[tuple[int, Page, tuple[Found, ...]]]:
            pages = ((page_id, archive.kept_page(page_id)) for page_id in page_ids)
            return [(n, page, archive.frontier.statements(page.requested_url)) for n, page in pages if page]

        return fetched

    async def read_one(self, page_id: int, page: Page, stated: tuple[Found, ...]) -> PageReading | None:
        """One page's article, or `None` where it shows none or nobody knows its source."""
        source = self.sources.get(page.source)
        if source is None:
            return None
        try:
            article = await self.session.pool.clean(page, source, stated)
        except CleaningFailed:
            return None
        return None if article.article_type == "not_article" else PageReading(page_id, page, article)

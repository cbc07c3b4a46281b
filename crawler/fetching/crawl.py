"""What the parts around a request need of the crawl they serve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar, cast

from scrapy.crawler import Crawler

from archive.records import Outcome, Visit
from archive.store.archive import Archive
from crawler.sources.profile import Source

Answer = TypeVar("Answer")


class Crawl(Protocol):
    """A crawl of one source; the spider is one."""

    source: Source
    site_addresses: list[str]

    async def write(self, work: Callable[[Archive], Answer]) -> Answer:
        """Do something to the archive."""

    async def write_page(self, work: Callable[[Archive], Answer]) -> Answer:
        """`write` for what writes pages.db alone and soon."""

    async def note(self, visit: Visit, outcome: Outcome) -> None:
        """Enter a request that concerns no address of the list."""


def crawl_of(crawler: Crawler) -> Crawl:
    """The crawl a Scrapy crawler runs."""
    return cast(Crawl, crawler.spider)

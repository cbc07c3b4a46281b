"""What the parts around a request need of the crawl they serve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar, cast

from scrapy.crawler import Crawler

from archive.records import Outcome, Visit
from archive.store.archive import Archive
from archive.store.hosts import HostKnown, Robots, Wait
from crawler.sources.profile import Source

Answer = TypeVar("Answer")


class Crawl(Protocol):
    """A crawl of one source; the spider is one."""

    source: Source
    site_addresses: list[str]
    taken_down: frozenset[int]

    async def write(self, work: Callable[[Archive], Answer]) -> Answer:
        """Do something to the archive."""

    def may_fetch(self) -> bool:
        """Whether what is fetched now can be kept."""

    async def write_page(self, work: Callable[[Archive], Answer]) -> Answer:
        """`write` for what writes pages.db alone and soon."""

    async def note(self, visit: Visit, outcome: Outcome) -> None:
        """Enter a request that concerns no address of the list."""

    async def overlooked(self, host: str, faults: tuple[str, ...]) -> None:
        """Enter which faults of a host's certificate were accepted, as the profile says."""

    async def host(self, origin: str) -> HostKnown:
        """What is known of a host before it is asked."""

    async def note_robots(self, origin: str, robots: Robots, visit: Visit, outcome: Outcome) -> None:
        """Keep what a host's robots.txt means, and the request for it."""

    async def note_wait(self, wait: Wait) -> None:
        """Keep that a host asked to be left alone."""

    def give_up(self, reason: str) -> None:
        """End the crawl: none of its articles can be had."""


def crawl_of(crawler: Crawler) -> Crawl:
    """The crawl a Scrapy crawler runs."""
    return cast(Crawl, crawler.spider)

"""robots.txt as RFC 9309 says: 4xx allows all, no answer or 5xx means *do not crawl yet*.

Scrapy's own middleware reads 5xx as leave to crawl and applies no Crawl-delay.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.records import Outcome, Visit
from crawler.fetching.crawl import crawl_of
from crawler.fetching.public_addresses import refused_hosts

logger = logging.getLogger(__name__)

READ_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much must be read
LONGEST_CRAWL_DELAY = 60.0  # seconds; a site that asks for a day would never be read


class RobotsForbid(IgnoreRequest):
    """robots.txt does not allow this address."""


class RobotsUnknown(IgnoreRequest):
    """robots.txt could not be had, so nothing may be crawled yet."""


@dataclass(frozen=True)
class Rules:
    """What one host allows. `closed` says why nothing may be asked, else `None`; `cause` is what failed."""

    protego: Protego | None = None
    closed: str | None = None
    cause: Exception | None = None

    def check(self, url: str, agent: str) -> None:
        """Raise RobotsUnknown or RobotsForbid unless the address may be asked."""
        if self.closed:
            raise RobotsUnknown(self.closed) from self.cause
        if self.protego and not self.protego.can_fetch(url, agent):
            raise RobotsForbid("forbidden by robots.txt")


class RobotsMiddleware:
    """Ask each host for its robots.txt once a crawl, before anything else, and obey it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.agent = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self.asked: dict[str, asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("kind") == "robots":
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self.asked:
            self.asked[origin] = asyncio.create_task(self.ask(origin))
        rules = await asyncio.shield(self.asked[origin])
        rules.check(request.url, self.agent)

    async def ask(self, origin: str) -> Rules:
        """The rules of a host, from its robots.txt."""
        url = f"{origin}/robots.txt"
        started_at = datetime.now(UTC)
        request = Request(url, priority=1000, callback=NO_CALLBACK, meta={"kind": "robots"})
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - every failure of any handler means the same: not yet
            visit = Visit(url, "robots", None, started_at, reason="robots_unreachable", detail=str(error))
            await crawl_of(self.crawler).note(visit, Outcome.FAILED)
            if urlsplit(url).hostname in refused_hosts:
                return Rules(closed="leads to a private address; --allow-private asks it all the same")
            return Rules(closed=f"robots.txt could not be fetched ({type(error).__name__})", cause=error)
        rules = rules_of(response)
        visit = Visit(
            url=url,
            kind="robots",
            status=response.status,
            fetched_at=started_at,
            bytes=len(response.body),
            page_id=response.meta.get("page_id"),
            reason="robots_unreachable" if rules.closed else None,
            detail=rules.closed or "",
        )
        await crawl_of(self.crawler).note(visit, Outcome.FAILED if rules.closed else Outcome.READ)
        self.slow_down(rules, request)
        return rules

    def slow_down(self, rules: Rules, request: Request) -> None:
        """Apply a stated Crawl-delay, up to a minute, to the host just asked."""
        stated = rules.protego.crawl_delay(self.agent) if rules.protego else None
        if not stated or stated <= 0:
            return
        delay = min(float(stated), LONGEST_CRAWL_DELAY)
        slot = self.crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        if slot and slot.delay < delay:
            slot.delay, slot.jitter, slot.concurrency = delay, 0.0, 1
            logger.info("Crawl-delay of %s seconds applied to %s", delay, urlsplit(request.url).netloc)


def rules_of(response: Response) -> Rules:
    """What an answer to robots.txt means. HTML in its place names no rules: all is allowed."""
    if response.status >= 500 or response.status == 429:
        return Rules(closed=f"robots.txt answered {response.status}: not crawled until it can be read")
    if response.status >= 300:
        return Rules()
    text = response.body[:READ_BYTES].decode("utf-8-sig", "replace")
    return Rules(protego=Protego.parse(text))

"""Each site is asked once a day what it says of text and data mining, before its first article."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.mining import SiteRule, site_rules
from archive.records import Outcome, Visit
from crawler.fetching.crawl import crawl_of
from crawler.fetching.pace import NotAsked
from crawler.fetching.robots import origin_of

logger = logging.getLogger(__name__)

PATH = "/.well-known/tdmrep.json"  # W3C TDMRep
ABSENT = range(400, 500)


class MiningMiddleware:
    """Ask for tdmrep.json where an article is about to be asked for. Whatever comes of it, that is asked."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.asked: dict[str, asyncio.Task[None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("kind") != "article":
            return
        origin = origin_of(request.url)
        if origin not in self.asked:
            self.asked[origin] = asyncio.create_task(self.ask(origin))
        await asyncio.shield(self.asked[origin])

    async def ask(self, origin: str) -> None:
        """Ask a site, unless the archive did so less than a day ago."""
        crawl, now = crawl_of(self.crawler), datetime.now(UTC)
        if not await crawl.write(lambda archive: archive.reservations.is_due(origin, now=now)):
            return
        meta = {"kind": "tdmrep", "dont_retry": True}
        request = Request(origin + PATH, priority=900, callback=NO_CALLBACK, meta=meta)
        visit = Visit(request.url, "tdmrep", None, now)
        rules: tuple[SiteRule, ...] | None = None
        try:
            response = await self.crawler.engine.download_async(request)
        except NotAsked:
            raise
        except Exception as error:  # noqa: BLE001 - whatever failed, nobody knows what the site says
            logger.info("%s: %s", request.url, error)
        else:
            rules = rules_in(response)
            at = datetime.now(UTC)  # it may have waited long for its turn at the host
            visit = Visit(request.url, "tdmrep", response.status, at, bytes=len(response.body))
        await crawl.write(lambda archive: archive.reservations.note_site(origin, visit.status, rules, at=now))
        if visit.status is not None:
            await crawl.note(visit, Outcome.READ)


def rules_in(response: Response) -> tuple[SiteRule, ...] | None:
    """What an answer says: nothing where there is no such file, `None` where nobody can tell."""
    if response.status == 200:
        return site_rules(response.body)
    return () if response.status in ABSENT and response.status != 429 else None

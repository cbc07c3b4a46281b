"""robots.txt as RFC 9309 says: 4xx allows all, no answer or 5xx means *do not crawl yet*.

Scrapy's own middleware reads 5xx as leave to crawl and applies no Crawl-delay.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.records import Outcome, Visit
from archive.store.hosts import HostKnown, Robots
from crawler.fetching.crawl import crawl_of
from crawler.fetching.failures import failure_code, failure_words
from crawler.fetching.pace import NotAsked, pace_at
from crawler.fetching.public_addresses import PRIVATE
from crawler.fetching.requests import header
from crawler.fetching.robots_errors import RobotsForbid, RobotsUnknown
from crawler.fetching.robots_text import RobotsAnswer, Rules, read_robots

logger = logging.getLogger(__name__)

MOST_REDIRECTS = 5  # RFC 9309, 2.3.1.2


class RobotsMiddleware:
    """Know each host's robots.txt before anything else is asked of it, and obey it.

    What the archive read less than a day ago is used again; else the host is asked, once a crawl.
    """

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
        origin = origin_of(request.url)
        if origin not in self.asked:
            self.asked[origin] = asyncio.create_task(self.rules(origin))
        rules = await asyncio.shield(self.asked[origin])
        if rules.closed:
            raise RobotsUnknown(rules.closed) from rules.cause
        if not rules.allows(request.url, self.agent):
            raise RobotsForbid("forbidden by robots.txt")

    async def rules(self, origin: str) -> Rules:
        """The rules of a host, known or asked for; from then on its stated delay is kept."""
        known = await crawl_of(self.crawler).host(origin)
        self.remember(origin, known)
        if known.robots:
            answer = RobotsAnswer(origin, known.robots.status, known.text, known.content_type)
            rules, robots = read_robots(answer, self.agent)
        else:
            rules, robots = await self.ask(origin)
        self.slow_down(origin, robots)
        return rules

    def remember(self, origin: str, known: HostKnown) -> None:
        """Be as quiet at a host as it asked an earlier crawl, and not too early after that."""
        pace = pace_at(origin)
        if known.quiet_until and (wait := known.quiet_until - datetime.now(UTC)).total_seconds() > 0:
            pace.be_quiet(wait)
        if known.was_asked and pace.is_new:
            pace.assume_just_asked()

    async def ask(self, origin: str) -> tuple[Rules, Robots]:
        """The rules of a host from its robots.txt, which is kept as what it means."""
        url = f"{origin}/robots.txt"
        # `redirect_ttl` is what Scrapy counts down.
        meta = {"kind": "robots", "redirect_ttl": MOST_REDIRECTS}
        request = Request(url, priority=1000, callback=NO_CALLBACK, meta=meta)
        answer = RobotsAnswer(origin, None)
        try:
            response = await self.crawler.engine.download_async(request)
        except NotAsked:
            raise
        except Exception as error:  # noqa: BLE001 - every failure of any handler means the same: not yet
            code = failure_code(error, url)
            words = failure_words(error, code, url)
            rules, robots = read_robots(replace(answer, why=words), self.agent)
            if code == "private_address":
                rules, robots = Rules(closed=PRIVATE), replace(robots, detail=PRIVATE)
            rules = replace(rules, cause=error)
            reason = code if code == "private_address" else None
            visit = Visit(url, "robots", None, datetime.now(UTC), reason=reason, detail=words)
        else:
            rules, robots = read_robots(robots_answer(origin, response), self.agent)
            page_id = response.meta.get("page_id")
            robots = replace(robots, page_id=page_id)
            size = len(response.body)
            # When it was answered, as of every page: it may have waited long for its turn at the host.
            at, said = datetime.now(UTC), rules.closed or ""
            visit = Visit(url, "robots", response.status, at, bytes=size, page_id=page_id, detail=said)
        outcome = Outcome.FAILED if rules.closed else Outcome.READ
        if rules.closed and not visit.reason:
            visit = replace(visit, reason="robots_unreachable")
        await crawl_of(self.crawler).note_robots(origin, robots, visit, outcome)
        return rules, robots

    def slow_down(self, origin: str, robots: Robots) -> None:
        """Keep the delay a robots.txt states, where it is longer than the source's own."""
        pace = pace_at(origin)
        pace.robots_delay = robots.delay_seconds or 0.0
        if pace.robots_delay > self.crawler.settings.getfloat("DOWNLOAD_DELAY"):
            logger.info("Crawl-delay of %s seconds applied to %s", pace.robots_delay, pace.key)


def origin_of(url: str) -> str:
    """Scheme and host of an address: whose robots.txt speaks of it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def robots_answer(origin: str, response: Response) -> RobotsAnswer:
    """What a host answered for its robots.txt."""
    return RobotsAnswer(origin, response.status, response.body, header(response, "Content-Type"))

"""Each request waits for its turn at its host; what the answer says of the host's health sets the next."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.store.hosts import Wait
from crawler.fetching.crawl import crawl_of
from crawler.fetching.pace import HostPace, Turn, pace_at
from crawler.fetching.public_addresses import PrivateAddress, is_refused
from crawler.fetching.retry_after import asked_wait

BUSY = {429, 503}


class PaceMiddleware:
    """The innermost of all: what it lets pass is sent, what it sees is the server's own answer."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.places = max(1, settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
        self.delay = settings.getfloat("DOWNLOAD_DELAY")
        self.waiting: set[asyncio.Future[Turn]] = set()
        self.ending: Exception | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if self.ending:
            raise self.ending
        if is_refused(request.url):
            raise PrivateAddress
        pace = pace_at(request.url)
        begins = asyncio.ensure_future(pace.begin(self.places, self.delay))
        self.waiting.add(begins)
        try:
            request.meta["turn"] = pace, await begins
        except asyncio.CancelledError:
            if self.ending is None:
                raise
            raise self.ending from None
        finally:
            self.waiting.discard(begins)

    async def process_response(self, request: Request, response: Response) -> Response:
        pace, _ = request.meta["turn"]
        try:
            if response.status in BUSY:
                await self.be_quiet(pace, request, response)
            elif response.status < 500:
                pace.adapting.heard(request.meta.get("download_latency", 0.0))
            if response.status in BUSY or response.status >= 500:
                pace.adapting.troubled(self.delay)
        finally:
            end_turn(request, answered=True)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if "turn" in request.meta:
            pace, _ = request.meta["turn"]
            if not isinstance(exception, PrivateAddress):  # nobody was asked, so nobody is in trouble
                pace.adapting.troubled(self.delay)
            end_turn(request, answered=False)

    async def be_quiet(self, pace: HostPace, request: Request, response: Response) -> None:
        """Leave a busy host alone for as long as it asked, and write down that it did."""
        header = response.headers.get("Retry-After")
        stated = header.decode("latin-1") if header else None
        now = datetime.now(UTC)
        floor = timedelta(seconds=max(self.delay, pace.robots_delay))
        wait = asked_wait(stated, now=now, floor=floor, again=request.meta.get("asked_again", 0))
        request.meta["server_wait"] = wait
        pace.be_quiet(wait)
        await crawl_of(self.crawler).note_wait(
            Wait(pace.key, request.url, response.status, stated, asked_at=now, until=now + wait)
        )

    def drop(self, error: Exception) -> None:
        """Take back every request that waits for its turn, and those to come: they fail with this error."""
        self.ending = error
        for begins in self.waiting:
            begins.cancel()


def end_turn(request: Request, *, answered: bool) -> None:
    """Give a request's turn back, once."""
    pace, turn = request.meta.pop("turn")
    pace.end(turn, answered=answered)


def drop_waiting(crawler: Crawler, error: Exception) -> None:
    """Take back the requests of a crawler that wait for their turn at a host."""
    pacing = crawler.get_downloader_middleware(PaceMiddleware)
    if pacing:
        pacing.drop(error)

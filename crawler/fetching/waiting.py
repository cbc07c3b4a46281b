"""A busy server (429, 503) is left alone for as long as it asked, by all requests to it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from time import monotonic
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.fetching.retry_after import stated_wait

BUSY = {429, 503}
FIRST_WAIT = timedelta(seconds=5)  # where the server names no time; doubles each time it is still busy
LONGEST_STAY = timedelta(seconds=60)  # longer waits are the frontier's: the crawl ends and comes back
ASKED_AGAIN = 4  # times in one crawl


class HostBusy(IgnoreRequest):
    """The host asked to be left alone for longer than this crawl will stay."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"the server asked to be left alone for {round(wait.total_seconds())} s")
        self.wait = wait


class WaitingMiddleware:
    """Hold back requests to a host that said it is busy, and ask again when its time is over."""

    def __init__(self) -> None:
        self.quiet_until: dict[str, float] = {}

    async def process_request(self, request: Request) -> None:
        host = urlsplit(request.url).netloc
        while (wait := self.quiet_until.get(host, 0.0) - monotonic()) > 0:
            if wait > LONGEST_STAY.total_seconds():
                raise HostBusy(timedelta(seconds=wait))
            await asyncio.sleep(wait)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        if response.status not in BUSY:
            return response
        asked = request.meta.get("asked_again", 0)
        header = response.headers.get("Retry-After")
        stated = stated_wait(header.decode("latin-1") if header else None, now=datetime.now(UTC))
        wait = stated if stated is not None else FIRST_WAIT * 2**asked
        host = urlsplit(request.url).netloc
        until = monotonic() + wait.total_seconds()
        self.quiet_until[host] = max(until, self.quiet_until.get(host, 0.0))
        if wait > LONGEST_STAY or asked >= ASKED_AGAIN:
            request.meta["server_wait"] = wait
            return response
        again = request.copy()
        again.meta["asked_again"] = asked + 1
        return again

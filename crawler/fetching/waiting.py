"""A request that met a busy server (429, 503) is asked again when that server's time is over."""

from __future__ import annotations

from datetime import timedelta

from scrapy import Request
from scrapy.http import Response

from crawler.fetching.pace import LONGEST_STAY

ASKED_AGAIN = 4  # times in one crawl


class WaitingMiddleware:
    """Ask again in the same crawl, if that may be soon; the wait itself is kept with the host's pace."""

    def process_response(self, request: Request, response: Response) -> Response | Request:
        wait: timedelta | None = request.meta.get("server_wait")
        asked = request.meta.get("asked_again", 0)
        if wait is None or wait > LONGEST_STAY or asked >= ASKED_AGAIN:
            return response
        again = request.copy()
        del again.meta["server_wait"]
        again.meta["asked_again"] = asked + 1
        return again

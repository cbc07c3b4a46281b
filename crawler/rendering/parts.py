"""What a page's scripts ask, answered by Scrapy's own downloader: its guards and limits are the crawl's.

The browser has no network of its own. A name is resolved and connected to by the resolver that refuses
private addresses, so an address that changes between check and connection (DNS rebinding) reaches nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.records import Outcome, Visit
from crawler.fetching.crawl import crawl_of
from crawler.rendering.judging import CODE, is_answered, passed_headers, sent_headers

MIB = 1024 * 1024
PART_BYTES = 8 * MIB  # of one answer, after decompression
PART_SECONDS = 15.0
KEPT_BYTES = 48 * MIB  # of scripts and styles, which all pages of a site share
REDIRECTS = 5
REDIRECTED = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class Part:
    """An answer to a page's request."""

    status: int
    headers: dict[str, str]
    body: bytes


class PartFetcher:
    """Fetches what pages of one source ask, one at a time; scripts and styles once a crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.unpacking = HttpCompressionMiddleware.from_crawler(crawler)
        self.kept: dict[str, Part] = {}
        self.kept_bytes = 0
        self.one_at_a_time = asyncio.Lock()

    @property
    def homes(self) -> list[str]:
        """Addresses of the source's own site."""
        return crawl_of(self.crawler).site_addresses

    async def part(
        self, kind: str, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> Part | None:
        """The answer to a page's request, `None` where none is given; raises what a download raises."""
        target: str | None = url
        async with self.one_at_a_time:
            if url in self.kept and kind in CODE:
                return self.kept[url]
            for _ in range(REDIRECTS):
                if target is None or not is_answered(kind, method, target, self.homes):
                    return None
                response = await self.download(target, method, headers, body)
                if response.status not in REDIRECTED:
                    return self.keep(kind, url, part_of(response))
                target = led_to(response) if method != "POST" else None
        return None

    async def download(
        self, url: str, method: str, headers: Mapping[str, str], body: bytes | None
    ) -> Response:
        """Ask an address and enter the request in the books."""
        request = Request(
            url,
            method=method,
            headers=sent_headers(headers) | {"User-Agent": self.crawler.settings["USER_AGENT"]},
            body=body or b"",
            meta={"download_maxsize": PART_BYTES, "download_timeout": PART_SECONDS},
            callback=NO_CALLBACK,
        )
        started_at = datetime.now(UTC)
        self.unpacking.process_request(request)
        packed = await self.crawler.engine.downloader.handlers.download_request_async(request)
        response = self.unpacking.process_response(request, packed)
        assert isinstance(response, Response), "unpacking gives no new request"
        visit = Visit(url, "part", response.status, started_at, bytes=len(response.body))
        await crawl_of(self.crawler).note(visit, Outcome.READ)
        return response

    def keep(self, kind: str, url: str, part: Part) -> Part:
        """Remember a script or style for the next page, while there is room."""
        if kind in CODE and part.status == 200 and self.kept_bytes + len(part.body) <= KEPT_BYTES:
            self.kept[url] = part
            self.kept_bytes += len(part.body)
        return part


def part_of(response: Response) -> Part:
    """An answer as the browser is given it."""
    headers = {
        name.decode("latin-1"): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    return Part(response.status, passed_headers(headers), response.body)


def led_to(response: Response) -> str | None:
    """Where a redirect leads, `None` where it does not say."""
    location = response.headers.get("Location")
    return urljoin(response.url, location.decode("latin-1")) if location else None

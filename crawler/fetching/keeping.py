"""The raw page is kept before anyone reads it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.records import Page
from crawler.fetching.crawl import crawl_of

KEPT_KINDS = {"article", "robots"}


class KeepingMiddleware:
    """Write answered articles into pages.db and pass their ids on; what cannot be kept is not read.

    Feeds, sitemaps and listings are not kept: what they said of an article is, with its address.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        kind = request.meta.get("kind")
        if kind not in KEPT_KINDS or response.status != 200 or not response.body:
            return response
        crawl = crawl_of(self.crawler)
        page = kept_page(request, response, crawl.source.id)
        page_id = await crawl.write_page(lambda archive: archive.pages.keep(page, kind=kind))
        request.meta["page"], request.meta["page_id"] = page, page_id
        return response


def kept_page(request: Request, response: Response, source: str) -> Page:
    """The answer as a record. The address asked for is the first of a chain of redirects."""
    chain = request.meta.get("redirect_urls") or [request.url]
    headers = (
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Page(
        url=response.url,
        requested_url=chain[0],
        source=source,
        fetched_at=datetime.now(UTC),
        status=response.status,
        headers=tuple(headers),
        body=response.body,
    )

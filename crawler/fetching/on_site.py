"""A crawl stays on its site, redirects included."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from archive.identity import same_site
from crawler.fetching.crawl import crawl_of


class OffSite(IgnoreRequest):
    """An address or a redirect leads away from the source's site."""


class OnSiteMiddleware:
    """Refuse requests to hosts that are not the source's: it never agreed, and nothing there is its news.

    Scrapy's own middleware drops them without telling the spider, which would wait for them for ever.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if request.meta.get("kind") == "robots" and request.meta.get("redirect_times"):
            return  # RFC 9309, 2.3.1.2: its redirects are followed across hosts
        if "@" in urlsplit(request.url).netloc:
            raise OffSite("leads to an address with a name or password")
        homes = crawl_of(self.crawler).site_addresses
        if not any(same_site(request.url, home) for home in homes):
            raise OffSite(f"leads to {request.url[:200]}")

"""What was taken down is not asked again, whatever names it or leads there."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from archive.identity import key_or_none, url_hash
from crawler.fetching.crawl import crawl_of


class TakenDown(IgnoreRequest):
    """An address, or where it leads, was taken down."""


class TakenDownMiddleware:
    """Refuse requests to addresses with a tombstone, redirects included."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        taken_down = crawl_of(self.crawler).taken_down
        if taken_down and (key := key_or_none(request.url)) and url_hash(key) in taken_down:
            raise TakenDown("was taken down")

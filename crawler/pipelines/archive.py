"""Scrapy's door to the archive: each cleaned article is kept, or the reason why it is none."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler

from crawler.pipelines.items import ReadArticle
from crawler.spiders.spider import SourceSpider


class ArchivePipeline:
    """Hand each cleaned article to the archive and count what became of it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: ReadArticle) -> ReadArticle:
        spider = self.crawler.spider
        assert isinstance(spider, SourceSpider)
        outcome = await spider.keep(item.article, item.visit)
        self.crawler.stats.inc_value(f"archive/{outcome}")
        return item

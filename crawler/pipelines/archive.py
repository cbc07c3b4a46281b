"""Scrapy's door to the archive: each cleaned article is kept, or the reason why it is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler

from archive.records import Article, Outcome, Visit
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
        if item.article.article_type == "not_article":
            await spider.settle(no_article(item.article, item.visit), Outcome.REJECTED)
            return item
        outcome = await spider.keep(item.article, item.visit)
        self.crawler.stats.inc_value(f"archive/{outcome}")
        return item


def no_article(article: Article, visit: Visit) -> Visit:
    """The visit with the reason why its page is no article."""
    first = next(iter(article.problems), None)
    detail = f"{first.code}: {first.detail}" if first else f"score {article.is_article:.2f}"
    code = first.code if first and first.code in ("too_complex", "too_large", "empty") else "not_article"
    return replace(visit, reason=code, detail=detail)

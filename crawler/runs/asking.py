"""Ask a few addresses of one site and keep nothing; with the same manners and guards as a crawl."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.spiders.probe import Answer, Ask, ProbeSpider


@dataclass(frozen=True, slots=True)
class Asked:
    """Answers by the address asked for (status, content type, body), and why the others gave none.

    `landed` is where redirects led to.
    """

    answers: Mapping[str, Answer]
    landed: Mapping[str, str]
    failures: Mapping[str, str]


def ask(homes: Sequence[str], next_urls: Ask, *, allow_private: bool, delay_seconds: float = 1.0) -> Asked:
    """Ask what `next_urls` names, given the answers so far, until it names nothing more.

    May be called once in a process, which its reactor ends with.
    """
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    for name, value in {
        "MURAGAT_ALLOW_PRIVATE": allow_private,
        "DOWNLOAD_DELAY": delay_seconds,
        "LOG_LEVEL": "CRITICAL",
        "ITEM_PIPELINES": {},
        "DOWNLOADER_MIDDLEWARES": settings.getdict("DOWNLOADER_MIDDLEWARES")
        | {"crawler.fetching.keeping.KeepingMiddleware": None},
    }.items():
        settings.set(name, value, priority="cmdline")
    logging.getLogger("scrapy").setLevel(logging.CRITICAL)
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(ProbeSpider)
    from twisted.internet import reactor  # installed by AsyncCrawlerProcess, not before

    def begin() -> None:
        task = asyncio.ensure_future(crawl())
        task.add_done_callback(lambda _: process._stop_reactor())

    async def crawl() -> None:
        await process.crawl(crawler, homes=homes, next_urls=next_urls)

    reactor.callWhenRunning(begin)
    process.start(stop_after_crawl=False)
    spider = crawler.spider
    assert isinstance(spider, ProbeSpider)
    return Asked(spider.answers, spider.landed, spider.failures)

"""Ask a few addresses of one site and keep nothing; with the same manners and guards as a crawl."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scrapy.settings import Settings

from crawler.runs.probe import Answer, Ask, ProbeSpider, Show
from crawler.runs.reactor import ReactorRun


@dataclass(frozen=True, slots=True)
class Asked:
    """Answers by the address asked for (status, content type, body), and why the others gave none.

    `landed` is where redirects led to.
    """

    answers: Mapping[str, Answer]
    landed: Mapping[str, str]
    failures: Mapping[str, str]


def ask(
    homes: Sequence[str], next_urls: Ask, *, allow_private: bool, show: Show = lambda url, answer: None
) -> Asked:
    """Ask what `next_urls` names, given the answers so far, until it names nothing more.

    `show` hears of each answer: the address, and its status or what went wrong.

    May be called once in a process, which its reactor ends with. Raises KeyboardInterrupt when someone
    asked for an end.
    """
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    for name, value in {
        "MURAGAT_ALLOW_PRIVATE": allow_private,
        "DOWNLOAD_TIMEOUT": 15,  # seconds; someone waits in front of it
        "RETRY_TIMES": 0,
        "LOG_LEVEL": "CRITICAL",
        "ITEM_PIPELINES": {},
        "DOWNLOADER_MIDDLEWARES": settings.getdict("DOWNLOADER_MIDDLEWARES")
        | {"crawler.fetching.keeping.KeepingMiddleware": None},
        "DOWNLOADER": "scrapy.core.downloader.Downloader",
    }.items():
        settings.set(name, value, priority="cmdline")
    logging.getLogger("scrapy").setLevel(logging.CRITICAL)
    run = ReactorRun(settings)
    crawler = run.process.create_crawler(ProbeSpider)

    async def crawl() -> None:
        await run.process.crawl(crawler, homes=homes, next_urls=next_urls, show=show)

    run.run(crawl)
    if run.stopping:
        raise KeyboardInterrupt
    spider = crawler.spider
    assert isinstance(spider, ProbeSpider)
    return Asked(spider.answers, spider.landed, spider.failures)

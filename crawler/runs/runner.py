"""Crawl several sources in one process: hosts side by side, sources of one host one after the other."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy.settings import Settings

from archive.errors import ArchiveError, StorageFull
from archive.identity import ascii_host
from archive.store.folder import ArchiveFolder
from crawler.runs.reactor import ReactorRun
from crawler.runs.report import Board, RunReport
from crawler.runs.session import Session
from crawler.sources.profile import Source
from crawler.spiders.news import NewsSpider

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}
HOSTS_AT_ONCE = 16  # the delay between requests, not this machine, sets the pace of each


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """How to crawl.

    At most `limit` articles a source and `documents` sitemaps and pages of listings beyond those its
    profile names; nothing stated as older than the day `since`; every known article asked again with
    `revisit`; documents read again and further, for articles `back_to` a day; private addresses too with
    `allow_private`.
    """

    limit: int | None = None
    documents: int | None = None
    since: date | None = None
    revisit: bool = False
    back_to: date | None = None
    allow_private: bool = False


def crawl(
    sources: Sequence[Source], folder: ArchiveFolder, options: CrawlOptions, board: Board
) -> list[RunReport]:
    """Crawl the sources into the archive and return a report for each that was begun.

    May be called once in a process, which its reactor ends with. Raises an ArchiveError when the archive
    cannot be opened, is held by another crawl, or could not be written to.
    """
    settings = crawl_settings(folder, options)
    session = Session.join(
        folder,
        workers=settings.getint("MURAGAT_WORKERS"),
        cleaning_seconds=settings.getfloat("MURAGAT_CLEANING_SECONDS"),
    )
    logging.raiseExceptions = False  # a log that cannot be written must not hide why
    try:
        return CrawlProcess(sources, settings, options, board).run()
    except OSError as error:
        if error.errno in FULL:
            raise StorageFull(f"{folder.path}: cannot be written ({error.strerror}); make room") from error
        raise
    finally:
        session.leave()


def crawl_settings(folder: ArchiveFolder, options: CrawlOptions) -> Settings:
    """Scrapy's settings for this crawl; its log goes into the archive's folder."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    log = folder.logs / f"crawl-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.log"
    for name, value in {
        "MURAGAT_ARCHIVE": str(folder.path),
        "MURAGAT_ALLOW_PRIVATE": options.allow_private,
        "LOG_FILE": str(log),
    }.items():
        settings.set(name, value, priority="cmdline")
    return settings


class Watched:
    """A board that also remembers what ended."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.reports: list[RunReport] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.board, name)

    def ended(self, report: RunReport) -> None:
        """Pass it on, and keep it."""
        self.reports.append(report)
        self.board.ended(report)


class CrawlProcess:
    """One crawl: a spider for each source, those of one host one after the other."""

    def __init__(
        self, sources: Sequence[Source], settings: Settings, options: CrawlOptions, board: Board
    ) -> None:
        self.options = options
        self.watched = Watched(board)
        self.reactor_run = ReactorRun(settings, last_words=self.close_books)
        self.free = asyncio.Semaphore(HOSTS_AT_ONCE)
        self.groups = by_host(sources)
        self.spiders: list[NewsSpider] = []
        self.fatal: ArchiveError | None = None

    def run(self) -> list[RunReport]:
        """Crawl until all is done, or someone asks for an end; returns a report for each source begun."""
        self.reactor_run.run(self.crawl_all)
        self.close_books()
        if self.fatal:
            raise self.fatal
        reports = self.watched.reports
        if self.reactor_run.stopping and not any(report.status == "stopped" for report in reports):
            raise KeyboardInterrupt
        if not self.reactor_run.stopping and len(reports) < sum(map(len, self.groups)):
            raise RuntimeError("a source ended without a report")
        return reports

    def close_books(self) -> None:
        """End the runs that did not end themselves."""
        for spider in self.spiders:
            spider.end_now()

    async def crawl_all(self) -> None:
        """Crawl every host's sources."""
        await asyncio.gather(*(self.crawl_host(sources) for sources in self.groups))

    async def crawl_host(self, sources: Iterable[Source]) -> None:
        """Crawl the sources of one host, one after the other."""
        async with self.free:
            for source in sources:
                if self.reactor_run.stopping or isinstance(self.fatal, StorageFull):
                    return
                await self.crawl_source(source)

    async def crawl_source(self, source: Source) -> None:
        """Crawl one source."""
        crawler = self.reactor_run.process.create_crawler(NewsSpider)
        ended = self.reactor_run.process.crawl(
            crawler,
            source=source,
            board=self.watched,
            limit=self.options.limit,
            documents=self.options.documents,
            since=self.options.since,
            revisit=self.options.revisit,
            back_to=self.options.back_to,
            spiders=self.spiders,
        )
        await ended
        spider = crawler.spider
        if isinstance(spider, NewsSpider) and spider.fatal:
            self.fatal = spider.fatal


def by_host(sources: Iterable[Source]) -> list[list[Source]]:
    """The sources in groups that share a host: a host gets one request at a time."""
    groups: defaultdict[str, list[Source]] = defaultdict(list)
    for source in sources:
        parts = urlsplit(source.home)
        groups[f"{ascii_host(parts.hostname or '')}:{parts.port}"].append(source)
    return list(groups.values())

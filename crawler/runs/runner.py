"""Crawl several sources in one process: hosts side by side, sources of one host one after the other."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlsplit

from scrapy.settings import Settings

from archive.errors import ArchiveError, StorageFull
from archive.identity import ascii_host
from archive.store.archive import Archive
from archive.store.disk import is_machine_error, storage_error
from archive.store.folder import ArchiveFolder, archive_folder
from crawler.runs.log_files import crawl_log
from crawler.runs.options import CrawlOptions
from crawler.runs.patience import limits_of
from crawler.runs.reactor import PATIENCE_SECONDS, ReactorRun
from crawler.runs.report import Board, RunReport
from crawler.runs.session import Session
from crawler.sources.profile import Source
from crawler.spiders.news import NewsSpider

logger = logging.getLogger(__name__)
HOSTS_AT_ONCE = 16  # the delay between requests, not this machine, sets the pace of each
JOIN_EVERY_SECONDS = 15.0  # after so long a crawl with turns looks who has become due


class Turns(Protocol):
    """Whose turn it is, for a crawl that goes on as others become due."""

    def more(self, archive: Archive, busy: Collection[str]) -> Sequence[tuple[Source, float]]:
        """The sources that are due now, without the busy ones, each with seconds until it begins."""

    def seconds_left(self) -> float:
        """How long a turn that begins now may take."""


def crawl(
    sources: Sequence[Source],
    folder: ArchiveFolder,
    options: CrawlOptions,
    board: Board,
    turns: Turns | None = None,
) -> list[RunReport]:
    """Crawl the sources into the archive and return a report for each that was begun.

    With `turns`, more sources join as these become due, and none takes longer than its turn. May be called
    once in a process, which its reactor ends with. Raises an ArchiveError when the archive cannot be
    opened, is held by another crawl, or could not be written to.
    """
    settings = crawl_settings(folder, options)
    session = Session.join(
        folder,
        workers=settings.getint("MURAGAT_WORKERS"),
        cleaning_seconds=settings.getfloat("MURAGAT_CLEANING_SECONDS"),
        limits=limits_of(settings),
        say=lambda words: tell(board, words),
    )
    logging.raiseExceptions = False  # a log that cannot be written must not hide why
    try:
        with crawl_log(folder.logs, settings, board.said):
            return CrawlProcess(sources, settings, options, board, turns).run()
    except OSError as error:
        if is_machine_error(error):
            raise storage_error(error, folder.path) from error
        raise
    finally:
        session.leave()


def tell(board: Board, words: str) -> None:
    """Say what a crawl waits for, to who watches and in its log."""
    logger.warning("%s", words)
    board.said(words)


def crawl_settings(folder: ArchiveFolder, options: CrawlOptions) -> Settings:
    """Scrapy's settings for this crawl; its log is ours (`crawl_log`)."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    for name, value in {
        "MURAGAT_ARCHIVE": str(folder.path),
        "MURAGAT_ALLOW_PRIVATE": options.allow_private,
        "LOG_INSTALL_ROOT_HANDLER": False,
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
        self,
        sources: Sequence[Source],
        settings: Settings,
        options: CrawlOptions,
        board: Board,
        turns: Turns | None = None,
    ) -> None:
        self.options, self.turns = options, turns
        self.watched = Watched(board)
        self.reactor_run = ReactorRun(
            settings, attended=options.attended, stops=self.give_up, last_words=self.close_books
        )
        self.folder = archive_folder(settings["MURAGAT_ARCHIVE"])
        self.free = asyncio.Semaphore(HOSTS_AT_ONCE)
        self.browser = asyncio.Lock()  # a browser takes as much memory as all else: one at a time
        self.hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.sources = sources
        self.begun = 0
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
        if not self.reactor_run.stopping and len(reports) < self.begun:
            raise RuntimeError("a source ended without a report")
        return reports

    def give_up(self) -> None:
        """Wait for neither room nor a lock any more."""
        if session := Session.shared.get(str(self.folder.path)):
            session.give_up()

    def close_books(self) -> None:
        """End the runs that did not end themselves."""
        for spider in self.spiders:
            spider.end_now()

    @property
    def is_ending(self) -> bool:
        """Whether no source may begin any more."""
        return self.reactor_run.stopping or isinstance(self.fatal, StorageFull)

    async def crawl_all(self) -> None:
        """Crawl every source, and with turns those that become due meanwhile."""
        under_way = {self.beginning(source, 0.0) for source in self.sources} | await self.joining(set())
        while under_way:
            ended, under_way = await asyncio.wait(
                under_way, timeout=JOIN_EVERY_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            for task in ended:
                task.result()
            under_way |= await self.joining({task.get_name() for task in under_way})

    def beginning(self, source: Source, after_seconds: float) -> asyncio.Task[None]:
        """The crawl of one source, under way from now on, named for it."""
        return asyncio.create_task(self.crawl_in_turn(source, after_seconds), name=source.id)

    async def joining(self, busy: Collection[str]) -> set[asyncio.Task[None]]:
        """The crawls of the sources whose turn has come."""
        turns = self.turns
        if turns is None or self.is_ending:
            return set()
        session = Session.shared[str(self.folder.path)]
        due = await session.write(lambda archive: turns.more(archive, busy))
        return {self.beginning(source, after) for source, after in due}

    async def crawl_in_turn(self, source: Source, after_seconds: float) -> None:
        """Crawl a source after so many seconds, when its host is free."""
        begins_at = monotonic() + after_seconds
        while monotonic() < begins_at and not self.is_ending:  # noqa: ASYNC110 - two things end it
            await asyncio.sleep(min(PATIENCE_SECONDS / 30, begins_at - monotonic()))
        browser = self.browser if source.render else nullcontext()
        async with browser, self.hosts[host_of(source)], self.free:
            if not self.is_ending:
                await self.crawl_source(source)

    async def crawl_source(self, source: Source) -> None:
        """Crawl one source."""
        self.begun += 1
        crawler = self.reactor_run.process.create_crawler(NewsSpider)
        ended = self.reactor_run.process.crawl(
            crawler,
            source=source,
            board=self.watched,
            limit=self.options.limit,
            documents=self.options.documents,
            since=self.options.since,
            revisit=self.options.revisit,
            seconds=self.turns.seconds_left() if self.turns else None,
            back_to=self.options.back_to,
            spiders=self.spiders,
        )
        await ended
        spider = crawler.spider
        if isinstance(spider, NewsSpider) and spider.fatal:
            self.fatal = spider.fatal


def host_of(source: Source) -> str:
    """The host and port whose sources are crawled one after the other: it gets one request at a time."""
    parts = urlsplit(source.home)
    return f"{ascii_host(parts.hostname or '')}:{parts.port}"

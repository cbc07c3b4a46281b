"""A spider driven by a Source: its pace, its run in the archive's books, and its door to the archive."""

from __future__ import annotations

import asyncio
import logging
import os
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Self, TypeVar

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from twisted.python.failure import Failure

from archive.errors import ArchiveError
from archive.health.judging import close_run
from archive.numbers_said import counted
from archive.records import Article, Outcome, Visit
from archive.store.archive import Archive
from archive.store.connection import transaction
from archive.store.folder import archive_folder
from archive.store.hosts import Gap, HostKnown, Robots, Wait
from crawler.fetching.pace import all_counted_gaps
from crawler.fetching.turns import host_key
from crawler.rendering.browser import prepare
from crawler.runs.books import begin_crawl, documents_of
from crawler.runs.layouts import renew_layout
from crawler.runs.patience import limits_of
from crawler.runs.reactor import drop_queued
from crawler.runs.report import Board, RunReport
from crawler.runs.session import Session
from crawler.schedule.planning import plan_next_turn
from crawler.sources.layouts import with_layout
from crawler.sources.profile import Source
from crawler.sources.reading import read_profile
from crawler.sources.shipped import chosen, load_profiles
from crawler.spiders.rereading import earlier_reading, read_again

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")
# Without any delay Scrapy 2.19 starts all queued requests at once, whatever their limit: it counts a request
# only when its coroutine runs, after the loop that starts them.
LEAST_DELAY_SECONDS = 0.002
COUNT_EVERY_SECONDS = 0.5  # a long list takes a while to count
SIGN_EVERY_SECONDS = 60.0  # a sign of life; its lease lasts fifteen times as long
TURN_OVER = "turn_over"


class SourceSpider(scrapy.Spider):
    """Opens and closes the books of one run, and writes to the archive without blocking the reactor."""

    source: Source
    session: Session
    run_id: int
    site_addresses: list[str]
    taken_down: frozenset[int] = frozenset()  # hashes of addresses that are never asked again
    board: Board | None = None
    fatal: ArchiveError | None = None
    fault: str | None = None  # why none of its articles can be had
    waiting = 0
    counted_at = 0.0
    begun_at = 0.0
    began: datetime
    is_cut = False  # its turn was over before its list was empty
    alive_at = 0.0
    ended = False
    bugs: list[str]
    gaps: list[Gap]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        source = named_source(crawler, kwargs.pop("source", None), kwargs.pop("profile", None))
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.source = source
        spider.bugs = []
        spider.site_addresses = [source.home, *documents_of(source)]
        pace = {
            "DOWNLOAD_DELAY": max(source.pace.delay_seconds, LEAST_DELAY_SECONDS),
            "CONCURRENT_REQUESTS_PER_DOMAIN": source.pace.concurrent_requests,
        }
        for name, value in pace.items():
            crawler.settings.set(name, value, priority="spider")
        spider.fault = prepare(crawler.settings, source)
        crawler.signals.connect(spider.end, signal=signals.spider_closed)
        crawler.signals.connect(spider.met_a_bug, signal=signals.spider_error)
        crawler.signals.connect(spider.met_a_bug, signal=signals.item_error)
        return spider

    async def begin(self) -> None:
        """Join the archive and open the books of this run."""
        settings = self.crawler.settings
        self.begun_at, self.began = monotonic(), datetime.now(UTC)
        self.session = Session.join(
            archive_folder(settings["MURAGAT_ARCHIVE"]),
            workers=settings.getint("MURAGAT_WORKERS"),
            cleaning_seconds=settings.getfloat("MURAGAT_CLEANING_SECONDS"),
            limits=limits_of(settings),
        )
        source = self.source

        def opened(archive: Archive) -> tuple[int, int]:
            with transaction(archive.news, archive.folder.news):
                archive.frontier.release(source.id)
                run_id = begin_crawl(archive, source)
                archive.schedule.take(source.id, pid=os.getpid(), now=datetime.now(UTC))
            return run_id, archive.frontier.waiting(source.id)

        self.taken_down = await self.write(lambda archive: archive.takedowns.hashes())
        self.run_id, waiting = await self.write(opened)
        if self.board:
            self.board.begun(source.id, waiting)

    def met_a_bug(self, failure: Failure) -> None:
        """Note an error of our own code: its address stays on the list, and the run has failed."""
        if self.fatal is None:
            self.bugs.append(f"{type(failure.value).__name__}: {failure.value}")

    async def end(self, reason: str) -> None:
        """Close the books, whatever ended the run."""
        if self.ended or not hasattr(self, "session"):
            return
        self.ended = True
        status, why = self.verdict(reason)
        self.gaps = all_counted_gaps()  # once: closing the books may have to be done again
        report = RunReport(self.source.id, status, why)
        if hasattr(self, "run_id"):
            report = await self.closing_report(report)
        if self.board:
            self.board.ended(report)
        self.session.leave()

    async def closing_report(self, report: RunReport) -> RunReport:
        """Close the books and report; where nothing can be written, the books stay open but can be read."""
        try:
            closed = await self.session.write(lambda archive: self.closed_books(archive, report))
            if closed.status == "done" and closed.counts.get("new"):
                await renew_layout(self.session, self.source)
        except ArchiveError:
            with suppress(ArchiveError):
                return await self.session.write(lambda archive: self.summed_up(archive, report))
            return report
        return closed

    def end_now(self) -> None:
        """Close the books of a run whose reactor was stopped before it ended."""
        if self.ended or not hasattr(self, "run_id"):
            return
        self.ended = True
        self.gaps = all_counted_gaps()
        report = RunReport(self.source.id, "stopped", "interrupted")
        report = self.session.write_now(lambda archive: self.closed_books(archive, report))
        if self.board:
            self.board.ended(report)
        self.session.leave()

    def signed(self, archive: Archive, gaps: list[Gap]) -> None:
        """Give a sign of life, and keep what was counted since the last one."""
        archive.schedule.sign_of_life(self.source.id, now=datetime.now(UTC))
        archive.hosts.note_gaps(gaps)

    def closed_books(self, archive: Archive, report: RunReport) -> RunReport:
        """End this run in the archive's books and report what it did."""
        archive.frontier.release(report.source)
        archive.hosts.note_gaps(self.gaps)
        close_run(
            archive,
            self.run_id,
            report.source,
            status=report.status,
            reason=report.reason,
            at=datetime.now(UTC),
            seconds=monotonic() - self.begun_at,
        )
        with transaction(archive.news, archive.folder.news):
            if report.status != "stopped":  # the turn of one that was stopped is still to come
                plan_next_turn(
                    archive,
                    self.source,
                    report,
                    began=self.began,
                    answered=archive.runs.was_answered(self.run_id),
                    is_cut=self.is_cut,
                    chance=random.random(),  # noqa: S311 - no secret: it keeps sources from marching in step
                )
            archive.schedule.give_back(report.source)
        archive.walls.forget_old(report.source)
        return self.summed_up(archive, report)

    def summed_up(self, archive: Archive, report: RunReport) -> RunReport:
        """The report with what the books say of this run."""
        return replace(
            report,
            counts=archive.runs.counts(self.run_id),
            reasons=archive.runs.reasons(self.run_id),
            waiting=archive.frontier.waiting(report.source),
        )

    def verdict(self, reason: str) -> tuple[str, str | None]:
        """How the run ended, by the reason Scrapy closed the spider with: status and why."""
        if self.fatal:  # the machine's fault, not the source's
            return "stopped", str(self.fatal).replace(f"{self.session.folder.path}{os.sep}", "")
        if self.fault:
            return "failed", self.fault
        if reason in ("shutdown", "cancelled"):
            return "stopped", "interrupted"
        if self.bugs:
            return "failed", f"by a bug, not read: {counted(len(self.bugs), 'page')}; {self.bugs[0]}"
        return ("done", None) if reason in ("finished", TURN_OVER) else ("failed", reason)

    async def write(self, work: Callable[[Archive], Answer]) -> Answer:
        """Do something to the archive; when that fails for good, stop this crawl with its reason."""
        return await self.stopping(self.session.write(work))

    async def write_page(self, work: Callable[[Archive], Answer]) -> Answer:
        """`write` for what writes pages.db alone and soon."""
        return await self.stopping(self.session.write_page(work))

    async def write_news(self, work: Callable[[Archive], Answer]) -> Answer:
        """`write` for what writes news.db alone and soon."""
        return await self.stopping(self.session.write_news(work))

    async def stopping(self, writing: Awaitable[Answer]) -> Answer:
        """What a write answers; one that fails for good stops this crawl with its reason."""
        try:
            return await writing
        except ArchiveError as error:
            self.stop_for(error)
            raise

    def may_fetch(self) -> bool:
        """Whether what is fetched now can be kept; where no room is made in time, this crawl stops."""
        try:
            return self.session.may_fetch()
        except ArchiveError as error:
            self.stop_for(error)
            return False

    def stop_for(self, error: ArchiveError) -> None:
        """Stop the crawl: nothing more can be kept. What was kept stays, the rest is on the list."""
        if self.fatal is None:
            self.fatal = error
            logger.error("%s", error)
            asyncio.get_running_loop().call_soon(drop_queued, self.crawler)
            self.closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="storage"))

    def give_up(self, reason: str) -> None:
        """End this crawl: none of its articles can be had. What was found waits on the list."""
        if self.fault is None:
            self.fault = reason
            asyncio.get_running_loop().call_soon(drop_queued, self.crawler)
            self.closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="cancelled"))

    async def keep(self, article: Article, visit: Visit) -> Outcome:
        """Keep an article, or why its page is none; returns what became of its address."""
        if article.article_type == "not_article":
            return await self.keep_no_article(article, visit)
        run_id, source = self.run_id, self.source.id
        kept = await self.write_news(lambda a: a.keep_unless_reworded(run_id, source, article, visit))
        if isinstance(kept, Outcome):
            await self.tell(visit, kept)
            return kept
        earlier, cause = await earlier_reading(self, article, visit, kept)
        outcome = await self.write_news(
            lambda a: a.keep_article(run_id, source, article, visit, cause=cause, earlier=earlier)
        )
        await self.tell(visit, outcome)
        return outcome

    async def keep_no_article(self, article: Article, visit: Visit) -> Outcome:
        """Keep that a page holds no article; where there was one that we would still find, it is missing.

        One that we would not find on its own earlier page either has not gone: we read otherwise.
        """
        said = no_article(article, visit)
        run_id, source = self.run_id, self.source.id
        turned_away = await self.write_news(lambda a: a.turned_away(run_id, source, article, said))
        if turned_away:
            await self.tell(visit, turned_away)
            return turned_away
        kept = await self.write_news(lambda a: a.article_at(visit.url))
        if kept and said.reason == "not_article" and await read_again(self, kept["page_id"], visit):
            return await self.missing(replace(said, detail=f"no article any more ({said.detail})"))
        await self.settle(said, Outcome.REJECTED, judged_by=article.cleaned_with)
        return Outcome.REJECTED

    async def missing(self, visit: Visit) -> Outcome:
        """Keep that a known article was not there; the second look an hour later decides."""
        run_id, source = self.run_id, self.source.id
        outcome = await self.write_news(lambda archive: archive.missing(run_id, source, visit))
        await self.tell(visit, outcome)
        return outcome

    async def settle(self, visit: Visit, outcome: Outcome, *, judged_by: str | None = None) -> None:
        """Keep an answer that was no article."""
        run_id, source = self.run_id, self.source.id
        await self.write_news(lambda a: a.settle(run_id, source, visit, outcome, judged_by=judged_by))
        await self.tell(visit, outcome)

    async def put_back(self, visit: Visit, wait: timedelta | None = None) -> None:
        """Leave an address on the list for later."""
        run_id, source = self.run_id, self.source.id
        outcome = await self.write_news(lambda archive: archive.put_back(run_id, source, visit, wait=wait))
        await self.tell(visit, outcome)

    async def note(self, visit: Visit, outcome: Outcome) -> None:
        """Enter a request that concerns no address of the list, as for robots.txt."""
        run_id, source = self.run_id, self.source.id

        def entered(archive: Archive) -> None:
            with transaction(archive.news, archive.folder.news):
                archive.runs.enter(run_id, source, visit, outcome)
                archive.explain(run_id, source, visit, "fetch")

        await self.write(entered)

    async def overlooked(self, host: str, faults: tuple[str, ...]) -> None:
        """Enter which faults of a host's certificate were accepted, as the profile says."""
        run_id, source, reason = self.run_id, self.source.id, self.source.tls.reason
        now = datetime.now(UTC)
        logger.warning("The certificate of %s is accepted though it is %s: %s", host, faults, reason)
        await self.write(lambda a: a.runs.overlook(run_id, source, host, faults, reason=reason, now=now))

    async def host(self, origin: str) -> HostKnown:
        """What the archive knows of a host before it is asked."""
        now = datetime.now(UTC)
        return await self.write(lambda archive: archive.host(origin, host_key(origin), now=now))

    async def note_robots(self, origin: str, robots: Robots, visit: Visit, outcome: Outcome) -> None:
        """Keep what a host's robots.txt means, and the request for it."""
        run_id, source = self.run_id, self.source.id

        def entered(archive: Archive) -> None:
            archive.hosts.note_robots(origin, robots, at=visit.fetched_at)
            archive.runs.enter(run_id, source, visit, outcome)
            archive.explain(run_id, source, visit, "fetch")

        await self.write_news(entered)

    async def note_wait(self, wait: Wait) -> None:
        """Keep that a host asked to be left alone."""
        await self.write(lambda archive: archive.hosts.note_wait(wait))

    async def tell(self, visit: Visit, outcome: Outcome) -> None:
        """Show who watches what became of an address, and that this crawl lives."""
        if monotonic() - self.alive_at > SIGN_EVERY_SECONDS:
            self.alive_at = monotonic()
            gaps = all_counted_gaps()  # once: what is written may have to be written again
            await self.write_news(lambda archive: self.signed(archive, gaps))
        if not self.board:
            return
        if monotonic() - self.counted_at > COUNT_EVERY_SECONDS:
            self.counted_at = monotonic()
            self.waiting = await self.write_news(lambda archive: archive.frontier.waiting(self.source.id))
        elif outcome is not Outcome.FAILED:
            self.waiting = max(0, self.waiting - 1)
        self.board.became(self.source.id, visit.kind, outcome, self.waiting)


def no_article(article: Article, visit: Visit) -> Visit:
    """The visit with the reason why its page is no article."""
    first = next(iter(article.problems), None)
    detail = f"{first.code}: {first.detail}" if first else f"score {article.is_article:.2f}"
    code = first.code if first and first.code in ("too_complex", "too_large", "empty") else "not_article"
    return replace(visit, reason=code, detail=detail)


def named_source(crawler: Crawler, source: Source | str | None, profile: str | None) -> Source:
    """The source a crawl was asked for: a Source, an id, or a profile's path. Raises UsageError."""
    if isinstance(source, Source):
        return source
    own = archive_folder(crawler.settings["MURAGAT_ARCHIVE"]).sources
    if profile:
        return with_layout(read_profile(Path(profile)), own)
    if not source:
        raise UsageError("name a source: -a source=ID (muragat sources list shows them)")
    sources, _ = load_profiles(own)
    return chosen(sources, [source])[0]

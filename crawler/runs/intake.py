"""Pages of somebody else's crawl into the archive: kept, read in workers, saved, in the order of the file.

A page is kept before anyone reads it, as in a crawl, so an import may be killed too: done again, it finds
the kept pages and reads those that were not read.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic

from archive.numbers_said import counted
from archive.raw.warc_pages import WarcPage
from archive.records import Article, Found, Outcome, Page, Refusal, SourceDescription, Visit
from archive.store.archive import Archive
from crawler.discovery.addresses import address
from crawler.pipelines.workers import CleaningFailed
from crawler.runs.books import begin_run, keep_source, kept_visit
from crawler.runs.report import RunReport
from crawler.runs.session import Session
from crawler.sources.belonging import Belonging
from crawler.sources.described import describe
from crawler.sources.profile import Source
from crawler.spiders.spider import no_article

PAGES_A_WORKER = 4  # under way at once: enough that no worker waits for the file
MOST_BYTES = 64 * 1024 * 1024  # of pages under way, unless one alone is larger
# Nobody asks a site again, unasked, for what somebody else fetched longer ago than that.
VISITED_AGAIN = timedelta(days=30)
CLOCKS_DIFFER = timedelta(days=1)  # what is later would be newer than all that is ever crawled
HTML = ("text/html", "application/xhtml+xml")


@dataclass(slots=True)
class ImportRun:
    """The books of one source in this import."""

    source: Source
    id: int
    begun_at: float
    bugs: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A kept page that a worker is reading."""

    run: ImportRun
    visit: Visit
    reading: asyncio.Task[Article]


class Intake:
    """Takes pages in, and keeps what they are in the books of their sources."""

    def __init__(self, session: Session, belonging: Belonging, forced: Source | None) -> None:
        """Every page belongs to `forced`, where that is given."""
        self.session, self.belonging, self.forced = session, belonging, forced
        self.runs: dict[str, ImportRun] = {}
        self.under_way: deque[UnderWay] = deque()
        self.outcomes: Counter[Outcome] = Counter()
        self.undated = 0  # articles that state no day

    async def take(self, found: WarcPage) -> str:
        """Take one page in; returns "page" for one that is read, or why it is passed over.

        Returns before it is read; `settle` waits for all.
        """
        if found.status != 200:
            return f"HTTP {found.status}"
        if not is_html(found):
            return "not HTML"
        if found.fetched_at > datetime.now(UTC) + CLOCKS_DIFFER:
            return "of the future"
        answered, asked = address(found.url, found.url), address(found.requested_url, found.url)
        if isinstance(answered, Refusal) or isinstance(asked, Refusal):
            return "bad address"
        found = replace(found, url=answered.url, requested_url=asked.url)
        await self.session.room.enough()
        run = await self.run_of(self.forced or self.belonging.source_of(found.url, found.source))
        page = page_of(found, run.source.id)
        answer = await self.session.write(lambda archive: kept(archive, page))
        if answer is None:
            return "taken down"
        page_id, is_read, stated = answer
        if is_read or any(one.visit.page_id == page_id for one in self.under_way):
            return "known"
        await self.make_room(len(page.body))
        reading = asyncio.ensure_future(self.session.pool.clean(page, run.source, stated))
        self.under_way.append(UnderWay(run, kept_visit(page, page_id), reading))
        return "page"

    async def run_of(self, source: Source) -> ImportRun:
        """The open books of a source, opened at its first page."""
        if source.id not in self.runs:
            opened = await self.session.write(lambda archive: begin_run(archive, source))
            self.runs[source.id] = ImportRun(source, opened, monotonic())
        return self.runs[source.id]

    async def describe(self, told: Iterable[SourceDescription]) -> list[str]:
        """Have sources belong and be kept as they are told of; returns a line for each that is no source."""
        kept = [run.source for run in self.runs.values()] if self.forced is None else []
        wrong, renewed = describe(self.belonging, told, kept)
        for source in renewed:
            self.runs[source.id].source = source
            await self.session.write(partial(keep_source, source=source))
        return wrong

    async def make_room(self, size: int) -> None:
        """Wait until so many bytes more may be under way."""
        most = PAGES_A_WORKER * self.session.pool.workers
        while self.under_way and (
            len(self.under_way) >= most or size + sum(one.visit.bytes for one in self.under_way) > MOST_BYTES
        ):
            await self.settle_one()

    async def settle(self) -> None:
        """Keep what became of every page that is under way."""
        while self.under_way:
            await self.settle_one()

    async def settle_one(self) -> None:
        """Keep what became of the first page under way."""
        one = self.under_way[0]
        try:
            article: Article | CleaningFailed = await one.reading
        except CleaningFailed as error:
            article = error
            if error.code == "cleaning_error":
                one.run.bugs.append(error.detail)
        outcome = await self.session.write(lambda archive: settled(archive, one, article))
        self.under_way.popleft()
        self.outcomes[outcome] += 1
        if outcome is Outcome.NEW and isinstance(article, Article):
            self.undated += article.published_date is None

    def abandon(self) -> None:
        """Let go of what is under way: its pages are kept, and read when the file is imported again."""
        for one in self.under_way:
            one.reading.cancel()
        self.under_way.clear()

    async def close_books(self, status: str, reason: str | None) -> list[RunReport]:
        """End the run of every source and report what it did."""
        return [await self.session.write(closing(run, status, reason)) for run in self.runs.values()]


def closing(run: ImportRun, status: str, reason: str | None) -> Callable[[Archive], RunReport]:
    """What ends one source's books."""
    if run.bugs and status == "done":
        status, reason = "failed", f"by a bug, not read: {counted(len(run.bugs), 'page')}; {run.bugs[0]}"

    def closed(archive: Archive) -> RunReport:
        seconds = monotonic() - run.begun_at
        archive.runs.end(run.id, status=status, reason=reason, ended_at=datetime.now(UTC), seconds=seconds)
        counts, reasons = archive.runs.counts(run.id), archive.runs.reasons(run.id)
        return RunReport(run.source.id, status, reason, counts, reasons)

    return closed


def kept(archive: Archive, page: Page) -> tuple[int, bool, tuple[Found, ...]] | None:
    """The id of the page, kept now or before; whether it was read; and what documents said of its address.

    `None` for an address that was taken down.
    """
    if archive.takedowns.covers(page.requested_url) or archive.takedowns.covers(page.url):
        return None
    page_id = archive.pages.same(page)
    if page_id is not None and archive.is_read(page_id):
        return page_id, True, ()
    if page_id is None:
        page_id = archive.pages.keep(page, kind="article")
    return page_id, False, archive.frontier.statements(page.requested_url)


def settled(archive: Archive, one: UnderWay, article: Article | CleaningFailed) -> Outcome:
    """Keep what a page was read as. What is older than what the archive knows replaces nothing."""
    run_id, source, visit = one.run.id, one.run.source.id, one.visit
    if isinstance(article, CleaningFailed):
        visit = replace(visit, reason=article.code, detail=article.detail)
        return rejected(archive, one, visit)
    if archive.knows_newer(article.url_key, visit.fetched_at):
        return archive.keep_older(run_id, source, visit)
    if article.article_type == "not_article":
        return rejected(archive, one, no_article(article, visit))
    if datetime.now(UTC) - visit.fetched_at > VISITED_AGAIN:
        return archive.keep_past_article(run_id, source, article, visit)
    return archive.keep_article(run_id, source, article, visit)


def rejected(archive: Archive, one: UnderWay, visit: Visit) -> Outcome:
    """Keep why a page is no article; an address that was found after it was fetched is still to be asked."""
    with archive.frontier.waiting_since(visit):
        archive.settle(one.run.id, one.run.source.id, visit, Outcome.REJECTED)
    return Outcome.REJECTED


def is_html(found: WarcPage) -> bool:
    """Whether an answer is a page of text: by what it calls itself, or by its first letters if by nothing."""
    if found.kind in ("robots", "unrendered"):
        return False
    if stated := header(found.headers, "content-type"):
        return stated.strip().lower().startswith(HTML)
    return found.body[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def header(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    """The first header of this name, or `None`."""
    return next((value for key, value in headers if key.lower() == name), None)


def page_of(found: WarcPage, source: str) -> Page:
    """The answer as the archive keeps it."""
    return Page(
        url=found.url,
        requested_url=found.requested_url,
        source=source,
        fetched_at=found.fetched_at,
        status=found.status,
        headers=found.headers,
        body=found.body,
    )

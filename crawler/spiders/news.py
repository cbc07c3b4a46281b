"""The one spider: asks a source's documents what is new, fetches that, and hands it to be kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from scrapy import Request
from scrapy.exceptions import CloseSpider, UsageError
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.errors import ArchiveError
from archive.identity import url_key
from archive.records import Found, Outcome, Page, Refusal, Visit, Waiting
from archive.store.copies import BATCH
from crawler.fetching.answers import Verdict, verdict
from crawler.fetching.failures import failure_code, failure_outcome, failure_words
from crawler.fetching.pace import HostBusy
from crawler.fetching.requests import header, request_for, visit_of
from crawler.fetching.turns import host_key
from crawler.pipelines.items import ReadArticle
from crawler.pipelines.workers import CleaningFailed
from crawler.runs.books import kept_visit
from crawler.runs.reactor import Stopping, drop_queued
from crawler.runs.report import Board
from crawler.spiders.documents import is_older, leads, leads_off, onward, root_documents
from crawler.spiders.spider import TURN_OVER, SourceSpider

logger = logging.getLogger(__name__)

DOCUMENTS_PER_CRAWL = (
    100  # sitemaps and listing pages of one crawl beyond the profile's; the next one takes more
)
COMPARED_PER_CRAWL = 500  # articles of an earlier version, compared with others: about a second
RENDERED_IN_HAND = 2  # the same where a browser shows one page after the other
IN_HAND = 32  # addresses taken from the list at a time: enough for any pace, few to fetch again after a kill
DOCUMENTS = {"feed", "sitemap", "listing"}


class NewsSpider(SourceSpider):
    """Crawl a source: `scrapy crawl news -a source=ID`, or `-a profile=FILE`.

    First what an earlier, killed crawl kept but did not read; then the source's documents; then every
    address on the list, until it is empty.
    """

    name = "news"

    def __init__(
        self,
        *args: Any,
        limit: int | str | None = None,
        documents: int | None = None,
        since: date | str | None = None,
        revisit: bool | str = False,
        seconds: float | str | None = None,
        back_to: date | None = None,
        board: Board | None = None,
        spiders: list[NewsSpider] | None = None,
        **kwargs: Any,
    ) -> None:
        """`limit` articles and `documents` beyond the profile's at most; all else as in CrawlOptions.

        After `seconds` the crawl ends with what is under way; the rest stays on the list.

        Words, as `scrapy crawl -a` gives them, are read; raises UsageError for what cannot be.
        """
        super().__init__(*args, **kwargs)
        if spiders is not None:
            spiders.append(self)
        try:
            self.limit = int(limit) if limit is not None else None
            self.seconds = float(seconds) if seconds is not None else None
            self.since = date.fromisoformat(since) if isinstance(since, str) else since
        except ValueError as error:
            raise UsageError(f"{error}; write limit=20, since=2026-03-01") from error
        self.revisit = revisit in (True, "1", "yes", "true")
        self.back_to = back_to
        self.documents = documents if documents is not None else DOCUMENTS_PER_CRAWL
        self.board = board
        self.in_hand: set[str] = set()
        self.answered = asyncio.Event()
        self.documents_read = 0
        self.documents_failed: list[str] = []
        self.read_at: set[str] = set()
        self.walks: dict[str, int] = {}

    async def start(self) -> AsyncIterator[Any]:
        await self.begin()
        if self.fault:
            return
        if self.seconds is not None:
            asyncio.get_running_loop().call_later(self.seconds, self.end_turn)
        await self.read_unread()
        await self.compare_waiting()
        now = datetime.now(UTC)
        budget = self.source.pace.visits_per_crawl
        await self.write(
            lambda a: a.frontier.offer_visits(self.source.id, now=now, budget=budget, every=self.revisit)
        )
        for document in root_documents(self.source):
            known = await self.known(document.url)
            etag, last_modified = known.get("etag"), known.get("last_modified")
            yield self.request(replace(document, etag=etag, last_modified=last_modified))
        # Documents first, to the last: what they say of an article is evidence when it is read.
        async for request in self.waiting_requests(articles=False):
            yield request
        async for request in self.waiting_requests(articles=True):
            yield request

    def end_turn(self) -> None:
        """Ask nothing more: the turn is over."""
        if self.ended or self.is_cut:
            return
        self.is_cut = True
        drop_queued(self.crawler)
        self.closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=TURN_OVER))

    async def read_unread(self) -> None:
        """Read the pages that were kept by a crawl that died before reading them; no network."""
        for page_id in await self.write(lambda a: a.unread_pages(self.source.id)):
            if self.is_cut:
                return
            page = await self.kept_page(page_id)
            visit = kept_visit(page, page_id)
            # Kept at once, not by way of the pipeline: the list must not hand their addresses out again.
            async for item in self.read_page(page, visit):
                await self.keep(item.article, item.visit)

    async def compare_waiting(self) -> None:
        """Look for copies of some articles that a version kept which looked for none."""
        for _ in range(0, COMPARED_PER_CRAWL, BATCH):
            # Batch by batch, so that no other source waits long to write.
            if not await self.write(lambda a: a.articles.copies.fill(BATCH)):
                return

    async def known(self, url: str) -> dict[str, Any]:
        """What the archive knows of an address, by column."""
        return await self.write(lambda a: a.frontier.known(url))

    async def kept_page(self, page_id: int) -> Page:
        """A kept page that is there."""
        page = await self.write(lambda a: a.pages.page(page_id))
        assert page is not None, f"page {page_id} was listed a moment ago"
        return page

    async def waiting_requests(self, *, articles: bool) -> AsyncIterator[Request]:
        """Requests for the articles or the documents on the list, until none is waiting or under way."""
        handed_out = 0
        while not self.is_cut:
            self.answered.clear()
            hand = RENDERED_IN_HAND if self.source.render and articles else IN_HAND
            room = hand - len(self.in_hand)
            most = self.limit if articles else self.documents
            if most is not None:
                room = min(room, most - handed_out)
            # Half the hand at a time: one question to the list for many addresses.
            batch = await self.take(room, articles) if room > 0 and len(self.in_hand) <= hand // 2 else []
            for waiting in batch:
                if self.is_left_for_later(waiting):
                    continue
                handed_out += 1
                yield self.request(waiting)
            if not batch and not self.in_hand:
                return
            if not batch:
                await self.answered.wait()

    async def take(self, room: int, articles: bool) -> list[Waiting]:
        """The next addresses of the list."""
        source, now = self.source.id, datetime.now(UTC)
        return await self.write_news(
            lambda a: a.frontier.take(source, self.run_id, limit=room, now=now, articles=articles)
        )

    def is_left_for_later(self, waiting: Waiting) -> bool:
        """Whether an address is older than this crawl wants; it stays on the list for a later one."""
        return self.since is not None and is_older(waiting.found, self.source, self.since)

    def request(self, waiting: Waiting) -> Request:
        """The request for an address, noted as under way until it is answered or failed."""
        self.in_hand.add(waiting.url)
        if self.back_to and waiting.kind in DOCUMENTS:
            # "Not modified" would end the walk: what it names further is what is looked for.
            waiting = replace(waiting, etag=None, last_modified=None)
        if waiting.kind in DOCUMENTS:
            return request_for(waiting, callback=self.read_document, errback=self.failed)
        if not self.source.render:
            return request_for(waiting, callback=self.read_article, errback=self.failed)
        # "Not modified" would be said of the frame that scripts fill, not of the article.
        waiting = replace(waiting, etag=None, last_modified=None)
        request = request_for(waiting, callback=self.read_article, errback=self.failed)
        request.meta["render"] = True
        return request

    def done(self, waiting: Waiting) -> None:
        """Note that an address is not under way any more."""
        self.in_hand.discard(waiting.url)
        self.answered.set()

    async def read_document(self, response: Response, waiting: Waiting) -> None:
        """A feed, sitemap or listing was answered: put what it names on the list."""
        try:
            visit = visit_of(waiting, response)
            judged = self.judged(waiting, visit, known=False)
            if judged.outcome is Outcome.NOT_MODIFIED:
                await self.keep_document(waiting, visit, judged.outcome)
            elif judged.outcome is Outcome.READ:
                await self.keep_leads(response, waiting, visit)
            else:
                visit = replace(visit, reason=judged.reason, detail=f"HTTP {response.status}")
                await self.lose_document(waiting, visit, response)
        finally:
            self.done(waiting)

    def judged(
        self, waiting: Waiting, visit: Visit, *, known: bool, content_type: str | None = None
    ) -> Verdict:
        """What an answer means for its address."""
        return verdict(
            visit.status or 0,
            body_bytes=visit.bytes,
            content_type=content_type,
            known=known,
            conditional=bool(waiting.etag or waiting.last_modified),
        )

    async def keep_leads(self, response: Response, waiting: Waiting, visit: Visit) -> None:
        """Read a document and keep what it names."""
        content_type = header(response, "Content-Type")
        if self.was_read(waiting, response.url):
            loop = Refusal(waiting.url, "loop", f"leads to {response.url[:200]}, which was read already")
            await self.keep_document(waiting, visit, Outcome.READ, refusals=[loop])
            return
        try:
            document = await self.session.pool.do(
                leads, self.source, waiting, response.body, response.url, content_type
            )
        except ArchiveError as error:
            self.stop_for(error)
            raise
        except CleaningFailed as error:
            await self.lose_document(
                waiting, replace(visit, reason=error.code, detail=error.detail), response
            )
            return
        if document.unreadable:
            fault = document.unreadable
            await self.lose_document(
                waiting, replace(visit, reason=fault.code, detail=fault.detail), response
            )
            return
        walks = None if self.back_to else self.walks
        step = onward(self.source, waiting, document, visit.fetched_at, self.back_to, walks)
        await self.keep_document(
            waiting,
            visit,
            Outcome.READ,
            found=document.articles,
            refusals=document.refusals,
            onward=step,
            teasers=document.teasers,
        )

    def was_read(self, waiting: Waiting, url: str) -> bool:
        """Whether a document led by redirect to one that this crawl has read; else notes this one."""
        key = url_key(url)
        is_again = key in self.read_at and key != url_key(waiting.url)
        self.read_at.add(key)
        return is_again

    async def keep_document(self, waiting: Waiting, visit: Visit, outcome: Outcome, **said: Any) -> None:
        """Enter a document that was read, or that is as it was."""
        self.documents_read += 1
        await self.write(lambda a: a.read_document(self.run_id, self.source.id, visit, outcome, **said))
        await self.tell(visit, outcome)

    async def lose_document(self, waiting: Waiting, visit: Visit, response: Response | None) -> None:
        """Enter a document that could not be had: the others still stand in for it."""
        self.documents_failed.append(f"{waiting.kind} {waiting.url}: {visit.detail or visit.reason}")
        await self.put_back(visit, wait=response.meta.get("server_wait") if response else None)

    async def read_article(
        self, response: Response, waiting: Waiting
    ) -> AsyncIterator[ReadArticle | Request]:
        """An article's address was answered: read the page, or keep why there is none."""
        try:
            visit = visit_of(waiting, response)
            known = waiting.is_article
            if off := leads_off(self.source, waiting.url, response.url):
                await self.led_off(visit, off, known=known)
                return
            if self.may_ask_plainly(response) and await self.has_no_copy(waiting):
                yield self.plain_request(waiting)
                return
            judged = self.judged(waiting, visit, known=known, content_type=header(response, "Content-Type"))
            visit = replace(
                visit, reason=judged.reason, detail=f"HTTP {response.status}" if judged.reason else ""
            )
            if judged.outcome is Outcome.READ:
                async for item in self.read_page(response.meta["page"], visit, waiting.found):
                    yield item
            elif judged.outcome is Outcome.FAILED:
                await self.put_back(visit, wait=response.meta.get("server_wait"))
            elif judged.outcome is Outcome.GONE:
                await self.missing(visit)
            else:
                await self.settle(visit, judged.outcome)
        finally:
            self.done(waiting)

    def may_ask_plainly(self, response: Response) -> bool:
        """Whether an answer says "not modified" and was not asked for all of its page yet."""
        return response.status == 304 and "asked_plainly" not in response.meta

    async def has_no_copy(self, waiting: Waiting) -> bool:
        """Whether "not modified" is said of a page that is not at hand: asked for all, or lost since."""
        if not (waiting.etag or waiting.last_modified):
            return True
        return not await self.write(lambda a: a.has_page_of(waiting.url))

    def plain_request(self, waiting: Waiting) -> Request:
        """The same address once more, in words that no cache on the way may answer with 304."""
        request = self.request(replace(waiting, etag=None, last_modified=None))
        request.headers["Cache-Control"] = "no-cache"
        request.meta["asked_plainly"] = True
        return request

    async def led_off(self, visit: Visit, detail: str, *, known: bool) -> None:
        """A known article that leads to a front page is missing; a new one waits: the site may be ill."""
        if known:
            await self.missing(replace(visit, reason="gone", detail=detail))
        else:
            await self.put_back(replace(visit, reason="front_page", detail=detail))

    async def read_page(
        self, page: Page, visit: Visit, found: tuple[Found, ...] | None = None
    ) -> AsyncIterator[ReadArticle]:
        """Clean a kept page; one that cannot be cleaned becomes a row with its reason."""
        stated = (
            found if found is not None else await self.write_news(lambda a: a.frontier.statements(visit.url))
        )
        try:
            article = await self.session.pool.clean(page, self.source, stated)
        except ArchiveError as error:  # it is kept, and read by the next crawl
            self.stop_for(error)
            raise
        except CleaningFailed as error:
            if error.code == "cleaning_error":
                self.bugs.append(error.detail)
            await self.settle(replace(visit, reason=error.code, detail=error.detail), Outcome.REJECTED)
            return
        yield ReadArticle(article, visit)

    async def failed(self, failure: Failure) -> None:
        """A request got no answer at all."""
        request: Request = failure.request  # type: ignore[attr-defined]
        waiting: Waiting = request.cb_kwargs["waiting"]
        try:
            if self.fatal:
                raise CloseSpider("storage")
            error = failure.value
            if isinstance(error, Stopping):
                return
            assert error is not None, "a failure has its error"
            code = failure_code(error, request.url)
            words = failure_words(error, code, request.url)
            visit = Visit(waiting.url, waiting.kind, None, datetime.now(UTC), reason=code, detail=words)
            if is_closed_to_us := code == "private_address" and self.is_own_host(request.url):
                self.give_up(f"{host_key(request.url)} {words}")
            if waiting.kind in DOCUMENTS:
                await self.lose_document(waiting, visit, None)
            elif isinstance(error, HostBusy):
                await self.hold_back(waiting, error)
            elif is_closed_to_us or failure_outcome(code) is Outcome.FAILED:
                await self.put_back(visit)  # a resolver that errs or a captive portal may be the cause
            else:
                await self.settle(visit, Outcome.REJECTED)
        finally:
            self.done(waiting)

    async def hold_back(self, waiting: Waiting, error: HostBusy) -> None:
        """Leave an address for later, and where the source itself is to be left alone, end the turn."""
        until = datetime.now(UTC) + error.wait
        await self.write(lambda archive: archive.frontier.hold_back(waiting.url, until))
        if self.is_own_host(waiting.url):
            logger.info("%s is left alone: %s", self.source.id, error)
            self.end_turn()

    def is_own_host(self, url: str) -> bool:
        """Whether an address is of the host that the source's home is of."""
        return host_key(url) == host_key(self.source.home)

    def verdict(self, reason: str) -> tuple[str, str | None]:
        """As a run's verdict, but a run none of whose documents could be read has failed."""
        status, why = super().verdict(reason)
        if status == "done" and self.documents_failed and not self.documents_read:
            return "failed", self.documents_failed[0]
        return status, why

"""The whole archive, open for one writer: what belongs together is written together."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self

from archive.errors import ArchiveError
from archive.identity import url_key
from archive.raw.forgetting import forget_pages
from archive.raw.migrations import migrations as page_migrations
from archive.raw.pages import PageStore
from archive.records import Article, Found, Outcome, Page, Refusal, Teaser, Visit
from archive.store.articles import ArticleStore
from archive.store.collected import CollectedStore
from archive.store.columns import moment_of
from archive.store.connection import (
    PAGES_APPLICATION_ID,
    named_errors,
    open_to_write,
    selected,
    transaction,
    upsert,
)
from archive.store.folder import ArchiveFolder
from archive.store.frontier import Frontier
from archive.store.fronts import FrontStore
from archive.store.health import HealthStore
from archive.store.hosts import HostKnown, HostStore
from archive.store.migrations import migrations as news_migrations
from archive.store.reservations import ReservationStore
from archive.store.runs import RunStore
from archive.store.schedule import ScheduleStore
from archive.store.sources import SourceStore
from archive.store.takedowns import TakedownStore
from archive.store.walls import WallStore
from archive.store.withheld import WithheldStore
from archive.views import is_view

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGES_CACHE_KB = 4_000  # bodies are written once, in order: more memory saves nothing


class Archive:
    """news.db and pages.db, opened together. One thread at a time may use it.

    What became of an address (its article, revision, links, search row, validators, the frontier's entry
    and the books' line) is one transaction of news.db; the raw page was kept in pages.db before.
    """

    def __init__(self, folder: ArchiveFolder, *, busy_timeout: float = 90.0) -> None:
        """Open the archive, made first if need be; raises an ArchiveError when that is impossible."""
        folder.make()
        self.folder = folder
        self.news = open_to_write(folder.news, news_migrations, busy_timeout=busy_timeout)
        try:
            raw = open_to_write(
                folder.pages,
                page_migrations,
                application_id=PAGES_APPLICATION_ID,
                cache_kb=PAGES_CACHE_KB,
                busy_timeout=busy_timeout,
                synchronous="FULL",  # a page is on the disk before news.db can name it
            )
        except ArchiveError:
            self.news.close()
            raise
        with named_errors(folder.news):
            (named,) = self.news.conn.execute("SELECT max(page_id) FROM fetches").fetchone()
        self.pages = PageStore(raw, folder.pages, taken_ids=named or 0)
        self.sources = SourceStore(self.news, folder.news)
        self.articles = ArticleStore(self.news, folder.news)
        self.frontier = Frontier(self.news, folder.news)
        self.runs = RunStore(self.news, folder.news)
        self.schedule = ScheduleStore(self.news, folder.news)
        self.health = HealthStore(self.news, folder.news)
        self.collected = CollectedStore(self.news, folder.news)
        self.walls = WallStore(self.news, folder.news)
        self.withheld = WithheldStore(self.news, folder.news)
        self.hosts = HostStore(self.news, folder.news)
        self.takedowns = TakedownStore(self.news, folder.news)
        self.reservations = ReservationStore(self.news, folder.news)
        self.fronts = FrontStore(self.news, folder.news)
        self.refused_pages: list[int] = []  # to be taken out when the transaction of news.db has ended
        self.articles.index.adopt_if_empty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close both files, their write-ahead logs emptied where nobody reads them."""
        for db, path in ((self.news, self.folder.news), (self.pages.db, self.folder.pages)):
            with suppress(ArchiveError), named_errors(path):
                # A long reader keeps the log in use; it is emptied when the next crawl ends.
                db.conn.execute("PRAGMA busy_timeout = 2000")
                if db is self.news:
                    self.articles.index.tidy()
                db.conn.execute("PRAGMA optimize")
                db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            db.close()

    def keep_article(
        self,
        run_id: int,
        source: str,
        article: Article,
        visit: Visit,
        *,
        cause: str = "publisher",
        earlier: Article | None = None,
    ) -> Outcome:
        """Keep what was read from a page, and that its address is done.

        `cause` and `earlier` are as in `ArticleStore.save`. An article that is there again after it had gone
        is entered with the reason "came_back". One whose page is a wall stays as it is: its address waits.
        """
        if (takedown_id := self.takedown_of(article, visit.url)) is not None:
            return self.refuse_taken_down(run_id, source, visit, takedown_id)
        with transaction(self.news, self.folder.news):
            if wall := self.wall_at(source, article, visit, earlier):
                return self.put_back(run_id, source, replace(visit, reason="blocked", detail=wall))
            if not is_view(article.url, article.url_key):
                return self.enter_article(run_id, source, article, visit, cause=cause, earlier=earlier)
            visit = replace(visit, reason="view")
            outcome = self.enter_article(run_id, source, article, visit, cause=cause, earlier=earlier)
            self.offer_whole(source, article, visit)
        return outcome

    def keep_told_article(
        self, run_id: int, source: str, article: Article, visit: Visit, *, article_id: int | None
    ) -> Outcome:
        """Keep an article as a data set tells of it, under this id where one is given.

        No page of its site was seen, so none is taken for a wall, and no visit is planned on its account.
        Whether it was taken down is asked before, so that no record of it is kept.
        """
        with transaction(self.news, self.folder.news), self.frontier.waiting_since(visit):
            outcome = self.enter_article(run_id, source, article, visit, article_id=article_id)
            self.frontier.leave_alone(visit.url)
        return outcome

    def takedown_of(self, article: Article, asked: str) -> int | None:
        """The id of the tombstone an article lies under, by any of its addresses, or `None`."""
        keys = (article.url_key, url_key(article.url), url_key(asked))
        return next((found for key in keys if (found := self.takedowns.covering(key)) is not None), None)

    def enter_article(
        self,
        run_id: int,
        source: str,
        article: Article,
        visit: Visit,
        *,
        cause: str = "publisher",
        earlier: Article | None = None,
        article_id: int | None = None,
    ) -> Outcome:
        """Save an article and what follows from it in the books, part of a transaction.

        `cause`, `earlier` and `article_id` are as in `ArticleStore.save`.
        """
        if visit.page_id is None:
            raise ValueError(f"{visit.url}: an article is only kept from a kept page")
        had_gone = self.articles.is_gone_by_key(article.url_key)
        article_id, outcome = self.articles.save(
            article,
            source=source,
            page_id=visit.page_id,
            seen_at=visit.fetched_at,
            cause=cause,
            earlier=earlier,
            article_id=article_id,
        )
        self.withheld.shown(article_id)
        self.frontier.judge_claim(source, visit, outcome)
        self.reservations.note_page(article_id, visit.reservation, at=visit.fetched_at)
        begun = self.articles.plan_begun(article_id)
        self.frontier.settle(source, visit, outcome, article_id=article_id, plan_begun=begun)
        # Only where it led to: a wrong canonical link would hide another article for ever.
        if url_key(article.url) != url_key(visit.url):
            self.frontier.alias(source, article.url, visit)
        self.runs.enter(run_id, source, replace(visit, reason="came_back") if had_gone else visit, outcome)
        return outcome

    def offer_whole(self, source: str, article: Article, visit: Visit) -> None:
        """Put the address of which a page is but a view on the list, where it is not known."""
        if article.canonical_url and not self.frontier.known(article.canonical_url):
            whole = Found(article.canonical_url, "view", article.url)
            self.frontier.offer(source, [whole], now=visit.fetched_at)

    def wall_at(
        self, source: str, article: Article, visit: Visit, earlier: Article | None = None
    ) -> str | None:
        """Why a page shows a wall in its article's place, in words, or `None`."""
        before = self.article_at(visit.url)
        if before and earlier:
            before |= {"title": earlier.title, "lead": earlier.lead, "body": earlier.body}
        return self.walls.refusal(source, article, visit, before)

    def turned_away(self, run_id: int, source: str, article: Article, visit: Visit) -> Outcome | None:
        """Leave an address on the list whose page, no article, is a wall; `None` for a page that is none."""
        with transaction(self.news, self.folder.news):
            wall = self.wall_at(source, article, visit)
            if not wall:
                return None
            return self.put_back(run_id, source, replace(visit, reason="blocked", detail=wall))

    def refuse_taken_down(self, run_id: int, source: str, visit: Visit, takedown_id: int) -> Outcome:
        """Keep nothing of an article that was taken down but that this address leads to it too."""
        said = replace(visit, page_id=None, reason="taken_down", detail="its article was taken down")
        with transaction(self.news, self.folder.news):
            self.takedowns.cover_late(visit.url, takedown_id)
            self.runs.enter(run_id, source, said, Outcome.REJECTED)
            self.explain(run_id, source, said, "clean")
        if visit.page_id is not None:
            self.refused_pages.append(visit.page_id)
        self.forget_refused(now=visit.fetched_at)
        return Outcome.REJECTED

    def forget_refused(self, *, now: datetime) -> None:
        """Take out the pages of what was refused; within a transaction of news.db that is left for its end.

        Packing anew what was packed with such a page takes as long as it takes, and another program may hold
        pages.db: nobody who wants to write news.db is to wait for that. A page that a killed process
        leaves is in no books, so the next crawl reads it again, and refuses it again.
        """
        if self.refused_pages and not self.news.conn.in_transaction:
            forget_pages(self.pages, self.refused_pages, now=now)
            self.refused_pages = []

    def keep_unless_reworded(
        self, run_id: int, source: str, article: Article, visit: Visit
    ) -> Outcome | dict[str, Any]:
        """`keep_article`, but for one that says something else than what was kept: that one's columns."""
        return self.articles.reworded(article) or self.keep_article(run_id, source, article, visit)

    def keep_older(self, run_id: int, source: str, visit: Visit) -> Outcome:
        """Keep that a page is older than what is known of its article, which stays as it is."""
        self.runs.enter(run_id, source, replace(visit, reason="older"), Outcome.UNCHANGED)
        return Outcome.UNCHANGED

    def keep_past_article(self, run_id: int, source: str, article: Article, visit: Visit) -> Outcome:
        """Keep what was read from a page that somebody else fetched, long ago perhaps.

        No visit is planned on its account.
        """
        with transaction(self.news, self.folder.news), self.frontier.waiting_since(visit):
            outcome = self.keep_article(run_id, source, article, visit)
            self.frontier.leave_alone(visit.url)
        self.forget_refused(now=visit.fetched_at)
        return outcome

    def knows_newer(self, key: str, than: datetime) -> bool:
        """Whether the article of this `url_key` was seen later than that."""
        row = self.articles.row(key)
        return row is not None and moment_of(row["last_seen_at"]) > than

    def is_read(self, page_id: int) -> bool:
        """Whether a kept page was read, and what became of it is in the books."""
        query = "SELECT 1 FROM fetches WHERE page_id = ?"
        return self.news.conn.execute(query, [page_id]).fetchone() is not None

    def settle(
        self, run_id: int, source: str, visit: Visit, outcome: Outcome, *, judged_by: str | None = None
    ) -> None:
        """Keep an answer that was no article: not modified, gone or rejected, and that it is done.

        `judged_by` is the cleaning version that found no article in the visit's page, where one did.
        """
        with transaction(self.news, self.folder.news):
            article_id = self.frontier.known(visit.url).get("article_id")
            had_gone = bool(article_id and self.articles.is_gone(article_id))
            if article_id and outcome is Outcome.NOT_MODIFIED:
                self.frontier.judge_claim(source, visit, outcome)
                self.withheld.shown(article_id)
                self.articles.seen(article_id, visit.fetched_at)
                visit = replace(visit, reason="came_back") if had_gone else visit
            if article_id and outcome is Outcome.GONE:
                self.articles.gone(article_id, visit.fetched_at)
            begun = self.articles.plan_begun(article_id) if article_id else None
            self.frontier.settle(source, visit, outcome, plan_begun=begun)
            self.runs.enter(run_id, source, visit, outcome)
            if outcome is not Outcome.NOT_MODIFIED:
                self.explain(run_id, source, visit, "clean" if visit.page_id else "fetch")
            if judged_by and visit.page_id:
                self.judge(visit.page_id, judged_by)

    def judge(self, page_id: int, cleaned_with: str) -> None:
        """Note that a cleaning version found no article in a page."""
        row = {"page_id": page_id, "cleaned_with": cleaned_with}
        with transaction(self.news, self.folder.news):
            upsert(self.news, "no_articles", row, pk="page_id")

    def missing(self, run_id: int, source: str, visit: Visit) -> Outcome:
        """Keep that a known article was not there: it has gone when it was not there an hour ago either.

        Until then its address stays on the list for the second look, with the reason "missing".
        """
        with transaction(self.news, self.folder.news):
            if self.frontier.is_missing_for_sure(visit):
                self.settle(run_id, source, visit, Outcome.GONE)
                return Outcome.GONE
            self.frontier.look_again(source, visit)
            first = replace(visit, reason="missing")
            self.runs.enter(run_id, source, first, Outcome.FAILED)
            self.explain(run_id, source, first, "fetch")
        return Outcome.FAILED

    def article_at(self, url: str) -> dict[str, Any] | None:
        """The article that was read at an address, by column, or `None`."""
        article_id = self.frontier.known(url).get("article_id")
        rows = selected(self.news, "SELECT * FROM articles WHERE id = ?", [article_id]) if article_id else ()
        return next(iter(rows), None)

    def has_page_of(self, url: str) -> bool:
        """Whether the page is kept that the article of an address was read from."""
        article = self.article_at(url)
        return article is not None and self.pages.has(article["page_id"])

    def kept_page(self, page_id: int) -> Page | None:
        """A kept page, or `None` where it is missing or damaged: `muragat audit` tells of both."""
        try:
            return self.pages.page(page_id)
        except (zstd.ZstdError, ArchiveError, EOFError, ValueError):
            return None

    def put_back(self, run_id: int, source: str, visit: Visit, *, wait: timedelta | None = None) -> Outcome:
        """Keep that an address gave no usable answer; it stays on the list unless tried too often."""
        with transaction(self.news, self.folder.news):
            outcome = Outcome.FAILED
            self.health.note_document(source, visit, outcome)
            if article_id := self.frontier.known(visit.url).get("article_id"):
                self.withheld.note(article_id, visit)
            if not self.frontier.put_back(visit, wait=wait):
                self.frontier.settle(source, visit, Outcome.REJECTED)
                outcome = Outcome.REJECTED
            self.runs.enter(run_id, source, visit, outcome)
            self.explain(run_id, source, visit, "fetch")
        return outcome

    def read_document(
        self,
        run_id: int,
        source: str,
        visit: Visit,
        outcome: Outcome,
        *,
        found: Sequence[Found] = (),
        refusals: Sequence[Refusal] = (),
        onward: Callable[[Frontier, int], None] = lambda frontier, added: None,
        teasers: Sequence[Teaser] = (),
    ) -> int:
        """Keep what a feed, sitemap or listing named, with the validators that let it be asked sparingly.

        `onward` puts further documents on the list, told how many addresses this one added; `teasers` are
        what a listing's first page offers, in its order. Returns that number. All of it is one transaction: a
        validator kept without its addresses would hide them for ever.
        """
        with transaction(self.news, self.folder.news):
            added = self.frontier.offer(source, found, now=visit.fetched_at)
            onward(self.frontier, added)
            self.frontier.settle(source, visit, outcome)
            # Before the books of health, which then no longer know when the page was last looked at.
            self.fronts.look(source, visit.url, teasers, at=visit.fetched_at)
            self.health.note_document(source, visit, outcome, found)
            self.runs.enter(run_id, source, visit, outcome)
            self.runs.refuse(run_id, source, "discovery", refusals, now=visit.fetched_at)
            self.explain(run_id, source, visit, "discovery")
        return added

    def explain(self, run_id: int, source: str, visit: Visit, stage: str) -> None:
        """Keep the reason of a visit, where it has one, as a problem a person can look up."""
        if visit.reason:
            refusal = Refusal(visit.url, visit.reason, visit.detail)
            self.runs.refuse(run_id, source, stage, [refusal], now=visit.fetched_at)

    def unread_pages(self, source: str) -> list[int]:
        """Ids of article pages that were kept but never read: a crawl was killed between the two."""
        with named_errors(self.folder.news):
            self.news.conn.execute("ATTACH DATABASE ? AS raw", [str(self.folder.pages)])
            try:
                rows = self.news.conn.execute(
                    "SELECT p.id FROM raw.pages p WHERE p.source = ? AND p.kind = 'article' "
                    "AND NOT EXISTS (SELECT 1 FROM fetches f WHERE f.page_id = p.id) ORDER BY p.id",
                    [source],
                ).fetchall()
            finally:
                self.news.conn.execute("DETACH DATABASE raw")
        return [row[0] for row in rows]

    def host(self, origin: str, key: str, *, now: datetime) -> HostKnown:
        """What is known of a host, by the `origin` of its robots.txt and its `key` in the books of waits."""
        robots = self.hosts.robots(origin, now=now)
        page = self.kept_page(robots.page_id) if robots and robots.page_id else None
        if robots and robots.page_id and page is None:
            robots = None  # its page is damaged: it is asked again
        return HostKnown(
            robots,
            page.body if page else b"",
            page.content_type if page else None,
            quiet_until=self.hosts.quiet_until([key]),
            was_asked=self.hosts.last_row(origin) is not None,
        )

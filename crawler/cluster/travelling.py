"""A worker's archive of one job: works like any other, sends home what it keeps, and is thrown away.

The spider knows nothing of that. What was kept here counts for nothing: only what Redis has will be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.identity import url_hash, url_key
from archive.mining import SiteRule
from archive.raw.pages import PageStore
from archive.records import Article, Found, Outcome, Page, Refusal, Teaser, Visit, Waiting
from archive.store.archive import Archive
from archive.store.columns import found_text
from archive.store.connection import transaction
from archive.store.folder import ArchiveFolder
from archive.store.frontier import Frontier
from archive.store.hosts import Gap, HostStore, Robots, Wait
from archive.store.reservations import ReservationStore
from archive.store.runs import RunStore
from archive.store.takedowns import TakedownStore
from crawler.cluster.jobs import Job
from crawler.cluster.outbox import Outbox, hash_of


class TravellingArchive(Archive):
    """The archive of one attempt at a job."""

    frontier: TravellingFrontier
    pages: TravellingPages

    def __init__(self, folder: ArchiveFolder, job: Job, outbox: Outbox) -> None:
        super().__init__(folder)
        self.job, self.outbox = job, outbox
        self.inside = 0
        self.frontier = TravellingFrontier(self.news, folder.news, job, outbox)
        self.pages = TravellingPages(self.pages, outbox)
        self.runs = TravellingRuns(self)
        self.hosts = TravellingHosts(self.news, folder.news, outbox)
        self.reservations = TravellingReservations(self.news, folder.news, outbox)
        self.takedowns = TravellingTakedowns(self.news, folder.news, job)

    def load(self) -> None:
        """Put what the job knows of its source into the books: addresses, and what waits for its turn."""
        done = self.frontier.done_before
        waiting = [row for row in self.job.waiting if row["kind"] != "article" or row["url_hash"] not in done]
        with transaction(self.news, self.folder.news):
            for row in self.job.known:
                self.news.table("addresses").upsert(dict(row) | {"article_id": None}, pk="url_hash")
            for row in waiting:
                kept = {name: value for name, value in row.items() if name not in ("id", "taken_by")}
                self.news.table("frontier").insert(kept | {"attempts": 0, "not_before": None})
            self.news.table("waits").insert_all(map(dict, self.job.quiet))
            self.news.table("site_reservations").insert_all(map(dict, self.job.sites))

    @contextmanager
    def sending(
        self, what: str, *, about: str | None = None, done: str | None = None, **said: Any
    ) -> Iterator[None]:
        """Do it here, then send it, unless it is a part of something that is sent as a whole."""
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1
        if not self.inside:
            self.outbox.send(what, about=about, done=done, **said)

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
        """As at home; whether it is new or reworded is decided there, where earlier wordings are."""
        with self.sending("article", done=visit.url, article=article, visit=visit):
            return super().keep_article(run_id, source, article, visit, cause=cause, earlier=earlier)

    def settle(
        self, run_id: int, source: str, visit: Visit, outcome: Outcome, *, judged_by: str | None = None
    ) -> None:
        with self.sending("settled", done=visit.url, visit=visit, outcome=outcome, judged_by=judged_by):
            super().settle(run_id, source, visit, outcome, judged_by=judged_by)

    def missing(self, run_id: int, source: str, visit: Visit) -> Outcome:
        with self.sending("missing", done=visit.url, visit=visit):
            return super().missing(run_id, source, visit)

    def put_back(self, run_id: int, source: str, visit: Visit, *, wait: timedelta | None = None) -> Outcome:
        seconds = wait.total_seconds() if wait else None
        with self.sending("put_back", about=visit.url, visit=visit, wait_seconds=seconds):
            return super().put_back(run_id, source, visit, wait=wait)

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
        """As at home, with the further documents it put on the list, for the list at home."""
        self.frontier.offered = []
        self.inside += 1
        try:
            added = super().read_document(
                run_id,
                source,
                visit,
                outcome,
                found=found,
                refusals=refusals,
                onward=onward,
                teasers=teasers,
            )
        finally:
            self.inside -= 1
        self.outbox.send(
            "document",
            done=visit.url,
            visit=visit,
            outcome=outcome,
            found=found,
            refusals=refusals,
            documents=self.frontier.offered,
            teasers=teasers,
        )
        return added


class TravellingFrontier(Frontier):
    """A list that leaves out what other workers have asked, as Redis knows."""

    def __init__(self, db: Database, path: Path, job: Job, outbox: Outbox) -> None:
        super().__init__(db, path)
        self.outbox = outbox
        self.articles = frozenset(job.articles)
        self.done_before = frozenset(outbox.done_before())
        self.offered: list[dict[str, Any]] = []

    def offer(self, source: str, found: Sequence[Found], *, now: datetime) -> int:
        """Put what nobody asked yet on the list; what is stated as changed is found out at home."""
        by_hash = {hash_of(one.url): one for one in found}
        seen = self.outbox.seen(by_hash)
        return super().offer(source, [one for one in found if hash_of(one.url) not in seen], now=now)

    def offer_documents(
        self, source: str, kind: str, found: Sequence[Found], *, root: str, step: int, **said: Any
    ) -> int:
        """As at home, and noted for the list at home."""
        self.offered += [{"kind": kind, "found": one, "root": root, "step": step} for one in found]
        return super().offer_documents(source, kind, found, root=root, step=step, **said)

    def known(self, url: str) -> dict[str, Any]:
        """What the job knows of an address, or at least that somebody asked it.

        What an earlier attempt at the job has asked is as good as new: documents it named then are on no list
        here, so they are read again. Of articles `offer` takes care.
        """
        if row := super().known(url):
            return row
        key = hash_of(url)
        is_seen = key not in self.done_before and self.outbox.seen([key])
        return {"url": url, "found": found_text(())} if is_seen else {}

    def hold_back(self, url: str, until: datetime) -> None:
        """As at home, and sent there."""
        super().hold_back(url, until)
        self.outbox.send("held_back", about=url, url=url, until=until)

    def take(self, *arguments: Any, **said: Any) -> list[Waiting]:
        """As at home; which addresses are of known articles, the job says."""
        taken = super().take(*arguments, **said)
        return [replace(one, is_article=url_hash(url_key(one.url)) in self.articles) for one in taken]


class TravellingPages(PageStore):
    """Pages on their way home."""

    def __init__(self, kept: PageStore, outbox: Outbox) -> None:
        super().__init__(kept.db, kept.path, taken_ids=kept.taken_ids)
        self.outbox = outbox

    def keep(self, page: Page, *, kind: str) -> int:
        """Keep a page and send it; on return Redis has it."""
        page_id = super().keep(page, kind=kind)
        self.outbox.send("page", about=page.requested_url, page=page, kind=kind, page_id=page_id)
        return page_id


class TravellingRuns(RunStore):
    """The books of one attempt, of which only what concerns no address of the list is sent by itself."""

    def __init__(self, archive: TravellingArchive) -> None:
        super().__init__(archive.news, archive.folder.news)
        self.archive = archive

    def enter(self, run_id: int, source: str, visit: Visit, outcome: Outcome) -> None:
        with self.archive.sending("entered", visit=visit, outcome=outcome):
            super().enter(run_id, source, visit, outcome)

    def refuse(self, run_id: int, source: str, stage: str, refusals: Any, *, now: datetime) -> int:
        listed = list(refusals)
        with self.archive.sending("refused", stage=stage, refusals=listed, at=now):
            return super().refuse(run_id, source, stage, listed, now=now)

    def overlook(
        self, run_id: int, source: str, host: str, faults: Sequence[str], *, reason: str, now: datetime
    ) -> None:
        super().overlook(run_id, source, host, faults, reason=reason, now=now)
        self.archive.outbox.send("overlooked", host=host, faults=faults, reason=reason, at=now)


class TravellingHosts(HostStore):
    """What hosts said, for the books at home."""

    def __init__(self, db: Database, path: Path, outbox: Outbox) -> None:
        super().__init__(db, path)
        self.outbox = outbox

    def note_robots(self, origin: str, robots: Robots, *, at: datetime) -> None:
        super().note_robots(origin, robots, at=at)
        self.outbox.send("robots", origin=origin, robots=robots, at=at)

    def note_wait(self, wait: Wait) -> None:
        super().note_wait(wait)
        self.outbox.send("waited", wait=wait)

    def note_gaps(self, gaps: Iterable[Gap]) -> None:
        counted = list(gaps)
        super().note_gaps(counted)
        if counted:
            self.outbox.send("gaps", gaps=counted)


class TravellingReservations(ReservationStore):
    """What sites say of text and data mining, for the books at home."""

    def __init__(self, db: Database, path: Path, outbox: Outbox) -> None:
        super().__init__(db, path)
        self.outbox = outbox

    def note_site(
        self, origin: str, status: int | None, rules: Sequence[SiteRule] | None, *, at: datetime
    ) -> None:
        super().note_site(origin, status, rules, at=at)
        self.outbox.send("site", origin=origin, status=status, rules=rules, at=at)


class TravellingTakedowns(TakedownStore):
    """Tombstones as far as a crawl needs them: their addresses are not asked."""

    def __init__(self, db: Database, path: Path, job: Job) -> None:
        super().__init__(db, path)
        self.barred = frozenset(job.barred)

    def hashes(self) -> frozenset[int]:
        return self.barred

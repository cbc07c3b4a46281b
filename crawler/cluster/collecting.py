"""What workers fetched, home: from the stream into the archive, a batch in one transaction.

Killed at any moment it loses nothing and takes nothing twice: what was read and not acknowledged comes again
first, and each attempt's messages have numbers, kept in the transaction that keeps what they say.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from archive.health.judging import close_run
from archive.records import Article, Found, Outcome, Page, Refusal, Teaser, Visit
from archive.store.archive import Archive
from archive.store.collected import Attempt
from archive.store.connection import transaction
from archive.store.frontier import Frontier
from archive.store.hosts import Robots, Wait
from crawler.cluster.places import COLLECTOR, GROUP, Places, RedisAway
from crawler.cluster.wire import WireError, record, unpacked
from crawler.runs.books import begin_run
from crawler.runs.report import RunReport
from crawler.runs.session import Session
from crawler.schedule.planning import plan_next_turn
from crawler.sources.profile import Source
from crawler.spiders.rereading import earlier_reading

logger = logging.getLogger(__name__)
BATCH = 100
WAIT_MS = 1_000
FORGET_AFTER = timedelta(days=7)
DOCUMENTS_A_MESSAGE = 1_000  # further documents one document may put on the list


@dataclass(frozen=True, slots=True)
class Taken:
    """One message of the stream: its id there, and what it says."""

    id: bytes
    said: Mapping[str, Any]

    @property
    def attempt(self) -> str:
        return str(self.said.get("attempt"))


@dataclass(frozen=True, slots=True)
class Reworded:
    """How a reworded article is to be kept: by whom, and its earlier page as we read it today."""

    cause: str = "publisher"
    earlier: Article | None = None


@dataclass(slots=True)
class Home:
    """What reading an earlier page again needs to know of a crawl."""

    source: Source
    session: Session

    async def write(self, work: Any) -> Any:
        return await self.session.write(work)


class Collector:
    """Takes the stream of one cluster into one archive."""

    def __init__(self, session: Session, client: Any, places: Places, sources: Mapping[str, Source]) -> None:
        self.session, self.client, self.places = session, client, places
        self.sources = sources
        self.kept = 0

    def join(self) -> None:
        """Make the stream's group of consumers, where it is new."""
        import redis

        try:
            self.client.xgroup_create(self.places.stream, GROUP, id="0", mkstream=True)
        except redis.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise RedisAway(f"Redis refuses: {error}") from error

    async def take(self, *, own_first: bool, wait_ms: int = WAIT_MS) -> int:
        """Take one batch home; returns how many messages it had. `own_first`: those not acknowledged yet."""
        read = self.client.xreadgroup(
            GROUP,
            COLLECTOR,
            {self.places.stream: "0" if own_first else ">"},
            count=BATCH,
            block=None if own_first else wait_ms,
        )
        entries = read[0][1] if read else []
        if not entries:
            return 0
        taken = [Taken(entry, self.said(entry, fields)) for entry, fields in entries]
        reworded = await self.reworded(taken)
        await self.session.write(lambda archive: self.keep(archive, taken, reworded))
        self.acknowledge(entries)
        self.kept += len(entries)
        return len(entries)

    def said(self, entry: bytes, fields: Mapping[bytes, bytes]) -> Mapping[str, Any]:
        """What a message says; one that cannot be read is told, and left out."""
        try:
            return unpacked(fields[b"m"])
        except (WireError, KeyError) as error:
            logger.error("message %s is left out: %s", entry.decode(), error)
            return {}

    def acknowledge(self, entries: Sequence[tuple[bytes, Any]]) -> None:
        """Let Redis forget what is kept; if this fails it comes again, and is known."""
        ids = [entry for entry, _ in entries]
        pipeline = self.client.pipeline(transaction=True)
        pipeline.xack(self.places.stream, GROUP, *ids)
        pipeline.xdel(self.places.stream, *ids)
        pipeline.execute()

    async def reworded(self, taken: Sequence[Taken]) -> dict[bytes, Reworded]:
        """For each message of a reworded article who changed it, as a crawl of this machine finds out."""
        found = {}
        for message in taken:
            source = self.sources.get(str(message.said.get("source")))
            if message.said.get("what") != "article" or source is None:
                continue
            article = record(Article, message.said["article"])
            visit = record(Visit, message.said["visit"])
            home = Home(source, self.session)
            kept = await home.write(lambda archive, article=article: archive.articles.reworded(article))
            if kept is None:
                continue
            earlier, cause = await earlier_reading(home, article, visit, kept)
            found[message.id] = Reworded(cause, earlier)
        return found

    def keep(self, archive: Archive, taken: Sequence[Taken], reworded: Mapping[bytes, Reworded]) -> None:
        """Keep a batch, all of it or nothing; in the writer's thread.

        Pages are in their own file, and kept before: one that is there already is the same.
        """
        with transaction(archive.news, archive.folder.news):
            for message in taken:
                try:
                    self.keep_one(archive, message, reworded.get(message.id, Reworded()))
                except WireError as error:
                    logger.error("message %s is left out: %s", message.id.decode(), error)

    def keep_one(self, archive: Archive, message: Taken, reworded: Reworded) -> None:
        """Keep one message, unless it is kept already or of nobody we know."""
        said = message.said
        if not said:
            return
        attempt = archive.collected.attempt(message.attempt)
        if said["what"] == "begun" and attempt is None:
            attempt = self.begin(archive, said)
        if attempt is None or said["number"] <= attempt.taken:
            return
        KEEPERS[said["what"]](Keeping(archive, attempt, said, reworded, self.sources.get(attempt.source)))
        archive.collected.note(attempt.id, said["number"])

    def begin(self, archive: Archive, said: Mapping[str, Any]) -> Attempt | None:
        """Open the books of an attempt; `None` for a source this archive has no profile of."""
        source = self.sources.get(said["source"])
        if source is None:
            logger.error("%s: no such source here; its articles stay in Redis no longer", said["source"])
            return None
        run_id = begin_run(archive, source)
        attempt = Attempt(said["attempt"], said["job"], source.id, run_id, said["at"])
        archive.collected.begin(attempt)
        return attempt


@dataclass(frozen=True, slots=True)
class Keeping:
    """One message about to be kept."""

    archive: Archive
    attempt: Attempt
    said: Mapping[str, Any]
    reworded: Reworded
    source: Source | None

    @property
    def books(self) -> tuple[int, str]:
        """The run and the source the message is entered under."""
        return self.attempt.run_id, self.attempt.source

    def visit(self) -> Visit:
        """The visit the message tells of, its page under the id it has here."""
        visit = record(Visit, self.said["visit"])
        if visit.page_id is None:
            return visit
        return replace(visit, page_id=self.archive.collected.page(self.attempt.id, visit.page_id))


def keep_page(what: Keeping) -> None:
    """A raw page, before anything that was read from it."""
    page = record(Page, what.said["page"])
    page_id = what.archive.pages.same(page) or what.archive.pages.keep(page, kind=what.said["kind"])
    what.archive.collected.note_page(what.attempt.id, what.said["page_id"], page_id)


def keep_article(what: Keeping) -> None:
    """An article, new, reworded or as it was: decided here."""
    article = record(Article, what.said["article"])
    reworded = what.reworded
    what.archive.keep_article(
        *what.books, article, what.visit(), cause=reworded.cause, earlier=reworded.earlier
    )


def keep_settled(what: Keeping) -> None:
    """An answer that was no article. Where there was one, its page is missing, not rejected."""
    visit, outcome = what.visit(), Outcome(what.said["outcome"])
    if outcome is Outcome.REJECTED and visit.reason == "not_article" and what.archive.article_at(visit.url):
        what.archive.missing(*what.books, replace(visit, detail=f"no article any more ({visit.detail})"))
        return
    what.archive.settle(*what.books, visit, outcome, judged_by=what.said["judged_by"])


def keep_missing(what: Keeping) -> None:
    """A known article that was not there."""
    what.archive.missing(*what.books, what.visit())


def keep_put_back(what: Keeping) -> None:
    """An address that gave no usable answer."""
    seconds = what.said["wait_seconds"]
    wait = timedelta(seconds=seconds) if seconds is not None else None
    what.archive.put_back(*what.books, what.visit(), wait=wait)


def keep_document(what: Keeping) -> None:
    """What a feed, sitemap or listing named, further documents with it."""
    visit = what.visit()
    offered = what.said["documents"]

    def onward(frontier: Frontier, added: int) -> None:
        for one in offered:
            frontier.offer_documents(
                what.attempt.source,
                one["kind"],
                [record(Found, one["found"])],
                root=one["root"],
                step=one["step"],
                budget=DOCUMENTS_A_MESSAGE,
                now=visit.fetched_at,
            )

    what.archive.read_document(
        *what.books,
        visit,
        Outcome(what.said["outcome"]),
        found=[record(Found, one) for one in what.said["found"]],
        refusals=[record(Refusal, one) for one in what.said["refusals"]],
        onward=onward,
        teasers=[record(Teaser, one) for one in what.said["teasers"]],
    )


def keep_robots(what: Keeping) -> None:
    """What a host's robots.txt means, its page under the id it has here."""
    robots = record(Robots, what.said["robots"])
    if robots.page_id is not None:
        robots = replace(robots, page_id=what.archive.collected.page(what.attempt.id, robots.page_id))
    at = datetime.fromisoformat(what.said["at"])
    what.archive.hosts.note_robots(what.said["origin"], robots, at=at)


def keep_waited(what: Keeping) -> None:
    """That a host asked to be left alone."""
    what.archive.hosts.note_wait(record(Wait, what.said["wait"]))


def keep_held_back(what: Keeping) -> None:
    """An address whose host asked to be left alone."""
    what.archive.frontier.hold_back(what.said["url"], datetime.fromisoformat(what.said["until"]))


def keep_overlooked(what: Keeping) -> None:
    """Which faults of a certificate were accepted, as the profile says."""
    what.archive.runs.overlook(
        *what.books,
        what.said["host"],
        tuple(what.said["faults"]),
        reason=what.said["reason"],
        now=datetime.fromisoformat(what.said["at"]),
    )


def keep_entered(what: Keeping) -> None:
    """A request that concerns no address of the list."""
    what.archive.runs.enter(*what.books, what.visit(), Outcome(what.said["outcome"]))


def keep_refused(what: Keeping) -> None:
    """Addresses that could not be used."""
    refusals = [record(Refusal, one) for one in what.said["refusals"]]
    at = datetime.fromisoformat(what.said["at"])
    what.archive.runs.refuse(*what.books, what.said["stage"], refusals, now=at)


def keep_ended(what: Keeping) -> None:
    """The end of an attempt: the books closed, the source judged and its next turn planned."""
    run_id, source = what.books
    status, reason = what.said["status"], what.said["reason"]
    close_run(
        what.archive,
        run_id,
        source,
        status=status,
        reason=reason,
        at=datetime.fromisoformat(what.said["at"]),
        seconds=what.said["seconds"],
    )
    if status != "stopped" and what.source:
        plan_next_turn(
            what.archive,
            what.source,
            RunReport(source, status, reason),
            began=datetime.fromisoformat(what.said["began"]),
            answered=what.archive.runs.was_answered(run_id),
            is_cut=False,
            chance=random.random(),  # noqa: S311 - no secret: it keeps sources from marching in step
        )
    what.archive.walls.forget_old(source)
    what.archive.collected.forget_before(datetime.now(UTC) - FORGET_AFTER)


KEEPERS = {
    "begun": lambda what: None,
    "page": keep_page,
    "article": keep_article,
    "settled": keep_settled,
    "missing": keep_missing,
    "put_back": keep_put_back,
    "document": keep_document,
    "entered": keep_entered,
    "refused": keep_refused,
    "robots": keep_robots,
    "waited": keep_waited,
    "held_back": keep_held_back,
    "overlooked": keep_overlooked,
    "ended": keep_ended,
}


async def collect(collector: Collector, *, until_empty: bool, is_ending: Any) -> int:
    """Take home what there is, own unacknowledged messages first; with `until_empty` end when nothing came.

    Returns how many messages were kept. While Redis is away it is waited for.
    """
    import asyncio

    import redis

    own = True
    away_since: float | None = None
    while not is_ending():
        try:
            if away_since is not None:
                collector.join()
            many = await collector.take(own_first=own, wait_ms=100 if until_empty else WAIT_MS)
            away_since = None
        except (redis.ConnectionError, redis.TimeoutError) as error:
            if away_since is None:
                logger.warning("waiting for Redis: %s", error)
            away_since, own = away_since or monotonic(), True
            await asyncio.sleep(0.5)
            continue
        except redis.RedisError as error:
            raise RedisAway(f"Redis refuses: {error}") from error
        if own and not many:
            own = False
        elif not many and until_empty:
            break
    return collector.kept

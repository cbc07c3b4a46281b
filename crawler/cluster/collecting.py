"""What workers fetched, home: from the stream into the archive, a batch in one transaction.

Killed at any moment it loses nothing and takes nothing twice: what was read and not acknowledged comes again
first, and each attempt's messages have numbers, kept in the transaction that keeps what they say.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import redis

from archive.errors import ArchiveBusy, ArchiveError, NotAnArchive, StorageFull
from archive.health.judging import close_run
from archive.mining import SiteRule
from archive.records import Article, Found, Outcome, Page, Refusal, Teaser, Visit
from archive.store.archive import Archive
from archive.store.collected import Attempt
from archive.store.columns import utc
from archive.store.connection import transaction
from archive.store.frontier import Frontier
from archive.store.hosts import Gap, Robots, Wait
from crawler.cluster.homes import Homes
from crawler.cluster.parts import part_folder
from crawler.cluster.places import COLLECTOR, GROUP, Places, RedisAway
from crawler.cluster.wire import record, unpacked
from crawler.runs.books import begin_crawl
from crawler.runs.layouts import renew_layout
from crawler.runs.report import RunReport
from crawler.runs.session import Session
from crawler.schedule.planning import plan_next_turn
from crawler.sources.profile import Source
from crawler.spiders.rereading import earlier_reading

logger = logging.getLogger(__name__)
BATCH = 100
WAIT_MS = 1_000
FORGET_AFTER = timedelta(days=7)
REASON_CHARS = 500
MOST_MESSAGES = 2**53  # of one attempt
# The archive's trouble: whoever runs the collector is told, and every message waits.
MACHINE_ERRORS = (StorageFull, ArchiveBusy, NotAnArchive, RedisAway, redis.RedisError)
DOCUMENTS_A_MESSAGE = 1_000  # further documents one document may put on the list


@dataclass(frozen=True, slots=True)
class Taken:
    """One message of the stream: its id there, and what it says."""

    id: bytes
    said: Mapping[str, Any]
    body: bytes
    is_again: bool = False  # it could not be kept before, and somebody asked for another try

    @property
    def attempt(self) -> str:
        return str(self.said["attempt"])


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


class Unreadable(ArchiveError):
    """A message that cannot be kept, and the reason."""


class Collector:
    """Takes the stream of one cluster into one archive, or into its parts."""

    def __init__(self, homes: Homes, client: Any, places: Places) -> None:
        self.homes, self.client, self.places = homes, client, places
        self.kept = 0

    def join(self) -> None:
        """Make the stream's group of consumers, where it is new."""
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
        for part, some in by_part(self.readable(entries)).items():
            await self.take_home(part, some)
        self.acknowledge(entries)
        return len(entries)

    def readable(self, entries: Sequence[tuple[bytes, Mapping[bytes, bytes]]]) -> list[Taken]:
        """What the messages say; one that cannot be read is set aside."""
        taken = []
        for entry, fields in entries:
            try:
                said = unpacked(fields[b"m"])
                part = said.get("part")
                if part is not None:
                    part_folder(self.homes.folder, part)
                require_head(said)
                taken.append(Taken(entry, said, fields[b"m"], is_again=b"again" in fields))
            except (ArchiveError, KeyError, TypeError) as error:
                self.set_aside(entry, fields.get(b"m", b""), str(error))
            except MemoryError:
                self.set_aside(entry, fields.get(b"m", b""), "it unpacks to more than there is memory")
        return taken

    async def take_home(self, part: str | None, taken: Sequence[Taken]) -> None:
        """Keep what came for one archive: together, or where one message spoils that, one by one."""
        try:
            session = self.homes.session(part)
            await self.keep_all(session, taken)
            kept = taken
        except MACHINE_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 - one of them spoils the batch: nobody knows yet which
            logger.warning("a batch is kept message by message: %s", error)
            kept = [message for message in taken if await self.is_kept(part, message)]
        self.kept += len(kept)
        if kept:
            await self.after(self.homes.session(part), kept)

    async def is_kept(self, part: str | None, message: Taken) -> bool:
        """Keep one message; one that cannot be kept, whatever it makes go wrong, is set aside."""
        try:
            await self.keep_all(self.homes.session(part), [message])
        except MACHINE_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 - its own trouble must be no other message's
            self.set_aside(message.id, message.body, f"{type(error).__name__}: {error}")
            return False
        return True

    async def keep_all(self, session: Session, taken: Sequence[Taken]) -> None:
        """Keep messages in one transaction, all of them or none."""
        reworded = await self.reworded(session, taken)
        await session.write(lambda archive: self.keep(archive, taken, reworded))

    async def after(self, session: Session, taken: Sequence[Taken]) -> None:
        """What follows the end of a job: its source may be sent again, and its layout learned."""
        for message in taken:
            said = message.said
            if said["what"] != "ended" or said.get("status") == "stopped":
                continue
            queued = self.places.queued(said["source"])
            if self.client.get(queued) == said["job"].encode():
                self.client.delete(queued)
            if said.get("status") == "done" and (source := self.homes.sources.get(said["source"])):
                await renew_layout(session, source)

    def set_aside(self, entry: bytes, body: bytes, reason: str) -> None:
        """Put a message where a person can look at it, and it can be taken again: nothing is thrown away."""
        logger.error("message %s cannot be kept: %s; `muragat cluster dead` shows it", entry.decode(), reason)
        self.client.xadd(self.places.unkept, {"m": body, "reason": reason[:REASON_CHARS]})

    def acknowledge(self, entries: Sequence[tuple[bytes, Any]]) -> None:
        """Let Redis forget what is kept; if this fails it comes again, and is known."""
        ids = [entry for entry, _ in entries]
        pipeline = self.client.pipeline(transaction=True)
        pipeline.xack(self.places.stream, GROUP, *ids)
        pipeline.xdel(self.places.stream, *ids)
        pipeline.execute()

    async def reworded(self, session: Session, taken: Sequence[Taken]) -> dict[bytes, Reworded]:
        """For each message of a reworded article who changed it, as a crawl of this machine finds out."""
        found = {}
        for message in taken:
            source = self.homes.sources.get(message.said["source"])
            if message.said["what"] != "article" or source is None:
                continue
            article = record(Article, message.said["article"])
            visit = record(Visit, message.said["visit"])
            home = Home(source, session)
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
                self.keep_one(archive, message, reworded.get(message.id, Reworded()))
        with suppress(ArchiveError):  # pages of what was taken down; else the next batch does it
            archive.forget_refused(now=datetime.now(UTC))

    def keep_one(self, archive: Archive, message: Taken, reworded: Reworded) -> None:
        """Keep one message, unless it is kept already; raises Unreadable for one that fits nowhere."""
        said = message.said
        attempt = archive.collected.attempt(message.attempt)
        if attempt is None:
            attempt = self.begin(archive, said)
        if said["number"] <= attempt.taken and not message.is_again:
            return
        keeper = KEEPERS.get(said["what"])
        if keeper is None:
            raise Unreadable(f"{said['what']!r} is nothing we know; do all machines run one version?")
        keeper(Keeping(archive, attempt, said, reworded, self.homes.sources.get(attempt.source)))
        archive.collected.note(attempt.id, max(said["number"], attempt.taken))

    def begin(self, archive: Archive, said: Mapping[str, Any]) -> Attempt:
        """Open the books of an attempt, with whatever message of it comes first: Redis may lose one."""
        files = said.get("files") or self.files_of(said["job"])
        source = self.homes.learn_source(said["source"], files)
        run_id = begin_crawl(archive, source)
        attempt = Attempt(said["attempt"], said["job"], source.id, run_id, utc(datetime.now(UTC)))
        archive.collected.begin(attempt)
        return attempt

    def files_of(self, job: str) -> Mapping[str, str]:
        """The files a job's source is made of; raises Unreadable where Redis has forgotten them."""
        body = self.client.get(self.places.files(job))
        if body is None:
            raise Unreadable(f"what its job {job} was is not known any more")
        files: Mapping[str, str] = unpacked(body)["files"]
        return files


def require_head(said: Mapping[str, Any]) -> None:
    """Raise Unreadable for a message whose head is none of ours."""
    is_text = all(isinstance(said.get(name), str) for name in ("what", "job", "attempt", "source"))
    number = said.get("number")
    if not is_text or not isinstance(number, int) or not 0 < number < MOST_MESSAGES or "job_part" not in said:
        raise Unreadable("its head is none of ours; do all machines run one version?")


def by_part(taken: Sequence[Taken]) -> dict[str | None, list[Taken]]:
    """The messages for each archive, in their order."""
    found: dict[str | None, list[Taken]] = {}
    for message in taken:
        found.setdefault(message.said.get("part"), []).append(message)
    return found


@dataclass(frozen=True, slots=True)
class Keeping:
    """One message about to be kept."""

    archive: Archive
    attempt: Attempt
    said: Mapping[str, Any]
    reworded: Reworded
    source: Source | None

    @property
    def is_of_earlier_part(self) -> bool:
        """Whether the job only looked again at articles of this archive, which judges and plans no more."""
        return bool(self.said["part"] != self.said["job_part"])

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


def keep_gaps(what: Keeping) -> None:
    """How far apart requests were."""
    what.archive.hosts.note_gaps([record(Gap, one) for one in what.said["gaps"]])


def keep_site(what: Keeping) -> None:
    """What a site says of text and data mining."""
    rules = what.said["rules"]
    what.archive.reservations.note_site(
        what.said["origin"],
        what.said["status"],
        None if rules is None else [record(SiteRule, one) for one in rules],
        at=datetime.fromisoformat(what.said["at"]),
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
    if what.is_of_earlier_part:
        at, seconds = datetime.fromisoformat(what.said["at"]), what.said["seconds"]
        what.archive.runs.end(run_id, status=status, reason=reason, ended_at=at, seconds=seconds)
        return
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
    "gaps": keep_gaps,
    "site": keep_site,
    "ended": keep_ended,
}


async def collect(collector: Collector, *, until_empty: bool, is_ending: Any) -> int:
    """Take home what there is, own unacknowledged messages first; with `until_empty` end when nothing came.

    Returns how many messages were kept. While Redis is away it is waited for.
    """
    import asyncio

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

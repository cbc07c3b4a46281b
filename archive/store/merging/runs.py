"""The books of another archive's crawls taken in: each run once, however often, with the requests it made."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from archive.raw.merging import PageNumbers
from archive.store.archive import Archive
from archive.store.connection import insert_all, inserted, transaction, upsert
from archive.store.merging.articles import AGAIN
from archive.store.merging.other import Other, Row

FIRST = (
    "SELECT kind, url, status, fetched_at, seconds, bytes FROM fetches WHERE run_id = ? ORDER BY id LIMIT 1"
)
SAME_START = "SELECT * FROM runs WHERE source = ? AND started_at = ? AND version = ? ORDER BY id"
REQUESTS = "SELECT * FROM fetches WHERE run_id = ? ORDER BY id LIMIT -1 OFFSET ?"
COUNT = "SELECT count(*) FROM fetches WHERE run_id = ?"
BROUGHT = ("new", "revised")


@dataclass(frozen=True, slots=True)
class RunTaking:
    """Takes runs of one archive into another; `again` are pages that brought nothing new here, and when.

    A run is known again by its start and its first request: two machines may begin in one second, but no two
    answers take the same thousandths of seconds, come in one second, and are of one address.
    """

    archive: Archive
    other: Other
    pages: PageNumbers
    again: Set[tuple[int, str]]

    def take(self, rows: Sequence[Row]) -> None:
        """Take some runs in with all that belongs to them: all of it, or nothing."""
        with transaction(self.archive.news, self.archive.folder.news):
            for row in rows:
                self.take_one(row)

    def take_one(self, row: Row) -> None:
        """Take a run in, or what it went on to do since it was."""
        first = self.first(self.other, row["id"])
        if first is None and row["status"] == "running":
            return  # nothing to know it by; it is taken in when it has asked for something
        mine = self.run_here(row)
        number = (
            inserted(self.archive.news, "runs", as_ended(row) | {"id": None}) if mine is None else mine["id"]
        )
        (had,) = self.archive.news.conn.execute(COUNT, [number]).fetchone()
        fresh = self.other.rows(REQUESTS, [row["id"], had])
        insert_all(self.archive.news, "fetches", [self.request(one, number) for one in fresh])
        if mine is not None and (fresh or (mine["ended_at"] is None and row["ended_at"] is not None)):
            upsert(self.archive.news, "runs", as_ended(row) | {"id": number}, pk="id")
        self.take_measures(row["id"], number)

    def first(self, of: Archive | Other, run_id: int) -> tuple[object, ...] | None:
        """The first request of a run, `None` of one that made none."""
        found: tuple[object, ...] | None = of.news.conn.execute(FIRST, [run_id]).fetchone()
        return found

    def run_here(self, row: Row) -> Row | None:
        """The run here that is a run there, or `None`."""
        first = self.first(self.other, row["id"])
        started = [row["source"], row["started_at"], row["version"]]
        for mine in self.archive.news.query(SAME_START, started):
            if self.first(self.archive, mine["id"]) == first and (first or ended(mine) == ended(row)):
                return dict(mine)
        return None

    def request(self, row: Row, run_id: int) -> Row:
        """A request as it is entered here.

        What brought an article or a wording there, and is known from elsewhere here, brought nothing.
        """
        page_id = self.pages.here(row["page_id"])
        entered = row | {"id": None, "run_id": run_id, "page_id": page_id}
        if row["outcome"] in BROUGHT and (page_id, row["fetched_at"]) in self.again:
            return entered | {"outcome": "unchanged", "reason": AGAIN}
        return entered

    def take_measures(self, there: int, here: int) -> None:
        """Take in what a run measured, and which certificates it overlooked."""
        for row in self.other.rows("SELECT * FROM run_health WHERE run_id = ?", [there]):
            upsert(self.archive.news, "run_health", row | {"run_id": here}, pk="run_id")
        for row in self.other.rows("SELECT * FROM tls_exceptions WHERE run_id = ?", [there]):
            upsert(self.archive.news, "tls_exceptions", row | {"run_id": here}, pk="run_id, host")


class RunNumbers:
    """What the runs of another archive are called here, once they are taken in."""

    def __init__(self, taking: RunTaking) -> None:
        self.taking = taking
        self.here = lru_cache(maxsize=10_000)(self.look_up)

    def look_up(self, theirs: int) -> int | None:
        """The number here, `None` of a run that is not taken in."""
        rows = self.taking.other.rows("SELECT * FROM runs WHERE id = ?", [theirs])
        mine = self.taking.run_here(rows[0]) if rows else None
        return int(mine["id"]) if mine else None


def as_ended(row: Row) -> Row:
    """A run as it is kept here: what goes on elsewhere is nobody's work here."""
    return row | {"status": "killed"} if row["status"] == "running" else row


def ended(row: Row) -> tuple[object, ...]:
    """How a run ended that asked for nothing."""
    return (row["ended_at"], row["reason"])

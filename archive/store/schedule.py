"""When each source is crawled next, and who crawls it now: rows that survive whoever wrote them.

The kernel's lock sees to it that one process at a time crawls into an archive. A lease says of each source
which one that is and when it last gave a sign of life, so that a crawl that was killed is found dead and
one that hangs is noticed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.store.columns import moment_of, utc
from archive.store.connection import named_errors, transaction

# The longest silence of a sound crawl: an answer of 60 s, asked three times, and a server's wait of as long.
LEASE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Lease:
    """A crawl that has a source in hand, or had when it was killed; `kills` went before it."""

    pid: int
    taken_at: datetime
    held_until: datetime
    kills: int


@dataclass(frozen=True, slots=True)
class Turn:
    """What the archive knows of a source's turns.

    `due_at`, `interval` and `why` are `None` before its first crawl has ended, `crawled_at` (when its last
    began) before any. `waits_since` is when the first address was to be asked again that still waits.
    """

    source: str
    due_at: datetime | None = None
    interval: timedelta | None = None
    why: str | None = None
    failures: int = 0
    crawled_at: datetime | None = None
    waits_since: datetime | None = None
    lease: Lease | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """When an article was published; `is_exact` where its hour is known, not only about its day."""

    at: datetime
    is_exact: bool


class ScheduleStore:
    """Takes sources in hand and gives them back, each time with the plan for the next turn."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path

    def take(self, source: str, *, pid: int, now: datetime) -> None:
        """Take a source in hand; whoever has the archive's lock may, since another holder is dead."""
        with transaction(self.db, self.path):
            self.db.conn.execute(
                "INSERT INTO leases (source, pid, taken_at, held_until, kills) VALUES (?, ?, ?, ?, 0) "
                "ON CONFLICT (source) DO UPDATE SET pid = excluded.pid, taken_at = excluded.taken_at, "
                "held_until = excluded.held_until, kills = kills + 1",
                [source, pid, utc(now), utc(now + LEASE)],
            )

    def sign_of_life(self, source: str, *, now: datetime) -> None:
        """Put off the end of a source's lease."""
        with transaction(self.db, self.path):
            self.db.conn.execute(
                "UPDATE leases SET held_until = ? WHERE source = ?", [utc(now + LEASE), source]
            )

    def give_back(self, source: str) -> None:
        """Let go of a source; its plan stays as it was."""
        with transaction(self.db, self.path):
            self.db.conn.execute("DELETE FROM leases WHERE source = ?", [source])

    def plan(
        self,
        source: str,
        *,
        due_at: datetime,
        interval: timedelta,
        why: str,
        failures: int,
        now: datetime,
    ) -> None:
        """Keep when a source's next turn is."""
        row = {
            "source": source,
            "due_at": utc(due_at),
            "interval_seconds": round(interval.total_seconds()),
            "why": why,
            "failures": failures,
            "planned_at": utc(now),
        }
        with transaction(self.db, self.path):
            self.db.table("schedule").upsert(row, pk="source")

    def turn(self, source: str) -> Turn:
        """What is known of one source's turns."""
        return self.turns([source])[source]

    def turns(self, sources: Iterable[str]) -> dict[str, Turn]:
        """What is known of these sources' turns, also of those never crawled."""
        with named_errors(self.path):
            if not {"schedule", "leases"} <= set(self.db.table_names()):
                return {source: Turn(source) for source in sources}  # kept by an earlier version
            return {source: self.read_turn(source) for source in sources}

    def read_turn(self, source: str) -> Turn:
        """One source's row, lease, last crawl and first waiting address."""
        plan = self.first("SELECT * FROM schedule WHERE source = ?", source)
        lease = self.first("SELECT pid, taken_at, held_until, kills FROM leases WHERE source = ?", source)
        crawled = self.first("SELECT last_crawled_at AS at FROM sources WHERE id = ?", source)
        return Turn(
            source,
            due_at=moment_of(plan["due_at"]) if plan else None,
            interval=timedelta(seconds=plan["interval_seconds"]) if plan else None,
            why=plan["why"] if plan else None,
            failures=plan["failures"] if plan else 0,
            crawled_at=moment_of(crawled["at"]) if crawled and crawled["at"] else None,
            waits_since=self.waits_since(source),
            lease=lease_of(lease) if lease else None,
        )

    def waits_since(self, source: str) -> datetime | None:
        """When the first known article's visit, or put-off address, was or is to be asked; or `None`.

        A visit on the list is an address of the list. What waits there for its first turn counts not: the
        crawl that found it left it on purpose.
        """
        visit = self.first(
            "SELECT next_visit_at AS at FROM addresses a WHERE source = ? AND next_visit_at IS NOT NULL "
            "AND article_id IS NOT NULL AND NOT EXISTS "
            "(SELECT 1 FROM frontier f WHERE f.url_hash = a.url_hash) ORDER BY next_visit_at LIMIT 1",
            source,
        )
        put_off = self.first(
            "SELECT not_before AS at FROM frontier WHERE source = ? AND not_before IS NOT NULL "
            "ORDER BY not_before LIMIT 1",
            source,
        )
        return min((moment_of(row["at"]) for row in (visit, put_off) if row), default=None)

    def published(self, source: str, *, since: datetime) -> list[Published]:
        """When the articles since then were published, in no order.

        One whose page states only a day, or nothing, was published when it was first seen, unless that was
        on another day or in the source's first: then nobody knows the hour.
        """
        with named_errors(self.path):
            rows = self.db.query(
                "SELECT published_at, published_precision, first_seen_at, published_date, "
                "date(first_seen_at) <= date(s.first_crawled_at, '+1 day') AS is_early "
                "FROM articles JOIN sources s ON s.id = source WHERE source = :source AND "
                "(published_date >= :day OR published_date IS NULL AND first_seen_at >= :day)",
                {"source": source, "day": utc(since)[:10]},
            )
            found = [published_of(row) for row in rows]
        return [one for one in found if one and one.at >= since]

    def first_crawled_at(self, source: str) -> datetime | None:
        """When a source was first crawled, or `None`."""
        row = self.first("SELECT first_crawled_at AS at FROM sources WHERE id = ?", source)
        return moment_of(row["at"]) if row and row["at"] else None

    def first(self, query: str, source: str) -> dict[str, Any] | None:
        """The first row of a query about a source, or `None`."""
        return next(iter(self.db.query(query, [source])), None)


def lease_of(row: dict[str, Any]) -> Lease:
    """The lease of a row."""
    return Lease(
        pid=row["pid"],
        taken_at=moment_of(row["taken_at"]),
        held_until=moment_of(row["held_until"]),
        kills=row["kills"],
    )


def published_of(row: dict[str, Any]) -> Published | None:
    """When one article was published; `None` for an undated one of the first day, which may be of any."""
    seen = moment_of(row["first_seen_at"])
    if row["published_at"] and row["published_precision"] != "day":
        return Published(moment_of(row["published_at"]), is_exact=True)
    if row["published_date"] and row["published_at"]:
        day = moment_of(row["published_at"])
        same_day = timedelta() <= seen - day <= timedelta(days=1)
        return Published(seen if same_day else day, is_exact=False)
    return None if row["is_early"] else Published(seen, is_exact=False)

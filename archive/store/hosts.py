"""What is known of hosts: their robots.txt with its history, when they asked to be left alone, gaps kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.store.columns import json_text, moment_of, utc
from archive.store.connection import inserted, transaction

# RFC 9309, 2.4: a copy should not be used for longer.
ROBOTS_FRESH = timedelta(hours=24)
# Seconds; how far apart two requests were is counted in these steps, each from its number to the next.
GAP_STEPS = (0.0, 0.1, 0.25, 0.5, 0.9, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)
DETAIL_CHARS = 500


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host's robots.txt means for us; the columns of the table `robots`.

    `means` is "all", "part", "nothing" or "closed"; `status` is `None` without an answer.
    """

    means: str
    status: int | None = None
    detail: str = ""
    body_hash: str | None = None
    page_id: int | None = None
    crawl_delay: str | None = None
    delay_seconds: float | None = None
    ai_agents: tuple[str, ...] = ()
    signals: str | None = None

    @property
    def says(self) -> tuple[object, ...]:
        """What makes it another robots.txt than before; its page is kept at each fetch."""
        return (self.means, self.status, self.detail, self.body_hash)


@dataclass(frozen=True, slots=True)
class Wait:
    """A busy server's answer, and until when its host is left alone. `stated` is Retry-After as sent."""

    host: str
    url: str
    status: int
    stated: str | None
    asked_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """How many requests of a day stood `from_seconds` or more from the one before, and the nearest two."""

    host: str
    day: str
    from_seconds: float
    requests: int
    smallest: float


@dataclass(frozen=True, slots=True)
class HostKnown:
    """What an archive knows of a host before it is asked.

    `robots` is the last reading of its robots.txt if that is fresh enough to be used again, `text` its bytes
    as kept, `content_type` their header; `quiet_until` is when it may be asked at all; `was_asked` says
    whether it ever was.
    """

    robots: Robots | None = None
    text: bytes = b""
    content_type: str | None = None
    quiet_until: datetime | None = None
    was_asked: bool = False


class HostStore:
    """Keeps what hosts said of how they want to be treated."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path

    def robots(self, origin: str, *, now: datetime) -> Robots | None:
        """The last reading of a host's robots.txt, if it was read and that is less than a day ago."""
        row = self.last_row(origin)
        if row is None or row["means"] == "closed":
            return None
        age = now - moment_of(row["checked_at"])
        return robots_of(row) if timedelta(0) <= age < ROBOTS_FRESH else None

    def last_row(self, origin: str) -> dict[str, Any] | None:
        """The newest row of a host's robots.txt, or `None`."""
        query = "SELECT * FROM robots WHERE origin = ? ORDER BY id DESC LIMIT 1"
        return next(iter(self.db.query(query, [origin])), None)

    def note_robots(self, origin: str, robots: Robots, *, at: datetime) -> None:
        """Keep an answer to robots.txt: a row of its own where it says something else than the last one."""
        with transaction(self.db, self.path):
            before = self.last_row(origin)
            if before and robots_of(before).says == robots.says:
                self.db.table("robots").update(
                    before["id"], {"checked_at": utc(at), "page_id": robots.page_id or before["page_id"]}
                )
                return
            row = asdict(robots) | {"origin": origin, "fetched_at": utc(at), "checked_at": utc(at)}
            row |= {"ai_agents": json_text(robots.ai_agents), "detail": robots.detail[:DETAIL_CHARS]}
            inserted(self.db, "robots", row)

    def note_wait(self, wait: Wait) -> None:
        """Keep that a host asked to be left alone."""
        with transaction(self.db, self.path):
            self.db.table("waits").insert(
                {
                    "host": wait.host,
                    "url": wait.url,
                    "status": wait.status,
                    "retry_after": wait.stated[:DETAIL_CHARS] if wait.stated else None,
                    "asked_at": utc(wait.asked_at),
                    "until": utc(wait.until + timedelta(seconds=0.999)),
                }
            )

    def quiet_until(self, hosts: Iterable[str]) -> datetime | None:
        """The latest time any of these hosts asked to be left alone until, or `None`."""
        (until,) = self.db.conn.execute(
            "SELECT max(until) FROM waits WHERE host IN (SELECT value FROM json_each(?))",
            [json.dumps(list(hosts))],
        ).fetchone()
        return moment_of(until) if until else None

    def note_gaps(self, gaps: Iterable[Gap]) -> None:
        """Add to what is counted of the gaps between requests."""
        with transaction(self.db, self.path):
            self.db.conn.executemany(
                "INSERT INTO gaps (host, day, from_seconds, requests, smallest) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, "
                "smallest = min(smallest, excluded.smallest)",
                [(g.host, g.day, g.from_seconds, g.requests, round(g.smallest, 3)) for g in gaps],
            )


def robots_of(row: dict[str, Any]) -> Robots:
    """The reading that a row keeps."""
    names = ("means", "status", "detail", "body_hash", "page_id", "crawl_delay", "delay_seconds", "signals")
    return Robots(**{name: row[name] for name in names}, ai_agents=tuple(json.loads(row["ai_agents"])))

"""How a source was treated, from the books: requests by day, gaps, bytes, waits, robots.txt, mining."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database

from archive.store.columns import utc
from archive.store.hosts import GAP_STEPS
from crawler.fetching.turns import host_key
from crawler.sources.profile import Pace, Source

MOST_ROWS = 50  # of waits and of robots.txt: the newest
# What a run was told of pages that it did not ask for itself is older than the run: imports of other people's
# crawls, and what an earlier, killed run had kept.
OWN_REQUESTS = (
    "SELECT f.url, f.kind, f.status, f.fetched_at, f.bytes FROM fetches f JOIN runs r ON r.id = f.run_id "
    "WHERE r.source = ? AND f.fetched_at >= r.started_at ORDER BY f.id"
)


@dataclass
class DayOfRequests:
    """The requests of one day (UTC). `bytes` are received after decompression."""

    day: str
    requests: int = 0
    articles: int = 0
    not_modified: int = 0
    busy: int = 0
    refused: int = 0
    bytes: int = 0
    bytes_saved: int = 0

    def add(self, row: Sequence[Any], size_before: int) -> None:
        """Count one request; `size_before` is what the same address sent last."""
        _, kind, status, _, size = row
        self.requests += 1
        self.articles += kind == "article"
        self.not_modified += status == 304
        self.busy += status in (429, 503)
        self.refused += status in (401, 403, 451)
        self.bytes += size
        self.bytes_saved += size_before if status == 304 else 0


@dataclass(frozen=True)
class GapStep:
    """How many requests stood `from_seconds` or more and less than `to_seconds` from the one before."""

    from_seconds: float
    to_seconds: float | None
    requests: int


@dataclass(frozen=True)
class Manners:
    """How a source was treated in the last `days` days, and how it may say what it wishes.

    `delay_seconds` is the longer one of the profile's and robots.txt's, `robots_delay_seconds` of the latter;
    without a profile, its delay and `at_once` are `None`. `smallest_gap` is `None` where no gap is recorded.
    Lists of dicts are rows of the archive, newest first.
    """

    source: str
    name: str
    home: str
    hosts: tuple[str, ...]
    since: str
    until: str
    user_agent: str
    robots_name: str
    contact: str | None
    profile_delay_seconds: float | None
    robots_delay_seconds: float | None
    at_once: int | None
    days: tuple[DayOfRequests, ...]
    gaps: tuple[GapStep, ...] = ()
    smallest_gap: float | None = None
    waits: tuple[dict[str, Any], ...] = ()
    robots: tuple[dict[str, Any], ...] = ()
    mining: tuple[dict[str, Any], ...] = ()
    reserved_pages: int = 0
    taken_down: int = 0
    totals: DayOfRequests = field(default_factory=lambda: DayOfRequests("all"))

    @property
    def delay_seconds(self) -> float | None:
        """The delay that is kept, without what a slow server gets on top; `None` where nothing states one."""
        return max(
            (one for one in (self.profile_delay_seconds, self.robots_delay_seconds) if one is not None),
            default=None,
        )


@dataclass(frozen=True)
class WhoAsks:
    """How we call ourselves; `contact` is `None` where the owner named none."""

    user_agent: str
    robots_name: str
    contact: str | None


def manners_of(
    db: Database, source: Source, who: WhoAsks, *, pace: Pace | None, days: int, now: datetime
) -> Manners:
    """How a source was treated in the last days, by an archive's books; `pace` is its profile's, if any."""
    since = (now - timedelta(days=days - 1)).date().isoformat()
    addresses = documents_of(db, source)
    hosts = tuple(dict.fromkeys(host_key(url) for url in addresses))
    origins = tuple(dict.fromkeys(origin_of(url) for url in addresses))
    counted = [day for day in days_of(db, source.id) if day.day >= since]
    robots = tuple(rows(db, "robots", "origin", origins, "id DESC"))
    gaps = list(rows(db, "gaps", "host", hosts, "day", most=-1, where=f"day >= '{since}'"))
    return Manners(
        source=source.id,
        name=source.name,
        home=source.home,
        hosts=hosts,
        since=since,
        until=utc(now),
        user_agent=who.user_agent,
        robots_name=who.robots_name,
        contact=who.contact,
        profile_delay_seconds=pace.delay_seconds if pace else None,
        robots_delay_seconds=next((row["delay_seconds"] for row in robots), None),
        at_once=pace.concurrent_requests if pace else None,
        days=tuple(counted),
        gaps=tuple(gap_steps(gaps)),
        smallest_gap=min((row["smallest"] for row in gaps), default=None),
        waits=tuple(rows(db, "waits", "host", hosts, "id DESC", where=f"asked_at >= '{since}'")),
        robots=robots,
        mining=tuple(rows(db, "site_reservations", "origin", origins, "origin")),
        reserved_pages=count(db, "reservations JOIN articles ON id = article_id", "reserved = 1", source.id),
        taken_down=count(db, "takedowns", "1", source.id),
        totals=total_of(counted),
    )


def documents_of(db: Database, source: Source) -> list[str]:
    """The source's front page and the documents it is read from."""
    named = db.conn.execute("SELECT documents FROM expectations WHERE source = ?", [source.id]).fetchone()
    return [source.home, *(json.loads(named[0]) if named else (*source.feeds, *source.sitemaps))]


def origin_of(url: str) -> str:
    """Scheme and host of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def days_of(db: Database, source: str) -> list[DayOfRequests]:
    """The requests to a source by day, the newest day first."""
    found: defaultdict[str, DayOfRequests] = defaultdict(lambda: DayOfRequests(""))
    sizes: dict[int, int] = {}
    for row in db.conn.execute(OWN_REQUESTS, [source]):
        url, _, status, at, size = row
        day = found[at[:10]]
        day.day = at[:10]
        day.add(row, sizes.get(hash(url), 0))
        if status == 200:
            sizes[hash(url)] = size
    return sorted(found.values(), key=lambda day: day.day, reverse=True)


def total_of(days: Iterable[DayOfRequests]) -> DayOfRequests:
    """All days together."""
    total = DayOfRequests("all")
    for day in days:
        for name in ("requests", "articles", "not_modified", "busy", "refused", "bytes", "bytes_saved"):
            setattr(total, name, getattr(total, name) + getattr(day, name))
    return total


def gap_steps(gaps: Iterable[dict[str, Any]]) -> Iterator[GapStep]:
    """Yield the steps that have requests, from the nearest on."""
    counted: defaultdict[float, int] = defaultdict(int)
    for row in gaps:
        counted[row["from_seconds"]] += row["requests"]
    ends = dict(zip(GAP_STEPS, (*GAP_STEPS[1:], None), strict=True))
    for step in sorted(counted):
        yield GapStep(step, ends.get(step), counted[step])


def rows(
    db: Database,
    table: str,
    column: str,
    names: Sequence[str],
    order: str,
    *,
    where: str = "1",
    most: int = MOST_ROWS,
) -> Iterator[dict[str, Any]]:
    """The rows of a table about some hosts; none of an archive that has no such table yet."""
    if not db.table(table).exists():
        return iter(())
    query = (
        f"SELECT * FROM {table} WHERE {column} IN (SELECT value FROM json_each(?)) AND {where} "
        f"ORDER BY {order} LIMIT {most}"
    )
    return db.query(query, [json.dumps(list(names))])


def count(db: Database, tables: str, where: str, source: str) -> int:
    """How many rows about a source there are; 0 of an archive that has no such table yet."""
    if not db.table(tables.split()[0]).exists():
        return 0
    query = f"SELECT count(*) FROM {tables} WHERE {where} AND source = ?"
    return int(db.conn.execute(query, [source]).fetchone()[0])

"""How much is missed: each day of a source, what its looks named, and whether articles are likely missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from archive.health.history import Day
from archive.health.recalling import days_of, first_crawl
from archive.health.recapture import Estimate, estimate
from archive.health.rhythm import LEAST_DAYS, chance_of_at_most, usual_on
from archive.identity import url_hash
from archive.store.columns import utc

USUALLY, COMPARED = timedelta(days=30), timedelta(days=63)
FEW, FEW_OF, CHANCE = 0.25, 10.0, 0.001  # of at least so many usual ones; chance as in `rhythm`
CHUNK = 500
LOOKS = ("feed", "sitemap", "listing")


@dataclass(frozen=True, slots=True)
class MissingDay:
    """A day of a source: `articles` kept, `named` by each kind of document, the estimate where counts allow.

    `why` says why articles are likely missing, `None` where they are not: "not looked at" (no crawl on it or
    the day after), "unnamed" (the looks disagree) or "few" (against its weekday).
    """

    source: str
    day: date
    articles: int
    named: Mapping[str, int]
    estimate: Estimate | None
    usual: float | None
    why: str | None


def missing_days(
    db: Database, source: str, *, since: date | None = None, at: datetime | None = None
) -> list[MissingDay]:
    """Every complete day of a source since its first crawl or `since`, 30 days back by default."""
    if not db.table("namings").exists():
        return []
    at, first = at or datetime.now(UTC), first_crawl(db, source)
    if first is None:
        return []
    zone = ZoneInfo(db.conn.execute("SELECT timezone FROM sources WHERE id = ?", [source]).fetchone()[0])
    begin = since or (at - USUALLY).astimezone(zone).date()
    # Some weeks before, so that the first of them has its usual articles to be compared with.
    days = days_of(db, source, zone, max(first.astimezone(zone).date(), begin - COMPARED), at)
    looks = looks_by_day(db, source, begin, zone)
    return [
        missing_day(source, day, days[:place], looks[day.day])
        for place, day in enumerate(days)
        if day.day >= begin
    ]


def missing_day(
    source: str, day: Day, earlier: tuple[Day, ...], named: Mapping[frozenset[str], int]
) -> MissingDay:
    """What is known of a day, given the days before it and how many articles just these looks named."""
    seen = tuple(one for one in earlier if one.looked)
    usual = usual_on(seen, day) if len(seen) >= LEAST_DAYS else None
    found = estimate(named)
    by_look = {look: sum(n for kinds, n in named.items() if look in kinds) for look in LOOKS}
    return MissingDay(source, day.day, day.articles, by_look, found, usual, why_missing(day, found, usual))


def why_missing(day: Day, found: Estimate | None, usual: float | None) -> str | None:
    """Why articles of a day are likely missing, or `None`."""
    if not day.looked:
        return "not looked at"
    if found and found.least_missing:
        return "unnamed"
    few = usual is not None and usual >= FEW_OF and day.articles < FEW * usual
    return "few" if few and chance_of_at_most(day.articles, usual or 0.0) < CHANCE else None


def looks_by_day(
    db: Database, source: str, begin: date, zone: ZoneInfo
) -> defaultdict[date, Counter[frozenset[str]]]:
    """For each day, how many of its articles just these kinds of documents named."""
    days: defaultdict[date, Counter[frozenset[str]]] = defaultdict(Counter)
    articles = list(articles_since(db, source, begin, zone))
    for start in range(0, len(articles), CHUNK):
        some = articles[start : start + CHUNK]
        kinds = kinds_of_articles(db, some)
        for row in some:
            days[day_of(row, zone)][kinds[row["id"]]] += 1
    return days


def articles_since(db: Database, source: str, begin: date, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """The articles of these days; those without a date by the day they were first seen."""
    columns = "SELECT id, url_key, published_date, first_seen_at FROM articles WHERE source = ? AND "
    yield from db.query(columns + "published_date >= ?", [source, begin.isoformat()])
    since = utc(datetime(begin.year, begin.month, begin.day, tzinfo=zone))
    yield from db.query(columns + "published_date IS NULL AND first_seen_at >= ?", [source, since])


def day_of(row: Mapping[str, Any], zone: ZoneInfo) -> date:
    """The day of an article, on the publisher's clock."""
    if row["published_date"]:
        return date.fromisoformat(row["published_date"])
    return datetime.fromisoformat(row["first_seen_at"]).astimezone(zone).date()


def kinds_of_articles(db: Database, articles: list[dict[str, Any]]) -> dict[int, frozenset[str]]:
    """The kinds of documents that named each article, by the address asked or by the one it led to."""
    marks = ",".join("?" * len(articles))
    asked = db.conn.execute(
        f"SELECT article_id, url_hash FROM addresses WHERE article_id IN ({marks})",
        [row["id"] for row in articles],
    ).fetchall()
    pairs = [*asked, *((row["id"], url_hash(row["url_key"])) for row in articles)]
    hashes = list({key for _, key in pairs})
    named: defaultdict[int, set[str]] = defaultdict(set)
    for start in range(0, len(hashes), CHUNK):
        some = hashes[start : start + CHUNK]
        query = f"SELECT url_hash, kind FROM namings WHERE url_hash IN ({','.join('?' * len(some))})"
        for key, kind in db.conn.execute(query, some):
            named[key].add(kind)
    kinds: defaultdict[int, set[str]] = defaultdict(set)
    for article, key in pairs:
        kinds[article] |= named[key]
    return {row["id"]: frozenset(kinds[row["id"]]) for row in articles}

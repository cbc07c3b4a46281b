"""A source's history as its books show it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from archive.health.history import FIELDS, Day, Document, Expected, History, Measured
from archive.store.columns import moment_of, utc

DAYS = 63  # nine of each weekday
RUNS_WITH_ARTICLES, LAST_RUNS = 300, 20
NEWEST = 50  # articles among which the same text is looked for
LATELY = timedelta(days=7)

# By time, not by number: the runs of an archive that was merged into this one came later than they were. The
# index of runs has them in that order.
NEWEST_FIRST = (
    "SELECT h.run_id FROM runs r CROSS JOIN run_health h ON h.run_id = r.id "
    "WHERE r.source = :source AND h.articles >= {least} ORDER BY r.started_at DESC, r.id DESC LIMIT :{most}"
)
RUNS = (
    "SELECT r.started_at, r.status, r.reason, h.* FROM runs r JOIN run_health h ON h.run_id = r.id "
    f"WHERE r.id IN (SELECT * FROM ({NEWEST_FIRST.format(least=1, most='with_articles')}) "
    f"UNION SELECT * FROM ({NEWEST_FIRST.format(least=0, most='last')})) ORDER BY r.started_at, r.id"
)


def history_of(db: Database, source: str, at: datetime) -> History:
    """What is known of a source at a moment; its clock is the source's own."""
    row = next(iter(db.query("SELECT * FROM sources WHERE id = ?", [source])))
    zone = ZoneInfo(row["timezone"])
    first = first_crawl(db, source)
    begin = max(first, at - timedelta(days=DAYS)).astimezone(zone).date() if first else None
    bodies = repeated_bodies(db, source)
    return History(
        at=at,
        first_crawled_at=first,
        kept=kept(db, source),
        expected=expected_of(db, source),
        days=days_of(db, source, zone, begin, at) if begin else (),
        runs=runs_of(db, source),
        documents=documents_of(db, source),
        newest=sum(bodies),
        repeated=max(repeated_walls(db, source), *bodies, 0),
        waiting=waiting_lately(db, source, at),
    )


def first_crawl(db: Database, source: str) -> datetime | None:
    """When the first crawl began that measured something; an import looks at no site."""
    query = (
        "SELECT r.started_at FROM runs r CROSS JOIN run_health h ON h.run_id = r.id "
        "WHERE r.source = ? ORDER BY r.started_at LIMIT 1"
    )
    row = db.conn.execute(query, [source]).fetchone()
    return moment_of(row[0]) if row else None


def kept(db: Database, source: str) -> int:
    """How many articles of a source were ever kept."""
    query = "SELECT coalesce(sum(articles), 0) FROM daily_counts WHERE source = ?"
    return int(db.conn.execute(query, [source]).fetchone()[0])


def expected_of(db: Database, source: str) -> Expected:
    """What its profile expects of a source."""
    row = next(iter(db.query("SELECT * FROM expectations WHERE source = ?", [source])), None)
    names = ("articles_per_day_min", "date_share_min", "body_chars_min")
    return Expected(**{name: row[name] for name in names}) if row else Expected()


def days_of(db: Database, source: str, zone: ZoneInfo, begin: date, at: datetime) -> tuple[Day, ...]:
    """The complete days from `begin` on, each with its articles.

    A day counts as looked at when a crawl that was done began on it or on the day after.
    """
    today = at.astimezone(zone).date()
    counts, crawled = articles_by_day(db, source, begin, zone), crawl_days(db, source, begin, zone)
    return tuple(
        Day(day, counts[day], looked=day in crawled or day + timedelta(days=1) in crawled)
        for day in (begin + timedelta(days=n) for n in range((today - begin).days))
    )


def articles_by_day(db: Database, source: str, begin: date, zone: ZoneInfo) -> Counter[date]:
    """Articles by the publisher's day; those without a date by the day they were first seen."""
    counts: Counter[date] = Counter()
    dated = "SELECT day, sum(articles) FROM daily_counts WHERE source = ? AND day >= ? GROUP BY day"
    for day, articles in db.conn.execute(dated, [source, begin.isoformat()]):
        counts[date.fromisoformat(day)] += articles
    undated = (
        "SELECT first_seen_at FROM articles "
        "WHERE source = ? AND published_date IS NULL AND first_seen_at >= ?"
    )
    since = utc(datetime(begin.year, begin.month, begin.day, tzinfo=zone))
    for (seen,) in db.conn.execute(undated, [source, since]):
        counts[moment_of(seen).astimezone(zone).date()] += 1
    return counts


def crawl_days(db: Database, source: str, begin: date, zone: ZoneInfo) -> set[date]:
    """The days on which a crawl began that was done; hour by hour, since a schedule makes many."""
    query = (
        "SELECT DISTINCT substr(r.started_at, 1, 13) FROM run_health h JOIN runs r ON r.id = h.run_id "
        "WHERE h.source = ? AND r.status = 'done' AND r.started_at >= ?"
    )
    hours = db.conn.execute(query, [source, (begin - timedelta(days=1)).isoformat()])
    return {
        datetime.fromisoformat(f"{hour}:00:00").replace(tzinfo=UTC).astimezone(zone).date()
        for (hour,) in hours
    }


def runs_of(db: Database, source: str) -> tuple[Measured, ...]:
    """The last runs that measured something, oldest first."""
    bounds = {"source": source, "with_articles": RUNS_WITH_ARTICLES, "last": LAST_RUNS}
    return tuple(measured(row) for row in db.query(RUNS, bounds))


def measured(row: dict[str, Any]) -> Measured:
    """A row of `run_health`, with its run, as a record."""
    return Measured(
        started_at=moment_of(row["started_at"]),
        **{k: row[k] for k in ("status", "reason", "asked", "front_page", "articles", "body_chars")},
        errors=json.loads(row["errors"]),
        document_errors=json.loads(row["document_errors"]),
        filled={name: row[f"with_{name}"] for name in FIELDS},
        languages=json.loads(row["languages"]),
        problems=json.loads(row["problems"]),
    )


def documents_of(db: Database, source: str) -> tuple[Document, ...]:
    """The documents that a source's profile names now."""
    rows = db.query(
        "SELECT * FROM documents WHERE source = :source AND url IN (SELECT d.value FROM expectations e, "
        "json_each(e.documents) d WHERE e.source = :source) ORDER BY url",
        {"source": source},
    )
    return tuple(
        Document(
            **{name: row[name] for name in ("url", "kind", "named", "named_before", "failure")},
            changed_at=moment_of(row["changed_at"]) if row["changed_at"] else None,
            failing_since=moment_of(row["failing_since"]) if row["failing_since"] else None,
        )
        for row in rows
    )


def repeated_bodies(db: Database, source: str) -> list[int]:
    """How often each text stands among the NEWEST articles that have one."""
    rows = db.conn.execute(
        "SELECT count(*) FROM (SELECT body FROM articles WHERE source = ? "
        "ORDER BY first_seen_at DESC LIMIT ?) WHERE body != '' GROUP BY body",
        [source, NEWEST],
    )
    return [count for (count,) in rows]


def repeated_walls(db: Database, source: str) -> int:
    """At how many addresses the commonest of the texts read last stands: from the fifth on none is kept."""
    row = db.conn.execute(
        "SELECT count(*) AS n FROM (SELECT text FROM texts_read WHERE source = ? "
        "ORDER BY read_at DESC LIMIT ?) GROUP BY text ORDER BY n DESC LIMIT 1",
        [source, NEWEST],
    ).fetchone()
    return row[0] if row else 0


def waiting_lately(db: Database, source: str, at: datetime) -> int:
    """New addresses of articles found in the last week that were not asked yet."""
    condition = "source = ? AND kind = 'article' AND why = 'new' AND attempts = 0 AND found_at >= ?"
    return int(db.table("frontier").count_where(condition, [source, utc(at - LATELY)]))

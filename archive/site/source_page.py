"""One source: how it is doing, when it publishes, what its articles state, its last crawls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from archive.site.compat import NotFound, Response
from archive.site.counted import months_of
from archive.site.day_words import day_in_words, moment_of, seen
from archive.site.lines import COLUMNS, TABLES, line_of
from archive.site.reader import Reader
from archive.site.shown import safe_url
from archive.site.source_books import DAYS, books_of, days_of, labelled, last_day
from archive.site.source_manners import fronts_of, manners_of

LATEST = f"""
SELECT {COLUMNS} FROM {TABLES} WHERE a.source = ? AND a.published_date IS NOT NULL
ORDER BY a.published_date DESC, a.id DESC LIMIT 8"""
# When articles appear: of the newest that state a clock.
CLOCKS = """
SELECT published_local FROM articles WHERE source = ? AND published_date IS NOT NULL
ORDER BY published_date DESC LIMIT 1000"""
SECTIONS = """
SELECT section, sum(articles) AS articles FROM {months} WHERE source = ? AND section <> ''
GROUP BY section HAVING sum(articles) > 0 ORDER BY articles DESC LIMIT 12"""
DATED = "SELECT DISTINCT day FROM daily_counts WHERE source = ? AND day >= ? AND articles > 0"
BEFORE = "SELECT 1 FROM {months} WHERE source = ? AND month <> '' AND month < ? AND articles > 0 LIMIT 1"
RUNS = """
SELECT started_at, status, reason, new, revised, gone, failed, rejected, requests, seconds FROM runs
WHERE source = ? ORDER BY started_at DESC LIMIT 10"""
FIELDS = ("title", "date", "body", "authors", "section", "language", "image")
FILLED = f"""
SELECT sum(articles) AS articles, {", ".join(f"sum(with_{name}) AS {name}" for name in FIELDS)}
FROM (SELECT h.* FROM runs r CROSS JOIN run_health h ON h.run_id = r.id WHERE r.source = ?
      ORDER BY r.started_at DESC LIMIT 50)"""
HAS_HEALTH = "SELECT 1 FROM sqlite_master WHERE name = 'run_health'"


@dataclass(frozen=True, slots=True)
class Hour:
    """A square of the week: how many of the newest articles appeared then; `shade` is 0 to 4."""

    x: int
    y: int
    shade: int
    label: str


async def source_page(reader: Reader, db: Any) -> Response:
    """A source under its id; raises NotFound for one the archive does not know."""
    source = reader.request.url_vars["source"]
    months = await months_of(db)
    row = (await db.execute("SELECT home FROM sources WHERE id = ?", [source])).first()
    if row is None:
        raise NotFound("No such source")
    (book,) = await books_of(reader, db, source)
    last = await last_day(db)
    days = (await days_of(db, last)).get(source, {})
    clocks = [moment_of(one["published_local"]) for one in (await db.execute(CLOCKS, [source])).rows]
    latest = (await db.execute(LATEST, [source])).rows
    return reader.response(
        "source.html",
        book=book,
        home=safe_url(row["home"]),
        articles_href=reader.href("/search", {"source": source}),
        edits_href=reader.href("/changes", {"source": source}),
        charts_href=reader.href("/charts", {"source": source}),
        days=labelled(reader, days, last),
        day_count=DAYS,
        fronts=await fronts_of(reader, db, source),
        manners=await manners_of(reader, db, source, row["home"]),
        gaps=await gaps(reader, db, source, last),
        hours=hours_of(reader, [clock for clock in clocks if clock]),
        weekdays=reader.say("weekdays_short").split(),
        filled=await filled(reader, db, source),
        sections=[
            (
                one["section"],
                one["articles"],
                reader.href("/search", {"source": source, "section": one["section"]}),
            )
            for one in (await db.execute(SECTIONS.format(months=months), [source])).rows
        ],
        runs=[run_line(reader, one) for one in (await db.execute(RUNS, [source])).rows],
        lines=[line_of(one, reader) for one in latest],
    )


async def gaps(reader: Reader, db: Any, source: str, last: date) -> list[str]:
    """The days without an article among the last ones, in words, the newest first; none before its first."""
    begin = str(last - timedelta(days=DAYS - 1))
    # Whole months from there: where a month before has an article, the source is older than these days.
    month = begin[: len("2026-03")]
    known = {row["day"] for row in (await db.execute(DATED, [source, f"{month}-01"])).rows}
    older = (await db.execute(BEFORE.format(months=await months_of(db)), [source, month])).rows
    first = begin if older else max(min(known, default=str(last)), begin)
    listed = (str(last - timedelta(days=n)) for n in range(DAYS))
    return [day_in_words(day, reader.language) or day for day in listed if day >= first and day not in known]


def hours_of(reader: Reader, clocks: Sequence[datetime]) -> list[Hour]:
    """The week in squares, a row for each weekday; empty when no article states a clock."""
    counts = Counter((clock.weekday(), clock.hour) for clock in clocks)
    most = max(counts.values(), default=0)
    if not most:
        return []
    return [
        Hour(hour, day, shade(counts[day, hour], most), hour_words(reader, day, hour, counts[day, hour]))
        for day in range(7)
        for hour in range(24)
    ]


def shade(value: int, most: int) -> int:
    """How dark a square is: 0 for nothing, 1 to 4 in quarters of the most."""
    return 0 if not value else min(1 + 4 * (value - 1) // most, 4)


def hour_words(reader: Reader, day: int, hour: int, articles: int) -> str:
    """What a square says."""
    return f"{reader.say(f'weekday_{day}')}, {hour:02}:00: {reader.counted('articles', articles)}"


async def filled(reader: Reader, db: Any, source: str) -> list[tuple[str, int]]:
    """Each field with the share of lately kept articles that have it, in percent; empty when unknown."""
    if not (await db.execute(HAS_HEALTH)).rows:
        return []
    row = (await db.execute(FILLED, [source])).first()
    if not row or not row["articles"]:
        return []
    return [(reader.say(f"field_{name}"), round(100 * row[name] / row["articles"])) for name in FIELDS]


def run_line(reader: Reader, row: Mapping[str, Any]) -> dict[str, object]:
    """A crawl in a table."""
    return {
        "at": seen(row["started_at"], reader.language),
        "status": reader.say(f"run_{row['status']}"),
        "counts": [row[name] for name in ("new", "revised", "gone", "rejected", "failed")],
        "reason": row["reason"] or "",
    }

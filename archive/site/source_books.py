"""What the archive's books say of its sources: how they are doing, and how many articles each day had."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from archive.site.bars import Chart, chart_of
from archive.site.counted import months_of
from archive.site.day_words import day_in_words, seen
from archive.site.reader import Reader
from archive.site.sentences import SENTENCES
from archive.site.shown import shown

DAYS = 30
WORST_FIRST = ("silent", "worse", "new", "well")
# Shape, beside word and colour.
SIGNS = {"silent": "✕", "worse": "▼", "new": "○", "well": "●"}
BOOKS = """
SELECT s.id, s.name, s.home, s.last_crawled_at, s.first_crawled_at, h.state, h.since, h.reasons,
       (SELECT coalesce(sum(d.articles), 0) FROM {months} d WHERE d.source = s.id) AS articles
FROM sources s LEFT JOIN source_health h ON h.source = s.id"""
# Archives of a version before have no verdicts yet.
BOOKS_BEFORE = BOOKS.replace(
    "h.state, h.since, h.reasons", "NULL AS state, NULL AS since, '[]' AS reasons"
).replace(" LEFT JOIN source_health h ON h.source = s.id", "")
HAS_HEALTH = "SELECT 1 FROM sqlite_master WHERE name = 'source_health'"
DAILY = """
SELECT source, day, sum(articles) AS articles FROM daily_counts
WHERE day >= :first AND day <= :last GROUP BY source, day"""


@dataclass(frozen=True, slots=True)
class Book:
    """A source as a list shows it: its state in a word and a shape, why, its last days as a chart."""

    id: str
    name: str
    href: str
    state: str
    sign: str
    state_word: str
    reasons: tuple[tuple[str, str], ...]
    articles: int
    recent: int
    crawled: str
    chart: Chart


async def books_of(reader: Reader, db: Any, source: str | None = None) -> list[Book]:
    """Every source, or the one, the worst first."""
    last = await last_day(db)
    sql = BOOKS if (await db.execute(HAS_HEALTH)).rows else BOOKS_BEFORE
    sql = sql.format(months=await months_of(db))
    rows = (
        (await db.execute(f"{sql} WHERE s.id = ?", [source])).rows if source else (await db.execute(sql)).rows
    )
    days = await days_of(db, last)
    # What one paper publishes in a day is compared with itself, not with the others.
    found = [book_of(reader, row, days.get(row["id"], {}), last) for row in rows]
    return sorted(found, key=lambda book: (WORST_FIRST.index(book.state), -book.articles, book.name))


async def last_day(db: Any) -> date:
    """The newest day any article is of, but no later than tomorrow; today in an empty archive."""
    today = datetime.now(UTC).date()
    row = (
        await db.execute(
            "SELECT max(day) AS day FROM daily_counts WHERE day <= ? AND articles > 0", [str(today)]
        )
    ).first()
    return date.fromisoformat(row["day"]) if row and row["day"] else today


async def days_of(db: Any, last: date) -> dict[str, dict[str, int]]:
    """For each source how many articles each of the last days had."""
    first = last - timedelta(days=DAYS - 1)
    rows = (await db.execute(DAILY, {"first": str(first), "last": str(last)})).rows
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["source"], {})[row["day"]] = row["articles"]
    return found


def book_of(reader: Reader, row: Mapping[str, Any], days: Mapping[str, int], last: date) -> Book:
    """A row as its line in the list; what nobody has judged yet is new, as `muragat status` says too."""
    state = row["state"] if row["state"] in WORST_FIRST else "new"
    return Book(
        id=row["id"],
        name=shown(row["name"]),
        href=reader.href(f"/source/{row['id']}"),
        state=state,
        sign=SIGNS[state],
        state_word=reader.say(f"state_{state}"),
        reasons=tuple(reasons_of(reader, row["reasons"])),
        articles=row["articles"],
        recent=sum(days.values()),
        crawled=seen(row["last_crawled_at"], reader.language),
        chart=chart_of(labelled(reader, days, last), width=240, height=40),
    )


def labelled(reader: Reader, days: Mapping[str, int], last: date) -> list[tuple[str, float | None]]:
    """The last days with their counts, oldest first, the days in words."""
    listed = [last - timedelta(days=DAYS - 1 - n) for n in range(DAYS)]
    return [(day_in_words(str(day), reader.language) or "", days.get(str(day), 0)) for day in listed]


def reasons_of(reader: Reader, written: str | None) -> Sequence[tuple[str, str]]:
    """Why a source is not well: in the reader's words, and the evidence as the books have it."""
    try:
        listed = json.loads(written or "[]")
    except ValueError:
        return []
    found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [(reason_word(reader, str(one.get("code"))), shown(one.get("evidence"))) for one in found]


def reason_word(reader: Reader, code: str) -> str:
    """A reason's code in words; the code itself where the site has none for it."""
    key = f"why_{code}"
    return reader.say(key) if key in SENTENCES else shown(code).replace("_", " ")

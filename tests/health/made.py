"""Made-up histories of a source: sound ones, with weekends and holidays, and what spoils them."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from archive.health.history import FIELDS, Day, Document, History, Measured

AT = datetime(2026, 4, 8, 6, tzinfo=UTC)  # a Wednesday
FEED = "https://steppe.example/feed"
SITEMAP = "https://steppe.example/sitemap.xml"


def days_until(at: datetime, counts: list[int], **fields: Any) -> tuple[Day, ...]:
    """Complete days before a moment with these articles, the last one yesterday."""
    first = at.date() - timedelta(days=len(counts))
    return tuple(Day(first + timedelta(days=n), count, **fields) for n, count in enumerate(counts))


def weekly(chance: random.Random, day: date, a_day: float, holidays: set[date]) -> int:
    """Articles of a day of a paper that rests at weekends and more so on holidays."""
    mean = a_day * (0.3 if day.weekday() >= 5 else 1.0) * (0.05 if day in holidays else 1.0)
    mean *= chance.uniform(0.7, 1.3)
    return sum(chance.random() < mean / 200 for _ in range(200))


def sound_days(seed: int, a_day: float, at: datetime = AT, length: int = 63) -> tuple[Day, ...]:
    """Nine weeks with a three-day holiday that ends yesterday."""
    chance = random.Random(seed)
    holidays = {at.date() - timedelta(days=back) for back in (1, 2, 3)}
    days = [at.date() - timedelta(days=back) for back in range(length, 0, -1)]
    return tuple(Day(day, weekly(chance, day, a_day, holidays)) for day in days)


def run(started_at: datetime = AT, articles: int = 10, **fields: Any) -> Measured:
    """A run whose articles have everything."""
    whole = {
        "asked": articles,
        "articles": articles,
        "filled": dict.fromkeys(FIELDS, articles),
        "body_chars": 2000,
        "languages": {"ru": articles},
    }
    return Measured(started_at=started_at, **(whole | fields))


def sound_runs(at: datetime = AT, count: int = 30) -> tuple[Measured, ...]:
    """A run a day, the last one now."""
    return tuple(run(at - timedelta(days=back)) for back in range(count - 1, -1, -1))


def sound(**fields: Any) -> History:
    """A source that is well."""
    stated = {
        "at": AT,
        "first_crawled_at": AT - timedelta(days=64),
        "kept": 600,
        "days": days_until(AT, [10] * 63),
        "runs": sound_runs(),
        "documents": (
            Document(FEED, "feed", named=20, named_before=20, changed_at=AT),
            Document(SITEMAP, "sitemap", named=500, named_before=500, changed_at=AT),
        ),
        "newest": 50,
        "repeated": 1,
    }
    return History(**(stated | fields))


def lately(count: int = 3, **fields: Any) -> tuple[Measured, ...]:
    """Sound runs, but the last few with these measurements."""
    runs = sound_runs()
    return runs[:-count] + tuple(replace(one, **fields) for one in runs[-count:])

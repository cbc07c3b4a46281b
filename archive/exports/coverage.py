"""What a data set covers, counted while its rows pass: sources, months, gaps, what is missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from archive.exports.columns import Column
from archive.exports.rows import Row

EMPTY = frozenset((None, "", "[]", "{}"))
GAP_DAYS = 7
COUNTED = ("language", "article_type", "access", "cleaned_with", "published_precision")


@dataclass(frozen=True, slots=True)
class Gap:
    """Days of a source without an article, both included, between days that have some."""

    source: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


class Coverage:
    """Counts over rows of the given columns; what needs a column that is not there stays empty."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self.places = {column.name: place for place, column in enumerate(columns)}
        self.articles = 0
        self.missing: Counter[str] = Counter()
        self.counts: dict[str, Counter[str]] = {name: Counter() for name in COUNTED if name in self.places}
        self.days: defaultdict[str, Counter[str | None]] = defaultdict(Counter)
        self.newest_sight = ""

    def add(self, batch: Sequence[Row]) -> None:
        """Count some rows."""
        self.articles += len(batch)
        said = list(zip(*batch, strict=True))
        for column, values in zip(self.columns, said, strict=False):
            if empty := sum(value in EMPTY for value in values):
                self.missing[column.name] += empty
        for name, counts in self.counts.items():
            counts.update("unknown" if value is None else value for value in said[self.places[name]])
        if "source" in self.places:
            sources = said[self.places["source"]]
            days = (
                said[self.places["published_date"]]
                if "published_date" in self.places
                else [None] * len(batch)
            )
            for source, day in zip(sources, days, strict=True):
                self.days[source][day] += 1
        if "last_seen_at" in self.places:
            self.newest_sight = max(self.newest_sight, *said[self.places["last_seen_at"]])

    @property
    def sources(self) -> dict[str, int]:
        """How many articles each source has, by id."""
        return {source: self.days[source].total() for source in sorted(self.days)}

    def months(self) -> dict[str, Counter[str]]:
        """How many articles of each month each source has, by month; "undated" comes last."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for source, days in self.days.items():
            for day, count in days.items():
                found["undated" if day is None else day[:7]][source] += count
        return dict(sorted(found.items()))

    def span(self) -> tuple[str, str] | None:
        """The first and last day of publication, `None` where no article has one."""
        days = [day for counts in self.days.values() for day in counts if day is not None]
        return (min(days), max(days)) if days else None

    def gaps(self) -> list[Gap]:
        """The spans of a week or more without an article, by source, the longest first."""
        found = [gap for source in self.days for gap in gaps_between(source, self.days[source])]
        return sorted(found, key=lambda gap: (gap.source, -gap.days, gap.first))


def gaps_between(source: str, days: Counter[str | None]) -> Iterator[Gap]:
    """The spans of a week or more between a source's days."""
    dated = sorted(filter(None, map(day_of, days)))
    for before, after in pairwise(dated):
        gap = Gap(source, before + timedelta(days=1), after - timedelta(days=1))
        if gap.days >= GAP_DAYS:
            yield gap


def day_of(written: str | None) -> date | None:
    """The day that is written, or `None`."""
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None

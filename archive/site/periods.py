"""The stretches of time that bars stand for: days, or months where there are many of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from archive.site.day_words import day_in_words, month_in_words

MONTH, DAY = len("2026-03"), len("2026-03-10")
MOST_DAYS = 92  # more are shown by the month
MOST_PERIODS = 240


@dataclass(frozen=True, slots=True)
class Known:
    """Up to when an archive knows what appeared: `crawled` is when its last crawl began that was done.

    It is `None` where no crawl has filled it. `zones` are the clocks of its papers, by which days are
    counted; `until` is the last day somebody wants to see, `None` for any.
    """

    now: datetime
    crawled: datetime | None = None
    zones: Sequence[tzinfo] = (UTC,)
    until: date | None = None

    def why_open(self, last_day: date) -> str:
        """Why more may have appeared in a time that ends so: "cut", "not_over", "not_crawled" or ""."""
        if self.until is not None and self.until < last_day:
            return "cut"
        midnights = [datetime.combine(last_day + timedelta(days=1), time(), zone) for zone in self.zones]
        if any(self.now < midnight for midnight in midnights):
            return "not_over"
        if self.crawled is not None and any(self.crawled < midnight for midnight in midnights):
            return "not_crawled"
        return ""


class Periods:
    """Months, or days where there are few of them, from the first to the last, none left out.

    `why_open` says why the last one may not be all there is of its time, as `Known` does.
    """

    def __init__(self, first: date, last: date, language: str, known: Known) -> None:
        self.length = DAY if (last - first).days < MOST_DAYS else MONTH
        self.language = language
        self.listed = (days if self.length == DAY else months)(first, last)[-MOST_PERIODS:]
        self.known = known
        self.why_open = known.why_open(self.last_day)

    @property
    def last_day(self) -> date:
        """The last day of the last one."""
        last = self.listed[-1]
        if self.length == DAY:
            return date.fromisoformat(last)
        return (date.fromisoformat(f"{last}-28") + timedelta(days=4)).replace(day=1) - timedelta(days=1)

    def label(self, period: str) -> str:
        """A period in words."""
        words = day_in_words if self.length == DAY else month_in_words
        return words(period, self.language) or period

    def values(self, counts: Mapping[str, float]) -> list[tuple[str, float | None]]:
        """Every period with its value; none counted is zero."""
        return [(self.label(period), counts.get(period, 0)) for period in self.listed]


def days(first: date, last: date) -> list[str]:
    """Every day from the first to the last."""
    return [str(first + timedelta(days=n)) for n in range((last - first).days + 1)]


def months(first: date, last: date) -> list[str]:
    """Every month from that of the first day to that of the last."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]

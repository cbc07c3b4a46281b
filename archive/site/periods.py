"""The stretches of time that bars stand for: days, or months where there are many of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from archive.site.day_words import day_in_words, moment_of, month_in_words

MONTH, DAY = len("2026-03"), len("2026-03-10")
MOST_DAYS = 92  # more are shown by the month
MOST_PERIODS = 240


class Periods:
    """Months, or days where there are few of them, from the first to the last, none left out.

    `known_to` is the moment up to which the archive can know what appeared.
    """

    def __init__(self, first: date, last: date, language: str, known_to: datetime) -> None:
        self.length = DAY if (last - first).days < MOST_DAYS else MONTH
        self.language = language
        self.known_to = known_to
        self.listed = (days if self.length == DAY else months)(first, last)[-MOST_PERIODS:]

    @property
    def end(self) -> datetime:
        """When the last one is over, on the clock of UTC: papers' own are some hours before or after it."""
        last = self.listed[-1]
        if self.length == DAY:
            after = date.fromisoformat(last) + timedelta(days=1)
        else:
            after = (date.fromisoformat(f"{last}-28") + timedelta(days=4)).replace(day=1)
        return datetime.combine(after, time(), UTC)

    @property
    def is_open(self) -> bool:
        """Whether more may have appeared in the last one than the archive can know."""
        return self.known_to < self.end

    def label(self, period: str) -> str:
        """A period in words."""
        words = day_in_words if self.length == DAY else month_in_words
        return words(period, self.language) or period

    def values(self, counts: Mapping[str, float]) -> list[tuple[str, float | None]]:
        """Every period with its value; none counted is zero."""
        return [(self.label(period), counts.get(period, 0)) for period in self.listed]


def known_to(crawled: str | None, now: datetime) -> datetime:
    """Up to when an archive knows what appeared: its last crawl, or now where no crawl filled it."""
    moment = moment_of(crawled)
    return now if moment is None else min(now, moment.replace(tzinfo=moment.tzinfo or UTC))


def days(first: date, last: date) -> list[str]:
    """Every day from the first to the last."""
    return [str(first + timedelta(days=n)) for n in range((last - first).days + 1)]


def months(first: date, last: date) -> list[str]:
    """Every month from that of the first day to that of the last."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]

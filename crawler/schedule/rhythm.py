"""How often a source publishes, and after what time the next article is to be expected. Pure.

The hours differ: a newspaper with 14 articles a day may be worth a look every half hour at noon, and one or
two in the whole night. What is not known yet is taken to be even.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from archive.store.schedule import Published

LEAST = timedelta(minutes=10)
LONGEST = timedelta(days=1)
RECENT = timedelta(days=28)
# The busiest of these counts: a source that wakes up is followed within hours, one that dozes off slowly.
# The last few hours only where they had so many articles that chance alone does not make them.
WINDOWS = ((timedelta(hours=3), 6), (timedelta(days=1), 1), (timedelta(days=7), 1), (RECENT, 1))
DAY = timedelta(days=1)
# Articles of no particular hour that are thought beside the seen ones: twenty seen ones say little.
EVEN_ARTICLES = 48
LEAST_WEIGHT = 0.2  # of an hour in which nothing was ever published: news breaks at night too
WEEKEND = {5, 6}
STEP = timedelta(minutes=10)
# A source of which nothing is known is looked at after a quarter of the time it has been silent for.
SILENT_SHARE = 4
SILENT_LEAST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How many articles a day, and how the hours and the two kinds of days share them; 1 is the mean."""

    per_day: float
    hours: tuple[float, ...] = (1.0,) * 24
    workday: float = 1.0
    weekend: float = 1.0
    zone: tzinfo = UTC

    def per_day_at(self, moment: datetime) -> float:
        """How many articles a day would have if all of it were like this moment."""
        local = moment.astimezone(self.zone)
        return (
            self.per_day
            * self.hours[local.hour]
            * (self.weekend if local.weekday() in WEEKEND else self.workday)
        )


def rhythm_of(published: Sequence[Published], now: datetime, zone: tzinfo) -> Rhythm | None:
    """The rhythm of what was published in the last four weeks; `None` when nothing was.

    `zone` is the publisher's clock.
    """
    recent = [one for one in published if timedelta() <= now - one.at <= RECENT]
    if not recent:
        return None
    exact = [one.at.astimezone(zone) for one in recent if one.is_exact]
    on_weekends = sum(moment.weekday() in WEEKEND for moment in exact)
    return Rhythm(
        per_day=articles_a_day([now - one.at for one in recent]),
        hours=hour_weights([moment.hour for moment in exact]),
        workday=weight(len(exact) - on_weekends, len(exact), 5 / 7),
        weekend=weight(on_weekends, len(exact), 2 / 7),
        zone=zone,
    )


def articles_a_day(ages: Sequence[timedelta]) -> float:
    """Articles a day in the busiest of WINDOWS, by the ages of all."""
    counts = [(window, least, sum(age <= window for age in ages)) for window, least in WINDOWS]
    return max(count / (window / DAY) for window, least, count in counts if count >= least)


def hour_weights(hours: Sequence[int]) -> tuple[float, ...]:
    """How much each hour of the day has of the articles, smoothed with its neighbours; 1 is the mean."""
    count = Counter(hours)
    return tuple(
        weight(count[hour - 1 if hour else 23] + count[hour] + count[(hour + 1) % 24], len(hours), 3 / 24)
        for hour in range(24)
    )


def weight(count: int, of: int, usual_share: float) -> float:
    """A share of the articles as a multiple of what would be usual, drawn to 1 where few are known."""
    expected = of * usual_share
    even = EVEN_ARTICLES * usual_share
    return max(LEAST_WEIGHT, (count + even) / (expected + even))


def interval_of(rhythm: Rhythm, start: datetime) -> timedelta:
    """The time from `start` in which one new article is to be expected, LEAST to LONGEST."""
    expected = 0.0
    passed = timedelta()
    while passed < LONGEST:
        in_step = rhythm.per_day_at(start + passed) * (STEP / DAY)
        if expected + in_step >= 1:
            return max(LEAST, passed + STEP * ((1 - expected) / in_step))
        expected += in_step
        passed += STEP
    return LONGEST


def silent_interval(silent_for: timedelta) -> timedelta:
    """How long to wait for a source that published nothing in that time."""
    return min(LONGEST, max(SILENT_LEAST, silent_for / SILENT_SHARE))


def words_of(rhythm: Rhythm, at: datetime) -> str:
    """The rhythm for a person, e.g. "publishes 14 a day"; says where this hour has few of them."""
    said = f"publishes {rate_words(rhythm.per_day)}"
    return f"{said}, few at this hour" if rhythm.per_day_at(at) < rhythm.per_day / 2 else said


def rate_words(per_day: float) -> str:
    """So many articles a day, in the unit that needs no fraction smaller than a half."""
    if per_day >= 1:
        return f"{per_day:.0f} a day"
    if per_day * 7 >= 1:
        return f"{per_day * 7:.0f} a week"
    return f"{per_day * 28:.0f} in four weeks"

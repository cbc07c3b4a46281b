"""A date line to a moment: what a person reads in «Кеше 18:45», «2026 ж. 5 ақпан» or an ISO stamp.

Our own grammar reads first: machine stamps, then the clock in the line, then the day around it. dateparser
is asked only for languages whose months the tables of `date_words` do not hold. A line that says something
impossible, something to come, or more than a date line says, is no date: a wrong date is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from crawler.cleaning import date_day as days
from crawler.cleaning.date_clock import Clock, Unreadable, clock_in

MAX_CHARS = 160  # longer is prose that mentions a date
FIRST_YEAR = 1990
ONE_DAY = timedelta(days=1)
MIDNIGHT = time()
CLOCK_SKEW = timedelta(minutes=10)
FARTHEST_ZONE = timedelta(hours=14)
# How many words that mean nothing to us a line may hold: a section, an author, a place.
STRANGERS_BESIDE_FULL_DATE = 8
STRANGERS_BESIDE_PART = 3


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was published, as a text says it.

    `at` is aware: in the offset the text states, else on the publisher's clock; a bare day is that day's
    midnight. `precision` is "second", "minute" or "day"; `zone_stated` tells whether the text named an
    offset or is an instant by itself.
    """

    at: datetime
    precision: str
    zone_stated: bool


def read_moment(text: str, *, now: datetime, zone: tzinfo, languages: Sequence[str] = ()) -> Moment | None:
    """The moment a date line names, or `None` if it names none between 1990 and a day after `now`.

    `now` is when the page was fetched (aware): relative words count from it, in `zone`, which is also the
    clock of every text without an offset. Numbers are day before month; `languages` with "en" lets
    `3/25/2026` be March, and tells dateparser what to try.
    """
    line = text[: MAX_CHARS * 4].strip()
    if not line or len(line) > MAX_CHARS:
        return None
    try:
        moment = stamp(line, zone) or written(line, now, zone, languages)
    except Unreadable:
        return None
    return moment if moment and is_possible(moment, now) else None


def is_possible(moment: Moment, now: datetime) -> bool:
    """Whether something can have been published then; clocks and zones differ by less than a day."""
    if not FIRST_YEAR <= moment.at.year <= now.year + 1:
        return False
    offset = moment.at.utcoffset()
    if offset is None or abs(offset) > FARTHEST_ZONE:
        return False
    if moment.precision == "day":
        return moment.at.date() <= (now.astimezone(moment.at.tzinfo) + ONE_DAY).date()
    return moment.at <= now + ONE_DAY


ASCTIME = re.compile(r"^([a-z]{3} [a-z]{3} {1,2}\d{1,2}) (\d\d:\d\d:\d\d)( \S{1,5})? (\d{4})$")
HAS_SECONDS = re.compile(r"[T ](?:\d\d:\d\d:\d\d|\d{6})", re.ASCII)
DIGITS = re.compile(r"\d+", re.ASCII)


def stamp(line: str, zone: tzinfo) -> Moment | None:
    """An ISO 8601 stamp, or the seconds or milliseconds since 1970 when the line is just such a number."""
    if DIGITS.fullmatch(line) and len(line) in (10, 13):
        seconds = int(line) / (1000 if len(line) == 13 else 1)
        return Moment(datetime.fromtimestamp(seconds, UTC).astimezone(zone), "second", zone_stated=True)
    # fromisoformat takes any letter between day and clock, and weeks, which name no day.
    if not line[:4].isdigit() or (len(line) > 10 and line[10] not in "T " and line[8] != "T") or "W" in line:
        return None
    try:
        at = datetime.fromisoformat(line)
    except ValueError:
        return None
    precision = "second" if HAS_SECONDS.search(line) else "minute"
    if len(line) <= 10 or at.time() == MIDNIGHT:  # a bare day is written so where a stamp must have a time
        precision = "day"
    if at.tzinfo is None:
        return Moment(at.replace(tzinfo=zone), precision, zone_stated=False)
    return Moment(at, precision, zone_stated=True)


def written(line: str, now: datetime, zone: tzinfo, languages: Sequence[str]) -> Moment | None:
    """The moment a line in words or figures names; raises Unreadable for one that cannot be."""
    clock, rest = clock_in(ASCTIME.sub(r"\1 \4 \2\3", line.lower()))
    tokens = days.tokens_of(rest)
    strangers = sum(map(days.is_strange, tokens))
    if days.is_announcement(tokens) or strangers > STRANGERS_BESIDE_FULL_DATE:
        return None
    here = now.astimezone((clock and clock.zone) or zone)
    day = days.numeric_day(rest, here, languages) or days.worded_day(tokens, here, languages)
    if day is None and strangers <= STRANGERS_BESIDE_PART:
        passed = days.seconds_ago(tokens)
        if passed is not None and passed < days.DAY:
            at = (now - timedelta(seconds=passed)).astimezone(zone)
            return Moment(at.replace(second=0, microsecond=0), "minute", zone_stated=False)
        day = days.last_such_day(tokens, here, languages) or days.day_before(tokens, passed, here)
    if day is None and clock and not strangers:
        day = day_of_bare_clock(clock, tokens, here)
    day = day or days.foreign_day(rest, tokens, languages)
    return at_clock(day, clock, zone) if day else None


def day_of_bare_clock(clock: Clock, tokens: Sequence[str], here: datetime) -> date | None:
    """The day clocks last showed that time: at 00:10 a list of bare times still says 23:50.

    One number beside it may count views; «1:14» may be the length of a film.
    """
    if not clock.is_plain or sum(map(str.isdecimal, tokens)) > 1:
        return None
    today = datetime.combine(here.date(), clock.at, here.tzinfo)
    return today.date() if today <= here + CLOCK_SKEW else today.date() - ONE_DAY


def at_clock(day: date, clock: Clock | None, zone: tzinfo) -> Moment:
    """That day at that time; without a time the bare day."""
    if clock is None:
        return Moment(datetime.combine(day, time(), zone), "day", zone_stated=False)
    at = datetime.combine(day, clock.at, clock.zone or zone)
    return Moment(at, clock.precision, zone_stated=clock.zone is not None)

"""The day in a date line, in figures, in words, or counted back from the day of the visit."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Container, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from crawler.cleaning import date_words as words
from crawler.cleaning.date_clock import CUT, Unreadable

DAY = 86_400
ONE_DAY = timedelta(days=1)
MAX_FOREIGN_CHARS = 60
NUMERIC_DAY = re.compile(
    r"(?<![\d.,/-])(?:"
    r"(?P<ymd>\d{4}(?P<s>[-./])\d\d?(?P=s)\d\d?"
    r"|\d{4}\s?[年년]\s?\d\d?\s?[月월]\s?\d\d?|\d{4} оны \d\d? ?-?р? сарын \d\d?)"
    r"|\d\d?(?P<t>[-./])\d\d?(?P=t)(?:\d{4,}|\d\d)|\d\d?\s?\.\s\d\d?\s?\.\s\d{4}"
    r")(?!\d|[./-]\d)"
)
TOKEN = re.compile(
    rf"\b(?:{'|'.join(words.PHRASES)})\b"
    r"|\d+|[^\W\d_]+(?:['’‘ʼʻ`-][^\W\d_]+)*|[@|•·/–—-]"
)
BARRIERS = frozenset("@|•·")
DASHES = frozenset("-–—")


def tokens_of(line: str) -> list[str]:
    """The numbers, folded words and separators of a lower-case line, in order."""
    return [words.fold(token) for token in TOKEN.findall(line)]


def is_announcement(tokens: Sequence[str]) -> bool:
    """Whether a line speaks of tomorrow, so that its day is not one of publishing."""
    return not words.FUTURE.isdisjoint(tokens)


def is_strange(token: str) -> bool:
    """Whether a folded token is a word that no table knows."""
    return token[0].isalpha() and token not in words.KNOWN and not words.month_number(token)


def seconds_ago(tokens: Sequence[str]) -> int | None:
    """How long ago a line says something was; `None` if it does not say so.

    Raises Unreadable for what names no day: «a month ago», «several hours ago».
    """
    if not words.JUST_NOW.isdisjoint(tokens):
        return 0
    for i, token in enumerate(tokens):
        if token in words.AFTER_UNIT and i and tokens[i - 1] in words.UNITS:
            return span_before(tokens, i)
        if token in words.BEFORE_COUNT and i + 2 < len(tokens) and tokens[i + 2] in words.UNITS:
            return counted(tokens[i + 1], tokens[i + 2])
    return None


def span_before(tokens: Sequence[str], end: int) -> int:
    """The seconds of «1 час 20 минут» or a bare «час», read backwards from `end`."""
    total, i = 0, end - 1
    while i >= 0 and tokens[i] in words.UNITS:
        bare = i == 0 or tokens[i - 1] in BARRIERS
        total += counted("1" if bare else tokens[i - 1], tokens[i])
        i -= 1 if bare else 2
        if i > 0 and tokens[i] in words.ANDS:
            i -= 1
    return total


def counted(count: str, unit: str) -> int:
    number = 1 if count in words.ONES else int(count) if count.isdecimal() and len(count) <= 4 else 0
    if not number or not words.UNITS[unit]:
        raise Unreadable(f"{count} {unit} ago names no day")
    return number * words.UNITS[unit]


def day_before(tokens: Sequence[str], passed: int | None, here: datetime) -> date | None:
    """The day of «вчера», or of «3 дня назад» once its seconds `passed` are known."""
    if passed is not None:
        return here.date() - timedelta(seconds=passed)
    backs = {words.DAY_OFFSETS[token] for token in tokens if token in words.DAY_OFFSETS}
    return here.date() - timedelta(days=backs.pop()) if len(backs) == 1 else None


def numeric_day(line: str, here: datetime, languages: Sequence[str]) -> date | None:
    """The first day written in figures."""
    found = NUMERIC_DAY.search(line)
    if not found:
        return None
    after = NUMERIC_DAY.search(line, found.end())
    if after and line[found.end() : after.start()].strip() in DASHES:
        raise Unreadable("a span of days")
    figures = re.findall(r"\d+", found[0])
    if found["ymd"]:
        year, month, day = map(int, figures)
        return real_day(year, month, day)
    day, month = int(figures[0]), int(figures[1])
    if month > 12 >= day and "/" in found[0] and any(code[:2] == "en" for code in languages):
        day, month = month, day
    return real_day(full_year(figures[2], here), month, day)


def full_year(figures: str, here: datetime) -> int:
    """The year two or four figures mean: two are the last such year up to next year."""
    year = int(figures)
    if len(figures) != 2:
        return year
    century = here.year // 100 * 100
    return century + year if century + year <= here.year + 1 else century - 100 + year


def real_day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"no such day: {year}-{month}-{day}") from error


def worded_day(tokens: Sequence[str], here: datetime, languages: Sequence[str]) -> date | None:
    """The first day beside a month's name that has its year."""
    for day, month, year in days_beside_months(tokens, here, croatian="hr" in languages):
        if year is not None:
            return real_day(year, month, day)
    return None


def last_such_day(tokens: Sequence[str], here: datetime, languages: Sequence[str]) -> date | None:
    """The last time it was the day beside a month's name, tomorrow included."""
    named = next(days_beside_months(tokens, here, croatian="hr" in languages), None)
    if named is None:
        return None
    if any(len(token) == 4 and token[:2] in {"19", "20"} for token in tokens):
        raise Unreadable("a year stands elsewhere")
    day, month, _ = named
    latest = here.date() + ONE_DAY
    for year in range(latest.year, latest.year - 9, -1):  # there may be no 29 February for eight years
        if is_day_of(year, month, day) and date(year, month, day) <= latest:
            return date(year, month, day)
    raise Unreadable(f"no such day: {day}.{month}.")


def is_day_of(year: int, month: int, day: int) -> bool:
    return 1 <= day <= monthrange(year, month)[1]


def days_beside_months(
    tokens: Sequence[str], here: datetime, *, croatian: bool
) -> Iterator[tuple[int, int, int | None]]:
    """Yield day, month and year for each month's name with a day on its left or, failing that, its right."""
    for i, token in enumerate(tokens):
        month = words.month_number(token)
        if not month:
            continue
        if croatian and token in words.CROATIAN_OCTOBER:
            month = 10
        left, right = beside(tokens, i, -1, words.BETWEEN), beside(tokens, i, +1)
        if is_day(tokens, left):
            first = beside(tokens, left, -1)
            if is_day(tokens, first) and tokens[left - 1] in DASHES:
                raise Unreadable("a span of days")
            yield int(tokens[left]), month, year_among(tokens, (right, first), here)
        elif is_day(tokens, right):
            after = beside(tokens, right, +1)
            yield int(tokens[right]), month, year_among(tokens, (after, beside(tokens, i, -1)), here)


def beside(
    tokens: Sequence[str], start: int, step: int, skipped: Container[str] = words.BETWEEN | words.YEARS
) -> int:
    """Where the next token is that says something, leftwards or rightwards; -1 past either end."""
    i = start + step
    while 0 <= i < len(tokens) and tokens[i] in skipped:
        i += step
    return i if 0 <= i < len(tokens) else -1


def is_day(tokens: Sequence[str], i: int) -> bool:
    return i >= 0 and tokens[i].isdecimal() and len(tokens[i]) <= 2


def year_among(tokens: Sequence[str], places: tuple[int, int], here: datetime) -> int | None:
    """The year behind a day and its month or, failing that, before them; `None` if neither has a number.

    Two figures are a year only before a clock («10 Mar 26 09:15:00»): elsewhere they may count views.
    """
    behind, _ = places
    for place in places:
        if place >= 0 and tokens[place].isdecimal() and len(tokens[place]) == 4:
            return int(tokens[place])
    if behind < 0 or not tokens[behind].isdecimal():
        return None
    if len(tokens[behind]) == 2 and tokens[behind + 1 : behind + 2] == [CUT.strip()]:
        return full_year(tokens[behind], here)
    raise Unreadable(f"{tokens[behind]} is no year")


def foreign_day(line: str, tokens: Sequence[str], languages: Sequence[str]) -> date | None:
    """What dateparser reads in a language whose months we have no table of, if its figures are the line's."""
    foreign = tuple(sorted({code[:2] for code in languages} - words.LANGUAGES))
    figures = {int(token) for token in tokens if token.isdecimal() and len(token) <= 4}
    if not foreign or len(line) > MAX_FOREIGN_CHARS or max(figures, default=0) < 1000:
        return None
    parser = foreign_parser(foreign)
    found = parser and parser.get_date_data(line.replace(CUT, " ")).date_obj
    return found.date() if found and {found.day, found.year} <= figures else None


@lru_cache(maxsize=32)
def foreign_parser(languages: tuple[str, ...]) -> Any:
    """dateparser for those of the languages it knows, `None` for none; imported late, as it takes 0.2 s."""
    from dateparser import DateDataParser
    from dateparser.data.languages_info import language_order

    known = [code for code in languages if code in language_order]
    settings = {
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "past",
        "REQUIRE_PARTS": ["day", "month", "year"],
        "PARSERS": ["absolute-time"],
    }
    return DateDataParser(languages=known, settings=settings) if known else None

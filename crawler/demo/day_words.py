"""Days as the paper prints them, in each of its languages and scripts."""

from __future__ import annotations

from datetime import date, datetime

from crawler.demo.manuscripts import newspaper


def weekday_word(day: date, language: str) -> str:
    """The day of the week."""
    words: str = newspaper()["weekdays"][language]
    return words.split()[day.weekday()]


def month_word(day: date, spelling: str) -> str:
    """The month, in the case a date needs; a spelling is a language, or "kk-Latn", "kk-Arab"."""
    words: str = newspaper()["months"][spelling]
    return words.split()[day.month - 1]


def visit_day(day: date, language: str) -> str:
    """The day of the visit, as a header prints it: «Вторник, 10 марта, 2026»."""
    weekday, month = weekday_word(day, language), month_word(day, language)
    if language == "en":
        return f"{weekday}, {month} {day.day}, {day.year}"
    return f"{weekday}, {day.day} {month.capitalize() if language == 'kk' else month}, {day.year}"


def teaser_day(day: date, language: str) -> str:
    """The day of a teaser: «10 марта, 2026»."""
    return visit_day(day, language).split(", ", 1)[1]


def stated_time(moment: datetime, language: str, script: str = "Cyrl") -> str:
    """The moment a plain page prints under its title, on the publisher's clock."""
    spelling = language if script == "Cyrl" or language != "kk" else f"kk-{script}"
    month, clock = month_word(moment, spelling), f"{moment:%H:%M}"
    if language == "en":
        return f"{month} {moment.day}, {moment.year}, {clock}"
    if spelling == "kk":
        return f"{moment.year} жылғы {moment.day} {month}, {clock}"
    return f"{moment.day} {month} {moment.year}, {clock}"

"""Days and moments in words: `10 марта 2026`, `10 наурыз 2026`, `10 March 2026`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

MONTHS_OF_DAY = {
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    "kk": [
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}  # fmt: skip
MONTHS = MONTHS_OF_DAY | {
    "ru": [
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Printed:
    """A date as readers see it: in words, exactly (for a tooltip), and for machines."""

    words: str
    exact: str
    machine: str


def day_in_words(written: str | None, language: str) -> str | None:
    """A day like 2026-03-10 in words, `None` for what is no day."""
    day = day_of(written)
    return f"{day.day} {MONTHS_OF_DAY[language][day.month - 1]} {day.year}" if day else None


def month_in_words(written: str, language: str) -> str:
    """A month like 2026-03 in words; as written when it is none."""
    day = day_of(f"{written}-01")
    return f"{MONTHS[language][day.month - 1]} {day.year}" if day else written


def printed(local: str | None, day: str | None, precision: str | None, language: str) -> Printed | None:
    """When an article appeared, on the publisher's own clock; `None` when the page did not say.

    The clock is shown as stored, never converted: a night's article would change its day. A bare day has
    no time.
    """
    words = day_in_words(day, language)
    moment = moment_of(local)
    if words is None or moment is None or precision == "day":
        return Printed(words, day or "", day or "") if words else None
    exact = f"{words}, {moment:%H:%M:%S} {offset_of(moment)}".strip()
    return Printed(f"{words}, {moment:%H:%M}", exact, moment.isoformat())


def seen(written: str | None, language: str) -> str:
    """A moment of our own clock, which is UTC and says so; empty when there is none."""
    moment = moment_of(written)
    if moment is None:
        return ""
    return f"{day_in_words(moment.date().isoformat(), language)}, {moment:%H:%M} {offset_of(moment)}"


def changed(modified: str | None, published_local: str | None, language: str) -> str:
    """When the publisher changed a text, on the clock its publication is shown by; "" if it did not.

    Without that clock, UTC is named.
    """
    moment, published = moment_of(modified), moment_of(published_local)
    if moment is None or published is None:
        return seen(modified, language)
    if abs(moment - published) < timedelta(minutes=1):
        return ""
    local = moment.astimezone(published.tzinfo)
    return f"{day_in_words(local.date().isoformat(), language)}, {local:%H:%M}"


def offset_of(moment: datetime) -> str:
    """The clock a moment is on: UTC, UTC+5, UTC+5:30; empty when it has none."""
    offset = moment.utcoffset()
    if offset is None:
        return ""
    minutes = int(offset.total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def day_of(written: str | None) -> date | None:
    """The day a text names in ISO 8601, or `None`."""
    try:
        return date.fromisoformat(written or "")
    except ValueError:
        return None


def moment_of(written: str | None) -> datetime | None:
    """The moment a text names in ISO 8601, or `None`."""
    try:
        return datetime.fromisoformat(written or "")
    except ValueError:
        return None

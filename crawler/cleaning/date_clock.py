"""The clock in a date line: «сағат 13:48», "3:20 p.m. EST", "14h20", «9:50 2640» with its view counter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, timedelta, timezone, tzinfo


class Unreadable(ValueError):
    """The line speaks of a moment and no such moment can be: nobody else need be asked."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day. `precision` is "second" or "minute"; `zone` is `None` where none is named.

    `is_plain` tells what clocks show («09:41», "9:41 pm") from what may be a film's length («1:14»).
    """

    at: time
    precision: str
    zone: tzinfo | None
    is_plain: bool


# The American ones as RFC 822 has them.
HOURS_AHEAD = {
    name: hours
    for hours, names in {
        -8: "pst",
        -7: "pdt mst",
        -6: "mdt cst",
        -5: "cdt est",
        -4: "edt",
        0: "z ut utc gmt wet",
        1: "bst cet mez",
        2: "cest mesz eet",
        3: "eest msk мск",
        9: "kst jst",
    }.items()
    for name in names.split()
}
CLOCKS = (
    re.compile(
        r"(?P<half>[上下]午|오전|오후)?\s?(?<![\d:+])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?"
    ),
    re.compile(r"(?<![\d:])(?P<hour>\d{1,2})\s?h\s?(?P<minute>\d\d)(?!\w|\s?m)"),
    re.compile(
        r"\b(?:kl|klo|klokken|um|сағ|сағат|саат|soat|saat|sagat|saǵat)\.?\s?(?P<hour>\d{1,2})\.(?P<minute>\d\d)(?!\d)"
    ),
    re.compile(r"(?<![\d.:])(?P<hour>\d{1,2})(?:\.(?P<minute>\d\d))?(?=\s?(?:uhr\b|[ap]\.?m\b))"),
    re.compile(
        r"(?P<half>[上下]午|오전|오후)?\s?(?P<hour>\d{1,2})\s?[時时시点點]\s?(?:(?P<minute>\d{1,2})\s?[分분])?"
    ),
)
HALF_DAY = re.compile(r"\s?([ap])\.?m\b\.?")
HALVES = {"下午": "p", "오후": "p", "上午": "a", "오전": "a"}
OFFSET = re.compile(
    r"\s?\(?(?:(?P<base>utc|gmt)?\s?(?P<sign>[+\-−])(?P<hours>\d\d?)(?P<colon>:?)(?P<minutes>\d\d)?(?!\d)"
    r"|(?P<name>[a-zмск]{1,4})\b)"
)
CUT = " @ "


def clock_in(line: str) -> tuple[Clock | None, str]:
    """The first clock of a lower-case line, and the line with every clock of its kind cut out.

    Digits glued behind the minutes are a view counter. Raises Unreadable for a clock no day has.
    """
    for pattern in CLOCKS:
        if found := pattern.search(line):
            clock, end = clock_at(found)
            return clock, line[: found.start()] + CUT + pattern.sub(CUT, line[end:])
    return None, line


def clock_at(found: re.Match[str]) -> tuple[Clock, int]:
    """What a match of `CLOCKS` says, with am or pm and the zone behind it, and where they end."""
    said, line, end = found.groupdict(), found.string, found.end()
    hour, second = int(said["hour"]), said.get("second")
    half = HALVES.get(said.get("half") or "")
    if marked := HALF_DAY.match(line, end):
        half, end = marked[1], marked.end()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    micros = int((said.get("part") or "")[:6].ljust(6, "0"))
    try:
        at = time(hour, int(said.get("minute") or 0), int(second or 0), micros)
    except ValueError as error:
        raise Unreadable(f"no such time: {found[0]}") from error
    zone, end = offset_at(line, end, has_seconds=second is not None)
    is_plain = bool(half) or (len(said["hour"]) == 2 and second is None)
    return Clock(at, "second" if second else "minute", zone, is_plain), end


def offset_at(line: str, start: int, *, has_seconds: bool) -> tuple[tzinfo | None, int]:
    """The zone named right behind a clock, and where its name ends.

    «14:05-15:30» is a span of time: without seconds or a base an offset is a plus, or four plain digits.
    """
    found = OFFSET.match(line, start)
    if not found:
        return None, start
    if found["name"]:
        ahead = HOURS_AHEAD.get(found["name"])
        return (None, start) if ahead is None else (timezone(timedelta(hours=ahead)), found.end())
    hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
    four_digits = bool(found["minutes"]) and not found["colon"]
    is_meant = has_seconds or found["base"] or four_digits or (found["minutes"] and found["sign"] == "+")
    if not is_meant or hours > 14 or minutes > 59:
        return None, start
    ahead_of_utc = timedelta(hours=hours, minutes=minutes)
    return timezone(ahead_of_utc if found["sign"] == "+" else -ahead_of_utc), found.end()

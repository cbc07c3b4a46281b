"""How long a server asked us to wait. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=1)  # who asks for ten years gets a day
LEAST = timedelta(seconds=1)  # a busy server that asks for no time at all, or a time past, gets a second
UNSTATED = timedelta(seconds=5)  # where the server names no time; doubles each time it is still busy


def asked_wait(value: str | None, *, now: datetime, floor: timedelta, again: int) -> timedelta:
    """How long a busy server is left alone, by its Retry-After header if it sent one.

    Not less than `floor`, the delay kept at the host anyway, and not more than a day. `again` is how often it
    was found busy for the same request before.
    """
    stated = stated_wait(value, now=now)
    wait = stated if stated is not None else UNSTATED * 2**again
    return min(max(wait, floor, LEAST), LONGEST)


def stated_wait(value: str | None, *, now: datetime) -> timedelta | None:
    """The wait a Retry-After header states, seconds or HTTP date, at most a day; `None` if it states none.

    A time that has passed, or a negative number, is no wait but still a statement: zero.
    """
    if value is None:
        return None
    written = value.strip()
    if re.fullmatch(r"[+-]?\d{1,12}", written):
        return bounded(timedelta(seconds=int(written)))
    if re.fullmatch(r"\d{13,1000}", written):
        return LONGEST
    try:
        until = parsedate_to_datetime(written)
    except (ValueError, TypeError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=now.tzinfo)
    return bounded(until - now)


def bounded(wait: timedelta) -> timedelta:
    """Not less than nothing, not more than a day."""
    return max(timedelta(0), min(wait, LONGEST))

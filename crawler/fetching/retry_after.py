"""How long a server asked us to wait. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=1)  # who asks for ten years gets a day


def stated_wait(value: str | None, *, now: datetime) -> timedelta | None:
    """The wait a Retry-After header states, seconds or HTTP date, at most a day; `None` if it states none.

    A time that has passed, or a negative number, is no wait but still a statement: zero.
    """
    if value is None:
        return None
    written = value.strip()
    if re.fullmatch(r"[+-]?\d{1,12}", written):
        return bounded(timedelta(seconds=int(written)))
    try:
        until = parsedate_to_datetime(written)
    except (ValueError, TypeError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=now.tzinfo)
    return bounded(until - now)


def bounded(wait: timedelta) -> timedelta:
    """Not less than nothing, not more than a day."""
    return max(timedelta(0), min(wait, LONGEST))

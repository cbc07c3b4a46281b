"""Times and lengths of time for people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def duration(length: timedelta) -> str:
    """A length of time in the unit that fits: 10 min, 2.5 h, 7 d."""
    minutes = length / timedelta(minutes=1)
    if minutes < 100:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} h" if minutes <= 36 * 60 else f"{minutes / 60 / 24:.0f} d"


def minute(moment: datetime) -> str:
    """A time to the minute, UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}Z"

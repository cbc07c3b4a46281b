"""Whether the process that has a source in hand works, hangs or is dead, as far as can be seen from here."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime

from archive.store.schedule import Lease, Turn

# What is with a source that waits for no time, for a person.
WORDS = {
    "due": "due",
    "crawling": "crawling now",
    "hangs": "hangs",
    "killed": "due: its crawl was killed",
}


def hanging(turns: Iterable[Turn], now: datetime) -> Lease | None:
    """The lease of a living process that has given no sign of life in its time, or `None`."""
    held = (turn.lease for turn in turns)
    return next((lease for lease in held if lease and holder_state(lease, now) == "hangs"), None)


def holder_state(lease: Lease, now: datetime) -> str:
    """ "crawling", "hangs" (it lives, but its lease has run out) or "killed"."""
    if not is_alive(lease.pid):
        return "killed"
    return "crawling" if now <= lease.held_until else "hangs"


def is_alive(pid: int) -> bool:
    """Whether a process of this id runs on this machine; another one that was given the id counts too."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

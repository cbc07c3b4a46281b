"""Whether the process that has a source in hand works, hangs or is dead, as far as can be seen from here."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

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
    """Whether a process of this id runs on this machine; another one that was given the id counts too.

    One that has ended, and whose end its parent has not taken note of, runs no more: where the system shows
    that as a file (Linux).
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not has_ended(pid)


def has_ended(pid: int) -> bool:
    """Whether a process that still has its id is known to have ended."""
    try:
        told = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    # After the name of its program, which may hold spaces and brackets: proc_pid_stat(5).
    return told.rpartition(b")")[2].split()[:1] in ([b"Z"], [b"X"])

"""What the archive's writer does when it cannot write for the moment: it says so, waits and tries again.

It waits in its own thread, so all that is to be written waits behind it in its order, and the crawl fetches
no more than it can hold.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import click

from archive.errors import ArchiveBusy, NoRoom
from archive.store.connection import named_errors
from archive.store.disk import MIB

# SQLite itself waits so long for another program's lock; then who watches is told.
LOCK_SECONDS = 5.0
TRY_EVERY_SECONDS = 1.0
Subject = TypeVar("Subject")
Answer = TypeVar("Answer")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait for room and for another's lock, how many bytes stay free, how many a log may take."""

    room_seconds: float
    lock_seconds: float
    reserve_bytes: int
    log_bytes: int


def limits_of(settings: Mapping[Any, Any]) -> Limits:
    """The limits that settings name; raises click's UsageError for what is no number."""
    return Limits(
        room_seconds=number(settings, "MURAGAT_DISK_PATIENCE_SECONDS"),
        lock_seconds=number(settings, "MURAGAT_LOCK_PATIENCE_SECONDS"),
        reserve_bytes=int(number(settings, "MURAGAT_DISK_RESERVE_MIB") * MIB),
        log_bytes=int(number(settings, "MURAGAT_LOG_WARNING_MIB") * MIB),
    )


def number(settings: Mapping[Any, Any], name: str) -> float:
    """A setting that is a number, 0 or more."""
    try:
        found = float(settings[name])
    except ValueError:
        found = math.nan
    if not 0 <= found < math.inf:
        raise click.UsageError(f"{name}={settings[name]}: no number; write 0 or more, as in {name}=100")
    return found


class Patience:
    """Does work again that found no room or a lock, until it succeeds or patience ends.

    Work that is done again must be one transaction, or several of which each may be done twice.
    """

    def __init__(self, path: Path, limits: Limits, say: Say) -> None:
        """`path` is the file that an error of SQLite is named for."""
        self.path, self.limits, self.say = path, limits, say
        self.given_up = threading.Event()
        self.begun: float | None = None  # when trouble began; None: the last work succeeded

    def do(self, work: Callable[[Subject], Answer], subject: Subject) -> Answer:
        """The work's answer; raises NoRoom or ArchiveBusy when patience has ended, other errors at once."""
        while True:
            try:
                with named_errors(self.path):
                    answer = work(subject)
            except (NoRoom, ArchiveBusy) as error:
                if self.is_over(error):
                    raise
                self.given_up.wait(TRY_EVERY_SECONDS)
            else:
                self.note_success()
                return answer

    @property
    def is_waiting(self) -> bool:
        """Whether the archive cannot be written just now."""
        return self.begun is not None

    def is_over(self, error: NoRoom | ArchiveBusy) -> bool:
        """Whether to wait no longer; the first time it says that we wait."""
        most = self.limits.lock_seconds if isinstance(error, ArchiveBusy) else self.limits.room_seconds
        if self.begun is None:
            self.begun = monotonic()
            self.say(f"{error}. Waiting up to {duration(most)}; nothing is lost.")
        return self.given_up.is_set() or monotonic() - self.begun >= most

    def note_success(self) -> None:
        """Say that it goes on, where it did not."""
        if self.begun is not None:
            self.say(f"It can be written again, after {duration(monotonic() - self.begun)}; going on.")
            self.begun = None


def duration(seconds: float) -> str:
    """A length of time for a person."""
    return f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} s"

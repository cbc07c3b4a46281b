"""Turns at a host that all Muragats of a user keep, on one machine: a small file for each host.

A process holds the kernel's lock on one of the host's places while its request is under way, and writes when
it began, so neither a second process nor a restart after `kill -9` comes too early. It costs 50 µs of CPU and
no transaction. Without a folder to write in, a process keeps its own turns only.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from archive.identity import DEFAULT_PORTS, ascii_host

logger = logging.getLogger(__name__)

LONGEST_SPACING = 87_600.0  # seconds, a day as profiles may say and a bit; a later time is a wrong clock's


def host_key(url: str) -> str:
    """What is asked one request at a time: the host of an address without `www.`, with an unusual port."""
    parts = urlsplit(url)
    host, port = ascii_host(parts.hostname or ""), parts.port
    return f"{host}:{port}" if port and port != DEFAULT_PORTS.get(parts.scheme) else host


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds since 1970: when the last request began, when the next may begin, until when to be quiet."""

    last: float = 0.0
    following: float = 0.0
    quiet_until: float = 0.0

    def at(self, now: float) -> Times:
        """The same as far as it can be true now: a clock may have been put back meanwhile."""
        return Times(
            self.last if self.last <= now + 1 else 0.0,
            self.following if self.following <= now + LONGEST_SPACING else 0.0,
            self.quiet_until if self.quiet_until <= now + LONGEST_SPACING else 0.0,
        )


class TurnFile:
    """The times of one host on disk, and its places for requests under way."""

    def __init__(self, folder: Path, key: str) -> None:
        self.name = re.sub(r"[^a-z0-9.-]", "_", key)[:200]
        self.folder, self.key = folder, key
        self.files: dict[str, int] = {}
        self.was_there = (folder / f"{self.name}.times").exists()

    def file(self, ending: str) -> int:
        """A file of the host, opened once."""
        if ending not in self.files:
            path = self.folder / f"{self.name}.{ending}"
            self.files[ending] = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self.files[ending]

    def leave_places(self) -> None:
        """Let other processes have every place."""
        for name, file in self.files.items():
            if name.startswith("place"):
                fcntl.flock(file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the files; they are opened again when they are needed. No place may be held."""
        for file in self.files.values():
            os.close(file)
        self.files.clear()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else reads or writes the times meanwhile: a few microseconds."""
        fcntl.flock(self.file("times"), fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self.file("times"), fcntl.LOCK_UN)

    def read(self) -> Times:
        """The times as they were written last; none where that is not readable."""
        written = os.pread(self.file("times"), 200, 0).split()
        try:
            last, following, quiet_until = map(float, written[:3])
        except ValueError:
            return Times()
        return Times(last, following, quiet_until)

    def write(self, times: Times) -> None:
        """Write the times, for a person too."""
        line = f"{times.last:.3f} {times.following:.3f} {times.quiet_until:.3f} {self.key}\n"
        os.pwrite(self.file("times"), line.encode(), 0)

    def take_place(self, places: Iterable[int]) -> int | None:
        """A free one of these places, held until `leave_place`; `None` while other processes have all."""
        for place in places:
            try:
                fcntl.flock(self.file(f"place{place}"), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            return place
        return None

    def leave_place(self, place: int) -> None:
        """Let another request have the place."""
        fcntl.flock(self.file(f"place{place}"), fcntl.LOCK_UN)


def turn_file(key: str) -> TurnFile | None:
    """The file of a host, in the folder this user's turns are kept in; `None` where it cannot be had.

    XDG_STATE_HOME names where the folder is, else it is in ~/.local/state.
    """
    try:
        base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
        folder = Path(base) / "muragat" / "hosts"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = TurnFile(folder, key)
        file.file("times")
    except (OSError, RuntimeError) as error:
        logger.warning("turns at %s are not shared with other processes: %s", key, error)
        return None
    return file

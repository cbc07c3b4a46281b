"""The reserve of room on the archive's disk: below it nothing more is fetched until there is room again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from archive.errors import NoRoom
from archive.store.disk import MIB, free_bytes
from archive.store.folder import ArchiveFolder
from crawler.runs.patience import TRY_EVERY_SECONDS, Limits, Say, duration

LOOK_EVERY_SECONDS = 1.0  # a look takes 3 µs; what fills the reserve sooner meets the writer's patience


class Room:
    """Watches the disks of news.db and pages.db for whoever is about to fetch; for one thread."""

    def __init__(
        self, folder: ArchiveFolder, limits: Limits, say: Say, is_ending: Callable[[], bool]
    ) -> None:
        self.folder, self.limits, self.say, self.is_ending = folder, limits, say, is_ending
        self.next_look = 0.0
        self.lacking_since: float | None = None

    def is_enough(self) -> bool:
        """Whether there is room for more; raises NoRoom when none was made in time, or the crawl ends."""
        if monotonic() >= self.next_look:
            self.next_look = monotonic() + LOOK_EVERY_SECONDS
            self.note(self.lacking())
        return self.lacking_since is None

    async def enough(self) -> None:
        """Return when there is room for more; raises NoRoom as `is_enough`."""
        while not self.is_enough():  # noqa: ASYNC110 - nobody tells when a disk has room
            await asyncio.sleep(TRY_EVERY_SECONDS)

    def lacking(self) -> tuple[Path, int] | None:
        """The first file whose disk has less room than the reserve, with the bytes free there; or `None`."""
        for path in (self.folder.news, self.folder.pages):
            free = free_bytes(path if path.exists() else self.folder.path)
            if free < self.limits.reserve_bytes:
                return path, free
        return None

    def note(self, lacking: tuple[Path, int] | None) -> None:
        """Note whether there is room, and say once that there is none, and that there is again."""
        if lacking:
            self.wait_for(*lacking)
        elif self.lacking_since is not None:
            self.say(f"There is room again, after {duration(monotonic() - self.lacking_since)}; going on.")
            self.lacking_since = None

    def wait_for(self, path: Path, free: int) -> None:
        """Say once that we wait; raises NoRoom when we have waited long enough."""
        short = (
            f"{path}: {free // MIB} MiB are free on its disk, {self.limits.reserve_bytes // MIB} stay free"
        )
        if self.lacking_since is None:
            self.lacking_since = monotonic()
            most = duration(self.limits.room_seconds)
            self.say(f"{short}. Nothing more is fetched until there is room, for up to {most}.")
        if self.is_ending() or monotonic() - self.lacking_since >= self.limits.room_seconds:
            raise NoRoom(f"{short}; make room, then run again, or lower MURAGAT_DISK_RESERVE_MIB")

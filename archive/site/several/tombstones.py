"""What one archive has taken down is barred in all that are served beside it.

Tombstones are read from the files themselves, past what SQL of readers may read: addresses that were taken
down are nobody's business.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic

from archive.site.barred import Barred
from archive.site.several.asking import PATIENCE_SECONDS
from archive.site.several.covered import Tombstones, barred_at, tombstones_of
from archive.site.several.mounted import Mounted

LOOK_SECONDS = 10.0
# An archive that took a second to look through rests so many seconds, however often it is written to: where
# others have taken down what is known by its hash alone, every key is hashed, 4 s at a million articles.
RESTS = 20.0
# Which file lies at a path and when it, and the log beside it, were written last; `None` for none or an empty
# one, as whoever reads makes of a log.
Stamp = tuple[tuple[int, int, int] | None, ...]


class Watch:
    """Keeps every archive barring what the others have taken down; looks again every few seconds."""

    def __init__(self, archives: Sequence[Mounted]) -> None:
        self.archives = archives
        self.known = dict.fromkeys(archives, Tombstones())
        self.read: dict[Mounted, Stamp] = {}  # of the file whose tombstones are known
        self.asked: dict[Mounted, tuple[Stamp, Tombstones]] = {}  # for which it bars what it does
        self.rests_until = dict.fromkeys(archives, 0.0)
        self.looked_at: float | None = None
        self.turn = asyncio.Lock()
        self.look: asyncio.Future[None] | None = None

    async def look_again(self) -> None:
        """Look into the files unless that was done a moment ago.

        Nobody waits for ever: of a file that does not answer, what was known of it counts on.
        """
        async with self.turn:
            is_recent = self.looked_at is not None and monotonic() - self.looked_at < LOOK_SECONDS
            if is_recent or (self.look and not self.look.done()):
                return
            self.look = asyncio.ensure_future(self.look_now())
            await asyncio.wait({self.look}, timeout=PATIENCE_SECONDS)
            self.looked_at = monotonic()
            if self.look.done():
                self.look.result()  # an error nobody foresaw is not taken for silence

    async def look_now(self) -> None:
        """Look into the files, and have each archive bar what the others have taken down."""
        for archive, what in (await asyncio.to_thread(self.looked)).items():
            archive.bar(what)

    def looked(self) -> dict[Mounted, Barred]:
        """What each archive is to bar. Of a file that cannot be read, what was known of it counts on."""
        stamps = {archive: stamp_of(archive.news) for archive in self.archives}
        for archive, stamp in stamps.items():
            if stamp != self.read.get(archive) and (found := tombstones_of(archive.news)) is not None:
                self.known[archive], self.read[archive] = found, stamp
        return {archive: self.barred_in(archive, stamps) for archive in self.archives}

    def barred_in(self, archive: Mounted, stamps: Mapping[Mounted, Stamp]) -> Barred:
        """What an archive is to bar: looked up where its file or what the others took down has changed."""
        asked = stamps[archive], self.beside(archive)
        before = self.asked.get(archive)
        begun = monotonic()
        if asked == before or (before and before[1] == asked[1] and begun < self.rests_until[archive]):
            return archive.barred
        found = barred_at(archive.news, asked[1])
        if found is None:
            return archive.barred
        self.asked[archive] = asked
        self.rests_until[archive] = begun + RESTS * (monotonic() - begun)
        return found

    def beside(self, archive: Mounted) -> Tombstones:
        """What the other archives have taken down."""
        found = Tombstones()
        for other, stones in self.known.items():
            if other is not archive:
                found = found.with_others(stones)
        return found


def stamp_of(news: Path) -> Stamp:
    """The stamp of an archive's file."""
    return tuple(written(path) for path in (news, news.with_name(f"{news.name}-wal")))


def written(path: Path) -> tuple[int, int, int] | None:
    """Which file lies at a path, when it was written last, and its size; `None` for none or an empty one."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size) if found.st_size else None

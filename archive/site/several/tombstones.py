"""What one archive has taken down is barred in all that are served beside it.

Tombstones are read from the files themselves, past what SQL of readers may read: addresses that were taken
down are nobody's business.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from archive.site.barred import NOTHING, Barred
from archive.site.several.asking import PATIENCE_SECONDS
from archive.site.several.mounted import Mounted

LOOK_SECONDS = 10.0
HAS_TABLE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
TOMBSTONES = "SELECT url_hash, url_key FROM takedown_addresses"
# By the address it is known under, and by every address that was asked and led to it.
COVERED = """
SELECT id, url_key, url, requested_url, canonical_url FROM articles
WHERE url_key IN (SELECT value FROM json_each(:keys)) OR id IN (
  SELECT article_id FROM addresses WHERE url_hash IN (SELECT value FROM json_each(:hashes)))"""
# Where an address is written as it was asked or named, whether an article was read there or not.
WRITTEN = ("addresses", "frontier", "front_teasers")
URLS = "SELECT url FROM {table} WHERE url_hash IN (SELECT value FROM json_each(:hashes))"


@dataclass(frozen=True, slots=True)
class Tombstones:
    """Addresses that were taken down: by their hashes, and but for published files by their keys too."""

    hashes: frozenset[int] = frozenset()
    keys: frozenset[str] = frozenset()

    def with_others(self, other: Tombstones) -> Tombstones:
        """Both together."""
        return Tombstones(self.hashes | other.hashes, self.keys | other.keys)


class Watch:
    """Keeps every archive barring what the others have taken down; looks again every few seconds."""

    def __init__(self, archives: Sequence[Mounted]) -> None:
        self.archives = archives
        self.known = dict.fromkeys(archives, Tombstones())
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
        for archive in self.archives:
            self.known[archive] = tombstones_of(archive.news) or self.known[archive]
        return {archive: self.barred_in(archive) for archive in self.archives}

    def barred_in(self, archive: Mounted) -> Barred:
        """What an archive is to bar."""
        stones = self.beside(archive)
        found = barred_at(archive.news, stones) if stones.hashes else NOTHING
        return archive.barred if found is None else found

    def beside(self, archive: Mounted) -> Tombstones:
        """What the other archives have taken down."""
        found = Tombstones()
        for other, stones in self.known.items():
            if other is not archive:
                found = found.with_others(stones)
        return found


def tombstones_of(news: Path) -> Tombstones | None:
    """The addresses an archive has taken down; `None` where its file cannot be read."""
    try:
        with closing(sqlite3.connect(f"{news.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            if not connection.execute(HAS_TABLE, ["takedown_addresses"]).fetchone():
                return Tombstones()  # an archive of an earlier version
            rows = connection.execute(TOMBSTONES).fetchall()
    except (sqlite3.Error, OSError):
        return None
    return Tombstones(frozenset(row[0] for row in rows), frozenset(row[1] for row in rows if row[1]))


def barred_at(news: Path, stones: Tombstones) -> Barred | None:
    """What an archive holds under these addresses; `None` where its file cannot be read."""
    values = {"keys": json.dumps(sorted(stones.keys)), "hashes": json.dumps(sorted(stones.hashes))}
    try:
        with closing(sqlite3.connect(f"{news.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute(COVERED, values).fetchall()
            written = {url for table in WRITTEN for url in urls_of(connection, table, values)}
    except (sqlite3.Error, OSError):
        return None
    return Barred(
        ids=frozenset(row[0] for row in rows),
        keys=stones.keys | {row[1] for row in rows},
        urls=frozenset(written | {url for row in rows for url in row[2:] if url}),
    )


def urls_of(connection: sqlite3.Connection, table: str, values: Mapping[str, str]) -> list[str]:
    """The addresses a table has that were taken down; none of one that an earlier version has not."""
    if not connection.execute(HAS_TABLE, [table]).fetchone():
        return []
    return [url for (url,) in connection.execute(URLS.format(table=table), values)]

"""What an archive holds at addresses that others beside it have taken down."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archive.identity import key_or_none, url_hash
from archive.site.barred import NOTHING, Barred

HAS_TABLE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
# Where the key of an article's address stands, each with an index: of its own, of links to it, of headlines.
KEYED = ("articles", "links", "front_teasers")
# Where an address is written as it was asked, whether an article was read there or not.
ASKED = ("addresses", "frontier")
HELD = "SELECT DISTINCT url_key FROM {table} WHERE url_key IN (SELECT value FROM json_each(?))"
EVERY_KEY = "SELECT DISTINCT url_key FROM {table} WHERE url_key IS NOT NULL"
# By the address it is known under, and by every address that was asked and led to it.
COVERED = """
SELECT id, url_key, url, requested_url, canonical_url, coalesce(published_date, '') AS day, source,
  coalesce(section, '') AS section, coalesce(language, '') AS language FROM articles
WHERE url_key IN (SELECT value FROM json_each(:keys)) OR id IN (SELECT value FROM json_each(:ids)) OR id IN (
  SELECT article_id FROM addresses WHERE url_hash IN (SELECT value FROM json_each(:hashes)))"""
REQUESTED = "SELECT id, requested_url FROM articles"
URLS = "SELECT url FROM {table} WHERE url_hash IN (SELECT value FROM json_each(?))"
HEADED = "SELECT url FROM front_teasers WHERE url_key IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Tombstones:
    """Addresses that were taken down: the hash of each, and its key, which is "" of a published file's."""

    rows: frozenset[tuple[int, str]] = frozenset()

    def with_others(self, other: Tombstones) -> Tombstones:
        """Both together."""
        return Tombstones(self.rows | other.rows)

    @property
    def hashes(self) -> frozenset[int]:
        """The hashes of all."""
        return frozenset(number for number, _ in self.rows)

    @property
    def keys(self) -> frozenset[str]:
        """The keys that are known."""
        return frozenset(key for _, key in self.rows if key)

    @property
    def without_key(self) -> frozenset[int]:
        """The hashes of those whose key nobody here knows."""
        return self.hashes - {number for number, key in self.rows if key}


def opened(news: Path) -> sqlite3.Connection:
    """A connection to read an archive's file; a text that is no UTF-8 hides no other."""
    connection = sqlite3.connect(f"{news.resolve().as_uri()}?mode=ro", uri=True)
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    return connection


def tombstones_of(news: Path) -> Tombstones | None:
    """The addresses an archive has taken down; `None` where its file cannot be read."""
    try:
        with closing(opened(news)) as connection:
            if not has_table(connection, "takedown_addresses"):
                return Tombstones()  # an archive of an earlier version
            rows = connection.execute("SELECT url_hash, url_key FROM takedown_addresses").fetchall()
    except (sqlite3.Error, OSError):
        return None
    return Tombstones(frozenset((number, key or "") for number, key in rows))


def barred_at(news: Path, stones: Tombstones) -> Barred | None:
    """What an archive holds under these addresses; `None` where its file cannot be read.

    Of addresses known by their hash alone every key is hashed: 0.35 s for 100,000 articles of ten links.
    """
    if not stones.rows:
        return NOTHING
    try:
        with closing(opened(news)) as connection:
            return barred_on(connection, stones)
    except (sqlite3.Error, OSError):
        return None


def barred_on(connection: sqlite3.Connection, stones: Tombstones) -> Barred:
    """The same of an archive that a connection reads."""
    keyed = [table for table in KEYED if has_table(connection, table)]
    known = listed(stones.keys)
    keys = {key for table in keyed for (key,) in connection.execute(HELD.format(table=table), [known])}
    if unnamed := stones.without_key:
        keys |= {key for table in keyed for key in keys_hashed(connection, table, unnamed)}
    hashes = stones.hashes
    values = {"keys": listed(keys), "ids": listed(requested(connection, hashes)), "hashes": listed(hashes)}
    rows = connection.execute(COVERED, values).fetchall()
    keys |= {row[1] for row in rows}
    urls = {url for row in rows for url in row[2:5] if url}
    counts = Counter(row[5:] for row in rows)
    for table in ASKED:
        if has_table(connection, table):
            urls |= {url for (url,) in connection.execute(URLS.format(table=table), [values["hashes"]])}
    if "front_teasers" in keyed:
        urls |= {url for (url,) in connection.execute(HEADED, [listed(keys)])}
    return Barred(
        ids=frozenset(row[0] for row in rows),
        keys=frozenset(keys),
        urls=frozenset(urls),
        counts=frozenset((*key, articles) for key, articles in counts.items()),
    )


def has_table(connection: sqlite3.Connection, name: str) -> bool:
    """Whether there is such a table: an archive of an earlier version lacks some."""
    return connection.execute(HAS_TABLE, [name]).fetchone() is not None


def keys_hashed(connection: sqlite3.Connection, table: str, hashes: Collection[int]) -> Iterator[str]:
    """The keys in a table that have one of these hashes."""
    for (key,) in connection.execute(EVERY_KEY.format(table=table)):
        if url_hash(key) in hashes:
            yield key


def requested(connection: sqlite3.Connection, hashes: Collection[int]) -> list[int]:
    """The articles of an export that were asked at such an address: it has no rows of addresses."""
    if connection.execute("SELECT 1 FROM addresses").fetchone():
        return []
    return [number for number, url in connection.execute(REQUESTED) if hash_of(url) in hashes]


def hash_of(url: str) -> int | None:
    """The hash of an address as written, `None` for what is none."""
    key = key_or_none(url)
    return None if key is None else url_hash(key)


def listed(values: Collection[int] | Collection[str]) -> str:
    """Values as the JSON that `json_each` reads."""
    return json.dumps(list(values))

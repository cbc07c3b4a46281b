"""Damaged bodies of pages.db made whole, each proved by its SHA-256.

A body may stand in a dictionary, which is a whole page itself as a rule. Where a disk has flipped one bit,
each is tried: a page of 20 kB packed has 160,000.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from archive.raw.bodies import BodyDamaged, unpacked
from archive.raw.dictionaries import packed
from archive.raw.pages import PageStore
from archive.store.connection import transaction

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST_BYTES = 64 * 1024  # packed, whose bits are tried: up to a minute's work
BODY = "SELECT zstd, length, dictionary_id FROM bodies WHERE sha256 = ?"


def damaged_bodies(pages: PageStore) -> list[bytes]:
    """The SHA-256 of every body that is missing or does not unpack to what was received."""
    named = pages.db.conn.execute("SELECT sha256 FROM bodies UNION SELECT body_sha256 FROM pages").fetchall()
    return [row[0] for row in named if not pages.has_body(row[0])]


def heal(pages: PageStore, damaged: list[bytes]) -> list[bytes]:
    """Make bodies whole that can be, dictionaries first, for many depend on one; returns which bodies."""
    if damaged:
        heal_dictionaries(pages)
        restore_from_dictionaries(pages, set(damaged))
    return [one for one in damaged if pages.has_body(one) or unflip_body(pages, one)]


def heal_dictionaries(pages: PageStore) -> None:
    """Flip one bit back in dictionaries that are no page any more, where that makes them one again."""
    digests = {row[0] for row in pages.db.conn.execute("SELECT sha256 FROM bodies")}
    for dictionary_id, small in pages.db.conn.execute("SELECT id, body FROM dictionaries").fetchall():
        if digest_of(small) in digests or not is_in_doubt(pages, dictionary_id):
            continue
        found = next((one for one in flips(small) if digest_of(one) in digests), None)
        if found:
            write(pages, "dictionaries", "body", found, "id", dictionary_id)
            pages.dictionaries.loaded.pop(dictionary_id, None)


def is_in_doubt(pages: PageStore, dictionary_id: int) -> bool:
    """Whether no body can be read by a dictionary; true of one that has none."""
    rows = pages.db.conn.execute("SELECT sha256 FROM bodies WHERE dictionary_id = ?", [dictionary_id])
    return not any(pages.has_body(row[0]) for row in rows.fetchall())


def restore_from_dictionaries(pages: PageStore, wanted: set[bytes]) -> None:
    """Keep bodies anew that a dictionary was made of."""
    for body in dictionary_bodies(pages):
        digest = sha256(body).digest()
        if digest in wanted and not pages.has_body(digest):
            row = {"sha256": digest, "dictionary_id": None, "length": len(body), "zstd": packed(body, None)}
            with transaction(pages.db, pages.path):
                pages.db.table("bodies").insert(row, replace=True)


def dictionary_bodies(pages: PageStore) -> Iterator[bytes]:
    """What each dictionary was made of, as far as it can be read."""
    for (dictionary_id,) in pages.db.conn.execute("SELECT id FROM dictionaries").fetchall():
        query = "SELECT body FROM dictionaries WHERE id = ?"
        (small,) = pages.db.conn.execute(query, [dictionary_id]).fetchone()
        try:
            yield zstd.decompress(small)
        except (zstd.ZstdError, TypeError, EOFError):
            continue


def unflip_body(pages: PageStore, digest: bytes) -> bool:
    """Flip one bit of a packed body back, if that makes it what was received; returns whether it did."""
    row = pages.db.conn.execute(BODY, [digest]).fetchone()
    if row is None:
        return False
    try:
        zdict = pages.dictionaries.load(row[2]) if row[2] else None
    except BodyDamaged:
        return False
    for small in flips(row[0]):
        try:
            unpacked(small, row[1], digest, zdict)
        except BodyDamaged:
            continue
        write(pages, "bodies", "zstd", small, "sha256", digest)
        return True
    return False


def flips(small: bytes) -> Iterator[bytes]:
    """A packed body with each of its bits flipped, one at a time; nothing of one that is too large."""
    tried = bytearray(small if len(small) <= MOST_BYTES else b"")
    for place in range(len(tried)):
        for bit in range(8):
            tried[place] ^= 1 << bit
            yield bytes(tried)
            tried[place] ^= 1 << bit


def digest_of(small: bytes) -> bytes | None:
    """The SHA-256 of what a frame unpacks to, `None` of one that cannot be unpacked."""
    try:
        return sha256(zstd.ZstdDecompressor().decompress(small, 2 * 1024 * 1024)).digest()
    except (zstd.ZstdError, TypeError, EOFError):
        return None


def write(pages: PageStore, table: str, column: str, value: bytes, key: str, name: Any) -> None:
    """Write one column of one row."""
    with transaction(pages.db, pages.path):
        pages.db.conn.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", [value, name])

"""Damaged bodies of pages.db: found again in the dictionaries, which are whole pages themselves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from hashlib import sha256

from archive.raw.bodies import BodyDamaged, unpacked
from archive.raw.dictionaries import packed
from archive.raw.pages import PageStore
from archive.store.connection import transaction

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def damaged_bodies(pages: PageStore) -> list[bytes]:
    """The SHA-256 of every body that is missing or does not unpack to what was received."""
    missing = pages.db.conn.execute(
        "SELECT DISTINCT body_sha256 FROM pages WHERE body_sha256 NOT IN (SELECT sha256 FROM bodies)"
    )
    named = pages.db.conn.execute("SELECT sha256 FROM bodies").fetchall()
    return [row[0] for row in missing] + [row[0] for row in named if not is_sound(pages, row[0])]


def is_sound(pages: PageStore, digest: bytes) -> bool:
    """Whether a kept body unpacks to what was received."""
    query = "SELECT zstd, length, dictionary_id FROM bodies WHERE sha256 = ?"
    small, length, dictionary_id = pages.db.conn.execute(query, [digest]).fetchone()
    try:
        unpacked(small, length, digest, pages.dictionaries.load(dictionary_id) if dictionary_id else None)
    except BodyDamaged:
        return False
    return True


def heal(pages: PageStore, damaged: list[bytes]) -> list[bytes]:
    """Restore bodies that a dictionary was made of, proved by their SHA-256; returns which."""
    wanted, healed = set(damaged), []
    for body in dictionary_bodies(pages):
        digest = sha256(body).digest()
        if digest in wanted:
            row = {"sha256": digest, "dictionary_id": None, "length": len(body), "zstd": packed(body, None)}
            with transaction(pages.db, pages.path):
                pages.db.table("bodies").insert(row, replace=True)
            healed.append(digest)
    return healed


def dictionary_bodies(pages: PageStore) -> Iterator[bytes]:
    """What each dictionary was made of, as far as it can be read."""
    ids = [row[0] for row in pages.db.conn.execute("SELECT id FROM dictionaries")]
    for dictionary_id in ids:
        query = "SELECT body FROM dictionaries WHERE id = ?"
        try:
            yield zstd.decompress(pages.db.conn.execute(query, [dictionary_id]).fetchone()[0])
        except (zstd.ZstdError, TypeError, EOFError):
            continue

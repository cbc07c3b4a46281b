"""Pages taken out of pages.db for good: the bytes, and the dictionaries that were made of them.

A dictionary is earlier pages as they were. What was packed with one that holds such a page is packed anew
with another, before it goes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.raw.bodies import BodyDamaged, unpacked
from archive.raw.dictionaries import (
    DICTIONARY_MAX_BYTES,
    DICTIONARY_MIN_BYTES,
    SAMPLE,
    joined,
    packed,
)
from archive.raw.pages import PageStore
from archive.store.connection import named_errors, transaction

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BATCH = 100  # bodies packed anew in one transaction: a third of a second
Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Pages taken out, others packed anew, and the addresses that have the very same bytes."""

    pages: int
    packed_anew: int
    shared_with: tuple[str, ...]


def forget_pages(
    pages: PageStore, page_ids: Sequence[int], *, now: datetime, advance: Advance = lambda done: None
) -> Forgotten:
    """Take pages out with their bytes; those that another page has too stay with that, and it is told.

    Killed in between it can be done again. The file still has to be vacuumed.
    """
    with named_errors(pages.path):
        pages.db.conn.execute("PRAGMA secure_delete = ON")
    wanted = json.dumps(list(page_ids))
    rows = list(
        pages.db.query(
            "SELECT id, source, body_sha256 FROM pages WHERE id IN (SELECT value FROM json_each(?))", [wanted]
        )
    )
    digests = {row["body_sha256"] for row in rows}
    anew = 0
    for source in sorted({row["source"] for row in rows}):
        for dictionary_id in tainted(pages, source, digests):
            anew += replace_dictionary(pages, source, dictionary_id, digests, now, advance)
    with transaction(pages.db, pages.path):
        pages.db.conn.execute("DELETE FROM pages WHERE id IN (SELECT value FROM json_each(?))", [wanted])
        shared = take_out_bodies(pages, digests)
    return Forgotten(len(rows), anew, shared)


def take_out_bodies(pages: PageStore, digests: Set[bytes]) -> tuple[str, ...]:
    """Take out bodies that no page has any more; returns the addresses of pages that have one still."""
    shared: list[str] = []
    for digest in sorted(digests):
        query = "SELECT requested_url FROM pages WHERE body_sha256 = ?"
        others = [row[0] for row in pages.db.conn.execute(query, [digest])]
        shared += others
        if not others:
            pages.db.conn.execute("DELETE FROM bodies WHERE sha256 = ?", [digest])
    return tuple(dict.fromkeys(shared))


def tainted(pages: PageStore, source: str, digests: Set[bytes]) -> list[int]:
    """The dictionaries of a source that hold one of these bodies.

    Where a body cannot be read any more, any of them may.
    """
    bodies = [body_of(pages, digest) for digest in sorted(digests)]
    ids = pages.db.conn.execute("SELECT id FROM dictionaries WHERE source = ? ORDER BY id", [source])
    return [row[0] for row in ids.fetchall() if holds_one(pages, row[0], bodies)]


def holds_one(pages: PageStore, dictionary_id: int, bodies: Sequence[bytes | None]) -> bool:
    """Whether a dictionary holds one of these bodies, as far as either can be read."""
    (small,) = pages.db.conn.execute("SELECT body FROM dictionaries WHERE id = ?", [dictionary_id]).fetchone()
    try:
        plain = zstd.decompress(small)
    except (zstd.ZstdError, TypeError, EOFError):
        return True
    return any(
        body is None or (len(body) >= DICTIONARY_MIN_BYTES and body[:DICTIONARY_MAX_BYTES] in plain)
        for body in bodies
    )


def body_of(pages: PageStore, digest: bytes) -> bytes | None:
    """The bytes of a body, or `None` where they cannot be read."""
    query = "SELECT zstd, length, dictionary_id FROM bodies WHERE sha256 = ?"
    row = pages.db.conn.execute(query, [digest]).fetchone()
    if row is None:
        return None
    try:
        return unpacked(row[0], row[1], digest, pages.dictionaries.load(row[2]) if row[2] else None)
    except BodyDamaged:
        return None


def replace_dictionary(
    pages: PageStore,
    source: str,
    dictionary_id: int,
    without: Set[bytes],
    now: datetime,
    advance: Advance,
) -> int:
    """Put another dictionary in the place of one, made `without` these bodies; returns how many it packs.

    Damaged bodies stay as they are: they could not be read before either.
    """
    pages.dictionaries.forget(source)
    other = joined(sample(pages, source, without))
    with transaction(pages.db, pages.path):
        new_id = pages.dictionaries.made(source, other, now) if other else None
    done = 0
    for batch in batches(pages, dictionary_id):
        with transaction(pages.db, pages.path):
            for digest in batch:
                pack_anew(pages, digest, new_id)
        done += len(batch)
        advance(len(batch))
    with transaction(pages.db, pages.path):
        pages.db.conn.execute("DELETE FROM dictionaries WHERE id = ?", [dictionary_id])
    pages.dictionaries.forget(source)
    return done


def batches(pages: PageStore, dictionary_id: int) -> Iterator[list[bytes]]:
    """The bodies packed with a dictionary, some at a time, as long as there are any."""
    query = "SELECT sha256 FROM bodies WHERE dictionary_id = ? LIMIT ?"
    while batch := pages.db.conn.execute(query, [dictionary_id, BATCH]).fetchall():
        yield [row[0] for row in batch]


def pack_anew(pages: PageStore, digest: bytes, dictionary_id: int | None) -> None:
    """Pack one body with another dictionary, or without one for `None`."""
    body = body_of(pages, digest)
    row: dict[str, Any] = {"dictionary_id": dictionary_id}
    if body is not None:
        zdict = pages.dictionaries.load(dictionary_id) if dictionary_id else None
        row["zstd"] = packed(body, zdict)
    names = ", ".join(f"{name} = ?" for name in row)
    pages.db.conn.execute(f"UPDATE bodies SET {names} WHERE sha256 = ?", [*row.values(), digest])


def sample(pages: PageStore, source: str, without: Set[bytes]) -> list[bytes]:
    """The newest bodies of a source that suit a dictionary, but for these."""
    rows = pages.dictionaries.last_bodies(source, SAMPLE + 2 * len(without), "b.zstd")
    suited = (
        row["sha256"]
        for row in rows
        if row["sha256"] not in without and DICTIONARY_MIN_BYTES <= row["length"] <= DICTIONARY_MAX_BYTES
    )
    bodies = (body_of(pages, digest) for digest in dict.fromkeys(suited))
    return [body for body in bodies if body is not None][:SAMPLE]

"""What was taken down in another archive is taken down here too, whether it is here or comes some day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from archive.identity import url_hash
from archive.raw.forgetting import forget_pages
from archive.store.archive import Archive
from archive.store.columns import moment_of
from archive.store.imports import free_id
from archive.store.merging.other import Other, Row
from archive.takedown.taking import finish, forget_words, take_out_rows, target_of

# A published file names no address.
KEYS = "SELECT url_key FROM takedown_addresses WHERE takedown_id = ? AND url_key <> '' ORDER BY url_key"
AT_KEYS = "SELECT id FROM articles WHERE url_key IN (SELECT value FROM json_each(?))"
AT_HASHES = (
    "SELECT article_id FROM addresses WHERE article_id IS NOT NULL "
    "AND url_hash IN (SELECT value FROM json_each(?))"
)
PAGES = "SELECT id FROM pages WHERE kind <> 'robots' AND url_hash IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class TakenDown:
    """How many tombstones were set that were not here, and how many articles went for them."""

    tombstones: int
    articles: int


def take_tombstones(archive: Archive, other: Other) -> TakenDown:
    """Set the tombstones of another archive, and take out what they are of.

    Ended in between, it is done again. Raises an ArchiveError when the files cannot be written anew.
    """
    before = tombstone_count(archive)
    for stone in other.rows("SELECT * FROM takedowns ORDER BY id"):
        keys = [row["url_key"] for row in other.rows(KEYS, [stone["id"]])]
        set_tombstone(archive, stone, keys)
    return TakenDown(tombstone_count(archive) - before, take_out_all(archive))


def tombstone_count(archive: Archive) -> int:
    """How many tombstones stand here."""
    (count,) = archive.news.conn.execute("SELECT count(*) FROM takedowns").fetchone()
    return int(count)


def set_tombstone(archive: Archive, stone: Row, keys: Sequence[str]) -> None:
    """Set the tombstone of one takedown of another archive over all its addresses."""
    for article_id in articles_at(archive, keys):
        target = target_of(archive, str(article_id))
        begin(archive, stone, target.url, target.article, target.addresses, target.page_ids)
    covering = {key: archive.takedowns.covering(key) for key in keys}
    left = [key for key, known in covering.items() if known is None]
    if not left:
        return
    pages = pages_at(archive, left)
    urls = [f"https://{key}" for key in left]
    known = next((one for one in covering.values() if one is not None), None)
    if known is None or pages:
        url = stone["url"] if known is None else urls[0]
        begin(archive, stone, url, None if known else number_of(archive, stone), urls, pages)
        return
    for url in urls:
        archive.takedowns.cover_late(url, known)


def begin(
    archive: Archive,
    stone: Row,
    url: str,
    article: dict[str, Any] | None,
    addresses: Sequence[str],
    page_ids: Sequence[int],
) -> None:
    """Set a tombstone for the reason another archive has for its own."""
    archive.takedowns.begin(
        url,
        article,
        addresses,
        page_ids,
        reason=stone["reason"],
        asked_by=stone["asked_by"],
        at=moment_of(stone["taken_down_at"]),
    )


def articles_at(archive: Archive, keys: Sequence[str]) -> list[int]:
    """The articles that are here at addresses with these keys, or to which those led."""
    by_key = archive.news.conn.execute(AT_KEYS, [json.dumps(keys)]).fetchall()
    by_hash = archive.news.conn.execute(AT_HASHES, [json.dumps([url_hash(key) for key in keys])]).fetchall()
    return sorted({row[0] for row in (*by_key, *by_hash)})


def pages_at(archive: Archive, keys: Sequence[str]) -> list[int]:
    """The pages that are here from addresses with these keys."""
    hashes = json.dumps([url_hash(key) for key in keys])
    return [row[0] for row in archive.pages.db.conn.execute(PAGES, [hashes])]


def number_of(archive: Archive, stone: Row) -> dict[str, Any]:
    """The number an article had there, if no other had it here: it is given to none any more."""
    return {"id": free_id(archive, stone["article_id"]), "source": stone["source"]}


def take_out_all(archive: Archive) -> int:
    """Take out what tombstones stand for whose work is not done; returns how many articles went."""
    undone = archive.takedowns.undone()
    query = "SELECT count(*) FROM articles WHERE id = ?"
    gone = links = pages = 0
    for takedown in undone:
        (is_here,) = archive.news.conn.execute(query, [takedown.article_id]).fetchone()
        gone += is_here
        pages += len(takedown.page_ids)
        forget_pages(archive.pages, takedown.page_ids, now=datetime.now(UTC))
        links += take_out_rows(archive, takedown)
    if gone or pages:  # one that was killed may have taken out the article, and not its words
        forget_words(archive)
    if gone or pages or links:
        finish(archive, undone)
    for takedown in archive.takedowns.undone():
        archive.takedowns.note_done(takedown, at=datetime.now(UTC))
    return gone

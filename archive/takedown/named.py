"""Which article a person means, where it may have been taken down."""

from __future__ import annotations

from typing import Any

import click
from sqlite_utils import Database

from archive.identity import key_or_none, url_hash
from archive.search.choosing import BIGGEST_ID, article_named, chosen_article

BY_NUMBER = "SELECT * FROM takedowns WHERE article_id = ? ORDER BY id DESC LIMIT 1"
BY_ADDRESS = (
    "SELECT * FROM takedowns WHERE id = (SELECT takedown_id FROM takedown_addresses WHERE url_hash = ?)"
)


def article_meant(db: Database, named: str) -> int:
    """The id of the article a person means by its number or an address.

    Raises click's error for none, which says so where one was taken down.
    """
    if article_named(db, named) is None and (stone := tombstone_named(db, named)):
        day = stone["taken_down_at"][:10]
        raise click.UsageError(f"{named[:200]} was taken down on {day}; nothing of it is kept")
    return chosen_article(db, named)


def tombstone_named(db: Database, named: str) -> dict[str, Any] | None:
    """The tombstone, by column, of an article by its number or an address, or `None`."""
    if not db.table("takedowns").exists():  # kept by an earlier version
        return None
    if named.isdecimal():
        number = int(named[: len(str(BIGGEST_ID)) + 1])
        return first_of(db, BY_NUMBER, number) if number <= BIGGEST_ID else None
    key = key_or_none(named)
    return first_of(db, BY_ADDRESS, url_hash(key)) if key else None


def first_of(db: Database, query: str, value: int) -> dict[str, Any] | None:
    """The first row, by column, or `None`."""
    return next(iter(db.query(query, [value])), None)

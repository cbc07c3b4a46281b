"""Which kinds of documents named an article, and when one first did: three independent looks at a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlite_utils import Database

from archive.records import Found
from archive.store.columns import utc

# How a document names things, and the kind of look that is.
KINDS = {"feed": "feed", "sitemap": "sitemap", "news sitemap": "sitemap", "listing": "listing"}


def kinds_of(found: Iterable[Found]) -> set[str]:
    """The kinds of documents that named an address; others, as by hand, are no look at a day."""
    return {KINDS[one.via] for one in found if one.via in KINDS}


def add_namings(
    db: Database, named: Mapping[int, Sequence[Found]], heard: Mapping[int, set[str]], now: datetime
) -> None:
    """Note the kinds that name an address, by its hash, and were not heard of it before.

    What is heard again is asked of nothing: a sitemap of 50,000 known addresses writes no row.
    """
    rows = [
        (key, kind, utc(now))
        for key, found in named.items()
        for kind in sorted(kinds_of(found) - heard.get(key, set()))
    ]
    db.conn.executemany(
        "INSERT INTO namings (url_hash, kind, first_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", rows
    )

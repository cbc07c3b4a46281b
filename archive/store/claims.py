"""How far a sitemap is believed that an article has changed: some write today's date beside everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlite_utils import Database

from archive.records import Found
from archive.store.columns import utc

# Articles that a sitemap called changed and that were not, one after the other; then its dates are dates
# of something else. The plan of visits still looks at each article; one real change is another chance.
BELIEVED_FOR = 10


def count_false_claims(db: Database, source: str, found: Iterable[Found], now: datetime) -> None:
    """Count a visit that found nothing changed against each sitemap whose date led to it."""
    for document in {one.document for one in found if is_claim(one)}:
        db.conn.execute(
            "INSERT INTO lastmod_claims (source, document, unchanged, checked_at) VALUES (?, ?, 1, ?) "
            "ON CONFLICT (source, document) DO UPDATE SET unchanged = unchanged + 1, "
            "checked_at = excluded.checked_at",
            [source, document, utc(now)],
        )


def believe_again(db: Database, source: str, found: Iterable[Found], now: datetime) -> None:
    """Take the sitemaps that name a changed article at their word again."""
    for document in {one.document for one in found if is_claim(one)}:
        db.conn.execute(
            "UPDATE lastmod_claims SET unchanged = 0, checked_at = ? WHERE source = ? AND document = ?",
            [utc(now), source, document],
        )


def unbelieved(db: Database, source: str) -> frozenset[str]:
    """The sitemaps of a source whose times of change are not taken at their word."""
    query = "SELECT document FROM lastmod_claims WHERE source = ? AND unchanged >= ?"
    return frozenset(document for (document,) in db.conn.execute(query, [source, BELIEVED_FOR]))


def believed(stated: Sequence[Found], unbelieved: frozenset[str]) -> Sequence[Found]:
    """The statements that are taken at their word."""
    if not unbelieved:
        return stated
    return [one for one in stated if not (is_claim(one) and one.document in unbelieved)]


def is_claim(found: Found) -> bool:
    """Whether a sitemap states when an article changed."""
    return bool(found.modified and found.document and found.via in ("sitemap", "news sitemap"))

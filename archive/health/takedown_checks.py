"""Checks of tombstones: is what was taken down really gone?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sqlite_utils import Database

from archive.health.findings import Finding, listed
from archive.numbers_said import counted

AGAIN = "run `muragat takedown` with this address again"
Check = Callable[[], Finding | Iterable[Finding]]


def takedown_checks(db: Database) -> Iterator[tuple[str, Check]]:
    """The checks by name; nothing of an archive that has no tombstones yet."""
    if db.table("takedowns").exists():
        yield "takedowns", lambda: interrupted(db)
        yield "what was taken down", lambda: still_there(db)


def interrupted(db: Database) -> Finding:
    """Every takedown was done to its end."""
    query = "SELECT url FROM takedowns WHERE done_at IS NULL ORDER BY id"
    return listed(db, "every takedown has ended", "damaged", query, hint=AGAIN)


def still_there(db: Database) -> Finding:
    """Nothing is kept or waits at an address that was taken down."""
    query = (
        "SELECT url_key FROM takedown_addresses t WHERE "
        "EXISTS (SELECT 1 FROM articles a WHERE a.url_key = t.url_key) "
        "OR EXISTS (SELECT 1 FROM addresses d WHERE d.url_hash = t.url_hash) "
        "OR EXISTS (SELECT 1 FROM frontier f WHERE f.url_hash = t.url_hash) "
        "OR EXISTS (SELECT 1 FROM raw.pages p WHERE p.url_hash = t.url_hash)"
    )
    (count,) = db.conn.execute("SELECT count(*) FROM takedowns").fetchone()
    return listed(db, "what was taken down is gone", "damaged", query, counted(count, "takedown"), hint=AGAIN)

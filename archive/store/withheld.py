"""Kept articles that their site does not show us now: the server's own word, beside what pages say."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from archive.records import Visit
from archive.store.columns import utc
from archive.store.connection import transaction

# What a status says of who may read the page. 407 is a proxy's, so it says nothing of the article.
ACCESS = {401: "paywalled", 402: "paywalled", 403: "blocked", 451: "blocked"}


class WithheldStore:
    """Notes refusals of kept articles; a page that is shown again ends its own."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path

    def note(self, article_id: int, visit: Visit) -> None:
        """Note that a server refused an article, where that is what its answer says; the text stays."""
        access = ACCESS.get(visit.status or 0)
        if access is None:
            return
        with transaction(self.db, self.path):
            self.db.conn.execute(
                "INSERT INTO withheld (article_id, access, status, since) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (article_id) DO UPDATE SET access = excluded.access, status = excluded.status",
                [article_id, access, visit.status, utc(visit.fetched_at)],
            )

    def shown(self, article_id: int) -> None:
        """Note that an article was shown; part of the transaction that keeps it."""
        self.db.conn.execute("DELETE FROM withheld WHERE article_id = ?", [article_id])

"""Counts by day and month: kept by triggers, and counted again where they may be wrong."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from archive.store.connection import transaction

RECOUNT = (
    "SELECT coalesce(published_date, '') AS day, source, coalesce(section, '') AS section, "
    "coalesce(language, '') AS language, count(*) AS articles FROM articles GROUP BY 1, 2, 3, 4"
)


def recount(db: Database, path: Path) -> None:
    """Count the articles of each day and month again."""
    with transaction(db, path):
        db.conn.execute("DELETE FROM daily_counts")
        db.conn.execute("DELETE FROM monthly_counts")  # what wrong counts left; a trigger makes it anew
        db.conn.execute(f"INSERT INTO daily_counts {RECOUNT}")

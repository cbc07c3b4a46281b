"""What was taken down, for those who have an earlier export: as lines of JSON after the articles."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlite_utils import Database

QUERY = "SELECT article_id AS id, url, source, taken_down_at FROM takedowns ORDER BY id"


def tombstone_lines(db: Database, sources: Sequence[str]) -> list[bytes]:
    """A line for each takedown, of these sources if any are named: what to delete, not at whose wish."""
    if not db.table("takedowns").exists():  # kept by an earlier version
        return []
    rows = (row for row in db.query(QUERY) if not sources or row["source"] in sources)
    return [f"{json.dumps(row, ensure_ascii=False)}\n".encode() for row in rows]

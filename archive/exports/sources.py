"""The sources of what is exported, as the archive describes them: so that they need not be guessed again."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable

from sqlite_utils import Database

from archive.records import SourceDescription

BATCH = 10_000
OF_ARTICLES = "SELECT DISTINCT source FROM articles WHERE id IN (SELECT value FROM json_each(?))"
DESCRIBED = """
SELECT id, name, home, languages, timezone, region FROM sources
WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"""


def sources_of(db: Database, ids: array[int]) -> tuple[SourceDescription, ...]:
    """The sources of these articles, by id."""
    found: set[str] = set()
    for start in range(0, len(ids), BATCH):
        rows = db.conn.execute(OF_ARTICLES, [json.dumps(ids[start : start + BATCH].tolist())])
        found |= {row[0] for row in rows}
    return described(db, found)


def described(db: Database, ids: Iterable[str]) -> tuple[SourceDescription, ...]:
    """These sources, by id."""
    return tuple(
        SourceDescription(id_, name, home, timezone, tuple(json.loads(languages)), region)
        for id_, name, home, languages, timezone, region in db.conn.execute(
            DESCRIBED, [json.dumps(sorted(ids))]
        )
    )

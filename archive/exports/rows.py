"""Articles out of the database, in batches: memory does not grow with the archive."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from sqlite_utils import Database

from archive.exports.columns import Column
from archive.exports.mining import RESERVED, SAID, knows_mining

BATCH = 500
# Lists with a table of their own, as the JSON text that other lists are kept in.
LISTS = {
    "links": "json_object('url', url, 'text', text, 'zone', zone)",
    "images": "json_object('url', url, 'role', role, 'alt', alt, 'caption', caption, 'credit', credit)",
}
# What is found in other tables.
COUNTED = {
    "tdm_reserved": RESERVED,
    "tdm_said": SAID,
    "edits": "(SELECT count(*) FROM revisions r WHERE r.article_id = a.id AND r.cause = 'publisher')",
}
# What another archive knew of an article that came out of its data set is counted too.
ELSEWHERE = {
    "revisions": "a.revisions + coalesce((SELECT wordings FROM imported i WHERE i.article_id = a.id), 0)",
    "edits": (f"{COUNTED['edits']} + coalesce((SELECT edits FROM imported i WHERE i.article_id = a.id), 0)"),
}
# An archive of an earlier version has no tables of what is reserved.
UNSAID = {"tdm_reserved": "NULL", "tdm_said": "'[]'"}
Row = Sequence[Any]


def row_batches(db: Database, columns: Sequence[Column], ids: array[int]) -> Iterator[list[Row]]:
    """Every one of these articles, in this ascending order: its values in the order of `columns`.

    Lists and objects are JSON text. Needs what `register_mining` gives a connection.
    """
    counted = COUNTED | (ELSEWHERE if has_imported(db) else {}) | ({} if knows_mining(db) else UNSAID)
    own = ["NULL" if c.name in LISTS else counted.get(c.name, f"a.{c.name}") for c in columns]
    for start in range(0, len(ids), BATCH):
        yield rows_of_articles(db, columns, own, json.dumps(ids[start : start + BATCH].tolist()))


def has_imported(db: Database) -> bool:
    """Whether some articles came out of data sets; an archive of an earlier version knows of none."""
    return db.table("imported").exists() and bool(db.execute("SELECT 1 FROM imported LIMIT 1").fetchone())


def rows_of_articles(db: Database, columns: Sequence[Column], own: Sequence[str], ids: str) -> list[Row]:
    """The rows of one batch, in three statements at most; `own` is each column in SQL."""
    rows = db.conn.execute(
        f"SELECT a.id, {', '.join(own)} FROM articles a "
        "WHERE a.id IN (SELECT value FROM json_each(?)) ORDER BY a.id",
        [ids],
    ).fetchall()
    places = {place: lists_of(db, c.name, ids) for place, c in enumerate(columns, 1) if c.name in LISTS}
    if not places:
        return [row[1:] for row in rows]
    return [filled(row, places)[1:] for row in rows]


def filled(row: Row, places: dict[int, dict[int, str]]) -> list[Any]:
    """A row with its lists in their places."""
    values = list(row)
    for place, lists in places.items():
        values[place] = lists.get(row[0], "[]")
    return values


def lists_of(db: Database, table: str, ids: str) -> dict[int, str]:
    """The links or images of a batch of articles, by article, in their order on the page."""
    return dict(
        db.conn.execute(
            f"SELECT article_id, json_group_array(json({LISTS[table]})) FROM "
            f"(SELECT * FROM {table} WHERE article_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY article_id, position) GROUP BY article_id",
            [ids],
        ).fetchall()
    )

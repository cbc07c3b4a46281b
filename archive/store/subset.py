"""A part of an archive as an archive of its own: one file that Datasette opens with our plugin."""

from __future__ import annotations

import json
import os
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.mining import origin_of
from archive.store.connection import named_errors, open_to_write, transaction
from archive.store.migrations import migrations
from archive.store.search_index import SearchIndex

BATCH = 500
# What belongs to an article, by the column that names it. What belongs to crawls stays behind: requests,
# runs, what waits to be asked.
OF_ARTICLES = {
    "articles": "id",
    "revisions": "article_id",
    "links": "article_id",
    "images": "article_id",
    "article_fingerprints": "article_id",  # a trigger fills `fingerprints`
    "uncompared": "article_id",
    "reservations": "article_id",
    "imported": "article_id",
    "copies": "article_id",
}
# What sites reserve, by origin: without it the new archive would call their articles free.
OF_SITES = ("site_reservations", "robots")


def write_subset(db: Database, path: Path, ids: array[int], advance: Callable[[int], None]) -> None:
    """Make an archive at `path` of these articles of `db`, ascending by id, and have it on disk.

    With them come their wordings, links, pictures, sources, what is reserved of them, and the copies among
    them; the search index is made anew. Raises an ArchiveError when it cannot be written.
    """
    with closing(open_to_write(path, migrations)) as made, named_errors(path):
        # Nobody reads it before it is complete, and a broken one is thrown away.
        made.conn.execute("PRAGMA journal_mode = OFF")
        made.conn.execute("PRAGMA synchronous = OFF")
        index = SearchIndex(made, path)
        index.adopt_if_empty()
        with transaction(made, path):
            copy_rows(made, "sources", rows_of(db, "sources", "1", []))
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            with transaction(made, path):
                copy_articles(db, made, some, ids)
                index.apply_changes()
            advance(len(some))
        with transaction(made, path):
            copy_sites(db, made)
            made.conn.execute("DELETE FROM sources WHERE id NOT IN (SELECT source FROM articles)")
        index.tidy()
        made.conn.execute("PRAGMA optimize")
        made.conn.execute("PRAGMA journal_mode = DELETE")  # one file, that can be read from anywhere
    with path.open("rb") as file:
        os.fsync(file.fileno())


def copy_articles(db: Database, made: Database, some: array[int], ids: array[int]) -> None:
    """Put some of the articles, and what belongs to them, into the new archive."""
    listed = json.dumps(some.tolist())
    tables = set(db.table_names()) & set(made.table_names())
    for table, column in OF_ARTICLES.items():
        if table not in tables:
            continue  # an archive of another version
        rows = rows_of(db, table, f"{column} IN (SELECT value FROM json_each(?))", [listed])
        if table == "copies":
            rows = (row for row in rows if is_among(ids, row["other_id"]))
        copy_rows(made, table, rows)


def copy_sites(db: Database, made: Database) -> None:
    """Put what the sites of its articles reserve into the new archive."""
    origins = json.dumps(sorted({origin_of(row[0]) for row in made.conn.execute("SELECT url FROM articles")}))
    tables = set(db.table_names()) & set(made.table_names())
    for table in filter(tables.__contains__, OF_SITES):
        rows = rows_of(db, table, "origin IN (SELECT value FROM json_each(?))", [origins])
        # The answers themselves are pages, which stay behind.
        copy_rows(made, table, (row | {"page_id": None} if "page_id" in row else row for row in rows))


def rows_of(db: Database, table: str, where: str, values: list[Any]) -> Iterator[dict[str, Any]]:
    """Rows of a table by column."""
    return db.query(f"SELECT * FROM {table} WHERE {where}", values)


def copy_rows(made: Database, table: str, rows: Iterator[dict[str, Any]]) -> None:
    """Insert rows; a column that the new archive does not have is of a newer version, and stays behind."""
    listed = list(rows)
    if not listed:
        return
    known = {row[1] for row in made.conn.execute(f"PRAGMA table_info({table})")}
    names = [name for name in listed[0] if name in known]
    marks = ", ".join(f":{name}" for name in names)
    made.conn.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", listed)


def is_among(ids: array[int], one: int) -> bool:
    """Whether an id is in an ascending list."""
    place = bisect_left(ids, one)
    return place < len(ids) and ids[place] == one

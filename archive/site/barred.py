"""What an archive bars: articles that another one, served beside it, has taken down.

Its file is never changed for that. The reading room asks a connection on which tables without those rows
stand before the real ones; Datasette's own pages of tables are given conditions (`barred_rows.py`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from datasette.database import Database

# What stands between an archive's name and the name of its connections without what is barred.
ASIDE = " without what is barred "
IDS, KEYS, URLS = "barred_ids", "barred_keys", "barred_urls"
# Tables and views the reading room reads, and which of their rows are left out: each is read by our own SQL.
LEFT_OUT = {
    "articles": f"id IN (SELECT id FROM temp.{IDS})",
    "revisions": f"article_id IN (SELECT id FROM temp.{IDS})",
    "images": f"article_id IN (SELECT id FROM temp.{IDS})",
    "links": f"article_id IN (SELECT id FROM temp.{IDS}) OR "
    f"(url_key IS NOT NULL AND url_key IN (SELECT url_key FROM temp.{KEYS}))",
    # A listing's own words for it; by address too, for the article itself may not be in this archive.
    "front_places": f"(article_id IS NOT NULL AND article_id IN (SELECT id FROM temp.{IDS})) "
    f"OR url IN (SELECT url FROM temp.{URLS})",
}


@dataclass(frozen=True, slots=True)
class Barred:
    """Numbers of the articles barred, and what their addresses are: as `url_key`s and as written."""

    ids: frozenset[int] = frozenset()
    keys: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything is barred: a link to an article or a headline of it is something too."""
        return bool(self.ids or self.keys or self.urls)


NOTHING = Barred()
known: WeakKeyDictionary[Any, Barred] = WeakKeyDictionary()
asides: WeakKeyDictionary[Any, Aside] = WeakKeyDictionary()


def barred_of(datasette: Any) -> Barred:
    """What the archive that a Datasette serves bars."""
    return known.get(datasette, NOTHING)


def bar(datasette: Any, what: Barred) -> None:
    """Bar this from now on, and nothing else."""
    known[datasette] = what


def readable_database(datasette: Any, name: str) -> Any:
    """The archive's database for the reading room: of one that bars something, without that."""
    what, whole = barred_of(datasette), datasette.get_database(name)
    if not what:
        return whole
    aside = asides.get(datasette)
    if aside is None or aside.barred != what:
        aside = asides[datasette] = Aside(whole, what, aside.number + 1 if aside else 1)
    return aside


def archive_of(database: str) -> str:
    """The name of the archive that a connection is to, whether something is left out on it or not."""
    return database.partition(ASIDE)[0]


class Aside(Database):  # type: ignore[misc] # Datasette has no types
    """A database whose connections do not show what is barred.

    Datasette keeps a connection for each thread by the database's name: so each of these has its own.
    """

    def __init__(self, whole: Any, barred: Barred, number: int) -> None:
        super().__init__(whole.ds, path=whole.path, is_mutable=whole.is_mutable)
        self.name, self.route = f"{whole.name}{ASIDE}{number}", whole.route
        self.barred, self.number = barred, number

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection, with the rows left out."""
        connection: sqlite3.Connection = super().connect(write)
        leave_out(connection, self.barred)
        return connection


def leave_out(connection: sqlite3.Connection, what: Barred) -> None:
    """Have a connection show no row that is barred, where the table is named without its file."""
    keep_values(connection, IDS, "id INTEGER PRIMARY KEY", sorted(what.ids))
    keep_values(connection, KEYS, "url_key TEXT PRIMARY KEY", sorted(what.keys))
    keep_values(connection, URLS, "url TEXT PRIMARY KEY", sorted(what.urls))
    there = {name for (name,) in connection.execute("SELECT name FROM main.sqlite_master")}
    for name, left_out in LEFT_OUT.items():
        if name in there:
            connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM main.{name} WHERE NOT ({left_out})")
    connection.commit()


def keep_values(
    connection: sqlite3.Connection, table: str, column: str, values: Sequence[int] | Sequence[str]
) -> None:
    """Keep values in a table of the connection's own."""
    connection.execute(f"CREATE TEMP TABLE {table} ({column}) WITHOUT ROWID")
    connection.executemany(f"INSERT INTO {table} VALUES (?)", [(one,) for one in values])

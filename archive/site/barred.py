"""What an archive bars: articles that another one, served beside it, has taken down.

Its file is never changed for that. The reading room asks a connection on which tables without those rows,
and counts without those articles, stand before the real ones; Datasette's own pages of tables are given
conditions (`barred_rows.py`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from datasette.database import Database

from archive.site.kept import forget

# What stands behind an archive's name in the name of its connections without what is barred.
ASIDE = " without what is barred"
IDS, KEYS, URLS = "barred_ids", "barred_keys", "barred_urls"
DAYS, MONTHS = "barred_days", "barred_months"
TOLD = {IDS: "id INTEGER", KEYS: "url_key TEXT", URLS: "url TEXT"}
# What is subtracted from the counts that are kept, by the keys of their tables.
SUBTRACTED = {
    "daily_counts": (DAYS, ("day", "source", "section", "language")),
    "monthly_counts": (MONTHS, ("source", "month", "section", "language")),
}
MONTHS_OF_DAYS = (
    f"INSERT INTO temp.{MONTHS} SELECT source, substr(day, 1, 7), section, language, sum(articles) "
    f"FROM temp.{DAYS} GROUP BY 1, 2, 3, 4"
)
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
    """Numbers of the articles barred, and what their addresses are: as `url_key`s and as written.

    `counts` are how many of them each day, source, section and language has, as `daily_counts` counts them.
    """

    ids: frozenset[int] = frozenset()
    keys: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()
    counts: frozenset[tuple[str, str, str, str, int]] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything is barred: a link to an article or a headline of it is something too."""
        return bool(self.ids or self.keys or self.urls)


Asking = Callable[[sqlite3.Connection], Any]
NOTHING = Barred()
known: WeakKeyDictionary[Any, Barred] = WeakKeyDictionary()


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
    aside = getattr(whole, "without_barred", None)
    if aside is None:  # kept where it goes with the database: it would keep alive what a weak reference names
        aside = whole.without_barred = Aside(whole, what)
    aside.bar(what)
    return aside


def unbarred(db: Any, row: str) -> tuple[str, ...]:
    """Conditions that `row`, the number of an article in the search index, is of none that is barred.

    No view can stand before an index of FTS5. Where a page drops such hits later, it has too few.
    """
    return (f"{row} NOT IN (SELECT id FROM temp.{IDS})",) if isinstance(db, Aside) else ()


def archive_of(database: str) -> str:
    """The name of the archive that a connection is to, whether something is left out on it or not."""
    return database.removesuffix(ASIDE)


class Aside(Database):  # type: ignore[misc] # Datasette has no types
    """A database whose connections do not show what is barred.

    Datasette keeps a connection for each thread by the database's name, for good: so the name stays, and a
    connection is told of a change before it is asked the next time.
    """

    def __init__(self, whole: Any, barred: Barred) -> None:
        super().__init__(whole.ds, path=whole.path, is_mutable=whole.is_mutable)
        self.name, self.route = f"{whole.name}{ASIDE}", whole.route
        self.barred = barred
        self.told: dict[sqlite3.Connection, Barred] = {}

    def bar(self, what: Barred) -> None:
        """Show this no more from the next question on, nor sums that were added up with it."""
        if what != self.barred:
            self.barred = what
            forget(self)

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection, with the rows left out."""
        connection: sqlite3.Connection = super().connect(write)
        leave_out(connection)
        return connection

    async def execute_fn(self, fn: Asking) -> Any:
        """What a function answers of a connection, which is told first what is barred now."""
        return await super().execute_fn(self.told_first(fn))

    async def _execute_fn(self, fn: Asking) -> Any:
        """The same in Datasette 1.0, where SQL does not come by `execute_fn`."""
        return await super()._execute_fn(self.told_first(fn))

    def told_first(self, fn: Asking) -> Asking:
        """The function, but for a connection that knows what is barred now."""

        def asked(connection: sqlite3.Connection) -> Any:
            what = self.barred
            if self.told.get(connection) is not what:
                tell(connection, what)
                self.told[connection] = what
            return fn(connection)

        return asked


def leave_out(connection: sqlite3.Connection) -> None:
    """Have a connection show no row it is told of, where the table is named without its file."""
    for table, column in TOLD.items():
        connection.execute(f"CREATE TEMP TABLE {table} ({column} PRIMARY KEY) WITHOUT ROWID")
    for table, keys in SUBTRACTED.values():
        columns = ", ".join([*keys, "articles", f"PRIMARY KEY ({', '.join(keys)})"])
        connection.execute(f"CREATE TEMP TABLE {table} ({columns}) WITHOUT ROWID")
    there = {name for (name,) in connection.execute("SELECT name FROM main.sqlite_master")}
    for name, left_out in LEFT_OUT.items():
        if name in there:
            connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM main.{name} WHERE NOT ({left_out})")
    for name, (table, keys) in SUBTRACTED.items():
        if name in there:
            connection.execute(f"CREATE TEMP VIEW {name} AS {less(name, table, keys)}")
    connection.commit()


def less(name: str, table: str, keys: Sequence[str]) -> str:
    """The counts of a table less those of another with the same keys.

    Looked up for each row that is read: a sum over all months of a million articles takes 9 ms, not 2. What
    a crawl writes meanwhile makes no count less than none.
    """
    same = " AND ".join(f"barred.{key} = kept.{key}" for key in keys)
    columns = ", ".join(f"kept.{key}" for key in keys)
    return (
        f"SELECT {columns}, max(kept.articles - coalesce(barred.articles, 0), 0) AS articles "
        f"FROM main.{name} kept LEFT JOIN temp.{table} barred ON {same}"
    )


def tell(connection: sqlite3.Connection, what: Barred) -> None:
    """Tell such a connection what it shows no more; all of it or, where that fails, nothing new."""
    with connection:
        for table, values in ((IDS, what.ids), (KEYS, what.keys), (URLS, what.urls)):
            connection.execute(f"DELETE FROM temp.{table}")
            connection.executemany(f"INSERT INTO temp.{table} VALUES (?)", [(one,) for one in values])
        for table in (DAYS, MONTHS):
            connection.execute(f"DELETE FROM temp.{table}")
        connection.executemany(f"INSERT INTO temp.{DAYS} VALUES (?, ?, ?, ?, ?)", what.counts)
        connection.execute(MONTHS_OF_DAYS)

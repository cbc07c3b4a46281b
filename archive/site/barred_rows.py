"""Datasette's own pages of an archive that bars articles: rows about those are on none of them."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from typing import Any

from datasette.filters import FilterArguments

from archive.search.index_state import INDEX, NEXT
from archive.site.among import among_of
from archive.site.barred import Barred, barred_of
from archive.site.headers import App, Refusal
from archive.site.notices import BARRED
from archive.site.public import query_of
from archive.site.table_paths import TablePaths, row_of
from archive.site.workbench import names_of

NUMBERS = ("article_id", "other_id")
# What saved searches read articles from. Datasette runs their SQL as it stands: values cannot be given.
# Where nothing is barred, only that is asked, and once.
SHOWN_ARTICLES = (
    "(SELECT * FROM articles WHERE barred_ids() = '[]' "
    "OR id NOT IN (SELECT value FROM json_each(barred_ids())))"
)
NAMED = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name = ? COLLATE NOCASE"
# What a reader would write SQL of their own in.
WRITTEN = {"sql", "_where"}
SQL_CLOSED = "SQL is closed where articles taken down in another archive are left out"
QUERY = re.compile(r"/-/query(?:[/.].*)?$")


def teach(connection: sqlite3.Connection, datasette: Any) -> None:
    """Give a connection the function that saved searches of an archive among several ask."""
    if among_of(datasette):
        # Constant within a question: a call for each row took 111 ms instead of 40 on 300,000 articles.
        connection.create_function(
            "barred_ids", 0, lambda: json.dumps(sorted(barred_of(datasette).ids)), deterministic=True
        )


def conditions_of(table: str, columns: Sequence[str]) -> list[str]:
    """Conditions for rows of a table or view that are about nothing barred; values are `values_of`."""
    numbers = [name for name in columns if name in NUMBERS]
    if table == "articles":
        numbers = ["id"]
    if table in (INDEX, NEXT):
        numbers = ["rowid"]
    found = [without(name, "ids") for name in numbers]
    if "url_key" in columns:
        found.append(without("url_key", "keys"))
    if "url" in columns and "body" not in columns:
        found.append(without("url", "urls"))
    return found


def without(column: str, what: str) -> str:
    """A condition that a value, if there is one, is none of those barred."""
    return f"([{column}] IS NULL OR [{column}] NOT IN (SELECT value FROM json_each(:barred_{what})))"


def values_of(what: Barred) -> dict[str, str]:
    """The values in such conditions."""
    return {
        "barred_ids": json.dumps(sorted(what.ids)),
        "barred_keys": json.dumps(sorted(what.keys)),
        "barred_urls": json.dumps(sorted(what.urls)),
    }


async def filters_of(datasette: Any, database: str, table: str) -> FilterArguments | None:
    """What a page of a table leaves out, `None` for nothing."""
    what = barred_of(datasette)
    if not what:
        return None
    conditions = conditions_of(table, await datasette.get_database(database).table_columns(table))
    return FilterArguments(conditions, params=values_of(what)) if conditions else None


def with_rows_barred(app: App, datasette: Any, database: str, tables: TablePaths, refuse: Refusal) -> App:
    """The application, with no page of a row that is barred, nor SQL of a reader's own while some are."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        behind = tables.behind(scope)
        if behind is None or not barred_of(datasette):
            await app(scope, receive, send)
        elif names_of(query_of(scope)) & WRITTEN or QUERY.match(behind):
            await refuse(scope, receive, send, 403, SQL_CLOSED)
        elif (row := row_of(behind)) and (refusal := await refusal_of(datasette, database, *row)):
            await refuse(scope, receive, send, *refusal)
        else:
            await app(scope, receive, send)

    return wrapped


async def refusal_of(
    datasette: Any, database: str, named: str, values: Sequence[str]
) -> tuple[int, str] | None:
    """Status and words that refuse the page of a row, `None` for one that may be shown.

    Datasette asks SQLite for a table as it was named, which takes ARTICLES for articles; and of the values in
    an address it takes as many as the table has keys.
    """
    db = datasette.get_database(database)
    table = await db.execute_fn(lambda connection: real_name(connection, named))
    if table is None:
        return 404, "no such table"
    conditions = conditions_of(table, await db.table_columns(table))
    keys = await db.primary_keys(table) or ["rowid"]
    if not conditions:
        return None
    if len(values) != len(keys):
        return 404, "no such row"
    asked = {f"key{place}": value for place, value in enumerate(values)}
    where = " AND ".join(f"[{name}] = :key{place}" for place, name in enumerate(keys))
    found = await db.execute(
        f"SELECT {' AND '.join(conditions)} AS shown FROM [{table}] WHERE {where}",
        asked | values_of(barred_of(datasette)),
    )
    return None if all(one["shown"] for one in found.rows) else (410, BARRED)


def real_name(connection: sqlite3.Connection, named: str) -> str | None:
    """What the schema calls the table or view that SQLite takes for this one, `None` for no such."""
    row = connection.execute(NAMED, [named]).fetchone()
    return str(row[0]) if row else None

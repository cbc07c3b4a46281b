"""Datasette's own pages of an archive that bars articles: rows about those are on none of them."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from typing import Any

from datasette.filters import FilterArguments
from datasette.utils import tilde_decode

from archive.site.among import among_of
from archive.site.barred import Barred, barred_of
from archive.site.compat import Request
from archive.site.headers import App, Refusal
from archive.site.notices import BARRED
from archive.site.public import query_of
from archive.site.workbench import names_of

NUMBERS = ("article_id", "other_id")
# What saved searches read articles from. Datasette runs their SQL as it stands: values cannot be given.
SHOWN_ARTICLES = "(SELECT * FROM articles WHERE NOT is_barred(id))"
# What a reader would write SQL of their own in.
WRITTEN = {"sql", "_where"}
ROW = re.compile(r"/(?P<table>[^/]+)/(?P<row>[^/.]+)(?:\.[a-z]+)?$")
SQL_CLOSED = "SQL is closed where articles taken down in another archive are left out"
QUERY = re.compile(r"/-/query(?:\.json|\.csv)?$")


def teach(connection: sqlite3.Connection, datasette: Any) -> None:
    """Give a connection the function that saved searches of an archive among several ask."""
    if among_of(datasette):
        connection.create_function("is_barred", 1, lambda number: number in barred_of(datasette).ids)


def conditions_of(table: str, columns: Sequence[str]) -> list[str]:
    """Conditions for rows of a table or view that are about nothing barred; values are `values_of`."""
    numbers = [name for name in columns if name in NUMBERS]
    if table == "articles":
        numbers = ["id"]
    if table == "articles_fts":
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


def with_rows_barred(app: App, datasette: Any, database: str, places: Sequence[str], refuse: Refusal) -> App:
    """The application, with no page of a row that is barred, nor SQL of a reader's own while some are.

    `places` are the paths that the archive's tables stand below.
    """

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        within = path_within(scope, places)
        if within is None or not barred_of(datasette):
            await app(scope, receive, send)
        elif names_of(query_of(scope)) & WRITTEN or QUERY.fullmatch(within):
            await refuse(scope, receive, send, 403, SQL_CLOSED)
        elif (row := ROW.fullmatch(within)) and await is_barred(datasette, database, row):
            await refuse(scope, receive, send, 410, BARRED)
        else:
            await app(scope, receive, send)

    return wrapped


def path_within(scope: dict[str, Any], places: Sequence[str]) -> str | None:
    """The path below the archive's tables, `None` for one that is not there."""
    if scope["type"] != "http":
        return None
    path: str = Request(scope, None).path
    begins = [place for place in places if path == place or path.startswith((f"{place}/", f"{place}."))]
    return path.removeprefix(begins[0]) if begins else None


async def is_barred(datasette: Any, database: str, row: re.Match[str]) -> bool:
    """Whether a page of a row would show what is barred; false where there is no such row."""
    db, table = datasette.get_database(database), tilde_decode(row["table"])
    if not await db.table_exists(table):
        return False
    conditions = conditions_of(table, await db.table_columns(table))
    keys = await db.primary_keys(table) or ["rowid"]
    values = [tilde_decode(one) for one in row["row"].split(",")]
    if not conditions or len(values) != len(keys):
        return False
    named = {f"key{place}": value for place, value in enumerate(values)}
    where = " AND ".join(f"[{name}] = :key{place}" for place, name in enumerate(keys))
    found = await db.execute(
        f"SELECT {' AND '.join(conditions)} AS shown FROM [{table}] WHERE {where}",
        named | values_of(barred_of(datasette)),
    )
    return any(not one["shown"] for one in found.rows)

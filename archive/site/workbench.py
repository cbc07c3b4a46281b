"""How Datasette's own pages show an archive: columns people can read, facets, and what is switched off."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup

from archive.described import NEWS_TABLES, ORIGINS, described_columns
from archive.site.archive_file import SNAPSHOT_TABLE
from archive.site.headers import App
from archive.site.saved_searches import queries
from archive.site.sentences.tables import TABLES
from archive.site.shown import safe_url, shown
from archive.site.table_paths import TablePaths, table_of

SETTINGS: Mapping[str, int] = {
    "default_allow_sql": False,  # one anonymous address ran 32 s, another took 1.96 GB, despite the limits
    "allow_download": False,
    "allow_csv_stream": False,  # `muragat export` streams without a reader's thread
    "suggest_facets": False,  # a query per column, a third of the page's time
    "default_page_size": 50,
    "max_returned_rows": 500,
    "truncate_cells_html": 200,
    "facet_time_limit_ms": 150,
    "sql_time_limit_ms": 1000,
    "cache_size_kb": 20_000,
}

ARTICLE_NUMBERS = frozenset({"article_id", "other_id"})

# What a list of articles shows unless its address names columns: their bodies made 230 KB of a page.
LISTED = ("title", "source", "published_date", "language", "section", "authors", "agency", "url", "revisions")

# Of `copies` people see the view copy_pairs, which says what the articles are.
HIDDEN = (
    *("addresses", "fetches", "frontier", "leases", "daily_counts", "monthly_counts", "_sqlite_migrations"),
    *("article_fingerprints", "fingerprints", "copies", "uncompared", "namings", "alarms_told"),
    *("search_indexes", "search_changes", "search_words", SNAPSHOT_TABLE),
    *("waits", "gaps", "reservations", "site_reservations"),
    *("front_looks", "front_teasers", "texts_read", "doubted", "lastmod_claims", "imported"),
    *("attempts", "attempt_pages"),
)
# Who wished an article away, and from where, is nobody's business: `muragat takedown --list` shows the owner.
NOT_SHOWN = ("takedowns", "takedown_addresses")
RIGHTS = "The texts belong to their publishers"
ABOUT = "What is published, when, where and in which wording; all times are UTC unless they say otherwise."
# Each has an index: at a million articles any other order reads 6.8 GB and is stopped by the time limit.
SORTABLE = ("id", "published_date", "published_at", "first_seen_at", "language", "section", "source")
FACETS = ("source", "language", "section", "published_date")


def metadata(
    database: str, columns: Mapping[str, Mapping[str, str]], articles: str = "articles"
) -> dict[str, Any]:
    """Datasette's metadata for an archive; `columns` are the meanings of each table's columns.

    `articles` is what saved searches read articles from.

    The search index is named: guessing it can fail silently.
    """
    tables: dict[str, Any] = {
        name: {
            "title": TABLES[name][2],
            "description": NEWS_TABLES[name],
            "license": RIGHTS,
            "columns": dict(told),
        }
        for name, told in columns.items()
    }
    tables.setdefault("articles", {}).update(
        sort_desc="id",
        sortable_columns=list(SORTABLE),
        facets=list(FACETS),
        facet_size=12,
        label_column="title",
        fts_table="articles_fts",
        fts_pk="id",
    )
    tables.setdefault("sources", {}).update(label_column="name")
    tables.setdefault("runs", {}).update(sort_desc="id")
    hidden: dict[str, Any] = {name: {"hidden": True} for name in HIDDEN}
    closed: dict[str, Any] = {name: {"hidden": True, "allow": False} for name in NOT_SHOWN}
    about = {"title": "Tables of the archive", "description": ABOUT, "license": RIGHTS}
    return {
        "license": RIGHTS,
        "databases": {database: about | {"tables": tables | hidden | closed, "queries": queries(articles)}},
    }


def meanings(connection: sqlite3.Connection) -> dict[str, dict[str, str]]:
    """For every table people see, what its columns mean, as the archive's own schema says."""
    return {table: told for table in TABLES if (told := meanings_of(connection, table))}


def meanings_of(connection: sqlite3.Connection, table: str) -> dict[str, str]:
    """What the columns of a table mean, in their order; empty for a table that is not there."""
    names = [row[1] for row in connection.execute(f"PRAGMA table_info([{table}])")]
    origins = [*reversed(ORIGINS.get(table, ())), table] if names else []
    told = {one.name: one.meaning for origin in origins for one in described_columns(connection, origin)}
    return {name: told[name] for name in names if told.get(name)}


def with_listed_columns(app: App, tables: TablePaths) -> App:
    """The application, whose lists of articles have an order of an index, and as pages few columns."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        table, ending = table_of(tables.behind(scope) or "") or ("", "")
        if table == "articles" and ending in {"", "json", "csv"}:
            query = ordered(scope.get("query_string", b"").decode("latin-1"))
            query = query if ending else listed(query)
            scope = scope | {"query_string": query.encode("latin-1")}
        await app(scope, receive, send)

    return wrapped


def listed(query: str) -> str:
    """The query of a page of articles, with the columns of `LISTED` where it names none."""
    if {"_col", "_nocol"} & names_of(query):
        return query
    return "&".join(filter(None, (query, urlencode([("_col", name) for name in LISTED]))))


def ordered(query: str) -> str:
    """The query of a list of articles, those of one source by day where it names no order.

    So they stand in the source's index: by id all of them would be read and sorted, a second at 100,000.
    """
    names = names_of(query)
    if not names & {"source", "source__exact"} or names & {"_sort", "_sort_desc", "_search"}:
        return query
    return f"{query}&_sort_desc=published_date"


def names_of(query: str) -> set[str]:
    """The arguments that a query names."""
    return {name for name, _ in parse_qsl(query, keep_blank_values=True)}


def cell(value: Any, column: str, href: str, untitled: str) -> Markup | None:
    """A cell of `articles` as people read it, or `None` to leave it to Datasette."""
    if column == "title":
        return Markup('<a href="{}">{}</a>').format(href, shown(value) or untitled)
    if column in {"authors", "tags", "breadcrumbs"} and value:
        return Markup("{}").format(", ".join(names(value)))
    if column in {"url", "canonical_url", "requested_url"} and value:
        if not safe_url(value):
            return Markup("{}").format(shown(value))
        link = Markup('<a href="{}" rel="nofollow noopener noreferrer">{}</a>')
        return link.format(value, shown(value)[:80])
    if isinstance(value, str) and shown(value) != value:
        return Markup("{}").format(shown(value)[: SETTINGS["truncate_cells_html"]])
    return None


def number_cell(value: Any, reading: str) -> Markup | None:
    """The number of an article as a way to its reading page, by its title where Datasette knows it."""
    number, label = (value.get("value"), value.get("label")) if isinstance(value, dict) else (value, None)
    if not isinstance(number, int):
        return None
    return Markup('<a href="{}{}">{}</a>').format(reading, number, shown(label) or number)


def names(written: str) -> list[str]:
    """The names in a JSON list of texts or of `{name, url}`; none when it is no such list."""
    try:
        listed = json.loads(written)
    except ValueError:
        return []
    if not isinstance(listed, list):
        return []
    found = [one.get("name") if isinstance(one, dict) else one for one in listed]
    return [text for one in found if isinstance(one, str) and (text := shown(one))]

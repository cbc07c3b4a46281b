"""How Datasette's own pages show an archive: columns people can read, facets, and what is switched off."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup

from archive.site.headers import App
from archive.site.shown import safe_url, shown

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

# What a list of articles shows unless its address names columns: their bodies made 230 KB of a page.
LISTED = ("title", "source", "published_date", "language", "section", "authors", "agency", "url", "revisions")

# Of `copies` people see the view copy_pairs, which says what the articles are.
HIDDEN = (
    *("addresses", "fetches", "frontier", "leases", "daily_counts", "_sqlite_migrations"),
    *("article_fingerprints", "fingerprints", "copies", "uncompared", "namings", "alarms_told"),
    *("waits", "gaps", "reservations", "site_reservations"),
    *("front_looks", "front_teasers"),
)
# Who wished an article away, and from where, is nobody's business: `muragat takedown --list` shows the owner.
NOT_SHOWN = ("takedowns", "takedown_addresses")

# Only what a name does not say: Datasette prints all of it above the rows.
COLUMNS = {
    "published_date": "The publisher's local day",
    "section": "The publisher's own",
    "agency": "Whom the text credits",
    "revisions": "How many wordings are known",
}


def metadata(database: str) -> dict[str, Any]:
    """Datasette's metadata for an archive; the search index is named: guessing it can fail silently."""
    articles = {
        "description": "One row per article. The title opens the reading page.",
        "sort_desc": "id",
        "facets": ["source", "language", "section", "published_date"],
        "facet_size": 12,
        "label_column": "title",
        "fts_table": "articles_fts",
        "fts_pk": "id",
        "columns": COLUMNS,
    }
    tables = {"articles": articles, "sources": {"label_column": "name"}, "runs": {"sort_desc": "id"}}
    hidden: dict[str, Any] = {name: {"hidden": True} for name in HIDDEN}
    closed: dict[str, Any] = {name: {"hidden": True, "allow": False} for name in NOT_SHOWN}
    return {"databases": {database: {"tables": tables | hidden | closed}}}


def with_listed_columns(app: App, paths: frozenset[str]) -> App:
    """The application, showing the columns of `LISTED` where a list of articles is asked for without any."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] in paths:
            asked = scope.get("query_string", b"").decode("latin-1")
            if not {"_col", "_nocol"} & {name for name, _ in parse_qsl(asked, keep_blank_values=True)}:
                columns = urlencode([("_col", name) for name in LISTED])
                query = f"{asked}&{columns}" if asked else columns
                scope = scope | {"query_string": query.encode("latin-1")}
        await app(scope, receive, send)

    return wrapped


def cell(row: Mapping[str, Any], value: Any, column: str, href: str) -> Markup | None:
    """A cell of `articles` as people read it, or `None` to leave it to Datasette."""
    if column == "title":
        return Markup('<a href="{}">{}</a>').format(href, shown(value) or "(no title)")
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

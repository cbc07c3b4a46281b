"""What a public host needs: one name, no view of the machine, nothing by which one reader stops all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from archive.site.headers import App, Refusal, host_of
from archive.site.openness import PublicAddress
from archive.site.table_paths import TablePaths
from archive.site.workbench import FACETS

# What a proxy on this machine says that is not told to pass the name on, and a health check. Whoever says it
# from elsewhere gets what everybody gets: the request is read as sent to the public address.
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
# Beside what any archive switches off: six readers who all wait for the limit still leave others theirs.
SETTINGS: Mapping[str, int] = {
    "sql_time_limit_ms": 800,
    "facet_time_limit_ms": 100,
    "max_returned_rows": 100,
    "default_page_size": 50,
    "max_csv_mb": 20,
}
# Datasette's pages about itself tell paths, plugins and settings; under /-/ only these are for readers.
# and, of 1.0, the page of SQL, which asks for the owner's permission itself.
OPEN = re.compile(r"/-/(?:static|static-plugins|muragat)/|/-/log(?:in|out)$|/[^/]+/-/query(?:\.json|\.csv)?$")
INNER = re.compile(r"/(?:[^/]+/)?-/")
# Each reads every row, and of a million articles 6.8 GB, until the time limit: with six threads, six
# readers stop all others.
COSTLY = frozenset(
    {"contains", "notcontains", "endswith", "startswith", "like", "notlike", "glob", "date"}
    | {"arraycontains", "arraynotcontains"}
)
LONG_TEXTS = frozenset({"body", "body_html", "lead", "evidence", "title"})


def guarded(app: App, address: PublicAddress, tables: TablePaths, refuse: Refusal) -> App:
    """The application as a public host may show it; `refuse` answers what it does not."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        path = path_within(scope["path"], address) if scope["type"] == "http" else "/"
        if INNER.match(path) and not OPEN.match(path):
            await refuse(scope, receive, send, 404, "not shown in public")
        elif tables.behind(scope) is not None and (said := too_costly(query_of(scope))):
            await refuse(scope, receive, send, 400, said)
        else:
            await app(scope, receive, send)

    return under_own_name(wrapped, address, refuse)


def under_own_name(app: App, address: PublicAddress, refuse: Refusal) -> App:
    """The application, answering under the public name only, and asked as the world asked."""
    names = LOOPBACK | {host_of({"headers": [(b"host", address.netloc.encode())]})}

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
        elif host_of(scope) not in names:
            await refuse(as_public(scope, address), receive, send, 421, "no archive under this name")
        else:
            await app(as_public(scope, address), receive, send)

    return wrapped


def query_of(scope: dict[str, Any]) -> str:
    """What stands behind the question mark, whatever bytes that are."""
    return bytes(scope.get("query_string", b"")).decode("latin-1")


def as_public(scope: dict[str, Any], address: PublicAddress) -> dict[str, Any]:
    """The request as the world sent it: what a proxy in between calls this machine is nobody's business.

    A proxy may have taken the archive's own path away: then it is put back, so that every link has it.
    """
    others = [pair for pair in scope["headers"] if pair[0].lower() != b"host"]
    public = scope | {"headers": [(b"host", address.netloc.encode()), *others], "scheme": address.scheme}
    if not scope["path"].startswith(address.path):
        before = address.path.rstrip("/")
        public["path"] = before + scope["path"]
        public["raw_path"] = before.encode() + (scope.get("raw_path") or scope["path"].encode())
    return public


def path_within(path: str, address: PublicAddress) -> str:
    """The path below the archive's own."""
    return f"/{path[len(address.path) :].lstrip('/')}"


def too_costly(query: str) -> str | None:
    """Why a request for a table is refused, `None` when it is not; our own pages bound themselves."""
    for name, value in parse_qsl(query, keep_blank_values=True):
        column, _, lookup = name.partition("__")
        if name.startswith(("_searchmode", "_through")):
            return f"{name} is not offered in public"
        if name.startswith("_facet") and name != "_facet_size" and value not in FACETS:
            return f"in public, rows are counted by {', '.join(FACETS)}"
        if name.startswith("_"):
            continue
        if lookup in COSTLY or column in LONG_TEXTS:
            return f"{name} reads every row; search for words instead, or filter by what is equal"
    return None


def told(address: PublicAddress, *, listens: str, is_snapshot: bool, sql: bool) -> list[str]:
    """What was set for a public host, and what is left to the proxy before it, a line each."""
    opened = "open to every reader, as you asked" if sql else "closed"
    frozen = "Set: a snapshot is served, which nobody can change; a newer one in its place is seen at once"
    live = "Advice: serve a snapshot (muragat publish), so that no reader touches the archive itself"
    limits = f"{SETTINGS['sql_time_limit_ms']} ms a query, {SETTINGS['max_returned_rows']} rows a page"
    return [
        f"Public address: {address} (links, feeds and citations name it)",
        f"Set: it answers to the name {address.netloc} only; {listens}",
        f"Set: to {', '.join(sorted(LOOPBACK))} too, for the proxy and health checks: with the same pages",
        f"Set: {limits}; no filter that reads every row, no raw search, no streaming, no download",
        f"Set: SQL is {opened}; functions without end are refused",
        "Set: pages under /-/ are closed; robots.txt asks that nothing is indexed",
        "Set: the client's address and scheme are believed from a proxy on this machine only",
        frozen if is_snapshot else live,
        "Left to the proxy: TLS, Strict-Transport-Security, compression, 5 requests a second for each client",
        "  on /search and the tables (burst 20), and who may read, if not everybody may",
    ]

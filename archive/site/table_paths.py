"""Which requests lead to Datasette's own pages of an archive's tables, as Datasette itself routes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from datasette.utils import tilde_decode

from archive.site.compat import Request

# Datasette's own patterns, below the path of its base: any name may be spelled with `~` and two digits.
DATABASE = re.compile(r"/(?P<database>[^/.]+)(?P<behind>[/.].*)?$", re.DOTALL)
TABLE = re.compile(r"/(?P<table>[^/.]+)(?:\.(?P<ending>\w+))?$")
ROW = re.compile(r"/(?P<table>(?!-/)[^/]+?)/(?P<row>[^/]+?)(?:\.(?P<ending>\w+))?$")
ENDING = re.compile(r"\.(?P<ending>\w+)$")


@dataclass(frozen=True, slots=True)
class TablePaths:
    """`base` is what every path begins with; `routes` are the databases' names in addresses, not encoded."""

    base: str
    routes: frozenset[str]

    @classmethod
    def of(cls, datasette: Any, databases: tuple[str, ...]) -> TablePaths:
        """The paths to these databases of a Datasette."""
        routes = frozenset(datasette.get_database(one).route for one in databases)
        return cls(str(datasette.setting("base_url")), routes)

    def behind(self, scope: dict[str, Any]) -> str | None:
        """What stands behind a database's name in the path, with its sign; `None` for any other request."""
        if scope["type"] != "http":
            return None
        path: str = Request(scope, None).path
        if path.startswith(self.base):  # a proxy may have taken it away
            path = f"/{path[len(self.base) :]}"
        found = DATABASE.match(path)
        if found is None or tilde_decode(found["database"]) not in self.routes:
            return None
        return found["behind"] or ""


def table_of(behind: str) -> tuple[str, str] | None:
    """The table whose page stands there, and the page's ending, perhaps ""; `None` for another page."""
    found = TABLE.match(behind)
    return (tilde_decode(found["table"]), found["ending"] or "") if found else None


def row_of(behind: str) -> tuple[str, list[str]] | None:
    """The table and the keys of a row whose page stands there, `None` for another page."""
    found = ROW.match(behind)
    if found is None:
        return None
    return tilde_decode(found["table"]), [tilde_decode(one) for one in found["row"].split(",")]


def ending_of(behind: str) -> str:
    """How the page that stands there ends, as `csv`; "" for one without an ending."""
    found = ENDING.search(behind)
    return found["ending"] if found else ""

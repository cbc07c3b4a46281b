"""Datasette's own search box, `?_search=`, with the words and filters of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from datasette.filters import FilterArguments

from archive.search.conditions import conditions_of
from archive.search.functions import match_of, register
from archive.search.typed import asked


def teach(connection: sqlite3.Connection) -> None:
    """Give a connection our functions, and `escape_fts`, which Datasette calls with what was typed."""
    register(connection)
    connection.create_function("escape_fts", 1, lambda typed: match_of(connection, typed))


def typed_filters(args: Mapping[str, str]) -> FilterArguments | None:
    """The filters inside what was typed, `None` where there are none.

    Without a word beside them the box still finds nothing: it asks the index, which knows only words.
    """
    typed = args.get("_search") or ""
    conditions, values = conditions_of(asked(typed), table="articles")
    return FilterArguments(conditions, params=values) if conditions else None

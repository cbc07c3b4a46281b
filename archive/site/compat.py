"""The few things that are spelled differently in Datasette 0.65 and 1.0, and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Forbidden, NotFound, Request, Response
from datasette.version import __version__

__all__ = [
    "TOO_SLOW",
    "Base400",
    "Forbidden",
    "NotFound",
    "QueryInterrupted",
    "Request",
    "Response",
    "ensure_readable",
    "message_of",
    "set_default_metadata",
    "set_default_settings",
]

TOO_SLOW = "The query took too long"
IS_STABLE = __version__.startswith("0.")


async def ensure_readable(datasette: Any, request: Request, database: str) -> None:
    """Raise Forbidden unless who asks may read the articles.

    The whole hierarchy is asked: `view-table` alone looks at neither the database's nor the instance's
    `allow`, and made every page public.
    """
    if IS_STABLE:
        await datasette.ensure_permissions(
            request.actor,
            [("view-table", (database, "articles")), ("view-database", database), "view-instance"],
        )
        return
    from datasette.resources import TableResource

    resource = TableResource(database, "articles")
    if not await datasette.allowed(action="view-table", resource=resource, actor=request.actor):
        raise Forbidden("view-table")


def set_default_settings(datasette: Any, settings: Mapping[str, int]) -> None:
    """Give settings a new default; what was set by hand to something else than Datasette's default stays."""
    from datasette.app import DEFAULT_SETTINGS  # while a plugin is imported, datasette.app still is too

    for name, value in settings.items():
        if datasette._settings[name] == DEFAULT_SETTINGS[name]:
            datasette._settings[name] = value
    # Datasette copies three of them into attributes when it is made, before any plugin is asked.
    datasette.max_returned_rows = datasette.setting("max_returned_rows")
    datasette.sql_time_limit_ms = datasette.setting("sql_time_limit_ms")
    datasette.page_size = datasette.setting("default_page_size")


def set_default_metadata(datasette: Any, defaults: Mapping[str, Any]) -> None:
    """Put metadata below the user's own; the hook for it (`get_metadata`) is gone in 1.0.

    1.0 takes what a table offers and saved searches from its configuration, and of metadata only words.
    """
    if IS_STABLE:
        datasette._metadata_local = laid_over(defaults, datasette._metadata_local)
        return
    from datasette.utils import move_plugins_and_allow, move_table_config

    words, offers = move_table_config(*move_plugins_and_allow(copy.deepcopy(dict(defaults)), {}))
    for name, database in defaults["databases"].items():
        offers["databases"][name]["queries"] = database["queries"]
        words["databases"][name].pop("queries")
    datasette._metadata_local = laid_over(words, datasette._metadata_local)
    datasette.config = laid_over(offers, datasette.config)


def laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Both mappings in one, key by key at every depth; where both speak, `above` counts."""
    merged = copy.deepcopy(dict(below))
    for key, value in above.items():
        if isinstance(value, Mapping) and isinstance(merged.get(key), Mapping):
            merged[key] = laid_over(merged[key], value)
        else:
            merged[key] = value
    return merged


def message_of(error: Exception) -> tuple[int, str] | None:
    """Status and words of an answer that refuses, `None` for an error nobody foresaw.

    A query that took too long is the reader's to change, so it is never a failure of the server's.
    """
    from datasette.views.base import DatasetteError

    if isinstance(error, QueryInterrupted) or getattr(error, "title", "") == "SQL Interrupted":
        return 400, TOO_SLOW
    if isinstance(error, Base400):
        return error.status, str(error.args[0]) if error.args else ""
    if isinstance(error, DatasetteError) and not error.message_is_html:
        # A refusal without a status of its own (a column that cannot be sorted by) is no failure of ours.
        return 400 if error.status == 500 else error.status, str(error.message)
    return None

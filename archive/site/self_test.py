"""Whether the search index answers as it should; asked once, when the server starts."""

from __future__ import annotations

import sqlite3
import sys
from typing import Any
from weakref import WeakKeyDictionary

from archive.search.index_state import IndexState, index_state
from archive.site.compat import QueryInterrupted

# In no language a word. A search that ignores its words finds every article: then none is better.
NONSENSE = "нетакогословабрямщъ"

answers: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()


async def test_search(datasette: Any, database: str) -> None:
    """Ask the index for a nonsense word, and remember whether it found nothing, as it must."""
    answers[datasette] = await finds_nothing(datasette.get_database(database))
    if not answers[datasette]:
        print(  # noqa: T201 - whoever started the server must see it
            f"Warning: {database}: the search index does not answer as it should, so the search box is off; "
            "check the archive with `muragat audit`",
            file=sys.stderr,
        )
        return
    state = await datasette.get_database(database).execute_fn(index_state)
    if state is not IndexState.SOUND:
        print(f"Note: {database}: {state.explanation}", file=sys.stderr)  # noqa: T201 - the same


async def finds_nothing(db: Any) -> bool:
    """Whether the index answers, and with no article."""
    try:
        found = await db.execute(
            "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1",
            [f'"{NONSENSE}"'],
            log_sql_errors=False,
        )
    except (sqlite3.DatabaseError, QueryInterrupted):
        return False
    return not found.rows


def search_works(datasette: Any) -> bool:
    """What the test at the start found; `True` before it."""
    return answers.get(datasette, True)

"""Answers that may be half a minute old: sums over all days of an archive, which every reader asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

# At 100,000 articles of ten sources and ten years the sums of a front page cost 70 ms, ten times that at a
# million.
SECONDS = 30.0
Rows = Sequence[Mapping[str, Any]]

answers: WeakKeyDictionary[Any, dict[str, tuple[float, Rows]]] = WeakKeyDictionary()


async def recent_rows(db: Any, sql: str) -> Rows:
    """The rows of a query without values, as they are or were up to `SECONDS` ago."""
    known = answers.setdefault(db, {})
    asked_at, rows = known.get(sql, (0.0, ()))
    if sql not in known or monotonic() - asked_at >= SECONDS:
        rows = (await db.execute(sql)).rows
        known[sql] = monotonic(), rows
    return rows


def forget(db: Any) -> None:
    """Answer nothing of a database from memory any more: rows of it are shown no more."""
    answers.pop(db, None)

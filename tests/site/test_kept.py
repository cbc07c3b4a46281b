"""Sums that every reader asks for are asked of the archive once in half a minute."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from archive.site import kept

SQL = "SELECT count(*) AS n FROM articles"


def test_a_sum_is_asked_once_in_a_while(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    db = site.datasette.get_database("news")
    now = 1000.0
    monkeypatch.setattr(kept, "monotonic", lambda: now)

    async def rows() -> Any:
        return await kept.recent_rows(db, SQL)

    first = asyncio.run(rows())
    assert first[0]["n"] == 6
    assert asyncio.run(rows()) is first
    now += kept.SECONDS
    again = asyncio.run(rows())
    assert again is not first
    assert again[0]["n"] == 6

"""Facets, sorts and saved searches are read from an index: at a million articles nothing else is quick."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from archive.search.ranking import newest_ids
from archive.site.saved_searches import SAVED
from archive.site.search_filters import Filters
from archive.site.search_hits import Wanted
from archive.site.stock_search import teach
from archive.site.workbench import FACETS, SORTABLE


@pytest.fixture(scope="module")
def planner(archive_folder: Any) -> Iterator[sqlite3.Connection]:
    uri = f"{archive_folder.news.as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        teach(connection)
        yield connection


def plan(connection: sqlite3.Connection, sql: str, values: dict[str, str] | None = None) -> str:
    """How SQLite would answer."""
    rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", values or {}).fetchall()
    return "; ".join(row[3] for row in rows)


@pytest.mark.parametrize("column", SORTABLE)
@pytest.mark.parametrize("order", ["", " DESC"], ids=["up", "down"])
def test_an_order_that_is_offered_sorts_nothing(planner: sqlite3.Connection, column: str, order: str) -> None:
    said = plan(planner, f"SELECT id, title FROM articles ORDER BY {column}{order} LIMIT 51")
    assert "TEMP B-TREE" not in said, said
    assert "USING INDEX" in said or column == "id", said


@pytest.mark.parametrize("column", FACETS)
def test_a_facet_that_is_offered_reads_an_index_alone(planner: sqlite3.Connection, column: str) -> None:
    said = plan(planner, f"SELECT {column}, count(*) FROM (SELECT * FROM articles) GROUP BY {column}")
    assert "COVERING INDEX" in said, said


@pytest.mark.parametrize("column", FACETS)
def test_a_filter_by_a_facet_searches(planner: sqlite3.Connection, column: str) -> None:
    assert "SEARCH articles USING" in plan(planner, f"SELECT * FROM articles WHERE {column} = 'x' LIMIT 51")


@pytest.mark.parametrize("name", sorted(SAVED))
def test_a_saved_search_never_reads_every_article(planner: sqlite3.Connection, name: str) -> None:
    nothing = dict.fromkeys(("words", "source", "since", "until"), "")
    said = plan(planner, SAVED[name].sql, nothing)
    scans = [step for step in said.split("; ") if re.match(r"SCAN (a|articles)\b(?!.*USING INDEX)", step)]
    assert scans == [], said


def test_a_search_of_one_source_and_year_reads_the_source_once(planner: sqlite3.Connection) -> None:
    narrowed = Filters(source="steppe_news", since="2026-01-01", until="2026-12-31")
    from_where, values = Wanted("мост", narrowed).matching()
    said = plan(planner, newest_ids(from_where), values | {"limit": 21, "offset": 0})
    assert "CORRELATED" not in said, said
    assert "SEARCH a USING COVERING INDEX articles_source" in said, said

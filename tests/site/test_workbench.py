"""Datasette's own pages on an archive: what they show, and what they must not offer."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from datasette.app import Datasette

from archive.site.compat import IS_STABLE
from archive.site.workbench import listed, ordered

ARRAY = "/news/articles.json?_shape=array"


def facets_of(answer: dict[str, Any]) -> list[str]:
    """The facets of a table's JSON; Datasette 1.0 puts them one step further in."""
    facets = answer["facet_results"]
    return list(facets.get("results", facets))


def asked(datasette: Datasette, path: str) -> Any:
    """The answer to a path, wherever this version of Datasette has moved it to."""
    return asyncio.run(datasette.client.get(path, follow_redirects=True))


def test_fault_51_the_search_box_of_the_table_searches(site: Any) -> None:
    assert site.get(f"{ARRAY}&_search={quote('нетакогословабрям')}").json() == []
    (found,) = site.get(f"{ARRAY}&_search={quote('мост')}").json()
    assert found["id"] == site.ids["bridge"]
    assert 'name="_search"' in site.page("/news/articles")


def test_facets_are_there_unasked_and_the_newest_come_first(site: Any) -> None:
    assert facets_of(site.get("/news/articles.json?_extra=facet_results").json()) == [
        "source",
        "language",
        "section",
        "published_date",
    ]
    ids = [row["id"] for row in site.get(ARRAY).json()]
    assert ids == sorted(ids, reverse=True)


def test_the_list_shows_readable_columns_and_no_bodies(site: Any) -> None:
    html = site.page("/news/articles")
    assert "Мост через Жанасу" not in html
    assert f'<a href="/a/{site.ids["bridge"]}">В Степном открыли мост</a>' in html
    assert "Айгуль Сатова, Тимур Галеев" in html
    assert "Степная газета" in html
    assert "Untitled" in html
    cells = "".join(re.findall(r"(?s)<td[^>]*>(.*?)</td>", html))  # what stands around is Datasette's
    assert "reversed" in cells
    assert "\u202e" not in cells


def test_columns_named_in_the_address_are_respected(site: Any) -> None:
    assert "Мост через Жанасу" in site.page("/news/articles?_col=body")
    assert "body" in site.get(ARRAY).json()[0]


@pytest.mark.parametrize(
    "path", ["/news.json?sql=select+1", "/news?sql=select+1", "/news/articles?_where=1", "/news.db"]
)
def test_fault_52_sql_and_download_are_refused(site: Any, path: str) -> None:
    answer = asked(site.datasette, path)
    assert answer.status_code == 403
    assert '"1"' not in answer.text


def test_fault_52_streaming_everything_is_refused(site: Any) -> None:
    assert site.get("/news/articles.csv?_stream=1").status_code == 400


def test_bookkeeping_is_hidden_and_raw_pages_are_not_served(site: Any) -> None:
    tables = {table["name"]: table["hidden"] for table in site.get("/news.json").json()["tables"]}
    assert tables["frontier"] is tables["addresses"] is tables["articles_fts"] is True
    assert tables["articles"] is tables["runs"] is False
    assert site.get("/pages.json").status_code == 404


def test_the_users_own_metadata_and_settings_count(archive_folder: Any) -> None:
    own: dict[str, Any] = {
        "title": "Mine",
        "databases": {"news": {"tables": {"articles": {"facets": ["agency"]}}}},
        "allow_sql": True,
    }
    if not IS_STABLE:  # there a setting that forbids counts more than what allows
        own["plugins"] = {"muragat": {"sql": True}}
    datasette = Datasette([str(archive_folder.news)], metadata=own, settings={"max_returned_rows": 7})
    answer = asked(datasette, "/news/articles.json?_extra=facet_results").json()
    assert facets_of(answer) == ["agency"]
    assert datasette.max_returned_rows == 7
    assert asked(datasette, "/news.json?sql=select+1").status_code == 200


def test_a_private_archive_is_private_on_every_page(archive_folder: Any, site: Any) -> None:
    article = f"/a/{site.ids['bridge']}"
    for own in ({"allow": False}, {"databases": {"news": {"allow": False}}}):
        datasette = Datasette([str(archive_folder.news)], metadata=own)
        for path in ("/", "/search", article, f"{article}/changes"):
            assert asyncio.run(datasette.client.get(path)).status_code == 403, (own, path)


def test_another_database_is_left_as_it_was(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT)")
        connection.execute("INSERT INTO articles VALUES (1, '<b>x</b>')")
    datasette = Datasette([str(other)])
    answer = asked(datasette, "/other.json?sql=select+1")
    assert [list(row.values()) if isinstance(row, dict) else row for row in answer.json()["rows"]] == [[1]]
    assert "content-security-policy" not in answer.headers
    assert asyncio.run(datasette.client.get("/search")).status_code == 404
    assert "/a/1" not in asyncio.run(datasette.client.get("/other/articles")).text


def test_the_articles_of_a_source_are_read_from_its_index(archive_folder: Any, site: Any) -> None:
    rows = site.get(f"{ARRAY}&source=steppe_news").json()
    days = [row["published_date"] for row in rows]
    assert days == [*sorted((day for day in days if day), reverse=True), None]
    assert listed(ordered("source=x&_sort=id&_col=id")) == "source=x&_sort=id&_col=id"
    with sqlite3.connect(f"{archive_folder.news.as_uri()}?mode=ro", uri=True) as connection:
        order = "ORDER BY published_date DESC, id LIMIT 51"
        plan = connection.execute(
            f"EXPLAIN QUERY PLAN SELECT * FROM articles WHERE source = 'x' {order}"
        ).fetchall()
    assert "USING INDEX articles_source (source=?)" in plan[0][3]
    assert all("TEMP B-TREE FOR ORDER BY" not in step[3] for step in plan)

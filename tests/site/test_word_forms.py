"""Word forms are found through every door, and an archive without our plugin still answers every page."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from click.testing import CliRunner
from datasette.app import Datasette

from archive.cli import search as search_command
from archive.search.functions import register
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from tests.site.conftest import NOW, article, keep, served

ELECTIONS = article("elections", "Итоги", "В районе прошли выборы акимов сёл.")
VOTE = article(
    "vote", "Сайлау", "Ауылдарда сайлаудың қорытындысы шықты.", language="kk", published_date=date(2026, 2, 1)
)
OTHER = article("other", "Погода", "Выборочный контроль и сай с водой.", section="Погода")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> ArchiveFolder:
    folder = ArchiveFolder(tmp_path_factory.mktemp("forms"))
    with Archive(folder) as archive:
        archive.sources.save(
            "steppe_news",
            name="Степная газета",
            home="h",
            languages=["ru"],
            timezone="Asia/Almaty",
            region=None,
        )
        run = archive.runs.begin("steppe_news", started_at=NOW, version="test")
        for one in (ELECTIONS, VOTE, OTHER):
            keep(archive, run, one, NOW)
    with closing(sqlite3.connect(folder.news)) as db, db:
        db.execute("INSERT OR REPLACE INTO search_words VALUES ('выборочный', 5)")
    return folder


@pytest.fixture
def site(folder: ArchiveFolder) -> Iterator[Any]:
    yield from served(folder.news)


def by_page(folder: ArchiveFolder, site: Any, words: str) -> set[str]:
    html = site.page(f"/search?{urlencode({'q': words})}")
    return {slug for slug, number in site.ids.items() if f'href="/a/{number}' in html}


def by_box(folder: ArchiveFolder, site: Any, words: str) -> set[str]:
    rows = site.get(f"/news/articles.json?_shape=array&_search={quote(words)}").json()
    return {row["url"].rsplit("/", 1)[1] for row in rows}


def by_box_of_a_column(folder: ArchiveFolder, site: Any, words: str) -> set[str]:
    rows = site.get(f"/news/articles.json?_shape=array&_search_body={quote(words)}").json()
    return {row["url"].rsplit("/", 1)[1] for row in rows}


def by_csv(folder: ArchiveFolder, site: Any, words: str) -> set[str]:
    text = site.get(f"/news/articles.csv?_search={quote(words)}").text
    return {row["url"].rsplit("/", 1)[1] for row in csv.DictReader(io.StringIO(text))}


def by_command(folder: ArchiveFolder, site: Any, words: str) -> set[str]:
    result = CliRunner().invoke(search_command, [words, "--json", "--archive", str(folder.path)])
    return {json.loads(line)["url"].rsplit("/", 1)[1] for line in result.stdout.splitlines()}


SQL = (
    "SELECT a.url FROM articles_fts f JOIN articles a ON a.id = f.rowid "
    "WHERE articles_fts MATCH search_match(:words)"
)


def by_sql_of_the_site(folder: ArchiveFolder, site: Any, words: str) -> set[str]:
    rows = asyncio.run(site.datasette.get_database("news").execute(SQL, {"words": words})).rows
    return {row["url"].rsplit("/", 1)[1] for row in rows}


def by_sql(folder: ArchiveFolder, site: Any, words: str) -> set[str]:
    with closing(sqlite3.connect(folder.news)) as db:
        register(db)
        return {row[0].rsplit("/", 1)[1] for row in db.execute(SQL, {"words": words})}


DOORS = [by_page, by_box, by_box_of_a_column, by_csv, by_command, by_sql_of_the_site, by_sql]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("выборов акима", {"elections"}),
        ("село", {"elections"}),
        ("сайлау", {"vote"}),
        ("сайлауының", {"vote"}),
        ("нетакогословабрям", set()),
        ("***", set()),
    ],
)
def test_a_word_is_found_in_any_form_through_every_door(
    folder: ArchiveFolder, site: Any, door: Any, words: str, found: set[str]
) -> None:
    assert door(folder, site, words) == found


@pytest.mark.parametrize("door", [by_page, by_box, by_command])
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("сайлау lang:kk", {"vote"}),
        ("выборы lang:kk", set()),
        ("выборы OR сайлау after:2026-03", {"elections"}),
        ("выборы OR сайлау before:2026-03", {"vote"}),
        ("сай section:погода", {"other"}),
        ("выборы source:steppe", {"elections"}),
        ("=выборов", set()),
        ("=выборы", {"elections"}),
    ],
)
def test_filters_may_be_typed(
    folder: ArchiveFolder, site: Any, door: Any, words: str, found: set[str]
) -> None:
    assert door(folder, site, words) == found


def test_filters_alone_list_articles_on_the_page(folder: ArchiveFolder, site: Any) -> None:
    assert by_page(folder, site, "lang:kk") == {"vote"}
    assert "1 article" in site.page("/search?q=lang:kk")
    assert by_page(folder, site, "author:никто") == set()


def test_the_page_marks_the_form_that_was_written(site: Any) -> None:
    html = site.page(f"/search?q={quote('выборов акима')}")
    assert "<mark>выборы</mark> <mark>акимов</mark>" in html


def test_a_slip_of_the_pen_is_offered_its_word(site: Any) -> None:
    html = site.page(f"/search?q={quote('выбарочный')}")
    assert "Did you mean" in html
    assert f'href="/search?q={quote("выборочный")}"' in html


PLAIN = [
    "/",
    "/news",
    "/news/articles",
    "/news/articles_fts",
    "/news/search_words",
    "/news/articles?_search=x",
]


@pytest.mark.parametrize("path", PLAIN)
def test_every_page_answers_without_the_plugin(folder: ArchiveFolder, path: str) -> None:
    command = [sys.executable, str(Path(__file__).with_name("plain_datasette.py")), str(folder.news), path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "200", done.stderr


def test_an_index_not_to_be_believed_is_told_at_the_start(tmp_path: Path, capsys: Any) -> None:
    folder = ArchiveFolder(tmp_path / "archive")
    Archive(folder).close()
    with closing(sqlite3.connect(folder.news)) as db, db:
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
    asyncio.run(Datasette([str(folder.news)]).invoke_startup())
    assert "muragat reindex" in capsys.readouterr().err

"""An archive that is broken, away or slow takes no page down: the others answer, and it is named."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from datasette.database import Database, QueryInterrupted

from archive.site import self_test
from archive.site.several import asking
from archive.store.folder import ArchiveFolder
from tests.site.several.conftest import Together, together

PAGES = (
    "/",
    "/search",
    "/search?q=мост",
    "/search?q=мост&sort=relevance",
    "/sources",
    "/feed.atom",
    "/search.atom?q=мост",
)
Months = list[ArchiveFolder]


def damage(folder: ArchiveFolder) -> None:
    folder.news.write_bytes(b"no database at all, only text" * 999)


def remove(folder: ArchiveFolder) -> None:
    for file in folder.path.glob("news.db*"):
        file.unlink()


def without_index(folder: ArchiveFolder) -> None:
    with closing(sqlite3.connect(folder.news)) as connection:
        connection.execute("DROP TABLE articles_fts")


@pytest.mark.parametrize("harm", [damage, remove])
@pytest.mark.parametrize("path", PAGES)
def test_an_archive_that_cannot_be_opened_takes_no_page_down(
    own_months: Months, path: str, harm: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    harm(own_months[1])
    site = together(*own_months)
    answer = site.get(path, accept_language="en")
    assert answer.status_code == 200
    if "atom" not in path:
        assert "No answer: 2026-04. Shown is what the others hold." in answer.text
    if path != "/sources":
        assert "В Степном открыли" in answer.text
    said = capsys.readouterr().err
    site.get(path)
    assert said.count("Warning: 2026-04: ") == 1
    assert capsys.readouterr().err == ""  # told once


def test_an_archive_damaged_while_it_is_served_is_left_out(own_months: Months) -> None:
    site = together(*own_months)
    assert ("2026-04", "Мост закрыли на ремонт") in site.hits("/search?q=мост")
    for file in own_months[1].path.glob("news.db*"):
        file.write_bytes(b"\x00" * file.stat().st_size)
    html = site.page("/search?q=мост")
    assert "No answer: 2026-04" in html
    assert site.hits("/search?q=мост") == [("2026-03", "В Степном открыли мост")]


def test_its_own_pages_say_that_it_does_not_answer_until_it_is_mended(own_months: Months) -> None:
    with closing(sqlite3.connect(own_months[1].news)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = own_months[1].news.read_bytes()
    remove(own_months[1])
    site = together(*own_months)
    answer = site.get("/2026-04/search?q=мост", accept_language="en")
    assert answer.status_code == 503
    assert "This archive does not answer" in answer.text
    assert str(own_months[1].path) not in answer.text
    assert site.get("/2026-03/").status_code == 200
    own_months[1].news.write_bytes(whole)
    assert "закрыли на ремонт" in site.page("/2026-04/search?q=мост")
    assert "No answer" not in site.page("/")


def test_an_archive_without_its_index_is_left_out_of_searches_for_words_only(own_months: Months) -> None:
    without_index(own_months[1])
    site = together(*own_months)
    html = site.page("/search?q=мост")
    assert "No answer: 2026-04" in html
    assert site.hits("/search?q=мост") == [("2026-03", "В Степном открыли мост")]
    assert "No answer" not in site.page("/search?since=2026-04-01")
    assert ("2026-04", "Көпір жөнделуде") in site.hits("/search")


def test_a_search_that_finds_nonsense_in_one_archive_asks_the_others(
    own_months: Months, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_test, "NONSENSE", "школа")  # no article of these has it
    site = together(*own_months)
    assert "No answer" not in site.page("/search?q=мост")
    monkeypatch.setattr(self_test, "NONSENSE", "ремонт")
    site = together(*own_months)
    assert "No answer: 2026-04" in site.page("/search?q=мост")


@pytest.mark.parametrize("path", PAGES)
def test_a_query_that_is_interrupted_leaves_its_archive_out(
    own_months: Months, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = together(*own_months)
    site.page("/search?q=мост")
    execute = Database.execute

    async def interrupted(self: Database, sql: str, params: Any = None, **options: Any) -> Any:
        if "2026-04" in str(self.path):
            raise QueryInterrupted(sqlite3.OperationalError("interrupted"), sql, params)
        return await execute(self, sql, params, **options)

    monkeypatch.setattr(Database, "execute", interrupted)
    monkeypatch.setattr("archive.site.kept.SECONDS", 0)
    answer = site.get(path, accept_language="en")
    assert answer.status_code == 200
    if "atom" not in path:
        assert "No answer: 2026-04" in answer.text
    assert "Мост закрыли" not in answer.text


def test_nobody_waits_for_an_archive_for_ever(own_months: Months, monkeypatch: pytest.MonkeyPatch) -> None:
    site = together(*own_months)
    site.page("/search?q=мост")
    execute_fn = Database.execute_fn

    async def endless(self: Database, fn: Any) -> Any:
        if "2026-04" in str(self.path):
            await asyncio.sleep(60)
        return await execute_fn(self, fn)

    monkeypatch.setattr(Database, "execute_fn", endless)
    monkeypatch.setattr(asking, "PATIENCE_SECONDS", 0.2)
    html = site.page("/search?q=мост")
    assert "No answer: 2026-04" in html
    assert "В Степном открыли" in html


def test_when_no_archive_answers_the_page_says_so(own_months: Months) -> None:
    site = together(*own_months)
    for folder in own_months:
        damage(folder)
    for path in ("/", "/search?q=мост", "/sources"):
        html = site.page(path)
        assert "No archive answered" in html
        assert "Nothing found" not in html


def test_who_may_not_read_an_archive_does_not_find_its_articles(
    own_months: Months, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.site.compat import Forbidden
    from archive.site.several import mounted

    async def refuse(datasette: Any, *_: Any) -> None:
        if "2026-04" in str(datasette.get_database("news").path):
            raise Forbidden("view-table")

    monkeypatch.setattr(mounted, "ensure_readable", refuse)
    site: Together = together(*own_months)
    for path in PAGES:
        assert "Мост закрыли" not in site.get(path).text
    assert "No answer: 2026-04" in site.page("/search?q=мост")


def test_an_error_nobody_foresaw_is_not_taken_for_silence(
    own_months: Months, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr("archive.site.several.lines.line_of", fails)
    with pytest.raises(RuntimeError, match="nobody foresaw this"):
        together(*own_months).get("/")

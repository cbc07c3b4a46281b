"""`muragat audit --repair` makes good what can be, from kept pages, and says what it could not."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from archive.errors import ArchiveBusy
from archive.records import Page
from archive.store.archive import Archive
from archive.store.copies import CopyStore
from crawler.cli import audit
from tests.tampering import tampering

from .conftest import LATER, Library, made_pages, page_html

TABLES = {
    "articles": "id",
    "revisions": "article_id, number",
    "links": "article_id, position",
    "images": "article_id, position",
    "daily_counts": "day, source, section, language",
    "monthly_counts": "month, source, section, language",
    "article_fingerprints": "article_id",
    "fingerprints": "hash, article_id",
    "copies": "article_id, other_id",
    "addresses": "url_hash",
}
FIFTH = "(SELECT id FROM articles WHERE url LIKE '%/a/5')"


@pytest.fixture
def shelf(library: Library) -> Library:
    """Twelve articles with links in their texts, three of them reworded, one of these taken back again."""
    library.keep({path: with_link(html) for path, html in made_pages(12).items()})
    library.keep(
        {f"/a/{n}": with_link(page_html(n)).replace("в четверг", "в пятницу") for n in range(3)}, at=LATER
    )
    library.keep({"/a/0": with_link(page_html(0, plea=True))}, at=LATER + timedelta(days=1))
    return library


def with_link(html: str) -> str:
    more = "".join(f"<p>Ранее о воде писали <a href='/a/{n}'>здесь, часть {n}</a>.</p>" for n in range(3))
    return html.replace("</article>", f"{more}</article>")


def run(library: Library, *options: str) -> Result:
    return CliRunner().invoke(audit, [*options, "--archive", str(library.folder.path)])


def repair(library: Library) -> Result:
    return run(library, "--repair", "--profile", str(library.profile))


def rows(library: Library, table: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(library.folder.news)) as db:
        return db.execute(f"SELECT * FROM {table} ORDER BY {TABLES[table]}").fetchall()


def everything(library: Library) -> dict[str, list[tuple[Any, ...]]]:
    return {table: rows(library, table) for table in TABLES}


def set_aside(library: Library) -> list[dict[str, Any]]:
    files = sorted(library.folder.logs.glob("repair-*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


# What each damage is; afterwards every row of the archive is as it was before.
DAMAGES = {
    "a flipped letter": f"UPDATE articles SET body = replace(body, 'берегов', 'бересов') WHERE id = {FIFTH}",
    "letters that are none": (
        f"UPDATE articles SET title = CAST(substr(CAST(title AS BLOB), 1, 3) AS TEXT) WHERE id = {FIFTH}"
    ),
    "a flipped hash": f"UPDATE articles SET content_hash = 'x' WHERE id = {FIFTH}",
    "a broken list": f"UPDATE articles SET tags = '[', authors = 'x' WHERE id = {FIFTH}",
    "a lost link": f"DELETE FROM links WHERE position = 1 AND article_id = {FIFTH}",
    "a wrong key of a link": f"UPDATE links SET url_key = 'x' WHERE article_id = {FIFTH}",
    "all links": "DROP TABLE links",
    "a page of another address": f"UPDATE articles SET page_id = 4 WHERE id = {FIFTH}",
    "wrong counts": "UPDATE daily_counts SET articles = articles + 1",
    "no counts": "DROP TABLE daily_counts",
    "wrong counts of months": "UPDATE monthly_counts SET articles = articles + 1",
    "no counts of months": "DROP TABLE monthly_counts",
    "a missing index": "DROP INDEX articles_section",
    "a missing view": "DROP VIEW revision_texts",
    "an earlier text": "UPDATE revisions SET body = NULL WHERE body IS NOT NULL",
    "a changed earlier text": "UPDATE revisions SET body = body || 'x' WHERE body IS NOT NULL",
    "a wrong number of wordings": f"UPDATE articles SET revisions = 3 WHERE id = {FIFTH}",
    "a revision of nothing": (
        "INSERT INTO revisions (id, article_id, number, cause, seen_at, page_id, cleaned_with, content_hash) "
        "VALUES (900, 17, 1, 'first', '2026-03-10T07:00:00Z', 3, '1', 'x')"
    ),
    "links of nothing": "INSERT INTO links VALUES (17, 0, 'inline', 'https://a.example/', 'a.example', '')",
    "fingerprints": f"DELETE FROM article_fingerprints WHERE article_id = {FIFTH}",
    "fingerprints of another text": (
        "UPDATE article_fingerprints SET hashes = x'000000000001' || substr(hashes, 7) "
        f"WHERE article_id = {FIFTH}"
    ),
    "fingerprints that lead nowhere": "DELETE FROM fingerprints",
    "half a pair": "DELETE FROM copies WHERE article_id < other_id",
    "a search row": (
        "INSERT INTO articles_fts (articles_fts, rowid, title, lead, body) SELECT 'delete', id, title, lead, "
        f"body FROM articles WHERE id = {FIFTH}"
    ),
    "the search index": "DROP TABLE articles_fts",
    "the words of the search index": "DELETE FROM articles_fts_data WHERE id > 10",
    "a part of the search index": "DROP TABLE articles_fts_docsize",
}


NEW_PAIRS = {"fingerprints", "fingerprints of another text", "fingerprints that lead nowhere", "half a pair"}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_was_damaged_is_as_it_was_before(shelf: Library, damage: str) -> None:
    before = everything(shelf)
    with tampering(shelf.folder.news) as db:
        db.execute(DAMAGES[damage])
    assert run(shelf, "--full").exit_code == 6
    result = repair(shelf)
    assert result.exit_code == 0, result.output
    assert "repair: " in result.stdout or "search index" in result.stdout
    assert result.stdout.splitlines()[-1] == "0 lost, 0 double, 0 damaged"
    after = everything(shelf)
    if damage in NEW_PAIRS:  # which of many copies are paired depends on the order they came in
        del after["copies"], before["copies"]
    assert after == before


def test_a_sound_archive_is_left_as_it_is(shelf: Library) -> None:
    before = everything(shelf)
    result = repair(shelf)
    assert result.exit_code == 0, result.output
    assert "repair:" not in result.stdout
    assert everything(shelf) == before
    assert not list(shelf.folder.logs.glob("repair-*"))


@pytest.mark.parametrize("trace", ["everything of it", "its wordings", "its address"])
def test_a_lost_article_is_read_again_under_the_id_it_had(shelf: Library, trace: str) -> None:
    before = everything(shelf)
    ((lost,),) = shelf.rows("SELECT id FROM articles WHERE url LIKE '%/a/1'")
    with tampering(shelf.folder.news) as db:
        db.execute("DELETE FROM articles WHERE id = ?", [lost])
        if trace != "its wordings":
            db.execute("DELETE FROM revisions WHERE article_id = ?", [lost])
        if trace == "its wordings":
            db.execute("UPDATE addresses SET article_id = NULL WHERE article_id = ?", [lost])
    result = repair(shelf)
    assert result.exit_code == 0, result.output
    assert rows(shelf, "links") == before["links"]
    after = shelf.rows("SELECT id, title, body, revisions, page_id FROM articles ORDER BY id")
    assert (lost, 2) in [(row[0], row[3]) for row in after]
    assert [row[2] for row in after] == [
        row[9] for row in sorted(before["articles"])
    ]  # the tenth column is the body
    with Archive(shelf.folder) as archive:
        texts = archive.news.conn.execute(
            "SELECT body FROM revision_texts WHERE article_id = ? ORDER BY number", [lost]
        ).fetchall()
    assert "в четверг" in texts[0][0]
    assert "в пятницу" in texts[1][0]


def test_a_damaged_text_whose_page_reads_otherwise_now_is_replaced_and_kept(shelf: Library) -> None:
    with tampering(shelf.folder.news) as db:
        db.execute(
            f"UPDATE articles SET body = 'Повреждено. ' || body, content_hash = 'x' WHERE id = {FIFTH}"
        )
    result = repair(shelf)
    assert result.exit_code == 0, result.output
    told = shelf.rows(f"SELECT number, cause, body LIKE 'Повреждено.%' FROM revision_texts "
                      f"WHERE article_id = {FIFTH} ORDER BY number")  # fmt: skip
    assert told == [(1, "first", 1), (2, "recleaned", 0)]
    ((problems,),) = shelf.rows(f"SELECT problems FROM articles WHERE id = {FIFTH}")
    assert "text_was_damaged" in problems
    assert any(row["table"] == "articles" and "Повреждено" in row["row"]["body"] for row in set_aside(shelf))


def test_what_is_taken_out_is_written_down_first(shelf: Library) -> None:
    with tampering(shelf.folder.news) as db:
        db.execute("INSERT INTO links VALUES (17, 0, 'inline', 'https://a.example/', 'a.example', 'слово')")
    result = repair(shelf)
    assert result.exit_code == 0
    (row,) = set_aside(shelf)
    assert row["table"] == "links"
    assert row["row"]["text"] == "слово"
    assert "what was overwritten is in " in result.stdout


def test_a_damaged_page_is_asked_again_and_whole_when_it_arrives(shelf: Library) -> None:
    ((url,),) = shelf.rows(f"SELECT requested_url FROM articles WHERE id = {FIFTH}")
    with Archive(shelf.folder) as archive:
        page = next(archive.pages.pages("p.requested_url = ?", [url]))
    before = everything(shelf)
    with tampering(shelf.folder.pages) as db:
        digest = db.execute("SELECT body_sha256 FROM pages WHERE requested_url = ?", [url]).fetchone()[0]
        db.execute("UPDATE bodies SET zstd = substr(zstd, 1, length(zstd) - 4) WHERE sha256 = ?", [digest])
    result = repair(shelf)
    assert result.exit_code == 6
    assert "1 cannot be restored: on the list for the next crawl" in result.stdout
    assert result.stdout.splitlines()[-1] == "0 lost, 0 double, 1 damaged"
    assert "left to do: crawl" in result.stderr
    assert shelf.rows("SELECT url, why FROM frontier") == [(url, "revisit")]
    assert rows(shelf, "articles") == before["articles"]
    with Archive(shelf.folder) as archive:  # the next crawl gets the same bytes
        again = Page(url, url, page.source, LATER, 200, page.headers, page.body)
        archive.pages.keep(again, kind="article")
    assert run(shelf, "--full").exit_code == 0


def test_a_damaged_page_that_a_dictionary_is_made_of_is_restored(library: Library) -> None:
    shelf = library
    shelf.keep({"/a/0": page_html(0) + "<!-- " + "ширина " * 400 + "-->", "/a/1": page_html(1)})
    with Archive(shelf.folder) as archive:
        first = archive.pages.page(1)
    with tampering(shelf.folder.pages) as db:
        db.execute(
            "UPDATE bodies SET zstd = x'00' WHERE sha256 = (SELECT body_sha256 FROM pages WHERE id = 1)"
        )
    result = repair(shelf)
    assert result.exit_code == 0, result.output
    assert "raw pages: 1 restored, proved by their SHA-256" in result.stdout
    with Archive(shelf.folder) as archive:
        assert archive.pages.page(1) == first


@pytest.mark.parametrize("column", ["bodies.zstd", "dictionaries.body"])
def test_a_flipped_bit_of_a_raw_page_or_of_a_dictionary_is_flipped_back(
    library: Library, column: str
) -> None:
    wide = "".join(f"<!-- ширина {n * n} -->" for n in range(60))
    library.keep({f"/a/{n}": page_html(n) + wide for n in range(3)})
    with Archive(library.folder) as archive:
        before = list(archive.pages.pages("1", []))
    table, name = column.split(".")
    with tampering(library.folder.pages) as db:
        key = "sha256" if table == "bodies" else "id"
        rowid, kept = db.execute(f"SELECT {key}, {name} FROM {table} ORDER BY length({name}) DESC").fetchone()
        flipped = bytearray(kept)
        flipped[len(kept) // 2] ^= 8
        db.execute(f"UPDATE {table} SET {name} = ? WHERE {key} = ?", [flipped, rowid])
    assert run(library, "--full").exit_code == 6
    result = repair(library)
    assert result.exit_code == 0, result.output
    with Archive(library.folder) as archive:
        assert list(archive.pages.pages("1", [])) == before


def test_a_missing_file_of_pages_is_made_and_every_page_asked_again(shelf: Library) -> None:
    shelf.folder.pages.unlink()
    result = repair(shelf)
    assert result.exit_code == 6
    assert "an empty one was made" in result.stdout
    assert shelf.rows("SELECT count(*) FROM frontier WHERE why = 'revisit'") == [(12,)]


BROKEN = {
    "news": ("articles_section", "articles_published_at", "daily_counts"),
    "pages": ("pages_source", "pages_url_hash"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_flipped_bits_all_over_a_file_leave_what_can_still_be_read(library: Library, name: str) -> None:
    library.keep(made_pages(60))
    before = everything(library)
    path = getattr(library.folder, name)
    with closing(sqlite3.connect(path)) as db:
        pages = dict(db.execute("SELECT name, rootpage FROM sqlite_master").fetchall())
    wanted = [pages[one] for one in BROKEN[name]]
    data = bytearray(path.read_bytes())
    for number in wanted:
        data[(number - 1) * 4096 : (number - 1) * 4096 + 40] = bytes(range(7, 47))
    path.write_bytes(data)
    assert run(library, "--full").exit_code == 6
    result = repair(library)
    assert result.exit_code == 0, result.output
    assert "rows read into a new file" in result.stdout
    after = everything(library)
    assert after == before
    (damaged,) = library.folder.path.glob(f"{name}.db.damaged-*")
    assert damaged.read_bytes() == bytes(data), "the damaged file is kept as it was"


def test_a_table_with_a_damaged_page_is_read_around_it_and_the_lost_articles_from_theirs(
    library: Library,
) -> None:
    library.keep(made_pages(60))
    before = everything(library)
    path = library.folder.news
    leaves = leaves_of(path, "articles")
    data = bytearray(path.read_bytes())
    for number in (leaves[2], leaves[6]):
        data[(number - 1) * 4096 : (number - 1) * 4096 + 8] = b"\x00" * 8
    path.write_bytes(data)
    result = repair(library)
    assert result.exit_code == 0, result.output
    after = everything(library)
    assert [row[9] for row in after["articles"]] == [row[9] for row in before["articles"]]
    assert [row[0] for row in after["articles"]] == [row[0] for row in before["articles"]]
    for table in ("links", "revisions", "daily_counts", "fingerprints"):
        assert after[table] == before[table], table


def leaves_of(path: Any, table: str) -> list[int]:
    """The leaf pages of a table, in the order of its rows: children of its root page."""
    data = path.read_bytes()
    with closing(sqlite3.connect(path)) as db:
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
    page = data[(root - 1) * 4096 : root * 4096]
    assert page[0] == 5, "a table of one page has no leaves"
    cells = [int.from_bytes(page[12 + 2 * n : 14 + 2 * n], "big") for n in range(page[3] * 256 + page[4])]
    return [int.from_bytes(page[cell : cell + 4], "big") for cell in cells]


def test_a_file_cut_short_gives_what_it_still_has(library: Library) -> None:
    library.keep(made_pages(60))
    before = everything(library)
    path = library.folder.news
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - 5 * 4096])
    result = repair(library)
    assert "rows read into a new file" in result.stdout
    assert result.exit_code == 0, result.output
    assert [row[9] for row in rows(library, "articles")] == [row[9] for row in before["articles"]]


def test_an_index_that_misses_a_row_is_made_again(shelf: Library) -> None:
    before = everything(shelf)
    with closing(sqlite3.connect(shelf.folder.news)) as db:
        db.execute("DROP INDEX articles_language")
        db.execute("CREATE INDEX articles_language ON articles (language) WHERE url NOT LIKE '%/5'")
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = 'CREATE INDEX articles_language ON articles (language)' "
                   "WHERE name = 'articles_language'")  # fmt: skip
        db.commit()
    result = repair(shelf)
    assert result.exit_code == 0, result.output
    assert "indexes made again from their tables" in result.stdout
    assert everything(shelf) == before


def test_a_table_another_program_changed_is_left_and_said(shelf: Library) -> None:
    with closing(sqlite3.connect(shelf.folder.news)) as db, db:
        db.execute("ALTER TABLE articles ADD COLUMN stars INTEGER")
    result = repair(shelf)
    assert result.exit_code == 6
    assert "table articles; another program changed them" in result.stdout


def test_while_a_crawl_holds_the_archive_nothing_is_repaired(shelf: Library) -> None:
    with FileLock(shelf.folder.lock, is_singleton=False):
        result = repair(shelf)
    assert isinstance(result.exception, ArchiveBusy)


def test_no_archive_is_made_where_none_is(library: Library) -> None:
    assert "no archive here" in str(repair(library).exception)
    assert not library.folder.path.exists()


def test_a_repair_that_is_killed_again_and_again_ends_as_if_it_had_not_been(library: Library) -> None:
    library.keep({path: with_link(html) for path, html in made_pages(60).items()})
    before = everything(library)
    with tampering(library.folder.news) as db:
        db.execute("UPDATE articles SET body = replace(body, 'берегов', 'бересов') WHERE id % 2")
        db.execute("DELETE FROM articles WHERE id % 5 = 0")
        db.execute("DELETE FROM revisions WHERE article_id % 3 = 0")
        db.execute("DROP TABLE links")
        db.execute("DELETE FROM daily_counts")
    command = [sys.executable, "-m", "crawler", "audit", "--repair", "--profile", str(library.profile)]
    command += ["--archive", str(library.folder.path)]
    for seconds in (1.2, 1.8, 2.4):
        running = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(seconds)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    result = repair(library)
    assert result.exit_code == 0, result.output
    after = everything(library)
    for table in ("articles", "links", "daily_counts", "fingerprints", "article_fingerprints"):
        assert [row[:10] for row in after[table]] == [row[:10] for row in before[table]], table
    assert [row[1:4] for row in after["revisions"]] == [row[1:4] for row in before["revisions"]]


@pytest.mark.parametrize("compared", [0, 5])
def test_what_a_killed_repair_left_to_compare_is_compared_by_the_next(
    shelf: Library, compared: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(shelf)
    with tampering(shelf.folder.news) as db:
        db.execute("DELETE FROM fingerprints")
    fill, fills = CopyStore.fill, []

    def killed(store: CopyStore) -> int:
        fills.append(1)
        if len(fills) > 1 or not compared:
            raise SystemExit(137)
        return fill(store, compared)

    monkeypatch.setattr(CopyStore, "fill", killed)
    assert repair(shelf).exit_code == 137
    monkeypatch.undo()
    assert shelf.rows("SELECT count(*) FROM uncompared") == [(12 - compared,)]
    assert run(shelf, "--full").exit_code == 0, "to wait is no fault"

    result = repair(shelf)

    assert result.exit_code == 0, result.output
    assert f"articles that waited to be compared: {12 - compared}" in result.stdout
    after = everything(shelf)
    for table in ("article_fingerprints", "fingerprints"):
        assert after[table] == before[table], table
    assert shelf.rows("SELECT count(*) FROM uncompared") == [(0,)]


def test_an_archive_of_an_earlier_version_is_looked_at_as_it_is(library: Library) -> None:
    library.keep(made_pages(2))
    with tampering(library.folder.news) as db:
        for table in ("missing", "no_articles", "recleanings"):
            db.execute(f"DROP TABLE {table}")
        db.execute("DROP INDEX revisions_seen_at")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm015_rereading'")
    result = run(library, "--full")
    assert result.exit_code == 0, result.output
    assert "news.db: steps of the schema not taken yet: 1 m015_rereading" in result.stdout

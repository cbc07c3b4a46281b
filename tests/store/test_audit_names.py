"""Each damage is named by the check it belongs to, and by no other; a sound archive by none."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from archive.errors import ArchiveError
from archive.health.audit import audit_archive
from archive.identity import content_hash
from archive.records import Link, Outcome
from archive.store.archive import Archive
from tests.tampering import tampering

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
SOURCE = "steppe_news"
SITE = "https://steppe.example"
FIFTH = "(SELECT id FROM articles WHERE url LIKE '%/5')"


@pytest.fixture
def sound(desk):
    """Twelve articles with links and pictures, three of them reworded, one gone."""
    links = tuple(Link(f"{SITE}/{n}", f"Ещё {n}", "related") for n in range(3))
    for n in range(12):
        desk.keep(f"/{n}", html=f"<p>страница {n}</p>".encode() * 200, section="Город", links=links)
    for n in range(3):
        desk.keep(f"/{n}", at=NOON + timedelta(hours=1), body=f"Новое слово {n}. " * 5, links=links)
    desk.archive.settle(desk.run, SOURCE, desk.visit("/11", status=410), Outcome.GONE)
    desk.archive.close()
    return desk.folder


def named(folder) -> set[str]:
    """The checks that found a fault, in a full audit."""
    return {finding.check for finding in audit_archive(folder, full=True) if finding.is_fault}


def test_a_sound_archive_is_named_by_no_check(sound):
    assert named(sound) == set()


NEWS = {
    "links without an article": (
        "INSERT INTO links VALUES (17, 0, 'inline', 'https://a.example/', 'a.example', '')",
        "every revision, link and picture has its article",
    ),
    "a picture without an article": (
        "INSERT INTO images (article_id, position, role, url) VALUES (17, 0, 'lead', 'https://a.example/1')",
        "every revision, link and picture has its article",
    ),
    "a revision without an article": (
        (
            "INSERT INTO revisions (article_id, number, cause, seen_at, page_id, cleaned_with, content_hash) "
            "VALUES (17, 1, 'first', '2026-03-10T07:00:00Z', 1, '1', 'x')"
        ),
        "every revision, link and picture has its article",
    ),
    "a link missing between others": (
        f"DELETE FROM links WHERE position = 1 AND article_id = {FIFTH}",
        "no link or picture is missing between others",
    ),
    "a link's key that is another's": (
        f"UPDATE links SET url_key = 'other.example/1' WHERE position = 2 AND article_id = {FIFTH}",
        "links lead where they say",
    ),
    "an article without revision": (
        f"DELETE FROM revisions WHERE article_id = {FIFTH}; UPDATE fetches SET outcome = 'unchanged'",
        "every wording has its revision",
    ),
    "an earlier text changed": (
        "UPDATE revisions SET body = body || ' и ещё' WHERE body IS NOT NULL",
        "earlier texts are as they were kept",
    ),
    "an earlier text gone": (
        "UPDATE revisions SET body = NULL WHERE body IS NOT NULL",
        "every revision has its text",
    ),
    "a page of another address": (
        f"UPDATE articles SET page_id = 4 WHERE id = {FIFTH}",
        "articles have the page of their own address",
    ),
    "a page of another source": (
        (
            f"UPDATE articles SET source = 'other' WHERE id = {FIFTH}; INSERT INTO sources SELECT 'other', "
            "name, home, languages, timezone, region, NULL, NULL FROM sources; UPDATE daily_counts SET "
            "articles = articles - 1; INSERT INTO daily_counts SELECT day, 'other', section, language, 1 "
            "FROM daily_counts; DELETE FROM monthly_counts; INSERT INTO monthly_counts SELECT source, "
            "substr(day, 1, 7), section, language, sum(articles) FROM daily_counts GROUP BY 1, 2, 3, 4"
        ),
        "articles have the page of their own address",
    ),
    "an address of no article": (
        "UPDATE addresses SET article_id = 17 WHERE url LIKE '%/11'",
        "every article an address led to is there",
    ),
    "a wrong count": (
        "UPDATE daily_counts SET articles = articles + 1",
        "counts by day and month are true",
    ),
    "letters that are none": (
        f"UPDATE articles SET body_html = CAST(x'3c703ed0ff3c2f703e' AS TEXT) WHERE id = {FIFTH}",
        "letters are letters",
    ),
    "an unreadable list": (f"UPDATE articles SET authors = '[' WHERE id = {FIFTH}", "lists can be read"),
    "a changed letter": (
        f"UPDATE articles SET body = replace(body, 'Второй абзац', 'Второй абзаю') WHERE id = {FIFTH}",
        "texts are as they were kept",
    ),
    "a search row of nothing": (
        "INSERT INTO articles_fts (rowid, title) VALUES (5, 'слово')",
        "every article is in the search index",
    ),
    "a search index of other rules": (
        "UPDATE search_indexes SET analysis = 'x'",
        "every article is in the search index",
    ),
    "a missing index": ("DROP INDEX articles_section", "news.db: tables, indexes and triggers are there"),
    "a changed index": (
        "DROP INDEX links_url_key; CREATE INDEX links_url_key ON links (url)",
        "news.db: indexes and triggers are as we make them",
    ),
    "a changed table": (
        "ALTER TABLE articles ADD COLUMN stars INTEGER",
        "news.db: tables are as we make them",
    ),
    "a missing table": ("DROP TABLE images", "news.db: tables, indexes and triggers are there"),
    "a missing table of addresses": (
        "DROP TABLE addresses",
        "news.db: tables, indexes and triggers are there",
    ),
    "a missing search index": ("DROP TABLE articles_fts", "every article is in the search index"),
}


@pytest.mark.parametrize("damage", NEWS)
def test_each_damage_of_news_is_named_by_its_own_check(sound, damage):
    statements, check = NEWS[damage]
    with tampering(sound.news) as db:
        for statement in statements.split("; "):
            db.execute(statement)
    assert named(sound) == {check}


def test_a_missing_trigger_is_named(sound):
    with closing(sqlite3.connect(sound.news)) as db:
        db.execute("DROP TRIGGER articles_count_insert")
    assert named(sound) == {"news.db: tables, indexes and triggers are there"}


def test_a_change_by_another_program_waits_for_the_search_index_and_is_no_fault_of_it(sound):
    with closing(sqlite3.connect(sound.news)) as db, db:
        db.execute(f"UPDATE articles SET lead = NULL WHERE id = {FIFTH}")
    findings = list(audit_archive(sound, full=True))
    notes = {one.check: one.faults for one in findings if one.kind == "note" and one.faults}
    assert notes["changes the search index does not know yet"] == 1
    assert named(sound) == {"texts are as they were kept", "words of the search index"} & named(sound)


def test_what_is_not_of_our_making_is_a_note(sound):
    with closing(sqlite3.connect(sound.news)) as db, db:
        db.execute("CREATE VIEW mine AS SELECT title FROM articles")
    notes = {one.check: one.detail for one in audit_archive(sound) if one.kind == "note" and one.faults}
    assert notes["news.db: not of Muragat's making"] == "view mine"
    assert named(sound) == set()


def test_an_index_that_does_not_fit_its_table_is_named(sound):
    with closing(sqlite3.connect(sound.news)) as db:
        # The index is made to look like one that lacks a row: its own condition is left out behind its back.
        db.execute("DROP INDEX articles_language")
        db.execute("CREATE INDEX articles_language ON articles (language) WHERE url NOT LIKE '%/5'")
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = 'CREATE INDEX articles_language ON articles (language)' "
                   "WHERE name = 'articles_language'")  # fmt: skip
        db.commit()
    assert named(sound) == {"news.db: indexes fit their tables"}


@pytest.mark.parametrize("name", ["news", "pages"])
def test_a_file_cut_short_is_named(sound, name):
    path = getattr(sound, name)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - 3 * 4096])
    assert named(sound) == {f"{path.name} is not cut short"}


def test_a_flipped_bit_in_a_body_of_pages_is_named(sound):
    with closing(sqlite3.connect(sound.pages)) as db, db:
        body = bytearray(db.execute("SELECT zstd FROM bodies LIMIT 1").fetchone()[0])
        body[-5] ^= 16
        db.execute("UPDATE bodies SET zstd = ? WHERE sha256 = (SELECT sha256 FROM bodies LIMIT 1)", [body])
    assert named(sound) == {"pages unpack to what was received"}


def test_an_older_file_of_pages_is_said_to_be_older(sound):
    with closing(sqlite3.connect(sound.pages)) as db, db:
        db.execute("DELETE FROM pages WHERE id > 13")
    (finding,) = [one for one in audit_archive(sound, full=True) if one.is_fault]
    assert finding.check == "every page that was read is kept"
    assert "pages.db ends at page 13: it is older than news.db" in finding.detail


def test_runs_without_an_end_are_a_note(sound):
    notes = {one.check: one.detail for one in audit_archive(sound) if one.kind == "note" and one.faults}
    assert "going on or killed; last heard of at 2026-03-10T" in notes["runs without an end"]


@pytest.mark.parametrize("lost", ["news", "pages"])
def test_a_lost_write_ahead_log_is_said_as_far_as_it_can_be(desk, tmp_path, lost):
    desk.archive.news.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    desk.archive.pages.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for n in range(3):
        desk.keep(f"/{n}")
    copy = type(desk.folder)(tmp_path / "copy")
    copy.make()
    for file in desk.folder.path.glob("*.db*"):
        if file.name != f"{lost}.db-wal" and not file.name.endswith("-shm"):
            shutil.copy(file, copy.path)
    findings = {one.check: one for one in audit_archive(copy, full=True) if one.faults}
    if lost == "news":
        assert not [one for one in findings.values() if one.is_fault]
        assert findings["pages waiting to be read"].faults == 3
    else:
        assert "older than news.db" in findings["every page that was read is kept"].detail


@pytest.mark.parametrize("name", ["news", "pages"])
def test_a_bit_flipped_anywhere_is_found_unless_every_text_and_page_is_as_it_was(sound, tmp_path, name):
    """And it never ends an audit with anything but a finding or a clear error."""
    before, chance, found = contents(sound), random.Random(name), 0
    data = getattr(sound, name).read_bytes()
    # Where nothing is written nothing can be lost: most of so small a file is room for more.
    written = [place for place, byte in enumerate(data) if byte and place >= 100]
    for number in range(60):
        copy = type(sound)(tmp_path / str(number))
        shutil.copytree(sound.path, copy.path)
        flipped = bytearray(data)
        flipped[chance.choice(written)] ^= 1 << chance.randrange(8)
        getattr(copy, name).write_bytes(flipped)
        try:
            is_found = bool(named(copy))
        except ArchiveError:
            is_found = True  # the file cannot even be opened
        found += is_found
        assert is_found or contents(copy) == before
    assert found >= 3


def contents(folder) -> tuple[list[str], list[str], list[tuple[bytes, ...]]]:
    """What texts say now and said before, and the bytes of every page."""
    with Archive(folder) as archive:
        texts = archive.news.conn.execute("SELECT title, lead, body FROM articles ORDER BY id").fetchall()
        earlier = archive.news.conn.execute("SELECT body FROM revisions ORDER BY id").fetchall()
        pages = [(page.body,) for page in archive.pages.pages("1", [])]
    return (
        [content_hash(*row) for row in texts],
        [content_hash(None, None, b or "") for (b,) in earlier],
        pages,
    )

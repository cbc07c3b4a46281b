"""Opening the files of an archive: what is none is refused, and one schema comes out."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.errors import ArchiveError, NotAnArchive, StorageFull
from archive.raw.migrations import migrations as page_migrations
from archive.store.archive import Archive
from archive.store.connection import APPLICATION_ID, open_to_read, open_to_write, snapshot, transaction
from archive.store.folder import ArchiveFolder, archive_folder
from archive.store.migrations import migrations as news_migrations

SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
BOTH = pytest.mark.parametrize("migrations", [news_migrations, page_migrations], ids=["news", "pages"])


@BOTH
def test_fault_49_each_migration_in_turn_ends_in_the_fresh_schema(tmp_path, migrations):
    with closing(open_to_write(tmp_path / "fresh.db", migrations)) as db:
        fresh = db.conn.execute(SCHEMA).fetchall()
        assert db.conn.execute("PRAGMA foreign_key_check").fetchall() == []
    names = [migration.name for migration in migrations._migrations]
    for name in names[1:]:
        path = tmp_path / f"before_{name}.db"
        with closing(sqlite3.connect(path)) as old:
            migrations.apply(Database(old), stop_before=name)
            old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        with closing(open_to_write(path, migrations)) as db:
            assert db.conn.execute(SCHEMA).fetchall() == fresh
    with closing(open_to_write(tmp_path / "fresh.db", migrations)) as db:
        assert db.conn.execute(SCHEMA).fetchall() == fresh, "opening again changes nothing"


@BOTH
def test_fault_49_a_file_of_a_newer_version_is_refused_and_left_alone(tmp_path, migrations):
    path = tmp_path / "some.db"
    open_to_write(path, migrations).close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, 'm999_future', '')",
            [migrations.name],
        )
    before = path.read_bytes()
    with pytest.raises(NotAnArchive, match=r"newer version.*m999_future.*upgrade"):
        open_to_write(path, migrations)
    assert path.read_bytes() == before


def opened_both_ways(path: Path) -> Iterator[str]:
    for open_file in (lambda: open_to_write(path, news_migrations), lambda: open_to_read(path)):
        with pytest.raises(NotAnArchive) as caught:
            open_file()
        yield str(caught.value)


def test_fault_49_a_text_file_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "news.db"
    path.write_text("Это не база данных, а заметки. " * 100)
    before = path.read_bytes()
    for said in opened_both_ways(path):
        assert str(path) in said
        assert "no readable database" in said
    assert path.read_bytes() == before


def test_fault_49_the_database_of_another_program_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "news.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    for said in opened_both_ways(path):
        assert "no Muragat archive" in said
    assert path.read_bytes() == before


def test_reading_needs_an_archive_that_is_there(tmp_path):
    with pytest.raises(NotAnArchive, match="no archive here"):
        open_to_read(tmp_path / "news.db")
    (tmp_path / "news.db").touch()
    with pytest.raises(NotAnArchive, match="empty file"):
        open_to_read(tmp_path / "news.db")
    assert (tmp_path / "news.db").stat().st_size == 0


def test_a_file_in_the_place_of_a_folder_is_told_as_one(tmp_path):
    for name, meant in (("README.md", "another"), ("news.db", tmp_path)):
        (tmp_path / name).touch()
        with pytest.raises(NotAnArchive, match=f"{name}: a file, but an archive is a folder; name {meant}"):
            open_to_read(ArchiveFolder(tmp_path / name).news)


def test_a_reader_cannot_write(desk):
    with (
        closing(open_to_read(desk.folder.news)) as db,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        db.conn.execute("DELETE FROM sources")


def test_an_archive_whose_pages_are_no_database_is_refused_and_nothing_stays_open(tmp_path):
    folder = ArchiveFolder(tmp_path)
    folder.pages.write_text("x" * 5000)
    with pytest.raises(NotAnArchive, match=r"pages\.db"):
        Archive(folder)


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "a").write_text("")
    with pytest.raises(NotAnArchive, match="a file, but an archive is a folder"):
        Archive(ArchiveFolder(tmp_path / "a"))


def test_the_folder_is_the_one_named_then_the_environments_then_here(monkeypatch):
    monkeypatch.delenv("MURAGAT_ARCHIVE", raising=False)
    assert archive_folder().path == Path("muragat-archive")
    monkeypatch.setenv("MURAGAT_ARCHIVE", "/data/news")
    assert archive_folder().path == Path("/data/news")
    assert archive_folder("mine").path == Path("mine")


def test_a_transaction_that_cannot_commit_leaves_no_trace_and_the_next_one_works(desk):
    news = desk.archive.news

    def write_a_link_to_nothing():
        with transaction(news, desk.folder.news):
            news.conn.execute("PRAGMA defer_foreign_keys = ON")  # so that only the commit notices
            news.conn.execute("INSERT INTO links VALUES (1, 0, 'inline', 'u', NULL, 't')")

    with pytest.raises(ArchiveError):
        write_a_link_to_nothing()
    assert not news.conn.in_transaction
    desk.keep("/a")
    with closing(open_to_read(desk.folder.news)) as other:
        assert other.conn.execute("SELECT count(*) FROM articles").fetchone() == (1,)


def test_an_interrupted_transaction_is_undone(desk):
    def interrupted():
        with transaction(desk.archive.news, desk.folder.news):
            desk.keep("/a")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert desk.value("SELECT count(*) FROM articles") == 0


def test_a_snapshot_does_not_see_what_is_written_meanwhile(desk):
    desk.keep("/a")
    count = "SELECT count(*) FROM articles"
    with closing(open_to_read(desk.folder.news)) as reader:
        with snapshot(reader, desk.folder.news):
            assert reader.conn.execute(count).fetchone() == (1,)
            desk.keep("/b")
            assert reader.conn.execute(count).fetchone() == (1,)
        assert reader.conn.execute(count).fetchone() == (2,)


def test_a_full_disk_is_said_to_be_full_and_what_was_kept_stays(desk):
    desk.keep("/a")
    (pages,) = desk.archive.news.conn.execute("PRAGMA page_count").fetchone()
    desk.archive.news.conn.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFull, match=r"news\.db: cannot be written .*full.*make room"):
        desk.keep("/b", body="слово " * 50_000)
    desk.archive.news.conn.execute("PRAGMA max_page_count = 1000000")
    assert desk.value("SELECT count(*) FROM articles") == 1
    desk.keep("/b", body="слово " * 50_000)


@pytest.fixture
def stranger() -> Iterator[Path]:
    """A folder that whoever runs the test may read but not write, also when that is root."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    yield place
    os.seteuid(os.getuid())
    place.chmod(0o755)
    shutil.rmtree(place)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs POSIX users")
def test_an_archive_in_a_folder_that_cannot_be_written_can_be_read(stranger):
    with Archive(ArchiveFolder(stranger / "a")) as archive:
        archive.sources.save("s", name="S", home="h", languages=[], timezone="UTC", region=None)
    folder = ArchiveFolder(stranger / "a")
    assert not folder.news.with_name("news.db-wal").exists()
    for path in (folder.path, folder.news):
        path.chmod(0o555 if path.is_dir() else 0o444)
    if os.getuid() == 0:
        os.seteuid(65534)
    try:
        with closing(open_to_read(folder.news)) as db:
            assert db.conn.execute("SELECT id FROM sources").fetchall() == [("s",)]
    finally:
        os.seteuid(os.getuid())
        folder.path.chmod(0o755)


def test_a_file_whose_making_was_cut_short_is_made_to_its_end(tmp_path):
    path = tmp_path / "news.db"
    with closing(sqlite3.connect(path)) as half:
        news_migrations.ensure_migrations_table(Database(half))
        half.commit()
    with closing(open_to_write(path, news_migrations)) as db:
        assert "articles" in db.table_names()

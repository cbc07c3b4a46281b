"""A snapshot: whole or not there, without what is the operator's own, seen by who serves the earlier one."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli import publish as publish_command
from archive.errors import NotAnArchive, StorageFull
from archive.publishing import snapshots
from archive.publishing.snapshots import PRIVATE, publish
from archive.site.serving import snapshot_file
from archive.site.snapshots import LOOK_SECONDS, NewestSnapshot, inspected, is_snapshot
from archive.site.sql_guard import guard
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from archive.takedown.taking import take_down, target_of

INSERT = (
    "INSERT INTO articles (id, source, url, requested_url, url_key, title, body, body_html, authors, "
    "breadcrumbs, tags, access, article_type, is_article, evidence, problems, cleaned_with, content_hash, "
    "page_id, revisions, first_seen_at, last_seen_at, published_date) VALUES (?1, 'steppe', ?2, ?2, ?2, ?2, "
    "'', '', '[]', '[]', '[]', 'free', 'article', 1, '{}', '[]', '1', '', 1, 1, '', '', '2026-03-10')"
)
ALARM = (
    "INSERT INTO alarms_told (source, channel, state, told_at) "
    "VALUES ('steppe', 'me@x.example', 'silent', '')"
)
BROWSE = (
    "import sys; from crawler.cli import main; "
    "sys.argv = ['muragat', 'browse', '--no-open', '--port', '0', '--snapshot', sys.argv[1]]; main()"
)


@pytest.fixture
def folder(tmp_path: Path) -> ArchiveFolder:
    """An archive of one article, with something in each table that is the operator's own."""
    folder = ArchiveFolder(tmp_path / "archive")
    with Archive(folder) as archive:
        archive.sources.save(
            "steppe", name="Степь", home="h", languages=["ru"], timezone="Asia/Almaty", region="KZ"
        )
        archive.news.conn.execute(INSERT, [1000, "Мост открыт"])
        archive.news.conn.execute(ALARM)
        archive.news.conn.commit()
    return folder


def titled(folder: ArchiveFolder, number: int, title: str) -> None:
    """Add an article."""
    with Archive(folder) as archive:
        archive.news.conn.execute(INSERT, [number, title])
        archive.news.conn.commit()


def test_it_holds_the_articles_and_nothing_of_the_operator(folder: ArchiveFolder, tmp_path: Path) -> None:
    target = tmp_path / "public" / "news.db"
    held = publish(folder.news, target)
    assert (held.articles, held.sources, held.first_day, held.last_day) == (1, 1, "2026-03-10", "2026-03-10")
    assert held.bytes == target.stat().st_size
    assert [path.name for path in target.parent.iterdir()] == ["news.db"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o444
    with closing(sqlite3.connect(f"{target.as_uri()}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        for table in PRIVATE:
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert b"me@x.example" not in target.read_bytes()


def test_it_says_that_addresses_taken_down_can_be_confirmed_where_there_are_any(
    folder: ArchiveFolder, tmp_path: Path
) -> None:
    command = ["--snapshot", str(tmp_path / "news.db"), "--archive", str(folder.path)]
    assert "hashes" not in CliRunner().invoke(publish_command, command).output
    with Archive(folder) as archive:
        take_down(archive, target_of(archive, "https://steppe.example/1"), reason="", asked_by="")
    said = CliRunner().invoke(publish_command, command).output
    assert "with the hashes of 1 address taken down: who guesses one can confirm it" in said


def test_a_living_archive_is_no_snapshot_and_is_never_replaced_by_one(
    folder: ArchiveFolder, tmp_path: Path
) -> None:
    other = ArchiveFolder(tmp_path / "other")
    with Archive(other):
        pass
    before = other.news.read_bytes()
    for target, why in ((folder.news, "the archive itself"), (other.news, "that is no snapshot")):
        with pytest.raises(NotAnArchive, match=f"{why}.*; name another file"):
            publish(folder.news, target)
    assert other.news.read_bytes() == before
    assert not is_snapshot(folder.news)
    with pytest.raises(NotAnArchive, match="no snapshot, but an archive that is written to"):
        snapshot_file(folder.path)
    with pytest.raises(NotAnArchive, match="no snapshot; make one with"):
        snapshot_file(tmp_path / "none")
    (tmp_path / "letter.txt").write_text("no database")
    with pytest.raises(NotAnArchive, match=r"letter\.txt: no file of Muragat's; name one that"):
        snapshot_file(tmp_path / "letter.txt")
    with pytest.raises(NotAnArchive):
        publish(folder.news, tmp_path / "letter.txt")
    assert (tmp_path / "letter.txt").read_text() == "no database"


def test_a_failure_leaves_the_earlier_snapshot_and_no_rubbish(
    folder: ArchiveFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "news.db"
    publish(folder.news, target)
    before = target.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshots.os, "replace", full)
    with pytest.raises(StorageFull, match="No space left"):
        publish(folder.news, target)
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.glob("news.db*")] == ["news.db"]


def test_a_damaged_archive_is_not_published(folder: ArchiveFolder, tmp_path: Path) -> None:
    with closing(sqlite3.connect(folder.news)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'articles_section'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with folder.news.open("rb+") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    with pytest.raises(NotAnArchive):
        publish(folder.news, tmp_path / "news.db")
    assert not (tmp_path / "news.db").exists()


def test_its_counts_are_known_without_reading_it(folder: ArchiveFolder, tmp_path: Path) -> None:
    target = tmp_path / "news.db"
    publish(folder.news, target)
    known = inspected(target, "news")["news"]
    assert known["tables"]["articles"] == {"count": 1}
    assert known["size"] == target.stat().st_size
    titled(folder, 2000, "Школа")
    publish(folder.news, target)
    again = inspected(target, "news")["news"]
    assert again["tables"]["articles"] == {"count": 2}
    assert again["hash"] != known["hash"]


def test_what_is_put_in_its_place_is_opened_and_what_is_no_snapshot_is_not(
    folder: ArchiveFolder, tmp_path: Path
) -> None:
    target, opened = tmp_path / "news.db", []
    publish(folder.news, target)

    def app(path: Path) -> object:
        opened.append(path.stat().st_ino)
        return object()

    newest = NewestSnapshot(target, app)
    newest.look()
    assert len(opened) == 1
    publish(folder.news, target)
    newest.look()
    assert len(opened) == 2
    other = tmp_path / "rubbish"
    other.write_bytes(b"no database" * 99)
    os.replace(other, target)
    newest.look()
    target.unlink()
    newest.look()
    assert len(opened) == 2


@pytest.fixture
def server(folder: ArchiveFolder, tmp_path: Path) -> Iterator[str]:
    """`muragat browse --snapshot` of its own process; gives its address."""
    publish(folder.news, tmp_path / "public.db")
    command = [sys.executable, "-c", BROWSE, str(tmp_path / "public.db")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert found
    yield found[0]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert process.returncode == 0


def page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


@pytest.mark.skipif(os.name != "posix", reason="signals to one process only exist on POSIX")
def test_a_running_server_sees_the_newer_snapshot(folder: ArchiveFolder, tmp_path: Path, server: str) -> None:
    assert "Мост открыт" in page(server)
    titled(folder, 2000, "Школа построена")
    publish(folder.news, tmp_path / "public.db")
    end = time.monotonic() + LOOK_SECONDS + 8
    rows = f"{server}/public/articles.json?_shape=array"
    while "Школа построена" not in page(server) or page(rows).count('"id"') != 2:  # each thread by itself
        assert time.monotonic() < end
        time.sleep(0.2)


def test_the_command_says_what_the_snapshot_holds(folder: ArchiveFolder, tmp_path: Path) -> None:
    result = CliRunner().invoke(
        publish_command, ["--snapshot", str(tmp_path), "--archive", str(folder.path)], catch_exceptions=False
    )
    assert result.exit_code == 0
    assert f"{tmp_path / 'news.db'}: snapshot of " in result.output
    assert "1 article in 0 wordings, of 1 source, published 2026-03-10 to 2026-03-10" in result.output
    assert "browse --snapshot" in result.output


def test_who_wished_an_article_away_is_in_no_snapshot(folder: ArchiveFolder, tmp_path: Path) -> None:
    with Archive(folder) as archive:
        row = {"url": "https://p.example/secret", "reason": "court", "asked_by": "somebody"}
        row |= {"article_id": 5, "page_ids": "[7]", "taken_down_at": "2026-03-10T06:00:00Z"}
        archive.news["takedowns"].insert(row)
        address = {"url_hash": 1, "url_key": "p.example/secret", "takedown_id": 1}
        archive.news["takedown_addresses"].insert(address)
    publish(folder.news, tmp_path / "public.db")
    written = (tmp_path / "public.db").read_bytes()
    assert not [word for word in (b"secret", b"court", b"somebody") if word in written]
    with closing(sqlite3.connect(tmp_path / "public.db")) as db:
        assert db.execute("SELECT article_id FROM takedowns").fetchall() == [(5,)]
        assert db.execute("SELECT url_hash, url_key FROM takedown_addresses").fetchall() == [(1, "")]


def test_no_sql_of_a_reader_tells_who_wished_an_article_away(folder: ArchiveFolder) -> None:
    with Archive(folder):
        pass
    with closing(sqlite3.connect(folder.news)) as db:
        guard(db)
        assert db.execute("SELECT count(*) FROM takedowns WHERE article_id = 5").fetchone() == (0,)
        for what in ("* FROM takedowns", "reason FROM takedowns", "* FROM takedown_addresses"):
            with pytest.raises(sqlite3.DatabaseError, match="prohibited"):
                db.execute(f"SELECT {what}")

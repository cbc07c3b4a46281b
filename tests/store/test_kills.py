"""Saving may be killed at any byte, and the power may go: what was acknowledged is there, byte for byte."""

from __future__ import annotations

import importlib.util
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.errors import StorageFull
from archive.health.audit import audit_archive
from archive.raw.migrations import migrations
from archive.raw.pages import PageStore
from archive.records import Visit
from archive.store.archive import Archive
from archive.store.connection import open_to_write
from archive.store.folder import ArchiveFolder
from archive.store.write_ahead import log_bytes, log_of

SAVING = Path(__file__).with_name("saving.py")
LONGEST_LIFE_SECONDS = 0.3
spec = importlib.util.spec_from_file_location("saving", SAVING)
assert spec is not None
assert spec.loader is not None
saving = importlib.util.module_from_spec(spec)
spec.loader.exec_module(saving)


class Nursery:
    """Starts saving processes and kills them."""

    def __init__(self) -> None:
        command = [sys.executable, str(SAVING)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert [self.heard(), self.heard()] == ["page 1\n", "article 1\n"]  # it has warmed up

    def killed_run(self, folder: Path, first: int, seconds: float) -> tuple[set[int], set[int]]:
        """Let a process save for so long, kill it, and return what it said was saved: pages and articles."""
        self.process.stdin.write(f"{folder} {first}\n")
        self.process.stdin.flush()
        said = []
        while not (line := self.heard()).startswith("pid "):
            said.append(line)
        time.sleep(seconds)
        os.kill(int(line.split()[1]), signal.SIGKILL)
        while (line := self.heard()) != "ended\n":
            said.append(line)
        pages, articles = ({int(one.split()[1]) for one in said if one.startswith(kind)} for kind in "pa")
        return pages, articles

    def heard(self) -> str:
        """The next line that was said."""
        line = self.process.stdout.readline()
        assert line, f"{SAVING.name} has ended by itself"
        return line


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.process.stdin.close()
    nursery.process.wait(10)


@pytest.mark.parametrize("kills", [30, pytest.param(200, marks=pytest.mark.slow)])
def test_fault_43_killed_at_random_points_nothing_acknowledged_is_lost_or_double(tmp_path, nursery, kills):
    folder = ArchiveFolder(tmp_path / "archive")
    moments = random.Random(kills)
    pages: set[int] = set()
    articles: set[int] = set()
    for _ in range(kills):
        first = max(articles, default=0) + 1
        more_pages, more_articles = nursery.killed_run(
            folder.path, first, moments.uniform(0, LONGEST_LIFE_SECONDS)
        )
        pages |= more_pages
        articles |= more_articles
    assert len(articles) > kills
    with Archive(folder) as archive:
        kept = {(page.url, page.body): page for page in archive.pages.pages("1", [])}
        rows = archive.news.conn.execute("SELECT url, revisions FROM articles").fetchall()
    for page in map(saving.page_now, pages):
        assert kept[page.url, page.body] == page
    assert len({url for url, _ in rows}) == len(rows)
    wordings = dict(rows)
    assert {saving.address(number) for number in articles} <= set(wordings)
    reworded = {saving.address(number) for number in articles if saving.is_rewording(number)}
    assert all(wordings[url] == 2 for url in reworded)
    newest = saving.address(max(articles) + 1)  # may have been kept without a word of it
    assert all(count == 1 for url, count in rows if url not in reworded and url != newest)
    faults = [finding for finding in audit_archive(folder, full=True) if finding.is_fault]
    assert not faults


def test_a_full_disk_in_the_middle_of_saving_leaves_a_sound_archive_that_goes_on(tmp_path):
    """SQLite is told that the disk has so many pages and no more, each time somewhere else in an article."""
    folder = ArchiveFolder(tmp_path / "archive")
    saved = 0
    for room in range(1, 40, 3):
        with Archive(folder) as archive:
            (pages,) = archive.news.conn.execute("PRAGMA page_count").fetchone()
            archive.news.conn.execute(f"PRAGMA max_page_count = {pages + room}")
            saved = saved_until_full(archive, saved)
            (kept,) = archive.news.conn.execute("SELECT count(*) FROM articles").fetchone()
            assert kept == (saved + 1) // 2
        faults = [finding for finding in audit_archive(folder, full=True) if finding.is_fault]
        assert not faults
    assert saved > 20


def saved_until_full(archive: Archive, saved: int) -> int:
    """Save the articles after a number until the disk is full; returns the last that was saved."""
    archive.sources.save("steppe", name="s", home="h", languages=[], timezone="UTC", region=None)
    run = archive.runs.begin("steppe", started_at=saving.NOON, version="test")
    try:
        for number in range(saved + 1, saved + 1_000):
            page = saving.page_now(number)
            page_id = archive.pages.keep(page, kind="article")
            visit = Visit(page.url, "article", 200, saving.NOON, page_id=page_id)
            archive.keep_article(run, "steppe", saving.article_of(page, number), visit)
            saved = number
    except StorageFull:
        return saved
    raise AssertionError("the disk was never full")


@pytest.fixture(scope="module")
def logged(tmp_path_factory) -> tuple[Path, int]:
    """A pages.db most of whose pages are only in its write-ahead log, as a running crawl leaves it."""
    folder = tmp_path_factory.mktemp("logged")
    path = folder / "live" / "pages.db"
    path.parent.mkdir()
    with closing(open_to_write(path, migrations)) as db:
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.conn.execute("PRAGMA wal_autocheckpoint = 0")
        store = PageStore(db, path)
        for number in range(1, 61):
            store.keep(saving.page_of(number), kind="article")
        shutil.copytree(path.parent, folder / "copy")
    return folder / "copy" / "pages.db", 60


@pytest.mark.parametrize("tail", [b"", b"\xff" * 300], ids=["cut off", "garbage after it"])
def test_fault_44_after_a_power_failure_the_pages_are_the_first_that_were_saved(logged, tmp_path, tail):
    """The log's end is what a disk had not written: SQLite gives back whole transactions before it."""
    path, saved = logged
    log = path.with_name("pages.db-wal").read_bytes()
    offsets = random.Random(len(tail))
    counts = []
    for number in range(40):
        torn = tmp_path / str(number) / "pages.db"
        torn.parent.mkdir()
        shutil.copy(path, torn)
        torn.with_name("pages.db-wal").write_bytes(log[: offsets.randrange(len(log))] + tail)
        with closing(open_to_write(torn, migrations)) as db:
            assert db.conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            kept = list(PageStore(db, torn).pages("1", []))
            assert kept == [saving.page_of(number) for number in range(1, len(kept) + 1)]
            counts.append(len(kept))
            again = saving.page_of(1_000)
            store = PageStore(db, torn)
            assert store.page(store.keep(again, kind="article")) == again
    assert len(set(counts)) > 15
    assert max(counts) < saved


def test_fault_44_after_a_power_failure_every_article_names_a_page_that_is_there(tmp_path):
    """pages.db waits for the disk at each commit, news.db does not: only what news.db kept last can be lost.

    Its page is there all the same, and is read again without asking for it.
    """
    folder = ArchiveFolder(tmp_path / "live")
    on_disk = []  # of the log of pages.db when an article was begun, and of that of news.db when it was kept
    with Archive(folder) as archive:
        waits = [
            db.conn.execute("PRAGMA synchronous").fetchone()[0] for db in (archive.pages.db, archive.news)
        ]
        assert waits == [2, 1], "FULL for the pages, NORMAL for what is read from them"
        run = begun_run(archive)
        for db in (archive.pages.db, archive.news):
            db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            db.conn.execute("PRAGMA wal_autocheckpoint = 0")
        for number in range(1, 13):
            page = saving.page_of(number)
            page_id = archive.pages.keep(page, kind="article")
            synced = log_bytes(folder.pages)
            visit = Visit(page.url, "article", 200, saving.NOON, page_id=page_id)
            archive.keep_article(run, "steppe", saving.article_of(page, number), visit)
            on_disk.append((synced, log_bytes(folder.news)))
        shutil.copytree(folder.path, tmp_path / "copy")
    cuts = random.Random(44)
    lost = 0
    for number, (pages, news) in enumerate(on_disk, 1):
        torn = ArchiveFolder(tmp_path / str(number))
        shutil.copytree(tmp_path / "copy", torn.path)
        os.truncate(log_of(torn.pages), pages)
        os.truncate(log_of(torn.news), cuts.randint(0, news))
        with Archive(torn) as archive:
            (kept,) = archive.news.conn.execute("SELECT count(*) FROM articles").fetchone()
            assert archive.unread_pages("steppe") == list(range(kept + 1, number + 1))
            lost += number - kept
        assert not [finding for finding in audit_archive(torn, full=True) if finding.is_fault]
    assert lost > 15


def begun_run(archive: Archive) -> int:
    """A run of a source in an open archive."""
    archive.sources.save("steppe", name="s", home="h", languages=[], timezone="UTC", region=None)
    return archive.runs.begin("steppe", started_at=saving.NOON, version="test")


def test_after_a_power_failure_no_page_gets_the_id_of_one_that_an_article_names(tmp_path):
    """A disk that only says that it has written: news.db names a page that pages.db has not."""
    folder = ArchiveFolder(tmp_path / "archive")
    with Archive(folder) as archive:
        archive.sources.save("steppe", name="s", home="h", languages=[], timezone="UTC", region=None)
        run = archive.runs.begin("steppe", started_at=saving.NOON, version="test")
        for number in range(1, 6):
            page = saving.page_of(number)
            page_id = archive.pages.keep(page, kind="article")
            visit = Visit(page.url, "article", 200, saving.NOON, page_id=page_id)
            archive.keep_article(run, "steppe", saving.article_of(page, number), visit)
        archive.pages.db.conn.execute("DELETE FROM pages WHERE id > 3")
        archive.pages.db.conn.commit()
    with Archive(folder) as archive:
        ids = [archive.pages.keep(saving.page_of(number), kind="article") for number in (6, 7)]
    assert ids == [6, 7]
    lost = [finding for finding in audit_archive(folder) if finding.is_fault]
    assert [(finding.kind, finding.faults) for finding in lost] == [("lost", 2)]

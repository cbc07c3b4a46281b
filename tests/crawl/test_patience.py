"""What a crawl waits for, how long, and what it says: decided without a disk, a lock or a clock that runs."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from archive.errors import ArchiveBusy, NoRoom, StorageFull
from archive.store.connection import open_to_write
from archive.store.folder import ArchiveFolder
from archive.store.migrations import migrations
from archive.store.write_ahead import log_bytes
from crawler import settings
from crawler.runs import long_logs, patience, room
from crawler.runs.long_logs import LongLogs
from crawler.runs.patience import Limits, Patience, limits_of
from crawler.runs.room import Room

MIB = 1024 * 1024
LIMITS = Limits(room_seconds=600, lock_seconds=300, reserve_bytes=256 * MIB, log_bytes=MIB)
NEWS = Path("/a/news.db")


class Clock:
    """Time that passes only while someone waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        for module in (patience, room, long_logs):
            monkeypatch.setattr(module, "monotonic", lambda: self.now)

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def patient(clock, said) -> Patience:
    made = Patience(NEWS, LIMITS, said.append)
    made.given_up = SimpleNamespace(is_set=lambda: False, wait=clock.wait)
    return made


def failing(error: Exception, times: int):
    """Work that fails so often, then answers how often it was tried."""
    tried = []

    def work(_: object) -> int:
        tried.append(1)
        if len(tried) <= times:
            raise error
        return len(tried)

    return work


def locked() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


@pytest.mark.parametrize(
    "error", [NoRoom("no room"), ArchiveBusy("busy"), locked()], ids=["no room", "busy", "SQLite's own"]
)
def test_fault_48_what_may_pass_is_tried_again_and_said_once(patient, said, error):
    assert patient.do(failing(error, 120), None) == 121
    assert len(said) == 2
    assert "Waiting up to" in said[0]
    assert said[1] == "It can be written again, after 2 minutes; going on."
    assert not patient.is_waiting


@pytest.mark.parametrize(("error", "after"), [(NoRoom("no room"), 600), (ArchiveBusy("busy"), 300)])
def test_fault_48_patience_ends_with_the_error_and_then_waits_for_nothing_any_more(
    patient, clock, said, error, after
):
    for _ in range(2):
        with pytest.raises(type(error)):
            patient.do(failing(error, 10**6), None)
        assert clock.now == after
        assert patient.is_waiting
    assert len(said) == 1


def test_fault_46_what_does_not_pass_by_waiting_is_told_at_once(patient, clock, said):
    with pytest.raises(StorageFull):
        patient.do(failing(StorageFull("read-only"), 1), None)
    assert (clock.now, said) == (0, [])


def test_fault_56_a_crawl_that_is_ending_waits_for_nothing(said):
    hurried = Patience(NEWS, LIMITS, said.append)
    hurried.given_up = threading.Event()
    threading.Timer(0.05, hurried.given_up.set).start()
    with pytest.raises(NoRoom):
        hurried.do(failing(NoRoom("no room"), 10**6), None)


@pytest.fixture
def folder(tmp_path) -> ArchiveFolder:
    made = ArchiveFolder(tmp_path)
    made.news.touch()
    made.pages.touch()
    return made


@pytest.fixture
def free(monkeypatch) -> dict[str, int]:
    """MiB free on the disk of each file."""
    stated = {"news.db": 1000, "pages.db": 1000}
    monkeypatch.setattr(room, "free_bytes", lambda path: stated[path.name] * MIB)
    return stated


@pytest.mark.parametrize("name", ["news.db", "pages.db"])
def test_fault_45_the_reserve_of_each_disk_is_kept_and_said_once(folder, clock, said, free, name):
    watch = Room(folder, LIMITS, said.append, lambda: False)
    assert watch.is_enough()
    free[name] = 255
    assert watch.is_enough()  # looked a moment ago
    for _ in range(100):
        clock.wait(1)
        assert not watch.is_enough()
    free[name] = 257
    clock.wait(1)
    assert watch.is_enough()
    assert f"{folder.path / name}: 255 MiB are free on its disk, 256 stay free. Nothing more" in said[0]
    assert said[1:] == ["There is room again, after 100 s; going on."]


def test_fault_45_where_no_room_is_made_in_time_it_is_an_error_that_says_what_to_do(
    folder, clock, said, free
):
    watch = Room(folder, LIMITS, said.append, lambda: False)
    free["pages.db"] = 3
    assert not watch.is_enough()
    clock.wait(599)
    assert not watch.is_enough()
    clock.wait(1)
    with pytest.raises(NoRoom, match=r"make room, then run again, or lower MURAGAT_DISK_RESERVE_MIB"):
        watch.is_enough()


@pytest.mark.parametrize("written", ["", "much", "-1", "nan", "inf"])
def test_a_limit_that_is_no_number_is_wrong_use(written):
    stated = vars(settings) | {"MURAGAT_DISK_RESERVE_MIB": written}
    with pytest.raises(click.UsageError, match=rf"MURAGAT_DISK_RESERVE_MIB={written}: no number; write"):
        limits_of(stated)


def test_the_shipped_limits_let_a_waiting_crawl_end_before_its_lease_does():
    shipped = limits_of(vars(settings))
    assert max(shipped.room_seconds, shipped.lock_seconds) < 15 * 60


def test_fault_48_a_log_that_a_long_reader_keeps_is_told_once_and_cut_when_it_ends(tmp_path, clock, said):
    folder = ArchiveFolder(tmp_path)
    db = open_to_write(folder.news, migrations)
    db.conn.execute("PRAGMA journal_size_limit = 100000")
    watch = LongLogs(folder, LIMITS, said.append)
    reader = sqlite3.connect(folder.news, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM articles").fetchone()

    def write(name: str) -> None:
        row = {"id": name, "name": "x" * 700_000, "home": "h", "languages": "[]", "timezone": "UTC"}
        db["sources"].insert(row)
        clock.wait(60)
        watch.look()

    for number in range(4):
        write(f"held {number}")
    assert len(said) == 1
    assert "news.db-wal has grown to 1 MiB" in said[0]
    reader.execute("ROLLBACK")
    reader.close()
    for number in range(2):
        write(f"free {number}")
    db.conn.execute("PRAGMA wal_checkpoint(RESTART)")
    write("after")
    assert log_bytes(folder.news) < MIB
    db.close()

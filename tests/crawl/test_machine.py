"""The machine fails, not the web: locks, limits, killed workers, sleep. What is kept stays; it is told."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from archive.health.audit import audit_archive
from archive.store.folder import ArchiveFolder
from tests.crawl.conftest import articles_asked, wait_for

ARTICLES = 8
WATCHING = """
import asyncio.events, os, sqlite3, threading

def note(what):
    with open(os.environ["WATCHED"], "a") as file:
        file.write(what.replace("\\n", " ") + "\\n")

class Watched(sqlite3.Connection):
    def look(self, what):
        mine = self.__dict__.setdefault("thread", threading.get_ident())
        if asyncio.events._get_running_loop() is not None:
            note("in the event loop: " + what)
        if mine != threading.get_ident():
            note("by a second thread: " + what)
        if threading.current_thread().name.startswith("archive-writer"):
            note("by the writer: " + what)

def watched(name):
    real = getattr(sqlite3.Connection, name)
    def method(self, *arguments, **options):
        self.look(str(arguments[0]) if arguments else name)
        return real(self, *arguments, **options)
    return method

for name in ("execute", "executemany", "executescript", "cursor", "commit", "rollback", "close"):
    setattr(Watched, name, watched(name))

connect = sqlite3.connect
sqlite3.connect = lambda *a, **k: connect(*a, **({"factory": Watched} | k))
"""
# What two pages do to whoever reads them; the kernel's killer of processes sends the same signal.
DEADLY = """
import os, signal, crawler.cleaning as cleaning

real = cleaning.clean

def clean(body, url, **said):
    if url.endswith("/a/greedy"):
        bytearray(64 * 1024**3)
    if url.endswith("/a/killed"):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(body, url, **said)

cleaning.clean = clean
"""


@pytest.fixture
def planted(tmp_path, monkeypatch):
    """Python code that runs first in every process of a crawl."""

    def plant(code: str) -> None:
        place = tmp_path / "planted"
        place.mkdir()
        (place / "sitecustomize.py").write_text(code, encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", str(place))

    return plant


@pytest.fixture
def few(site):
    for number in range(ARTICLES):
        site.article(f"/a/{number}")
    return site


def sound(archive, articles=ARTICLES):
    assert archive.rows("SELECT count(*) FROM articles") == [(articles,)]
    assert not [one for one in audit_archive(ArchiveFolder(archive.path), full=True) if one.is_fault]


def one_error(done):
    errors = [line for line in done.err.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1, done.err
    assert "Traceback" not in done.err
    return errors[0]


def test_sqlite_is_never_called_in_the_event_loop_nor_by_two_threads_on_one_connection(
    few, crawl_site, archive, planted, tmp_path, monkeypatch
):
    planted(WATCHING)
    monkeypatch.setenv("WATCHED", str(tmp_path / "watched"))
    few.article("/a/gone", lambda visitor: visitor.answer("no", status=404))
    assert crawl_site().code == 0
    assert crawl_site("--revisit").code == 0
    noted = (tmp_path / "watched").read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith("by the writer: ") for line in noted) > 100
    assert [line for line in noted if not line.startswith("by the writer: ")] == []


def test_fault_46_pages_that_kill_their_workers_are_rows_and_the_crawl_goes_on(
    few, crawl_site, archive, planted
):
    """One page wants more memory than a worker may have; at the other the system kills whoever reads it."""
    few.articles[:0] = ["/a/greedy", "/a/killed"]
    few.routes["/a/greedy"] = few.routes["/a/killed"] = few.good_article
    planted(DEADLY)
    done = crawl_site()
    assert done.code == 0, done.err
    assert archive.reasons() == {"/a/greedy": "too_large", "/a/killed": "worker_died"}
    kept = archive.rows(
        "SELECT count(page_id) FROM fetches WHERE url LIKE '%/a/greedy' OR url LIKE '%/a/killed'"
    )
    assert kept == [(2,)]
    sound(archive)


@pytest.mark.slow
def test_fault_46_workers_that_the_system_kills_again_and_again_lose_no_page(few, archive, tmp_path, started):
    for number in range(ARTICLES, 30):
        few.article(f"/a/{number}")
    few.pace = "delay_seconds = 0.2"
    profile = tmp_path / "site.toml"
    profile.write_text(few.profile_toml, encoding="utf-8")
    crawl = started("crawl", "--profile", profile, "--archive", archive.path, "--allow-private")
    for so_many in (3, 9, 15, 21):
        wait_for(lambda so_many=so_many: articles_asked(few) >= so_many)
        for child in workers_of(crawl.pid):
            os.kill(child, signal.SIGKILL)
    crawl.communicate(timeout=60)
    assert crawl.returncode == 0
    refused = archive.rows("SELECT count(*) FROM problems WHERE code = 'worker_died'")[0][0]
    sound(archive, 30 - refused)
    assert refused <= 4, "a page is only refused where two workers died of it"
    assert archive.rows("SELECT count(page_id) FROM fetches WHERE kind = 'article'") == [(30,)]


def workers_of(pid):
    """The cleaning workers of a crawl, without what only watches over its resources."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    return [int(own) for own, parent, words in rows if int(parent) == pid and "spawn_main" in words]


@pytest.fixture
def locked(archive):
    """news.db as a long writer of another program holds it."""

    def hold():
        other = sqlite3.connect(archive.path / "news.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        return closing(other)

    return hold


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [10, 65])
def test_fault_48_a_database_locked_for_a_minute_is_waited_for(
    few, archive, crawl_site, started, tmp_path, locked, seconds
):
    assert crawl_site("--limit", 1).code == 0
    crawl = started(
        "crawl", "--profile", tmp_path / "site.toml", "--archive", archive.path, "--allow-private"
    )
    with locked():
        time.sleep(seconds)
        asked = articles_asked(few)
    _, err = crawl.communicate(timeout=60)
    assert crawl.returncode == 0, err
    assert err.count("another program has locked it") == 1
    assert "going on" in err
    assert asked <= ARTICLES
    sound(archive)
    assert articles_asked(few) == ARTICLES


@pytest.mark.slow
def test_fault_48_a_database_that_stays_locked_ends_the_crawl_as_busy(few, archive, crawl_site, locked):
    assert crawl_site("--limit", 1).code == 0
    os.environ["MURAGAT_LOCK_PATIENCE_SECONDS"] = "1"
    try:
        with locked():
            done = crawl_site()
    finally:
        del os.environ["MURAGAT_LOCK_PATIENCE_SECONDS"]
    assert done.code == 5
    assert "another program has locked it" in one_error(done)
    assert crawl_site().code == 0
    sound(archive)


@pytest.mark.slow
def test_fault_48_a_long_reader_holds_nobody_up_and_its_log_is_told_of(few, archive, crawl_site, monkeypatch):
    assert crawl_site("--limit", 1).code == 0
    monkeypatch.setenv("MURAGAT_LOG_WARNING_MIB", "0.01")
    with closing(sqlite3.connect(archive.path / "news.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        done = crawl_site()
    assert done.code == 0
    assert done.err.count("has grown to") == 1
    assert "has grown to" in archive.log()
    sound(archive)


def limited(archive, tmp_path, which, most):
    """A crawl in which the system sets a limit."""
    code = (
        f"import resource, sys, runpy; resource.setrlimit(resource.{which}, ({most}, {most})); "
        "sys.argv = sys.argv[1:]; runpy.run_module('crawler', run_name='__main__')"
    )
    words = ["crawl", "--profile", tmp_path / "site.toml", "--archive", archive.path, "--allow-private"]
    return subprocess.run(
        [sys.executable, "-c", code, "muragat", *map(str, words)], capture_output=True, text=True, timeout=120
    )


@pytest.mark.slow
@pytest.mark.parametrize("files", [12, 18, 24, 28, 32, 40])
def test_fault_46_a_crawl_with_too_few_files_says_so_or_does_its_work(
    few, archive, tmp_path, crawl_site, files
):
    (tmp_path / "site.toml").write_text(few.profile_toml, encoding="utf-8")
    done = limited(archive, tmp_path, "RLIMIT_NOFILE", files)
    assert done.returncode in (0, 4, 6), done.stderr  # 4: so few that nobody could be asked
    if done.returncode == 6:
        errors = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
        assert len(errors) == 1
        assert "ulimit -n" in errors[0]
    assert crawl_site().code == 0
    sound(archive)


@pytest.mark.slow
def test_fault_46_on_a_read_only_disk_every_command_says_so(
    few, archive, crawl_site, muragat, tmp_path, monkeypatch
):
    monkeypatch.setenv("MURAGAT_DISK_RESERVE_MIB", "0")
    if os.geteuid():
        pytest.skip("only root can mount a disk")
    disk = tmp_path / "archive"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], capture_output=True)
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        assert crawl_site("--limit", 3).code == 0
        assert muragat("export", "--archive", archive.path, "--to", tmp_path / "a.warc.gz").code == 0
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        for verb in (
            ("crawl", "--profile", tmp_path / "site.toml", "--allow-private"),
            ("import", tmp_path / "a.warc.gz"),
            ("reclean", "--profile", tmp_path / "site.toml", "--all"),
            ("schedule", "run"),
        ):
            done = muragat(*verb, "--archive", archive.path)
            assert done.code == 6, verb
            assert "ead-only" in one_error(done), verb
        assert muragat("status", "--archive", archive.path).code == 0
        assert muragat("audit", "--archive", archive.path).code == 0
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        assert crawl_site().code == 0
        sound(archive)
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


@pytest.mark.slow
def test_fault_46_a_disk_that_fails_in_the_middle_ends_a_crawl_with_everything_kept(
    few, archive, crawl_site, started, tmp_path
):
    """Each write fails from now on, as on a disk that was taken away; SQLite calls it its error."""
    few.pace = "delay_seconds = 0.5"
    (tmp_path / "site.toml").write_text(few.profile_toml, encoding="utf-8")
    crawl = started(
        "crawl", "--profile", tmp_path / "site.toml", "--archive", archive.path, "--allow-private"
    )
    wait_for(lambda: articles_asked(few) >= 3)
    resource.prlimit(crawl.pid, resource.RLIMIT_FSIZE, (0, 0))
    _, err = crawl.communicate(timeout=60)
    assert crawl.returncode == 6, err
    assert err.count("Error: ") == 1
    assert "SQLITE_IOERR_WRITE" in err
    assert crawl_site().code == 0
    sound(archive)


@pytest.mark.slow
def test_fault_56_stopped_and_woken_again_a_crawl_goes_on(few, archive, started, tmp_path):
    """A process that sleeps with its machine wakes in the middle of a system call: EINTR."""
    few.pace = "delay_seconds = 0.3"
    (tmp_path / "site.toml").write_text(few.profile_toml, encoding="utf-8")
    crawl = started(
        "crawl", "--profile", tmp_path / "site.toml", "--archive", archive.path, "--allow-private"
    )
    for so_many in (1, 3, 5):
        wait_for(lambda so_many=so_many: articles_asked(few) >= so_many)
        for _ in range(5):
            os.killpg(crawl.pid, signal.SIGSTOP)
            time.sleep(0.3)
            os.killpg(crawl.pid, signal.SIGCONT)
            time.sleep(0.01)
    _, err = crawl.communicate(timeout=60)
    assert crawl.returncode == 0, err
    sound(archive)

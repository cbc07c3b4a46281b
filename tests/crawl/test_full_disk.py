"""A full disk, a real one where this machine lets us make one: the crawl waits, says so, loses nothing."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archive.health.audit import audit_archive
from archive.store.folder import ArchiveFolder
from tests.crawl.conftest import wait_for

ARTICLES = 20
MIB = 1024 * 1024
AT_ONCE = 16  # answers that may be in work, not kept yet
WORDS = "река мост улица школа вода берег город посёлок дорога акимат"


@dataclass
class SmallDisk:
    """A disk of its own, as large as a test wants it; mounted until `take_away`."""

    path: Path

    def mount(self, size: str) -> None:
        self.path.mkdir(exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(self.path)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")

    def resize(self, size: str, *options: str) -> None:
        how = ",".join(("remount", f"size={size}", *options))
        subprocess.run(["mount", "-o", how, str(self.path)], check=True)

    def fill(self, leave: int = 0) -> Path:
        """Write until so many bytes are left; returns the file that holds the rest."""
        ballast = self.path / "ballast"
        disk = os.statvfs(self.path)
        with suppress(OSError), ballast.open("wb") as file:
            file.write(b"x" * (disk.f_bavail * disk.f_frsize - leave))
        return ballast

    def take_away(self) -> None:
        subprocess.run(["umount", "-l", str(self.path)], check=False, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk")
    small = SmallDisk(tmp_path / "disk")
    small.mount("64m")
    yield small
    small.take_away()


@dataclass
class Crawling:
    """A crawl under way, and what it says meanwhile."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.listening = threading.Thread(target=self.listen, daemon=True)
        self.listening.start()

    def listen(self) -> None:
        self.said.extend(self.process.stderr)

    def heard(self, words: str) -> bool:
        return any(words in line for line in list(self.said))

    def ended(self) -> int:
        code = self.process.wait(60)
        self.listening.join(5)
        return code


def long_page(path: str) -> str:
    """An article of some 60 kB that hardly packs, another one at each address."""
    letters = random.Random(path)
    rare = [f"{letters.getrandbits(200):x}" for _ in range(600)]
    lines = "".join(f"<p>{WORDS} {' '.join(rare[n : n + 6])}.</p>" for n in range(0, 600, 6))
    return (
        f"<!doctype html><html lang='ru'><head><title>Новость {path}</title>"
        "<meta property='og:type' content='article'></head>"
        f"<body><article><h1>Новость {path}</h1>{lines}</article></body></html>"
    )


@pytest.fixture
def full_site(site):
    for number in range(ARTICLES):
        site.article(f"/a/{number}", lambda visitor: visitor.answer(long_page(visitor.path)))
    return site


@pytest.fixture
def command(full_site, tmp_path) -> Callable[..., list[str]]:
    def words(archive: Path, *verb: object) -> list[str]:
        profile = tmp_path / "site.toml"
        profile.write_text(full_site.profile_toml, encoding="utf-8")
        verb = verb or ("crawl", "--profile", profile, "--allow-private")
        return [sys.executable, "-m", "crawler", *map(str, verb), "--archive", str(archive)]

    return words


def limits(**named: object) -> dict[str, str]:
    """The environment with the limits of a test; without any, no reserve and no patience to speak of."""
    stated = {"DISK_RESERVE_MIB": 0, "DISK_PATIENCE_SECONDS": 1} | named
    return os.environ | {f"MURAGAT_{name}": str(value) for name, value in stated.items()}


@pytest.fixture
def begin(command) -> Iterator[Callable[..., Crawling]]:
    running: list[Crawling] = []

    def start(archive: Path, *verb: object, **named: object) -> Crawling:
        process = subprocess.Popen(
            command(archive, *verb),
            env=limits(**named),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        running.append(Crawling(process))
        return running[-1]

    yield start
    for one in running:
        one.process.kill()
        one.process.wait()


@pytest.fixture
def run(command):
    def to_its_end(archive: Path, *verb: object, **named: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(archive, *verb), env=limits(**named), capture_output=True, text=True, timeout=120
        )

    return to_its_end


def asked(site) -> int:
    return sum(path.startswith("/a/") for path in site.paths_asked())


def one_error(said: list[str]) -> str:
    errors = [line for line in said if line.startswith("Error: ")]
    assert len(errors) == 1, said
    assert not any("Traceback" in line for line in said)
    return errors[0]


def assert_sound(archive, articles: int = ARTICLES) -> None:
    assert archive.rows("SELECT count(*) FROM articles") == [(articles,)]
    assert not [one for one in audit_archive(ArchiveFolder(archive.path), full=True) if one.is_fault]


@pytest.fixture
def on_disk(disk, archive):
    """An archive on the small disk."""
    return type(archive)(disk.path / "archive")


def test_fault_45_below_the_reserve_nothing_is_fetched_until_there_is_room(disk, on_disk, begin, full_site):
    full_site.pace = "delay_seconds = 0.1"
    crawl = begin(on_disk.path, DISK_RESERVE_MIB=32, DISK_PATIENCE_SECONDS=60)
    wait_for(lambda: asked(full_site) >= 2)
    ballast = disk.fill(leave=30 * MIB)
    wait_for(lambda: crawl.heard("Nothing more is fetched until there is room"))
    time.sleep(0.5)  # what was under way
    before = asked(full_site)
    time.sleep(1.5)
    assert asked(full_site) == before < ARTICLES
    ballast.unlink()
    assert crawl.ended() == 0
    assert sum("until there is room" in line for line in crawl.said) == 1
    assert crawl.heard("There is room again")
    assert_sound(on_disk)
    assert asked(full_site) == ARTICLES


def test_fault_45_on_a_full_disk_a_crawl_ends_with_its_own_code_and_the_next_one_goes_on(
    disk, on_disk, begin, run, full_site
):
    """The disk is really full, within the reserve: each write meets ENOSPC."""
    disk.resize("4m")
    crawl = begin(on_disk.path)
    assert crawl.ended() == 6
    assert "make room, then run again" in one_error(crawl.said)
    assert crawl.heard("Waiting up to 1 s; nothing is lost.")
    disk.resize("64m")
    ((kept,),) = on_disk.rows("SELECT count(*) FROM articles")
    assert kept < ARTICLES
    assert_sound(on_disk, kept)
    assert run(on_disk.path).returncode == 0
    assert_sound(on_disk)
    assert asked(full_site) <= ARTICLES + AT_ONCE


@pytest.mark.slow
def test_fault_45_below_the_reserve_for_too_long_a_crawl_ends_with_its_books_closed(
    disk, on_disk, begin, run, full_site
):
    full_site.pace = "delay_seconds = 0.1"
    crawl = begin(on_disk.path, DISK_RESERVE_MIB=32, DISK_PATIENCE_SECONDS=2)
    wait_for(lambda: asked(full_site) >= 2)
    ballast = disk.fill(leave=30 * MIB)
    assert crawl.ended() == 6
    assert "lower MURAGAT_DISK_RESERVE_MIB" in one_error(crawl.said)
    assert [status for (status,) in on_disk.rows("SELECT status FROM runs")] == ["stopped"]
    assert on_disk.rows("SELECT count(*) FROM leases") == [(0,)]
    ballast.unlink()
    assert run(on_disk.path, DISK_RESERVE_MIB=32).returncode == 0
    assert_sound(on_disk)
    assert asked(full_site) == ARTICLES


@pytest.mark.slow
def test_fault_45_room_that_comes_while_writes_wait_ends_the_crawl_well(disk, on_disk, begin, full_site):
    disk.resize("4m")
    crawl = begin(on_disk.path, DISK_PATIENCE_SECONDS=60)
    wait_for(lambda: crawl.heard("nothing is lost"))
    time.sleep(2)
    disk.resize("64m")
    assert crawl.ended() == 0
    assert crawl.heard("It can be written again")
    assert_sound(on_disk)
    assert asked(full_site) == ARTICLES


@pytest.mark.slow
def test_fault_45_asked_to_end_while_it_waits_for_room_a_crawl_does_not_wait(disk, on_disk, begin):
    disk.resize("4m")
    crawl = begin(on_disk.path, DISK_PATIENCE_SECONDS=600)
    wait_for(lambda: crawl.heard("nothing is lost"))
    began = time.monotonic()
    crawl.process.terminate()
    assert crawl.ended() in (6, 130)
    assert time.monotonic() - began < 25
    disk.resize("64m")
    ((kept,),) = on_disk.rows("SELECT count(*) FROM articles")
    assert_sound(on_disk, kept)


@pytest.mark.slow
@pytest.mark.parametrize("size", ["1m", "2m", "3m", "3500k", "4500k", "5m", "6m"])
def test_fault_45_wherever_the_disk_becomes_full_the_archive_is_sound_and_goes_on(disk, on_disk, run, size):
    disk.resize(size)
    full = run(on_disk.path)
    assert full.returncode == 6
    one_error(full.stderr.splitlines())
    disk.resize("64m")
    assert run(on_disk.path).returncode == 0
    assert_sound(on_disk)


@pytest.mark.slow
@pytest.mark.parametrize("elsewhere", ["news.db", "pages.db", "logs"])
def test_fault_45_only_the_disk_of_one_file_is_full(disk, archive, run, elsewhere):
    """Each may lie on a disk of its own, by a link. A log that cannot be written ends nothing."""
    archive.path.mkdir()
    (archive.path / elsewhere).symlink_to(disk.path / elsewhere)
    if elsewhere == "logs":
        (disk.path / elsewhere).mkdir()
        disk.fill()
        assert run(archive.path).returncode == 0
        assert_sound(archive)
        return
    disk.resize("1500k" if elsewhere == "news.db" else "400k")
    full = run(archive.path)
    assert full.returncode == 6
    assert f"the disk of {disk.path} is full" in one_error(full.stderr.splitlines())
    disk.resize("64m")
    assert run(archive.path).returncode == 0
    assert_sound(archive)


@pytest.mark.slow
def test_fault_45_a_full_disk_of_temporary_files_is_named(disk, archive, run, monkeypatch):
    """SQLite keeps there what a long transaction may have to undo."""
    disk.fill()
    monkeypatch.setenv("SQLITE_TMPDIR", str(disk.path))
    done = run(archive.path)
    if done.returncode:
        assert done.returncode == 6
        assert f"the disk of {disk.path} is full" in one_error(done.stderr.splitlines())
    monkeypatch.delenv("SQLITE_TMPDIR")
    assert run(archive.path).returncode == 0
    assert_sound(archive)


@pytest.mark.slow
def test_fault_45_an_import_and_a_recleaning_end_alike_and_go_on(disk, on_disk, archive, run, tmp_path):
    assert run(archive.path).returncode == 0
    warc = tmp_path / "pages.warc.gz"
    assert run(archive.path, "export", "--to", warc).returncode == 0
    disk.resize("3m")
    full = run(on_disk.path, "import", warc)
    assert full.returncode == 6
    assert "is full" in one_error(full.stderr.splitlines())
    disk.resize("64m")
    assert run(on_disk.path, "import", warc).returncode == 0
    assert_sound(on_disk)
    disk.fill(leave=30 * MIB)
    for verb in (("import", warc), ("reclean", "--profile", tmp_path / "site.toml", "--all")):
        full = run(on_disk.path, *verb, DISK_RESERVE_MIB=40)
        assert full.returncode == 6, verb
        assert "MURAGAT_DISK_RESERVE_MIB" in one_error(full.stderr.splitlines())
    assert_sound(on_disk)


@pytest.mark.slow
def test_fault_45_a_scheduled_run_ends_alike_and_its_sources_are_due_again(disk, on_disk, run, full_site):
    profile = on_disk.path / "sources" / "site.toml"
    profile.parent.mkdir(parents=True)
    profile.write_text(full_site.profile_toml, encoding="utf-8")
    disk.resize("3m")
    words = ("schedule", "run", "site", "--allow-private")
    full = run(on_disk.path, *words, "--quiet")
    assert full.returncode == 6
    assert "is full" in one_error(full.stderr.splitlines())
    disk.resize("64m")
    assert run(on_disk.path, *words).returncode == 0
    assert_sound(on_disk)

"""A loop outlives its crawls: those that hang are ended, those that fail are tried again ever more rarely."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.exits import Exit
from archive.store.folder import ArchiveFolder
from crawler.schedule import looping
from crawler.schedule.looping import Loop, next_words, pause_after

DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""


@pytest.fixture
def loop(tmp_path: Path) -> Loop:
    """A loop whose crawls are whatever its command is."""
    return Loop(ArchiveFolder(tmp_path / "archive"), ["site"], [])


def says(program: str) -> list[str]:
    return [sys.executable, "-c", program]


@pytest.mark.parametrize(
    ("code", "troubles", "seconds"),
    [
        (Exit.DONE, 0, 5),
        (Exit.SOURCES_FAILED, 0, 5),
        (Exit.BUSY, 3, 60),
        (Exit.STORAGE, 1, 5),
        (Exit.STORAGE, 4, 40),
        (-9, 2, 10),
        (Exit.BUG, 99, 1800),
    ],
)
def test_the_more_often_a_crawl_goes_wrong_the_longer_the_pause(
    code: int, troubles: int, seconds: float
) -> None:
    assert pause_after(code, troubles) == seconds


def test_a_crawl_that_hangs_and_is_deaf_to_being_asked_is_killed(
    loop: Loop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert looping.PATIENCE_SECONDS < 25, "who asks the loop to end waits thirty seconds"
    monkeypatch.setattr(looping, "HANGS_SECONDS", 1.0)
    monkeypatch.setattr(looping, "PATIENCE_SECONDS", 0.5)
    loop.command = says(DEAF)
    begun = time.monotonic()
    assert loop.crawl() == -9
    assert time.monotonic() - begun < 20
    said = capsys.readouterr().out
    assert " deaf\n" in said
    assert "the crawl hangs" in said
    assert "is killed; what was kept is kept" in said
    assert "the crawl ended with -9" in said


def test_what_a_crawl_says_is_repeated_with_the_time_whatever_its_bytes(
    loop: Loop, capsys: pytest.CaptureFixture[str]
) -> None:
    loop.command = says("import os; os.write(1, b'site: 2 new\\n\\n\\xff\\n')")
    assert loop.crawl() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == ["site: 2 new", "\N{REPLACEMENT CHARACTER}"]


def test_a_profile_that_breaks_meanwhile_is_said_once_and_the_loop_waits(
    loop: Loop, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = loop.folder.sources
    folder.mkdir(parents=True)
    (folder / "site.toml").write_text("id = 1")
    for _ in range(2):
        assert loop.seconds_until_due() == looping.LOOK_EVERY_SECONDS
    assert capsys.readouterr().out.count("Error: ") == 1


def test_the_next_turn_is_named() -> None:
    noon = datetime(2026, 3, 10, 12, tzinfo=UTC)
    assert next_words({"b": noon, "a": noon + timedelta(hours=1)}) == "next: b at 2026-03-10 12:00Z"
    assert next_words({}) == "no source can be crawled"


def test_a_metrics_port_that_is_taken_is_said_and_nothing_begins(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "crawler", "schedule", "loop", "liter_kz", "--metrics", str(port)]
        ended = subprocess.run(
            [*command, "--archive", str(tmp_path / "a")],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == Exit.PORT_TAKEN
    assert ended.stderr.count("\n") == 1
    assert not (tmp_path / "a").exists()

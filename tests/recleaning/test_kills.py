"""Re-cleaning that is killed, locked out, or done by a version with another rule; as users start it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from filelock import FileLock

from crawler.cli import audit

from .conftest import PLEA, Library, made_pages

PAGES = 220
MANY_PAGES = 500  # not done before a signal comes, on a busy machine too
DROP_PLEA = '[boilerplate]\ndrop = [".plea"]\n'
# A worker is a process of its own: what a test changes in ours it would not see.
ANOTHER_RULE = """
import sys
import crawler.cleaning
import crawler.cleaning.reading as reading
crawler.cleaning.CLEANING_VERSION = sys.modules["crawler.cleaning.clean"].CLEANING_VERSION = "another"
def credit(text, own_names): return "Ведомство" if "Дом 17-" in text or "Дом 23-" in text else None
reading.agency_credit = credit
"""


def command(library: Library, *options: str) -> list[str]:
    asked = ["reclean", *options, "--profile", str(library.profile), "--archive", str(library.folder.path)]
    return [sys.executable, "-m", "crawler", *asked]


def asked(library: Library, query: str) -> int:
    with closing(sqlite3.connect(library.folder.news, timeout=30)) as db:
        return int(db.execute(query).fetchone()[0] or 0)


def kill_when(library: Library, query: str, more_than: int, *options: str) -> None:
    """Start a re-cleaning and kill it, with its workers, as soon as a query gives more."""
    running = subprocess.Popen(
        command(library, *options),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until = time.monotonic() + 60
    while asked(library, query) <= more_than and running.poll() is None:
        assert time.monotonic() < until, "it never got so far"
        time.sleep(0.005)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()


@pytest.mark.parametrize("every", [True, False], ids=["all", "by version"])
def test_a_killed_recleaning_goes_on_and_ends_as_if_it_had_not_been(library: Library, every: bool) -> None:
    library.keep(made_pages(PAGES))
    library.change("UPDATE articles SET cleaned_with = '0'")
    library.change_rule(DROP_PLEA)
    options = ["--all"] if every else []
    done = (
        "SELECT max(reached) FROM recleanings"
        if every
        else "SELECT count(*) FROM articles WHERE cleaned_with <> '0'"
    )
    before = 0
    for _ in range(2):
        kill_when(library, done, before, *options)
        before = asked(library, done)
        assert 0 < before < PAGES
    told = library.told(*options)
    assert told["read"] == PAGES - before, "what was done is not done again"
    assert library.rows("SELECT cause, count(*) FROM revisions GROUP BY 1") == [
        ("first", PAGES), ("recleaned", PAGES // 10)
    ]  # fmt: skip
    assert library.rows("SELECT count(*) FROM articles WHERE body LIKE ?", f"%{PLEA}%") == [(0,)]
    assert library.rows("SELECT count(*) FROM recleanings") == [(0,)]
    assert CliRunner().invoke(audit, ["--full", "--archive", str(library.folder.path)]).exit_code == 0


def test_a_version_with_another_rule_shows_exactly_what_that_rule_changes(
    sixty: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "another").mkdir()
    (tmp_path / "another" / "sitecustomize.py").write_text(ANOTHER_RULE, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "another"))
    done = subprocess.run(command(sixty, "--dry-run"), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("60 kept pages read again: 2 articles would be changed, 0 of them")
    assert [line.split() for line in lines[2:4]] == [
        ["field", "gained", "lost", "changed"], ["agency", "2", "0", "0"]
    ]  # fmt: skip
    assert sum("gained  — → Ведомство" in line for line in lines) == 2
    assert done.stderr == "", "quiet where nobody watches"


def test_while_a_crawl_holds_the_archive_nothing_is_read(sixty: Library) -> None:
    with FileLock(sixty.folder.lock, is_singleton=False):
        done = subprocess.run(command(sixty), capture_output=True, text=True, timeout=60)
    assert done.returncode == 5
    assert "another crawl holds this archive" in done.stderr


def test_ctrl_c_ends_it_between_two_transactions(library: Library) -> None:
    library.keep(made_pages(MANY_PAGES))
    library.change("UPDATE articles SET cleaned_with = '0'")
    # Tests that a shell runs in the background hand on that Ctrl-C is ignored.
    running = subprocess.Popen(
        command(library), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    done = "SELECT count(*) FROM articles WHERE cleaned_with <> '0'"
    until = time.monotonic() + 60
    while not asked(library, done) and time.monotonic() < until:
        time.sleep(0.005)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert said.strip() == "Error: interrupted"
    kept = asked(library, done)
    assert kept % 50 == 0
    assert library.told()["read"] == MANY_PAGES - kept

"""`muragat torture`: it kills, it sees what is wrong, and it leaves nothing behind."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import tomllib
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.health.audit import audit_archive
from archive.store.archive import Archive as Store
from archive.store.connection import APPLICATION_ID
from archive.store.folder import ArchiveFolder
from archive.store.migrations import migrations
from crawler.torture.comparing import Faults, compare
from crawler.torture.lives import CONCURRENT_REQUESTS
from crawler.torture.moments import STEPS, Moment, next_kill
from crawler.torture.paper import EVENING, MORNING, LargePaper


@pytest.fixture(scope="module")
def short_run(muragat, tmp_path_factory) -> tuple[object, Path]:
    """A short run, and the folder it was told to work in and keep; the user's archive would be beside it."""
    kept = tmp_path_factory.mktemp("torture") / "kept"
    environment = os.environ | {"MURAGAT_ARCHIVE": str(kept.parent / "mine")}
    return muragat(
        "torture", "--kills", "2", "--seed", "9", "--archive", kept, env=environment, timeout=400
    ), kept


def test_fault_43_killed_crawls_lose_nothing_as_the_user_can_see(short_run):
    done, kept = short_run
    assert done.code == 0, done.out + done.err
    lines = done.out.splitlines()
    assert lines[-1] == "2 kills, 0 lost, 0 double, 0 damaged"
    assert lines[-2].startswith("seed 9, ")
    assert " pages fetched again, at most 6 " in lines[-3]
    assert done.err == "", "quiet where nobody watches"
    assert not (kept.parent / "mine").exists(), "the user's own archive is none of its business"


def test_a_folder_that_holds_something_is_refused(muragat, tmp_path):
    (tmp_path / "news.db").touch()
    done = muragat("torture", "--kills", "1", "--archive", tmp_path)
    assert done.code == 2
    assert "name a new folder" in done.err
    assert list(tmp_path.iterdir()) == [tmp_path / "news.db"]


@pytest.mark.slow
def test_ctrl_c_ends_it_with_no_crawl_and_no_folder_left(tmp_path, started, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    torture = started("torture", "--kills", "50")
    until = time.monotonic() + 60
    while not list(tmp_path.glob("muragat-torture-*/*/news.db")) and time.monotonic() < until:
        time.sleep(0.05)
    torture.send_signal(signal.SIGINT)
    _, said = torture.communicate(timeout=30)
    assert torture.returncode == 130
    assert said.strip() == "Error: interrupted"
    assert not list(tmp_path.iterdir())
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(tmp_path) not in listed


@pytest.fixture(scope="module")
def crawled(short_run) -> Path:
    """The sound archive that the short run compared with."""
    return short_run[1] / "undisturbed-1"


FIRST, LAST = "(SELECT min(id) FROM articles)", "(SELECT max(id) FROM articles)"
SPOILED = {
    "an article is not there": (f"DELETE FROM articles WHERE id = {FIRST}", "lost"),
    "an address has two articles": (
        f"UPDATE articles SET url = (SELECT url FROM articles WHERE id = {LAST}) WHERE id = {FIRST}",
        "double",
    ),
    "a text is another": (f"UPDATE articles SET body = 'x' WHERE id = {FIRST}", "damaged"),
    "a number of wordings is another": (f"UPDATE articles SET revisions = 2 WHERE id = {FIRST}", "damaged"),
    "a link is not there": (
        "DELETE FROM links WHERE article_id = (SELECT min(article_id) FROM links)",
        "damaged",
    ),
}


@pytest.mark.parametrize(("statement", "kind"), SPOILED.values(), ids=SPOILED)
def test_what_is_lost_double_or_damaged_is_seen_and_named(crawled, tmp_path, statement, kind):
    spoiled = tmp_path / "spoiled"
    shutil.copytree(crawled, spoiled)
    with closing(sqlite3.connect(spoiled / "news.db")) as db, db:
        db.execute(statement)
    faults = Faults()
    compare(spoiled, crawled, faults)
    assert faults.counts[kind] >= 1
    assert any(said.startswith(f"{kind}: http") for said in faults.said)


def test_an_archive_that_is_as_it_should_be_has_no_faults(crawled):
    faults = Faults()
    compare(crawled, crawled, faults)
    assert not faults
    assert faults.counted() == "0 lost, 0 double, 0 damaged"


def test_the_same_seed_kills_at_the_same_moments_and_every_moment_comes():
    def kills(seed):
        chance = random.Random(seed)
        return [next_kill(chance, longest=2.0, is_new=number % 10 == 0) for number in range(300)]

    assert kills(7) == kills(7) != kills(8)
    assert {kill.moment for kill in kills(7)} == set(Moment)
    assert all(kill.nth > 0 for kill in kills(7) if kill.moment in STEPS)


def test_the_paper_is_the_same_for_the_same_seed_and_the_evening_rewords_a_fifth():
    papers = [LargePaper(20, seed=5) for _ in range(2)]
    morning, again = (paper.truth(MORNING) for paper in papers)
    assert [one.body for one in morning] == [one.body for one in again]
    evening = {one.path: one.body for one in papers[0].truth(EVENING)}
    made = [one for one in morning if "zametka" in one.path]
    assert tomllib.loads(papers[0].profile_toml)["pace"]["concurrent_requests"] == CONCURRENT_REQUESTS
    assert len(made) == len({one.title for one in made}) == 20
    assert sum(evening[one.path] != one.body for one in made) == 4
    for paper in papers:
        paper.close()


# The connection a migration is done on is heard from its first statement; the nth kills the process.
KILLED_MIGRATION = """
import sys
from pathlib import Path
from crawler.torture.sabotage import arm
from crawler.torture.lives import CONCURRENT_REQUESTS
from crawler.torture.moments import Kill, Moment
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
arm(Kill(Moment.IN_MIGRATION, nth=int(sys.argv[2])))
Archive(ArchiveFolder(Path(sys.argv[1])))
"""


def old_archive(folder: ArchiveFolder) -> None:
    """An archive as an early version made it, with a source in it."""
    folder.make()
    names = [migration.name for migration in migrations._migrations]
    with closing(sqlite3.connect(folder.news)) as db:
        migrations.apply(Database(db), stop_before=names[len(names) // 2])
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(
            "INSERT INTO sources (id, name, home, languages, timezone) VALUES ('s', 'S', 'h', '[]', 'UTC')"
        )
        db.commit()


@pytest.mark.parametrize("nth", [9, 40, 75, 130])
def test_fault_49_a_migration_killed_in_the_middle_is_done_by_the_next_command(tmp_path, nth):
    folder = ArchiveFolder(tmp_path / "archive")
    old_archive(folder)
    command = [sys.executable, "-c", KILLED_MIGRATION, str(folder.path), str(nth)]
    killed = subprocess.run(command, start_new_session=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    with Store(folder) as archive:
        assert archive.news.conn.execute("SELECT id FROM sources").fetchall() == [("s",)]
        applied = [one.name for one in migrations.applied(archive.news)]
    assert applied == [migration.name for migration in migrations._migrations]
    assert not [finding for finding in audit_archive(folder, full=True) if finding.is_fault]


def test_the_saboteur_kills_only_a_family_of_its_own():
    command = [sys.executable, "-m", "crawler.torture.sabotage", "IN_COMMIT", "1", "0", "status"]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=60, process_group=os.getpgrp())
    assert refused.returncode == 1
    assert "process group" in refused.stderr


# Keeps two pages and their articles, as a crawl does, with a kill armed; says what it got done.
KILLED_STEP = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import saving
from crawler.torture.sabotage import arm
from crawler.torture.lives import CONCURRENT_REQUESTS
from crawler.torture.moments import Kill, Moment
from archive.records import Visit
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
with Archive(ArchiveFolder(Path(sys.argv[2]))) as archive:
    archive.sources.save("steppe", name="s", home="h", languages=[], timezone="UTC", region=None)
    run = archive.runs.begin("steppe", started_at=saving.NOON, version="test")
arm(Kill(Moment[sys.argv[3]], nth=int(sys.argv[4])))
with Archive(ArchiveFolder(Path(sys.argv[2]))) as archive:
    for number in (1, 3):
        page = saving.page_of(number)
        page_id = archive.pages.keep(page, kind="article")
        visit = Visit(page.url, "article", 200, saving.NOON, page_id=page_id)
        archive.keep_article(run, "steppe", saving.article_of(page, number), visit)
        print(number, flush=True)
"""
STORE_TESTS = Path(__file__).parents[1] / "store"


QUICK = {Moment.BEFORE_INDEX, Moment.IN_COMMIT}  # the others are struck by the same two ways


@pytest.mark.parametrize(
    "step", [pytest.param(step.name, marks=() if step in QUICK else pytest.mark.slow) for step in STEPS]
)
def test_fault_43_each_step_is_struck_and_what_was_acknowledged_is_there(tmp_path, step):
    nth = "3" if step == "IN_COMMIT" else "2"  # the second article's; of its page, where it is a commit
    folder = ArchiveFolder(tmp_path / "archive")
    command = [sys.executable, "-c", KILLED_STEP, str(STORE_TESTS), str(folder.path), step, nth]
    killed = subprocess.run(command, start_new_session=True, capture_output=True, text=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    said = len(killed.stdout.split())
    with Store(folder) as archive:
        pages = len(list(archive.pages.pages("1", [])))
        (articles,) = archive.news.conn.execute("SELECT count(*) FROM articles").fetchone()
    assert said <= articles <= pages <= 2
    if step != "IN_COMMIT":  # when that strikes is for the machine to say
        assert (pages, articles, said) == ((1, 1, 1) if step == "BEFORE_RAW" else (2, 1, 1))
    assert not [finding for finding in audit_archive(folder, full=True) if finding.is_fault]

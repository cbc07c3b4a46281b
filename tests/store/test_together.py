"""Works done in one transaction: each whole or not at all, none acknowledged before it is on disk."""

from __future__ import annotations

import importlib.util
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive.errors import StorageFull
from archive.health.audit import audit_archive
from archive.records import Outcome, Visit
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from archive.store.together import kept_together, written_together

spec = importlib.util.spec_from_file_location("saving", Path(__file__).with_name("saving.py"))
assert spec is not None
assert spec.loader is not None
saving = importlib.util.module_from_spec(spec)
spec.loader.exec_module(saving)


@pytest.fixture
def folder(tmp_path):
    return ArchiveFolder(tmp_path / "archive")


def statements_of(db):
    """The statements a connection runs from now on."""
    said = []
    db.conn.set_trace_callback(said.append)
    return said


def kept_articles(archive, run, numbers):
    """Pages and articles of these numbers, each kind in one transaction."""
    pages = [saving.page_of(number) for number in numbers]
    ids = kept_together(archive, [lambda a, page=page: a.pages.keep(page, kind="article") for page in pages])
    return written_together(
        archive,
        [
            lambda a, page=page, n=n, done=done: a.keep_unless_reworded(
                run,
                "steppe",
                saving.article_of(page, n),
                Visit(page.url, "article", 200, saving.NOON, page_id=done.answer),
            )
            for page, n, done in zip(pages, numbers, ids, strict=True)
        ],
    )


def test_many_articles_cost_one_transaction_of_each_file_and_are_found_at_once(folder):
    with Archive(folder) as archive:
        run = saving.begun(archive)
        said = statements_of(archive.news), statements_of(archive.pages.db)
        done = kept_articles(archive, run, range(1, 20, 2))
        assert [one.answer for one in done] == [Outcome.NEW] * 10
        for statements in said:
            assert sum(statement == "COMMIT" for statement in statements) == 1
        (found,) = archive.news.conn.execute(
            "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'title: новость'"
        ).fetchone()
        assert found == 10
        assert archive.news.conn.execute("SELECT count(*) FROM search_changes").fetchone() == (0,)
        assert archive.runs.counts(run)["new"] == 10


def test_a_work_that_fails_takes_back_its_own_part_and_no_more(folder):
    def breaks(archive):
        archive.frontier.offer("steppe", [saving.found("https://steppe.example/a/1")], now=saving.NOON)
        raise ZeroDivisionError("made up")

    def offers(archive):
        return archive.frontier.offer("steppe", [saving.found("https://steppe.example/a/2")], now=saving.NOON)

    with Archive(folder) as archive:
        saving.begun(archive)
        first, second, third = written_together(archive, [breaks, offers, breaks])
        assert isinstance(first.error, ZeroDivisionError)
        assert isinstance(third.error, ZeroDivisionError)
        assert second.answer == 1
        waiting = archive.news.conn.execute("SELECT url FROM frontier").fetchall()
        assert waiting == [("https://steppe.example/a/2",)]


def test_on_a_full_disk_none_is_acknowledged_that_is_not_there_and_the_archive_goes_on(folder):
    with Archive(folder) as archive:
        run = saving.begun(archive)
        (pages,) = archive.news.conn.execute("PRAGMA page_count").fetchone()
        archive.news.conn.execute(f"PRAGMA max_page_count = {pages + 12}")
        with pytest.raises(StorageFull):
            kept_articles(archive, run, range(1, 40, 2))
        assert archive.news.conn.execute("SELECT count(*) FROM articles").fetchone() == (0,)
        archive.news.conn.execute("PRAGMA max_page_count = 1000000")
        assert not any(one.error for one in kept_articles(archive, run, range(1, 40, 2)))
        assert archive.news.conn.execute("SELECT count(*) FROM articles").fetchone() == (20,)
    assert not [finding for finding in audit_archive(folder, full=True) if finding.is_fault]


def test_killed_at_random_points_nothing_acknowledged_is_lost_or_double(folder):
    moments = random.Random(15)
    said: set[str] = set()
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, saving.__file__, "together", folder.path, str(len(said) + 1)],
            stdout=subprocess.PIPE,
            text=True,
        )
        said |= {process.stdout.readline().strip() for _ in range(moments.randint(7, 40))}
        time.sleep(moments.uniform(0, 0.02))
        os.kill(process.pid, signal.SIGKILL)
        said |= set(process.communicate()[0].splitlines())
    with Archive(folder) as archive:
        urls = [row[0] for row in archive.news.conn.execute("SELECT url FROM articles")]
        pages = {page.url for page in archive.pages.pages("1", [])}
    assert len(urls) == len(set(urls))
    acknowledged = {line.split()[1] for line in said if line.startswith("article ")}
    assert len(acknowledged) > 6
    assert acknowledged <= set(urls)
    assert {line.split()[1] for line in said if line.startswith("page ")} <= pages
    assert not [finding for finding in audit_archive(folder, full=True) if finding.is_fault]

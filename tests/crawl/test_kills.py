"""A crawl may be stopped or killed at any moment: nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from archive.records import Page
from archive.store.archive import Archive as Store
from archive.store.folder import ArchiveFolder
from tests.crawl.conftest import articles_asked, wait_for

ARTICLES = 30
COMPARED = "SELECT url, title, body, published_at, authors, language, revisions FROM articles ORDER BY url"


@pytest.fixture
def slow_site(site):
    """A site that takes a while for each of its articles."""
    site.pace = "delay_seconds = 0\nconcurrent_requests = 2"

    def slowly(visitor):
        time.sleep(0.15)
        site.good_article(visitor)

    for number in range(ARTICLES):
        site.article(f"/a/{number}", slowly)
    return site


@pytest.fixture
def begin(slow_site, archive, tmp_path, started):
    """Start a crawl of the slow site, without waiting for its end."""

    def start():
        path = tmp_path / "slow.toml"
        path.write_text(slow_site.profile_toml, encoding="utf-8")
        return started("crawl", "--profile", path, "--archive", archive.path, "--allow-private")

    return start


def children_of(pid):
    """The processes a process has started, as the system lists them."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,pgid"], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()[1:]]
    return [child for child, _, group in rows if group == pid and child != pid]


def test_fault_43_three_kills_lose_nothing_and_double_nothing(slow_site, begin, archive, crawl_site, muragat):
    for so_many in (3, 11, 19):
        crawl = begin()
        wait_for(lambda so_many=so_many: articles_asked(slow_site) >= so_many)
        os.killpg(crawl.pid, signal.SIGKILL)
        crawl.wait()
    assert crawl_site().code == 0
    rows = archive.rows(COMPARED)
    assert len(rows) == ARTICLES
    assert all(revisions == 1 for *_, revisions in rows)
    assert articles_asked(slow_site) <= ARTICLES + 3 * 4
    statuses = archive.rows("SELECT status, count(*) FROM runs GROUP BY status ORDER BY status")
    assert statuses == [("done", 1), ("killed", 3)]
    assert archive.rows("SELECT sum(new) FROM runs") == [(ARTICLES,)]
    audit = muragat("audit", "--archive", archive.path)
    assert audit.code == 0, audit.out


def test_a_killed_and_resumed_archive_is_the_one_an_undisturbed_crawl_makes(
    slow_site, begin, archive, crawl_site, muragat, tmp_path
):
    crawl = begin()
    wait_for(lambda: articles_asked(slow_site) >= 9)
    os.killpg(crawl.pid, signal.SIGKILL)
    crawl.wait()
    crawl_site()
    undisturbed = tmp_path / "undisturbed"
    done = muragat("crawl", "--profile", tmp_path / "slow.toml", "--archive", undisturbed, "--allow-private")
    assert done.code == 0
    assert archive.rows(COMPARED) == type(archive)(undisturbed).rows(COMPARED)


@pytest.mark.parametrize("asked_to_end", [signal.SIGINT, signal.SIGTERM], ids=lambda s: s.name)
def test_fault_56_who_asks_a_crawl_to_end_is_obeyed_and_told_what_was_kept(
    slow_site, begin, archive, crawl_site, asked_to_end
):
    crawl = begin()
    wait_for(lambda: articles_asked(slow_site) >= 8)
    crawl.send_signal(asked_to_end)
    out, _ = crawl.communicate(timeout=30)
    assert crawl.returncode == 130
    assert "new" in out
    assert "waiting" in out
    assert "stopped: interrupted" in out
    wait_for(lambda: not children_of(crawl.pid), 10)
    assert crawl_site().code == 0
    assert archive.rows("SELECT count(*) FROM articles") == [(ARTICLES,)]


def test_no_worker_outlives_a_killed_crawl(slow_site, begin):
    crawl = begin()
    wait_for(lambda: articles_asked(slow_site) >= 4)
    assert children_of(crawl.pid)
    crawl.kill()
    crawl.wait()
    wait_for(lambda: not children_of(crawl.pid), 10)


def test_fault_47_a_second_crawl_leaves_at_once(slow_site, begin, crawl_site):
    crawl = begin()
    wait_for(lambda: articles_asked(slow_site) >= 2)
    os.kill(crawl.pid, signal.SIGSTOP)  # however long the second takes to begin, the first holds the archive
    second = crawl_site()
    os.kill(crawl.pid, signal.SIGCONT)
    assert second.code == 5
    assert second.err.count("\n") == 1
    assert "another crawl holds this archive" in second.err
    assert crawl.poll() is None


def test_a_page_that_was_kept_but_not_read_is_read_without_asking_again(site, crawl_site, archive):
    site.article("/a/first")
    assert crawl_site().code == 0
    url = f"{site.url}/a/kept"
    body = "".join(
        f"<p>Страница была сохранена, но её никто не прочёл: {n}. Так бывает при сбое.</p>" for n in range(9)
    )
    page = Page(
        url=url,
        requested_url=url,
        source="site",
        fetched_at=datetime.now(UTC),
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=f"<html lang='ru'><body><h1>Сохранено до чтения</h1>{body}</body></html>".encode(),
    )
    with Store(ArchiveFolder(archive.path)) as store:
        store.pages.keep(page, kind="article")
    assert "1 new" in crawl_site().out
    assert "/a/kept" not in site.paths_asked()
    assert archive.rows("SELECT title FROM articles WHERE url = ?", url) == [("Сохранено до чтения",)]


@pytest.mark.parametrize(
    "second", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)], ids=lambda s: s.name
)
def test_fault_56_a_second_ctrl_c_ends_at_once_and_says_so(slow_site, begin, archive, crawl_site, second):
    crawl = begin()
    wait_for(lambda: articles_asked(slow_site) >= 4)
    crawl.send_signal(signal.SIGINT)
    time.sleep(0.05)
    crawl.send_signal(second)
    _, err = crawl.communicate(timeout=5)
    assert crawl.returncode == 130
    assert "Ended at once" in err
    assert "resource_tracker" not in err
    wait_for(lambda: not children_of(crawl.pid), 10)
    assert crawl_site().code == 0
    assert archive.rows("SELECT count(*) FROM articles") == [(ARTICLES,)]


@pytest.mark.slow
def test_asked_to_end_a_slow_crawl_gives_back_what_waits_for_its_turn(slow_site, begin, archive):
    slow_site.pace = "delay_seconds = 3\nconcurrent_requests = 1"
    crawl = begin()
    wait_for(lambda: articles_asked(slow_site) >= 1)
    begun = time.monotonic()
    crawl.send_signal(signal.SIGINT)
    _, err = crawl.communicate(timeout=30)
    assert crawl.returncode == 130
    assert time.monotonic() - begun < 8
    assert "Stopping" in err
    assert archive.rows("SELECT count(*) FROM frontier WHERE taken_by IS NOT NULL") == [(0,)]


def test_an_answer_that_does_not_come_does_not_hold_up_an_end(slow_site, begin, archive):
    def never(visitor):
        time.sleep(40)

    slow_site.articles[:] = []
    slow_site.article("/a/never", never)
    crawl = begin()
    wait_for(lambda: articles_asked(slow_site) >= 1)
    crawl.send_signal(signal.SIGTERM)
    crawl.communicate(timeout=28)
    assert crawl.returncode == 130
    assert archive.rows("SELECT status FROM runs") == [("stopped",)]


@pytest.mark.slow
def test_a_robots_txt_that_never_comes_does_not_hold_up_an_end(slow_site, begin):
    slow_site.routes["/robots.txt"] = lambda visitor: time.sleep(60)
    crawl = begin()
    wait_for(lambda: "/robots.txt" in slow_site.paths_asked())
    crawl.send_signal(signal.SIGTERM)
    crawl.communicate(timeout=28)
    assert crawl.returncode == 130


def test_archives_that_were_killed_while_being_made_can_be_crawled_into(tmp_path):
    make = "import sys; from pathlib import Path; from archive.store.archive import Archive; "
    make += "from archive.store.folder import ArchiveFolder; print(1, flush=True); "
    make += "Archive(ArchiveFolder(Path(sys.argv[1])))"
    for number in range(12):
        folder = tmp_path / str(number)
        process = subprocess.Popen([sys.executable, "-c", make, str(folder)], stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(0.002 * number)
        process.kill()
        process.communicate()
        with Store(ArchiveFolder(folder)) as store:
            assert store.frontier.waiting("any") == 0

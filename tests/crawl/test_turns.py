"""Hosts are asked no faster than stated after a restart, after a kill, by two processes; waits are kept."""

from __future__ import annotations

import os
import signal
import sqlite3

import pytest

from tests.crawl.conftest import wait_for

DELAY = 0.4


def paced(site, tmp_path, delay=DELAY):
    """The profile of a site that asks for a delay, one request at a time."""
    site.pace = f"delay_seconds = {delay}\nconcurrent_requests = 1"
    path = tmp_path / "site.toml"
    path.write_text(site.profile_toml, encoding="utf-8")
    return path


def too_near(site, delay=DELAY):
    """Gaps shorter than the delay, a busy machine's slow thread forgiven."""
    return [gap for gap in site.gaps() if gap < 0.75 * delay]


@pytest.fixture
def slow_site(site):
    for number in range(12):
        site.article(f"/a/{number}")
    return site


@pytest.mark.slow
def test_two_processes_ask_one_host_in_turns(slow_site, archive, tmp_path, started, muragat):
    profile = paced(slow_site, tmp_path)
    crawl = started("crawl", "--profile", profile, "--archive", archive.path, "--allow-private")
    wait_for(lambda: len(slow_site.asked) > 1)
    pages = [f"{slow_site.url}/a/{number}" for number in range(3)]
    assert muragat("extract", *pages, "--allow-private").code == 0
    assert crawl.wait(60) == 0
    assert slow_site.most_at_once == 1
    assert not too_near(slow_site)
    assert archive.rows("SELECT count(*) FROM articles") == [(12,)]


@pytest.mark.slow
def test_a_crawl_that_was_killed_comes_back_no_sooner_than_stated(slow_site, archive, tmp_path, started):
    profile = paced(slow_site, tmp_path, delay=2.5)
    arguments = ("crawl", "--profile", profile, "--archive", archive.path, "--allow-private", "--limit", "1")
    first = started(*arguments)
    wait_for(lambda: len(slow_site.asked) > 1)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    seen = len(slow_site.asked)
    started(*arguments)
    wait_for(lambda: len(slow_site.asked) > seen)
    assert not too_near(slow_site, 2.5)


def test_fault_11_a_feed_that_is_busy_keeps_the_whole_host_quiet_and_the_next_crawl_too(
    site, crawl_site, archive, monkeypatch, tmp_path
):
    site.article("/a/1")
    site.routes["/feed"] = lambda visitor: visitor.answer("busy", status=429, Retry_After="3600")
    done = crawl_site()
    assert done.code == 4
    assert "left alone" in done.out or "429" in done.out
    assert site.paths_asked() == ["/robots.txt", "/feed"]
    site.routes["/feed"] = site.feed
    # The archive remembers it where this machine does not, as in a new container.
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "elsewhere"))
    again = crawl_site()
    assert again.code == 4
    assert "the server asked to be left alone" in again.out
    assert site.paths_asked() == ["/robots.txt", "/feed"]
    ((status, stated),) = archive.rows("SELECT status, retry_after FROM waits")
    assert (status, stated) == (429, "3600")
    ((late,),) = archive.rows("SELECT due_at >= until FROM schedule, waits")
    assert late
    with sqlite3.connect(archive.path / "news.db") as db:
        db.execute("UPDATE robots SET checked_at = '2026-01-01T00:00:00Z'")
    assert crawl_site().code == 4
    assert archive.rows("SELECT means FROM robots") == [("all",)]  # not asked is not closed
    assert site.paths_asked() == ["/robots.txt", "/feed"]


def test_a_busy_host_ends_the_turn_and_what_was_not_asked_is_no_failed_attempt(site, crawl_site, archive):
    for number in range(6):
        site.article(f"/a/{number}")
    site.routes["/a/1"] = lambda visitor: visitor.answer("busy", status=503, Retry_After="3600")
    assert crawl_site("--limit", "6").code == 0
    waiting = archive.rows("SELECT url, attempts FROM frontier ORDER BY id")
    asked = [path for path in site.paths_asked() if path.startswith("/a/")]
    assert sum(attempts for _, attempts in waiting) == 1
    assert len(waiting) == 6 - (len(asked) - 1)


@pytest.mark.slow
def test_robots_txt_is_used_again_for_a_day_and_kept_with_its_history(site, crawl_site, archive):
    def robots(text):
        site.routes["/robots.txt"] = lambda visitor: visitor.answer(text, "text/plain")

    robots("User-agent: *\nDisallow: /a/1\nCrawl-delay: 0.2\n")
    site.article("/a/1")
    site.article("/a/2")
    assert crawl_site().code == 0
    robots("User-agent: *\nDisallow: /a/3\n")
    site.article("/a/3")
    assert crawl_site().code == 0
    assert site.paths_asked().count("/robots.txt") == 1
    assert "/a/3" in site.paths_asked()
    with sqlite3.connect(archive.path / "news.db") as db:
        db.execute("UPDATE robots SET checked_at = '2026-01-01T00:00:00Z'")
    site.article("/a/4")
    assert crawl_site().code == 0
    assert site.paths_asked().count("/robots.txt") == 2
    rows = archive.rows("SELECT means, status, crawl_delay, delay_seconds FROM robots ORDER BY id")
    assert rows == [("part", 200, "0.2", 0.2), ("part", 200, None, None)]
    ((requests, smallest),) = archive.rows("SELECT sum(requests), min(smallest) FROM gaps")
    assert requests == len(site.asked) - 1
    assert smallest < 60


@pytest.mark.slow
def test_a_robots_txt_that_moved_is_followed_five_times_and_no_more(site, crawl_site, archive):
    def move(number):
        return lambda visitor: visitor.answer("", status=301, Location=f"{site.url}/robots{number}.txt")

    site.routes["/robots.txt"] = move(1)
    site.routes |= {f"/robots{number}.txt": move(number + 1) for number in range(1, 5)}
    site.routes["/robots5.txt"] = lambda visitor: visitor.answer(
        "User-agent: *\nDisallow: /a/1\n", "text/plain"
    )
    site.article("/a/1")
    site.article("/a/2")
    assert crawl_site().code == 0
    assert archive.reasons()["/a/1"] == "robots"
    assert archive.rows("SELECT means FROM robots") == [("part",)]
    with sqlite3.connect(archive.path / "news.db") as db:
        db.execute("UPDATE robots SET checked_at = '2026-01-01T00:00:00Z'")
    site.routes["/robots5.txt"] = move(6)
    assert crawl_site().code == 4
    assert archive.rows("SELECT means FROM robots ORDER BY id") == [("part",), ("closed",)]

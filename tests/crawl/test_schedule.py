"""Scheduled crawls: what is due and no more, in turns that end; killed or stopped at any time."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections import namedtuple
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.errors import ArchiveError
from crawler.cli import cli
from tests.crawl.conftest import wait_for

ROOT = Path(__file__).resolve().parents[2]
LONG_AGO = "2026-01-01T00:00:00Z"


Done = namedtuple("Done", "code out err")


@pytest.fixture
def scheduled(site, archive):
    """The misbehaving site as a source of the archive; returns how to write its profile anew."""

    def write() -> None:
        (archive.path / "sources").mkdir(parents=True, exist_ok=True)
        (archive.path / "sources" / "site.toml").write_text(site.profile_toml, encoding="utf-8")

    write()
    return write


@pytest.fixture
def schedule(muragat, archive, scheduled):
    """Call a schedule command for the site."""

    def call(name, *options, in_vain=False):
        if name == "run" and not in_vain:
            return muragat("schedule", "run", "site", "--archive", archive.path, "--allow-private", *options)
        words = ["schedule", name, "site", "--archive", str(archive.path), *options]
        ended = CliRunner().invoke(cli, words)  # crawls nothing, so it needs no process of its own
        return Done(ended.exit_code, ended.stdout, f"{ended.stderr}{error_of(ended)}")

    return call


def slow(site, count, seconds):
    """Articles that take a while each; returns what makes them quick."""
    quick = threading.Event()

    def slowly(visitor):
        quick.wait(seconds)
        site.good_article(visitor)

    for number in range(count):
        site.article(f"/a/slow{number}", slowly)
    return quick.set


def change(archive, statement, *values):
    db = sqlite3.connect(archive.path / "news.db")
    with db:
        db.execute(statement, values)
    db.close()


def asked(site, prefix="/a/"):
    return sum(path.startswith(prefix) for path in site.paths_asked())


def error_of(ended):
    """What the command line makes of an error of ours."""
    return str(ended.exception) if isinstance(ended.exception, ArchiveError) else ""


def listed(schedule):
    done = schedule("list", "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)[0]


def left_of(pid):
    """Processes of a group that still run."""
    rows = subprocess.run(["ps", "-eo", "pid,pgid,stat"], capture_output=True, text=True, check=True).stdout
    found = [line.split() for line in rows.splitlines()[1:]]
    return [one for one, group, state in found if int(group) == pid and not state.startswith("Z")]


def test_what_is_due_is_crawled_once_and_not_touched_again_before_its_time(site, schedule, archive):
    site.article("/a/1")
    assert listed(schedule)["state"] == "due"
    assert "1 new" in schedule("run").out
    requests = len(site.asked)
    again = schedule("run", in_vain=True)
    assert again.code == 0
    assert re.match(r"Nothing is due; next: site at \d{4}-\d\d-\d\d \d\d:\d\dZ\n$", again.out)
    assert schedule("run", "--quiet", in_vain=True).out == ""
    assert len(site.asked) == requests
    change(archive, "UPDATE addresses SET next_visit_at = ? WHERE article_id IS NOT NULL", LONG_AGO)
    assert listed(schedule)["state"] == "waiting", "visits bring it forward to half its interval at most"
    change(archive, "UPDATE sources SET last_crawled_at = ?", LONG_AGO)
    assert "1 unchanged" in schedule("run").out
    row = schedule("list").out.splitlines()
    assert row[0].split("\t") == ["source", "last crawl", "every", "why", "next"]
    assert row[1].split("\t")[0::3] == ["site", "no article known to be of the last four weeks"]


def test_a_crawl_by_hand_is_a_turn_too_and_a_profile_may_fix_the_interval(
    site, scheduled, schedule, muragat, archive
):
    site.pace += "\nevery_minutes = 45"
    scheduled()
    assert muragat("crawl", "site", "--archive", archive.path, "--allow-private").code == 0
    turn = listed(schedule)
    assert (turn["state"], turn["interval_seconds"], turn["why"]) == ("waiting", 2700, "fixed by its profile")
    assert archive.rows("SELECT count(*) FROM leases") == [(0,)]


def test_what_errs_is_backed_off_with_its_reason(site, schedule, archive):
    site.routes["/feed"] = lambda visitor: visitor.answer("no", status=404)
    failed = schedule("run", "--quiet")
    assert failed.code == 4
    assert failed.out == ""
    assert "failed: feed" in failed.err
    turn = listed(schedule)
    assert (turn["failures"], turn["interval_seconds"]) == (1, 7200)
    assert turn["why"].startswith("backing off: 1 failure (feed http")
    change(archive, "UPDATE schedule SET due_at = ?", LONG_AGO)
    site.routes["/feed"] = site.feed
    assert schedule("run").code == 0
    assert listed(schedule)["failures"] == 0


def test_fault_56_a_long_list_is_cut_when_its_turn_is_over_and_goes_on_in_the_next(
    site, scheduled, schedule, archive, tmp_path
):
    hurry = slow(site, 30, seconds=0.4)
    profile = archive.path / "sources" / "site.toml"
    scheduled()
    command = [
        sys.executable,
        "-m",
        "scrapy",
        "crawl",
        "news",
        "-a",
        f"profile={profile}",
        "-a",
        "seconds=6",
    ]
    settings = ["-s", f"MURAGAT_ARCHIVE={archive.path}", "-s", "MURAGAT_ALLOW_PRIVATE=1"]
    begun = time.monotonic()
    ended = subprocess.run([*command, *settings], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    assert time.monotonic() - begun < 40
    ((kept,),) = archive.rows("SELECT count(*) FROM articles")
    assert 0 < kept < 30
    assert archive.rows("SELECT status FROM runs") == [("done",)]
    turn = listed(schedule)
    assert turn["state"] == "due"
    assert turn["why"].endswith("more waits on its list")
    hurry()
    assert f"{30 - kept} new" in schedule("run").out
    assert asked(site) == 30, "nothing was asked twice"


def test_fault_47_overlap_leaves_at_once_a_kill_is_due_at_once_and_a_hang_is_noticed(
    site, schedule, archive, started, muragat
):
    hurry = slow(site, 30, seconds=0.8)
    crawl = started("schedule", "run", "site", "--archive", archive.path, "--allow-private")
    wait_for(lambda: asked(site) >= 3)
    assert listed(schedule)["state"] == "crawling"
    second = schedule("run")
    assert (second.code, second.err.count("\n")) == (5, 1)
    assert "another crawl holds this archive" in second.err
    quiet = schedule("run", "--quiet", in_vain=True)
    assert (quiet.code, quiet.out, quiet.err) == (5, "", "")
    change(archive, "UPDATE leases SET held_until = ?", LONG_AGO)
    assert listed(schedule)["state"] == "hangs"
    noticed = schedule("run", "--quiet", in_vain=True)
    assert f"process {crawl.pid} has given no sign of life since 2026-01-01 00:00Z" in noticed.err
    os.killpg(crawl.pid, signal.SIGKILL)
    crawl.wait()
    assert listed(schedule)["state"] == "killed"
    assert "\tdue: its crawl was killed\t" in muragat("status", "--archive", archive.path).out
    hurry()
    assert schedule("run").code == 0
    assert archive.rows("SELECT count(*), sum(revisions) FROM articles") == [(30, 30)]
    assert asked(site) <= 30 + 4
    assert archive.rows("SELECT count(*) FROM leases") == [(0,)]
    assert muragat("audit", "--archive", archive.path).code == 0


@pytest.mark.parametrize("asked_to_end", [signal.SIGTERM, signal.SIGINT], ids=lambda s: s.name)
def test_fault_56_a_loop_ends_when_asked_with_everything_kept_and_said(
    site, scheduled, archive, started, asked_to_end
):
    slow(site, 30, seconds=0.4)
    loop = started("schedule", "loop", "site", "--archive", archive.path, "--allow-private")
    wait_for(lambda: asked(site) >= 6)
    ((group,),) = archive.rows("SELECT pid FROM leases")
    loop.send_signal(asked_to_end)
    begun = time.monotonic()
    out, _ = loop.communicate(timeout=30)
    assert time.monotonic() - begun < 30
    assert loop.returncode == 0
    lines = out.splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \S", line) for line in lines), out
    ((kept,),) = archive.rows("SELECT count(*) FROM articles")
    assert any(f"site: {kept} new" in line and "stopped: interrupted" in line for line in lines), out
    assert lines[-1].endswith("stopped; what was kept is kept, the rest is on the list")
    wait_for(lambda: not left_of(group), 10)
    assert archive.rows("SELECT count(*) FROM leases") == [(0,)]


def test_a_loop_crawls_what_becomes_due_and_tells_prometheus(site, scheduled, archive, started):
    site.article("/a/1")
    site.article("/a/no", lambda visitor: visitor.answer("no", status=500))
    loop = started("schedule", "loop", "site", "--archive", archive.path, "--allow-private", "--metrics", 0)
    address = re.search(r"http://127\.0\.0\.1:\d+/metrics", loop.stdout.readline())[0]
    ended = "SELECT count(*) FROM runs WHERE status = 'done'"
    wait_for(
        lambda: (archive.path / "news.db").exists() and tables(archive) and archive.rows(ended) == [(1,)]
    )
    wait_for(lambda: 'muragat_runs_total{source="site",status="done"} 1.0' in metrics(address))
    told = metrics(address)
    for line in (
        "muragat_archive_readable 1.0",
        "muragat_sources 1.0",
        "muragat_sources_due 0.0",
        "muragat_sources_overdue 0.0",
        'muragat_articles_total{outcome="new",source="site"} 1.0',
        'muragat_failures_total{reason="server_error",source="site"} 1.0',
    ):
        assert line in told, told
    success = re.search(r'muragat_last_success_timestamp_seconds\{source="site"\} (\S+)', told)
    assert abs(float(success[1]) - time.time()) < 60
    assert re.search(r'muragat_run_seconds_total\{source="site"\} [0-9.]*[1-9]', told)
    change(archive, "UPDATE schedule SET due_at = ?", LONG_AGO)
    assert "muragat_sources_overdue 1.0" in metrics(address)


def tables(archive):
    return archive.rows("SELECT 1 FROM sqlite_master WHERE name = 'runs'")


def metrics(address):
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()

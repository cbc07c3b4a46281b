"""`muragat status` tells how each source is doing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from click.testing import CliRunner
from rich.console import Console

from archive.cli import status
from archive.health.showing import closing_line, show
from archive.health.status import archive_status
from archive.records import Outcome

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
SOURCE = "steppe_news"


@pytest.fixture
def busy_desk(desk):
    desk.archive.sources.save(
        "never_crawled", name="Никогда", home="h", languages=["kk"], timezone="Asia/Almaty", region=None
    )
    desk.keep("/a")
    desk.keep("/b", published_at=None, published_date=None, published_precision=None)
    failed = desk.visit("/x", status=None, reason="timeout")
    desk.archive.settle(desk.run, SOURCE, failed, Outcome.REJECTED)
    desk.archive.runs.end(desk.run, status="done", reason=None, ended_at=NOON, seconds=1.5)
    later = NOON + timedelta(hours=2)
    desk.run = desk.archive.runs.begin(SOURCE, started_at=later, version="test")
    desk.keep("/c", at=later)
    for path in ("/y", "/z"):
        desk.archive.settle(desk.run, SOURCE, desk.visit(path, reason="not_article"), Outcome.REJECTED)
    desk.archive.settle(desk.run, SOURCE, desk.visit("/w", reason="robots\x1b[2J"), Outcome.REJECTED)
    desk.archive.frontier.offer(SOURCE, [desk.found("/1"), desk.found("/2")], now=NOON)
    desk.archive.runs.end(desk.run, status="stopped", reason="Ctrl-C", ended_at=later, seconds=1.5)
    return desk


def test_a_source_is_told_with_its_last_run(busy_desk):
    told = archive_status(busy_desk.folder)
    never, source = told.sources
    assert (source.id, source.articles, source.undated, source.waiting) == (SOURCE, 3, 1, 2)
    assert source.newest_published == "2026-03-10"
    assert source.newest_first_seen_at == "2026-03-10T09:00:00Z"
    assert source.last_run.started_at == "2026-03-10T09:00:00Z"
    assert (source.last_run.status, source.last_run.reason) == ("stopped", "Ctrl-C")
    assert source.last_run.counts == {
        "new": 1, "revised": 0, "unchanged": 0, "rejected": 3, "gone": 0, "failed": 0
    }  # fmt: skip
    assert source.last_run.problems == {"not_article": 2, "robots\x1b[2J": 1}
    assert (never.id, never.articles, never.last_run, never.newest_published) == (
        "never_crawled",
        0,
        None,
        None,
    )
    assert (told.articles, told.waiting, told.pages) == (3, 2, 3)
    assert all(size > 0 for size in told.bytes.values())


def run(folder, *arguments):
    return CliRunner().invoke(status, [*arguments, "--archive", str(folder.path)])


def test_the_last_run_is_the_latest_by_time_whatever_its_number(busy_desk):
    earlier = busy_desk.archive.runs.begin(SOURCE, started_at=NOON - timedelta(days=9), version="merged")
    busy_desk.archive.runs.end(earlier, status="failed", reason="old", ended_at=NOON, seconds=1)
    told = next(one for one in archive_status(busy_desk.folder).sources if one.id == SOURCE)
    assert (told.last_run.status, told.last_run.reason) == ("stopped", "Ctrl-C")


def test_in_a_pipe_each_source_is_a_line_of_cells(busy_desk):
    head, *lines = run(busy_desk.folder).stdout.splitlines()
    assert head.split("\t")[:3] == ["source", "health", "articles"]
    assert lines[0].split("\t") == ["never_crawled", "new", "0", *["-"] * 5, "0", "-", "-", "-", "-"]
    assert lines[1].split("\t") == [
        SOURCE, "new", "3", "2026-03-10", "2026-03-10 09:00Z", "2026-03-10 09:00Z", "stopped: Ctrl-C",
        "new 1, rejected 3", "2", "3 due", "-", "not_article 2, robots [2J 1", "-",
    ]  # fmt: skip
    assert lines[2].startswith("sources 2, articles 3, pages 3, waiting 2; news.db ")
    assert len(lines) == 3


def test_the_next_visit_is_told_when_none_is_due(busy_desk):
    with busy_desk.archive.news.conn as db:
        db.execute("UPDATE addresses SET next_visit_at = '2099-03-10T07:00:00Z'")
    assert "\tfrom 2099-03-10 07:00Z\t" in run(busy_desk.folder).stdout
    assert json.loads(run(busy_desk.folder, "--json").stdout)["sources"][1]["visits_due"] == 0


def test_programs_get_one_json_object(busy_desk):
    told = json.loads(run(busy_desk.folder, "--json").stdout)
    assert told["articles"] == 3
    assert told["sources"][1]["last_run"]["problems"]["not_article"] == 2


def test_programs_are_told_all_that_people_are(busy_desk):
    from archive.health.history import Expected

    feed = "https://steppe.example/feed"
    busy_desk.archive.health.expect(SOURCE, Expected(), [feed])
    busy_desk.archive.read_document(
        busy_desk.run,
        SOURCE,
        busy_desk.visit("/feed", kind="feed"),
        Outcome.READ,
        found=[busy_desk.found("/1")],
    )
    told = json.loads(run(busy_desk.folder, "--json").stdout)
    assert told["is_well"] is True
    source = told["sources"][1]
    (document,) = source["documents"]
    assert (document["url"], document["named"], document["read_at"]) == (feed, 1, "2026-03-10T07:00:00Z")
    assert (source["due_at"], source["interval_seconds"]) == (None, None)
    ran = source["last_run"]
    assert (ran["ended_at"], ran["requests"], ran["version"]) == ("2026-03-10T09:00:00Z", 5, "test")


def planned(desk, due_at):
    desk.archive.schedule.plan(
        SOURCE, due_at=due_at, interval=timedelta(hours=1), why="", failures=0, now=due_at
    )


@pytest.mark.parametrize(("year", "told"), [(2099, "2099-03-10 09:00Z"), (2020, "due")])
def test_the_next_crawl_is_told(busy_desk, year, told):
    planned(busy_desk, datetime(year, 3, 10, 9, tzinfo=UTC))
    head, never, source, _ = (line.split("\t") for line in run(busy_desk.folder).stdout.splitlines())
    assert source[head.index("next")] == told
    assert never[head.index("next")] == "-"


def test_a_crawl_in_hand_or_killed_is_told_before_its_plan(busy_desk):
    planned(busy_desk, datetime(2099, 3, 10, 9, tzinfo=UTC))
    told = {}
    for pid, began in ((os.getpid(), datetime.now(UTC)), (os.getpid(), NOON), (dead_pid(), NOON)):
        busy_desk.archive.schedule.take(SOURCE, pid=pid, now=began)
        head, _, source, _ = (line.split("\t") for line in run(busy_desk.folder).stdout.splitlines())
        state = json.loads(run(busy_desk.folder, "--json").stdout)["sources"][1]["state"]
        told[state] = source[head.index("next")]
    assert told == {"crawling": "crawling now", "hangs": "hangs", "killed": "due: its crawl was killed"}


def test_a_crawl_that_was_ended_is_killed_before_its_parent_knows(busy_desk):
    with subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE) as ended:
        ended.stdout.read()  # until it has let go of it
        time.sleep(0.3)
        busy_desk.archive.schedule.take(SOURCE, pid=ended.pid, now=datetime.now(UTC))
        _, source = archive_status(busy_desk.folder).sources
        assert source.state == ("killed" if sys.platform == "linux" else "crawling")


def test_of_sources_that_are_named_only_these_are_told(busy_desk):
    _, *lines, closing = run(busy_desk.folder, SOURCE).stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == [SOURCE]
    assert closing.startswith("sources 2, articles 3, ")
    told = json.loads(run(busy_desk.folder, "never_crawled", "--json").stdout)
    assert [source["id"] for source in told["sources"]] == ["never_crawled"]
    assert json.loads(run(busy_desk.folder, "never_crawled", "--missing", "--json").stdout) == []


@pytest.mark.parametrize("options", [[], ["--json"], ["--missing"]])
def test_a_source_that_is_not_here_is_refused_with_a_near_one(busy_desk, options):
    done = run(busy_desk.folder, "stepe_news", *options)
    assert done.exit_code == 2
    assert "no source 'stepe_news' here; did you mean steppe_news?" in done.stderr
    done = run(busy_desk.folder, SOURCE, "zzz", *options)
    assert done.exit_code == 2
    assert "no source 'zzz' here; there are: never_crawled, steppe_news" in done.stderr


def dead_pid():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_a_source_that_a_crawl_was_begun_of_and_never_planned_is_due(busy_desk):
    from archive.health.history import Expected

    busy_desk.archive.health.expect(SOURCE, Expected())
    never, source = archive_status(busy_desk.folder).sources
    assert (never.state, source.state, source.due_at) == (None, "due", None)


def shown_on(busy_desk, width):
    screen = Console(file=StringIO(), width=width, force_terminal=False)
    status = archive_status(busy_desk.folder)
    show(status, screen, closing_line(status))
    return screen.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [80, 100, 240])
def test_on_a_terminal_no_line_is_wider_and_nothing_is_left_out(busy_desk, width):
    planned(busy_desk, datetime(2099, 3, 10, 9, tzinfo=UTC))
    overlooked = ("https://steppe.example", ("expired",))
    busy_desk.archive.runs.overlook(busy_desk.run, SOURCE, *overlooked, reason="их дело " * 20, now=NOON)
    head, *lines = shown_on(busy_desk, width)
    assert all(len(line) <= width for line in (head, *lines))
    assert ("problems" in head) == (width == 240)
    assert {"source", "health", "articles", "waiting", "next"} <= set(head.split())
    assert "last new" in head
    (row,) = (line for line in lines if line.startswith(f"{SOURCE} "))
    assert {"2026-03-10 09:00Z", "2099-03-10 09:00Z"} <= {cell.strip() for cell in row.split("  ")}
    shown = " ".join(line.strip() for line in lines)
    assert "stopped: Ctrl-C" in shown
    assert "not_article 2" in shown
    assert "3 due" in shown
    assert "\x1b" not in shown
    assert shown.count("never_crawled") == 1, "nothing is to be told below of a source that never ran"


def test_a_terminal_too_narrow_for_that_is_told_less_in_the_table_and_more_below(busy_desk):
    head, *lines = shown_on(busy_desk, 60)
    assert all(len(line) <= 60 for line in (head, *lines))
    assert "waiting" not in head
    assert "last new" in head
    assert "waiting: 2" in " ".join(line.strip() for line in lines)


def test_an_archive_without_pages_can_still_be_told_of(busy_desk):
    busy_desk.archive.close()
    busy_desk.folder.pages.unlink()
    assert "no pages" in run(busy_desk.folder).stdout

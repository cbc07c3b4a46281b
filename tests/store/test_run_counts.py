"""What runs did, for monitoring and for planning: counts that only grow, and whether anybody answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from archive.health.run_counts import RunCounts, last_run, last_success
from archive.records import Outcome

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
SOURCE = "steppe_news"


def end(desk, run, status="done"):
    desk.archive.runs.end(run, status=status, reason=None, ended_at=NOON + timedelta(minutes=run), seconds=2)


def test_counts_begin_after_the_run_that_was_the_newest_and_only_grow(desk):
    db = desk.archive.news
    desk.keep("/before")
    end(desk, desk.run)
    counts = RunCounts(last_run(db))
    assert counts.read(db) == {}
    desk.run = desk.archive.runs.begin(SOURCE, started_at=NOON, version="1")
    desk.keep("/a")
    failed = desk.visit("/b", status=None, reason="timeout")
    desk.archive.runs.enter(desk.run, SOURCE, failed, Outcome.FAILED)
    under_way = counts.read(db)[SOURCE]
    assert (under_way.articles["new"], dict(under_way.failures)) == (1, {"timeout": 1})
    assert counts.reached < desk.run, "a run under way is read again"
    desk.keep("/c")
    end(desk, desk.run)
    for _ in range(2):
        ended = counts.read(db)[SOURCE]
        assert (ended.articles["new"], ended.crawls["done"], ended.seconds) == (2, 1, 2)
    assert counts.reached == desk.run


def test_the_last_success_is_not_the_last_run(desk):
    db = desk.archive.news
    assert last_success(db, SOURCE) is None
    end(desk, desk.run)
    failed = desk.archive.runs.begin(SOURCE, started_at=NOON + timedelta(hours=1), version="1")
    end(desk, failed, status="failed")
    assert last_success(db, SOURCE) == NOON + timedelta(minutes=desk.run)


def test_an_error_is_an_answer_and_silence_is_none(desk):
    runs = desk.archive.runs
    runs.enter(desk.run, SOURCE, desk.visit("/a", status=None, reason="dns"), Outcome.FAILED)
    assert not runs.was_answered(desk.run)
    runs.enter(desk.run, SOURCE, desk.visit("/b", status=500, reason="server_error"), Outcome.FAILED)
    assert runs.was_answered(desk.run)
    assert not runs.was_answered(runs.begin(SOURCE, started_at=NOON, version="1"))

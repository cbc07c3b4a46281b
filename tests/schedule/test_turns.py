"""A run takes in who becomes due while it lasts, each once in its time, and ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.store.archive import Archive
from archive.store.columns import utc
from archive.store.folder import ArchiveFolder
from archive.store.schedule import Turn
from crawler.runs.report import RunReport
from crawler.schedule.planning import plan_next_turn
from crawler.schedule.turns import RUN_SECONDS, TURN_SECONDS, DueTurns, due_times, known_turns
from crawler.sources.profile import Pace, Source

HOUR = timedelta(hours=1)


def source(source_id: str, **pace: int) -> Source:
    return Source(source_id, source_id, f"https://{source_id}.example/", pace=Pace(**pace))


SOURCES = [source(name) for name in ("a", "b", "c")]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(ArchiveFolder(tmp_path / "archive")) as archive:
        for one in SOURCES:
            archive.sources.save(
                one.id, name=one.name, home=one.home, languages=[], timezone="UTC", region=None
            )
        yield archive


def plan(archive: Archive, source_id: str, due_in: timedelta, interval: timedelta = HOUR) -> None:
    now = datetime.now(UTC)
    archive.schedule.plan(source_id, due_at=now + due_in, interval=interval, why="", failures=0, now=now)


def ids(begun: object) -> set[str]:
    return {one.id for one, _ in begun}  # type: ignore[attr-defined]


def test_who_is_due_begins_spread_and_who_is_not_or_is_busy_is_left(archive: Archive) -> None:
    plan(archive, "a", -HOUR)
    plan(archive, "b", HOUR)
    begun = DueTurns(SOURCES).more(archive, {"never"})
    assert ids(begun) == {"a", "c"}
    assert sorted(after for _, after in begun) == [0, 5]
    assert ids(DueTurns(SOURCES).more(archive, {"a"})) == {"c"}


def test_who_becomes_due_joins_and_nobody_begins_twice_in_a_moment(archive: Archive) -> None:
    turns = DueTurns(SOURCES)
    for name in ("a", "b", "c"):
        plan(archive, name, HOUR)
    assert not turns.more(archive, set())
    plan(archive, "b", -timedelta(seconds=1))
    assert ids(turns.more(archive, set())) == {"b"}
    assert not turns.more(archive, set()), "it failed before it could be planned"


def test_fault_56_near_its_end_a_run_begins_nothing_and_no_turn_outlasts_it(archive: Archive) -> None:
    assert not DueTurns(SOURCES, run_seconds=30).more(archive, set())
    assert DueTurns(SOURCES, run_seconds=90).seconds_left() <= 90
    assert DueTurns(SOURCES).seconds_left() == TURN_SECONDS < RUN_SECONDS


def test_fault_47_a_dead_crawls_source_is_due_at_once(archive: Archive) -> None:
    plan(archive, "a", HOUR)
    archive.schedule.take("a", pid=1, now=datetime.now(UTC))
    assert "a" in ids(DueTurns(SOURCES).more(archive, set()))


def test_a_profile_without_visits_is_hurried_by_none() -> None:
    now = datetime.now(UTC)
    turn = Turn(
        "a", due_at=now + HOUR, interval=2 * HOUR, why="", crawled_at=now - HOUR, waits_since=now - HOUR
    )
    assert due_times([source("a")], {"a": turn}, now) == {"a": now}
    assert due_times([source("a", visits_per_crawl=0)], {"a": turn}, now) == {"a": now + HOUR}


def test_before_an_archive_is_made_everything_is_due_and_nothing_is_made(tmp_path: Path) -> None:
    folder = ArchiveFolder(tmp_path / "none")
    now = datetime.now(UTC)
    assert due_times(SOURCES, known_turns(folder, SOURCES), now) == {"a": now, "b": now, "c": now}
    assert not folder.path.exists()


def test_failures_are_counted_until_a_crawl_is_done(archive: Archive) -> None:
    now = datetime.now(UTC)
    seen = []
    for status in ("failed", "failed", "done", "failed"):
        report = RunReport("a", status, "feed: HTTP 500" if status == "failed" else None)
        plan_next_turn(archive, SOURCES[0], report, began=now, answered=True, is_cut=False, chance=0)
        seen.append(archive.schedule.turn("a").failures)
    assert seen == [1, 2, 0, 1]
    assert archive.schedule.turn("a").why == "backing off: 1 failure (feed: HTTP 500)"


def test_the_plan_that_is_kept_is_what_the_list_of_turns_says(archive: Archive) -> None:
    now = datetime.now(UTC)
    archive.news.table("sources").update("a", {"last_crawled_at": utc(now)})
    with archive.news.conn as db:
        db.execute(
            "INSERT INTO frontier (url_hash, source, kind, url, why, found, found_at, attempts, not_before) "
            "VALUES (1, 'a', 'article', 'https://a.example/1', 'new', '[]', ?, 1, ?)",
            [utc(now), utc(now + HOUR / 4)],
        )
    done = RunReport("a", "done", None)
    plan_next_turn(archive, SOURCES[0], done, began=now, answered=True, is_cut=False, chance=0)
    turn = archive.schedule.turn("a")
    assert turn.due_at == turn.crawled_at + HOUR / 2, "what waits brings it forward, to half its interval"
    assert due_times(SOURCES[:1], {"a": turn}, now) == {"a": turn.due_at}
    plan_next_turn(
        archive, source("a", every_minutes=60), done, began=now, answered=True, is_cut=False, chance=0
    )
    assert archive.schedule.turn("a").due_at == turn.crawled_at + HOUR

"""When a source's turn is: after its interval, later when it errs, sooner for visits, at once when killed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive.store.schedule import LEASE, Lease, Turn
from crawler.schedule.due import Pacing, beginnings, due, due_at, planned, seconds_until_due
from crawler.schedule.rhythm import LONGEST, Rhythm
from crawler.schedule.showing import cells, listed_turn

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TWELVE_A_DAY = Pacing(Rhythm(12))
TURN = Turn("a", due_at=NOON + HOUR, interval=2 * HOUR, why="", crawled_at=NOON - HOUR)


def test_a_source_whose_first_crawl_did_not_end_is_not_called_uncrawled() -> None:
    interrupted = listed_turn(Turn("a", crawled_at=NOON), NOON, NOON)
    assert cells(interrupted) == ["a", "2026-03-10 12:00Z", "-", "no crawl has ended yet", "due"]
    assert cells(listed_turn(Turn("a"), NOON, NOON)) == ["a", "-", "-", "not crawled yet", "due"]


@pytest.mark.parametrize(("chance", "due_after"), [(0, 2 * HOUR), (1, 1.6 * HOUR)])
def test_a_turn_comes_after_its_interval_or_by_chance_a_little_sooner(
    chance: float, due_after: timedelta
) -> None:
    plan = planned(TWELVE_A_DAY, NOON, NOON + MINUTE, chance)
    assert plan.due_at == NOON + due_after
    assert plan.interval == 2 * HOUR
    assert plan.why == "publishes 12 a day"


def test_failures_back_off_to_a_day_and_say_why() -> None:
    intervals = [
        planned(replace(TWELVE_A_DAY, failures=n, reason="feed: HTTP 500"), NOON, NOON, 0).interval
        for n in range(1, 8)
    ]
    assert intervals[:4] == [4 * HOUR, 8 * HOUR, 16 * HOUR, DAY]
    assert set(intervals[4:]) == {DAY}
    plan = planned(replace(TWELVE_A_DAY, failures=3, reason="feed: HTTP 500"), NOON, NOON, 0)
    assert plan.why == "backing off: 3 failures (feed: HTTP 500)"


def test_where_nobody_answers_the_pause_is_an_hour_at_most_since_it_may_be_our_own_network() -> None:
    quick = Pacing(Rhythm(100), failures=9, answered=False)
    assert planned(quick, NOON, NOON, 0).interval == HOUR
    assert planned(replace(TWELVE_A_DAY, failures=1, answered=False), NOON, NOON, 0).interval == 2 * HOUR


def test_a_profile_fixes_the_interval_whatever_is_published() -> None:
    plan = planned(replace(TWELVE_A_DAY, fixed=45 * MINUTE), NOON, NOON + MINUTE, 0.7)
    assert (plan.due_at, plan.why) == (NOON + 45 * MINUTE, "fixed by its profile")


def test_a_fixed_interval_of_more_than_a_day_is_not_shortened_by_failures() -> None:
    assert planned(Pacing(None, fixed=3 * DAY, failures=1), NOON, NOON, 0).interval == 3 * DAY


def test_a_list_that_was_cut_goes_on_at_once() -> None:
    plan = planned(replace(TWELVE_A_DAY, is_cut=True), NOON, NOON + 10 * MINUTE, 0.5)
    assert plan.due_at == NOON + 10 * MINUTE
    assert plan.interval == 2 * HOUR
    assert plan.why == "publishes 12 a day; more waits on its list"


@pytest.mark.parametrize(
    ("silent_for", "interval", "why"),
    [
        (timedelta(), HOUR, "no article known to be of the last four weeks"),
        (20 * HOUR, 5 * HOUR, "no article known to be of the last four weeks, watched for 20 hours"),
        (14 * DAY, DAY, "no article known to be of the last four weeks, watched for 14 days"),
        (28 * DAY, DAY, "no article known to be of the last four weeks"),
    ],
)
def test_the_longer_a_source_is_silent_the_rarer_it_is_looked_at(
    silent_for: timedelta, interval: timedelta, why: str
) -> None:
    plan = planned(Pacing(None, silent_for), NOON, NOON, 0)
    assert (plan.interval, plan.why) == (interval, why)


def test_what_was_never_crawled_is_due() -> None:
    assert due_at(Turn("a"), NOON) == NOON


def test_visits_bring_a_turn_forward_to_half_its_interval_at_most() -> None:
    assert due_at(TURN, NOON) == NOON + HOUR
    turn = replace(TURN, crawled_at=NOON - 10 * MINUTE, due_at=NOON + 110 * MINUTE)
    assert due_at(replace(turn, waits_since=NOON - DAY), NOON) == NOON + 50 * MINUTE
    assert due_at(replace(turn, waits_since=NOON + 70 * MINUTE), NOON) == NOON + 70 * MINUTE
    assert due_at(replace(turn, waits_since=NOON + DAY), NOON) == NOON + 110 * MINUTE


def test_visits_hurry_no_source_that_errs_or_has_its_interval_from_its_profile() -> None:
    turn = replace(TURN, waits_since=NOON - DAY)
    assert due_at(replace(turn, failures=1), NOON) == TURN.due_at
    assert due_at(turn, NOON, fixed=2 * HOUR) == TURN.due_at


def test_a_killed_crawl_is_due_at_once_and_after_longer_pauses_when_it_is_killed_again_and_again() -> None:
    def at(kills: int) -> datetime:
        lease = Lease(pid=1, taken_at=NOON, held_until=NOON + LEASE, kills=kills)
        return due_at(replace(TURN, lease=lease), NOON)

    assert [at(kills) - NOON for kills in range(4)] == [0 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE]
    assert at(30) - NOON == LONGEST


def test_fault_19_a_plan_from_a_clock_that_was_wrong_is_due_now() -> None:
    assert due_at(replace(TURN, due_at=NOON + 365 * DAY), NOON) == NOON
    set_back = replace(TURN, interval=DAY, due_at=NOON + DAY + MINUTE)
    assert due_at(set_back, NOON) == NOON + DAY + MINUTE, "a clock set right by a minute changes nothing"
    weekly = replace(TURN, interval=7 * DAY, due_at=NOON + 6 * DAY)
    assert due_at(weekly, NOON, fixed=7 * DAY) == NOON + 6 * DAY


def test_the_longest_due_comes_first() -> None:
    times = {"a": NOON, "b": NOON - HOUR, "c": NOON + MINUTE}
    assert due(times, NOON) == ["b", "a"]


def test_turns_that_fall_together_begin_one_after_the_other() -> None:
    after = beginnings(["a", "b", "c"], [0.9, 0.1, 0.5])
    assert after == {"b": 0, "c": 5, "a": 10}
    assert beginnings(["a"], [0.3]) == {"a": 0}


def test_waiting_is_never_negative_and_never_longer_than_asked() -> None:
    assert seconds_until_due([NOON - DAY, NOON + HOUR], NOON, most=30) == 0
    assert seconds_until_due([NOON + 7 * timedelta(seconds=1)], NOON, most=30) == 7
    assert seconds_until_due([NOON + HOUR], NOON, most=30) == 30
    assert seconds_until_due([], NOON, most=30) == 30

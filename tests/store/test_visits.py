"""The plan by which an article is looked at again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from archive.store.visits import PLAN, next_visit

BEGUN = datetime(2026, 3, 10, 7, tzinfo=UTC)
LATE = st.lists(st.timedeltas(timedelta(0), timedelta(days=3)), min_size=len(PLAN), max_size=len(PLAN))


@given(st.timedeltas(timedelta(0), timedelta(days=40)))
def test_the_next_visit_is_a_step_of_the_plan_and_never_too_soon(age: timedelta) -> None:
    due = next_visit(BEGUN + age, BEGUN)
    if due is None:
        assert age > PLAN[-1] * 3 / 4
    else:
        assert due - BEGUN in PLAN
        assert due - (BEGUN + age) >= timedelta(minutes=15)


@given(LATE)
def test_however_late_crawls_are_there_are_no_more_visits_than_steps(late: list[timedelta]) -> None:
    now, visits = BEGUN, 0
    while (due := next_visit(now, BEGUN)) is not None:
        now = due + late[visits]
        visits += 1
    assert 1 <= visits <= len(PLAN)


def test_who_crawls_every_hour_keeps_every_step() -> None:
    now, ages = BEGUN, []
    while (due := next_visit(now, BEGUN)) is not None:
        ages.append(due - BEGUN)
        now = due
    assert tuple(ages) == PLAN

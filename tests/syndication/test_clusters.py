"""Who was first, and which articles are one story."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.syndication.clusters import joined, possible_firsts

from .conftest import NOON, text

HOUR = timedelta(hours=1)


def stated(id_: int, at: str | None, precision: str | None = "minute") -> dict[str, object]:
    return {"id": id_, "published_at": at, "published_precision": precision}


@pytest.mark.parametrize(
    ("rows", "firsts"),
    [
        ([stated(1, "2026-03-10T07:00:00Z"), stated(2, "2026-03-10T09:00:00Z")], {1}),
        ([stated(1, "2026-03-10T07:00:00Z"), stated(2, "2026-03-10T07:00:00Z")], {1, 2}),
        ([stated(1, "2026-03-10T07:00:00Z"), stated(2, "2026-03-09T19:00:00Z", "day")], {1, 2}),
        ([stated(1, "2026-03-10T07:00:00Z"), stated(2, "2026-03-08T19:00:00Z", "day")], {2}),
        ([stated(1, "2026-03-09T19:00:00Z", "day"), stated(2, "2026-03-09T19:00:00Z", "day")], {1, 2}),
        ([stated(1, "2026-03-10T07:00:10Z", "second"), stated(2, "2026-03-10T07:00:00Z")], {1, 2}),
        ([stated(1, "2026-03-10T07:00:10Z", "second"), stated(2, "2026-03-10T07:00:12Z", "second")], {1}),
        ([stated(1, None, None), stated(2, "2026-03-10T07:00:00Z")], {2}),
        ([stated(1, None, None), stated(2, None, None)], set()),
        ([], set()),
    ],
)
def test_first_is_who_no_other_is_surely_older_than(rows, firsts):
    assert possible_firsts(rows) == firsts
    assert possible_firsts(rows[::-1]) == firsts


def test_a_cluster_is_what_pairs_join_over_several_steps():
    assert joined([(1, 2), (5, 6), (2, 3), (8, 9)]) == [{1, 2, 3}, {8, 9}, {5, 6}]
    assert joined([(1, 2), (3, 4), (2, 3), (1, 4)]) == [{1, 2, 3, 4}]
    assert joined([]) == []


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)).filter(lambda pair: pair[0] != pair[1])))
def test_every_article_is_in_one_cluster_with_its_partners(pairs):
    clusters = joined(pairs)
    assert sum(map(len, clusters)) == len({id_ for pair in pairs for id_ in pair})
    assert all(any(set(pair) <= cluster for cluster in clusters) for pair in pairs)
    assert sorted(map(len, clusters), reverse=True) == [len(cluster) for cluster in clusters]


def test_a_bare_day_is_not_the_midnight_before_a_minute_of_that_day(press):
    timed, _ = press.print("liter_kz", "a", text(1), at=NOON)
    bare = press.day("inkaraganda_kz", "a", text(1), "2026-03-10")
    assert press.copies(timed)[bare].may_be_first
    assert press.copies(bare)[timed].may_be_first
    earlier = press.day("steppe_news", "a", text(1), "2026-03-09")
    assert not press.copies(earlier)[bare].may_be_first
    assert press.copies(bare)[earlier].may_be_first


def test_copies_are_told_oldest_first_and_undated_ones_last(press):
    ids = [
        press.print("liter_kz", name, text(1), at=at)[0]
        for name, at in (("late", NOON + HOUR), ("none", None), ("early", NOON))
    ]
    assert list(press.copies(ids[0])) == [ids[2], ids[1]]

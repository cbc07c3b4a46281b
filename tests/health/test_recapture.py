"""The estimate holds the truth where it is known: catches drawn by chance from a day of known size."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.health.recapture import Estimate, estimate

SEEDS = 200
LOOKS = ("feed", "sitemap", "listing")


def catches(seed: int, articles: int, chances: dict[str, float]) -> Counter[frozenset[str]]:
    """Which looks name each article of a day, each by its own chance."""
    chance = random.Random(seed)
    named = Counter(
        frozenset(look for look, share in chances.items() if chance.random() < share) for _ in range(articles)
    )
    del named[frozenset()]  # what nobody named, nobody knows
    return named


def estimates(articles: int, **chances: float) -> list[Estimate]:
    found = (estimate(catches(seed, articles, chances)) for seed in range(SEEDS))
    return [one for one in found if one]


@pytest.mark.parametrize(
    ("articles", "chances"),
    [
        (40, {"feed": 0.6, "sitemap": 0.7}),
        (40, {"feed": 0.9, "sitemap": 0.5}),
        (200, {"feed": 0.3, "sitemap": 0.8}),
        (60, {"feed": 0.5, "sitemap": 0.6, "listing": 0.4}),
        (300, {"feed": 0.2, "sitemap": 0.5, "listing": 0.3}),
        (20, {"feed": 0.8, "sitemap": 0.8, "listing": 0.8}),
    ],
    ids=str,
)
def test_the_truth_lies_in_the_interval_nine_times_in_ten(articles, chances):
    found = estimates(articles, **chances)
    assert len(found) > 0.9 * SEEDS
    held = sum(one.low <= articles <= one.high for one in found)
    assert held >= 0.9 * len(found), held / len(found)
    middle = sorted(one.likely for one in found)[len(found) // 2]
    assert 0.9 * articles <= middle <= 1.1 * articles


def test_looks_that_are_alike_do_not_spoil_the_third():
    """The listing copies the sitemap: that the two agree says nothing, and the feed tells."""
    held = 0
    for seed in range(SEEDS):
        named: Counter[frozenset[str]] = Counter()
        for kinds, times in catches(seed, 100, {"feed": 0.6, "sitemap": 0.6}).items():
            named[kinds | {"listing"} if "sitemap" in kinds else kinds] += times
        one = estimate(named)
        assert one is not None
        assert one.look == "feed"
        held += one.low <= 100 <= one.high
    assert held >= 0.9 * SEEDS


def test_a_day_all_looks_agree_on_misses_nothing():
    one = estimate({frozenset(LOOKS): 30})
    assert one is not None
    assert one.missing == 0
    assert (one.least_missing, one.high) == (0, 31)


@pytest.mark.parametrize(
    "named",
    [
        {},
        {frozenset(["feed"]): 50},
        {frozenset(["feed"]): 20, frozenset(["sitemap"]): 20},
        {frozenset(["feed"]): 20, frozenset(["sitemap"]): 20, frozenset(["feed", "sitemap"]): 3},
        {frozenset(["feed", "sitemap"]): 4},
    ],
    ids=["nothing", "one list", "none by both", "three by both", "four by both alone"],
)
def test_too_little_seen_by_both_gives_no_estimate(named):
    assert estimate(named) is None


@given(st.dictionaries(st.sets(st.sampled_from(LOOKS)).map(frozenset), st.integers(0, 500)))
def test_an_estimate_is_never_below_what_was_seen_and_lies_in_its_interval(named):
    one = estimate(named)
    if one:
        assert one.seen <= one.low <= one.high
        assert one.likely >= one.seen - 1e-6
        assert one.low - 1 <= one.likely <= one.high + 1

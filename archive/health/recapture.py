"""How many articles of a day nobody named, from how far independent looks at the day agree. Pure.

Capture and recapture: feed, sitemap and listing are looks at the same day. One kind of look is set against
all the others taken together (Chapman 1951). That assumes that the one misses articles independently of the
others, which may be as alike as they please; where what one misses is missed by the others too, as is likely,
the estimate is a floor. The interval is exact: every total of which such an overlap is no rare chance
(hypergeometric, 95 %); Sadinle's formula gives a million for a day on which all looks agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, lgamma

TAIL = 0.025  # at each end: 95 % in all
LEAST_EACH, LEAST_BOTH = 5, 4  # articles: below, an interval would say nothing


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many articles there were: `likely`, and from `low` to `high` at 95 %; `seen` were named at all.

    `look` is the kind set against the others.
    """

    seen: int
    likely: float
    low: int
    high: int
    look: str

    @property
    def missing(self) -> float:
        """How many nobody named, likely."""
        return max(self.likely - self.seen, 0.0)

    @property
    def least_missing(self) -> int:
        """How many nobody named at least, at 95 %."""
        return max(self.low - self.seen, 0)


@dataclass(frozen=True, slots=True)
class Split:
    """Articles one look named, the others named, and both."""

    look: str
    one: int
    others: int
    both: int

    @property
    def allows_estimate(self) -> bool:
        """Whether the counts allow an estimate at all."""
        return min(self.one, self.others) >= LEAST_EACH and self.both >= LEAST_BOTH


def estimate(named: Mapping[frozenset[str], int]) -> Estimate | None:
    """The estimate for a day, from how many articles just these kinds of looks named.

    Of the ways to set one look against the others the one that finds most missing is taken: looks that copy
    one another agree without meaning anything. `None` where there is but one look, or too little was seen by
    both.
    """
    looks = sorted({look for kinds in named for look in kinds})
    splits = [split for look in looks if (split := split_by(look, named)).allows_estimate]
    found = (chapman(split, seen_of(named)) for split in splits)
    return max(found, key=lambda one: one.likely, default=None)


def seen_of(named: Mapping[frozenset[str], int]) -> int:
    """Articles that any look named."""
    return sum(times for kinds, times in named.items() if kinds)


def split_by(look: str, named: Mapping[frozenset[str], int]) -> Split:
    """One look against the others together."""
    one = sum(times for kinds, times in named.items() if look in kinds)
    others = sum(times for kinds, times in named.items() if kinds - {look})
    both = sum(times for kinds, times in named.items() if look in kinds and kinds - {look})
    return Split(look, one, others, both)


def chapman(split: Split, seen: int) -> Estimate:
    """Chapman's estimate of a split, with the exact interval."""
    least = split.one + split.others - split.both
    return Estimate(
        seen=seen,
        likely=(split.one + 1) * (split.others + 1) / (split.both + 1) - 1,
        low=least_total(split, least),
        high=most_total(split, least),
        look=split.look,
    )


def least_total(split: Split, least: int) -> int:
    """The smallest number of articles of which so small an overlap is no rarer than one in forty."""
    return first_total(least, lambda total: share_at_most(split, total) >= TAIL)


def most_total(split: Split, least: int) -> int:
    """The largest number of articles of which so large an overlap is no rarer than one in forty."""
    return first_total(least, lambda total: share_at_least(split, total) < TAIL) - 1


def first_total(least: int, holds: Callable[[int], bool]) -> int:
    """The first number from `least` on for which something holds that holds for all larger ones."""
    if holds(least):
        return least
    step = 1
    while not holds(least + step):
        step *= 2
    low, high = least + step // 2, least + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def share_at_most(split: Split, total: int) -> float:
    """How likely an overlap as small as the split's is by chance, of so many articles (hypergeometric)."""
    smallest = max(0, split.one + split.others - total)
    return sum(chance_of(split, both, total) for both in range(smallest, split.both + 1))


def share_at_least(split: Split, total: int) -> float:
    """How likely an overlap as large as the split's is by chance, of so many articles."""
    largest = min(split.one, split.others)
    return sum(chance_of(split, both, total) for both in range(split.both, largest + 1))


def chance_of(split: Split, both: int, total: int) -> float:
    """How likely just this overlap is by chance."""
    ways = log_choose(split.one, both) + log_choose(total - split.one, split.others - both)
    return exp(ways - log_choose(total, split.others))


def log_choose(of: int, some: int) -> float:
    """The logarithm of how many ways there are to choose some of so many."""
    return lgamma(of + 1) - lgamma(some + 1) - lgamma(of - some + 1)

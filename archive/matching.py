"""The longest runs two lists have in common, found in bounded time whatever they hold. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

# difflib's work grows with the pairs of equal items; natural text of 1,000 words has 6,000 with itself.
# With more, only what is once in both lists is tried first, and the stretches between.
MOST_EQUAL_PAIRS = 30_000
MOST_STEPS = 3
Run = tuple[int, int, int]


def common_runs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """Where both lists have the same items, as (place in old, place in new, how many), in order.

    What is left between them differs. Of lists that repeat a few items endlessly, some of what is common
    may be missed: it is then told as a change, and never wrongly as the same.
    """
    return [run for run in runs_between(old, new, MOST_STEPS) if run[2]]


def runs_between(old: Sequence[str], new: Sequence[str], steps: int) -> Iterator[Run]:
    """`common_runs`, some of them empty: what both begin with, what is common within, what both end with."""
    head = same_from_start(old, new)
    tail = same_from_start(
        old[: head - 1 : -1] if head else old[::-1], new[: head - 1 : -1] if head else new[::-1]
    )
    yield 0, 0, head
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    for i, j, size in inner_runs(inner_old, inner_new, steps):
        yield head + i, head + j, size
    yield len(old) - tail, len(new) - tail, tail


def same_from_start(old: Sequence[str], new: Sequence[str]) -> int:
    """How many items both lists begin with."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def inner_runs(old: Sequence[str], new: Sequence[str], steps: int) -> Iterator[Run]:
    """The runs of two lists that neither begin nor end alike."""
    if not old or not new:
        return
    counts = Counter(new)
    if sum(counts[item] for item in old) <= MOST_EQUAL_PAIRS:
        blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        yield from ((block.a, block.b, block.size) for block in blocks)
        return
    i = j = 0
    pairs = anchors(old, new) if steps else []
    for at_old, at_new in (*pairs, (len(old), len(new))) if pairs else ():
        for a, b, size in runs_between(old[i:at_old], new[j:at_new], steps - 1):
            yield i + a, j + b, size
        if at_old < len(old):
            yield at_old, at_new, 1
        i, j = at_old + 1, at_new + 1


def anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Items that are once in both lists, as many as stand in the same order in both."""
    once = {item for item, times in Counter(old).items() if times == 1}
    places = {item: place for place, item in enumerate(new) if item in once}
    counts = Counter(new)
    pairs = [(i, places[item]) for i, item in enumerate(old) if item in places and counts[item] == 1]
    return longest_rising(pairs)


def longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs whose second numbers rise, by patience sorting."""
    ends: list[int] = []
    last: list[int] = []
    previous = [-1] * len(pairs)
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(ends, place)
        previous[index] = last[pile - 1] if pile else -1
        ends[pile : pile + 1] = [place]
        last[pile : pile + 1] = [index]
    chain, index = [], last[-1] if last else -1
    while index >= 0:
        chain.append(pairs[index])
        index = previous[index]
    return chain[::-1]

"""Which blocks of a page a corpus' truth holds: what the body model learns from.

A truth is plain text. Each block of the page is looked for in it, word by word; the blocks that together
cover the most of it in its own order are the article's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

WORD = re.compile(r"\w+")
# Places a block's words may be found in: a menu's "more" is in a truth a hundred times.
MOST_PLACES = 24
# What a block must share with the truth at least to be its block: a truth may leave a footnote's mark out.
COVERED = 0.6
ANCHOR = 3  # words
# A block this long that stands out of the truth's order is the article's all the same.
LONG = 8  # words


def words(text: str) -> list[str]:
    """The words of a text as the scorer counts them."""
    return WORD.findall(text)


def kept_blocks(blocks: Sequence[str], truth: str) -> list[float]:
    """For each block of a page, in order, how much of it (0 to 1) is the truth's."""
    told = words(truth)
    places = index_of(told)
    found = [
        (number, start, length, share)
        for number, block in enumerate(blocks)
        for start, length, share in places_of(words(block), told, places)
    ]
    shares = [0.0] * len(blocks)
    taken = bytearray(len(told))
    for number, start, length, share in best_chain(found, len(told)):
        shares[number] = share
        taken[start : start + length] = b"\1" * length
    for number, start, length, share in found:
        if not shares[number] and length >= LONG and not any(taken[start : start + length]):
            shares[number] = share
            taken[start : start + length] = b"\1" * length
    return shares


def index_of(told: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
    """Where each run of one to three words begins."""
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for size in range(1, ANCHOR + 1):
        for start in range(len(told) - size + 1):
            places[tuple(told[start : start + size])].append(start)
    return places


def places_of(
    block: Sequence[str], told: Sequence[str], places: dict[tuple[str, ...], list[int]]
) -> list[tuple[int, int, float]]:
    """Where a block may stand in the truth: start, length in words, share of the block found there."""
    size = len(block)
    if not size:
        return []
    anchor = tuple(block[:ANCHOR])
    exact = [start for start in places.get(anchor, ()) if list(told[start : start + size]) == list(block)]
    if exact or size < LONG:
        return [(start, size, 1.0) for start in exact[:MOST_PLACES]]
    return nearly(block, told, places)


def nearly(
    block: Sequence[str], told: Sequence[str], places: dict[tuple[str, ...], list[int]]
) -> list[tuple[int, int, float]]:
    """The one place where most of a long block's words stand in a row, if that is enough of it."""
    size = len(block)
    votes: defaultdict[int, int] = defaultdict(int)
    for at in range(size - ANCHOR + 1):
        for start in places.get(tuple(block[at : at + ANCHOR]), ())[:MOST_PLACES]:
            votes[(start - at) // 4] += 1
    if not votes:
        return []
    shift = 4 * max(votes, key=lambda key: votes[key] + votes.get(key + 1, 0) + votes.get(key - 1, 0))
    first, last = max(shift - 12, 0), min(shift + size + 12, len(told))
    window = {tuple(told[at : at + ANCHOR]): at for at in range(first, max(last - ANCHOR + 1, first))}
    hits = [
        window[run] for at in range(size - ANCHOR + 1) if (run := tuple(block[at : at + ANCHOR])) in window
    ]
    share = len(hits) / (size - ANCHOR + 1)
    if share < COVERED:
        return []
    start, end = min(hits), max(hits) + ANCHOR
    return [(start, end - start, share)]


def best_chain(found: Sequence[tuple[int, int, int, float]], size: int) -> list[tuple[int, int, int, float]]:
    """The places that follow each other in page and truth, none twice, and cover the most words."""
    best: list[tuple[float, int]] = []  # worth of the best chain that ends with each place; its place before
    ends = Frontier(size)
    at = 0
    while at < len(found):
        number = found[at][0]
        upto = at
        while upto < len(found) and found[upto][0] == number:
            _, start, length, share = found[upto]
            worth, before = ends.best(start)
            best.append((worth + share * length, before))
            upto += 1
        for place in range(at, upto):
            _, start, length, _ = found[place]
            ends.add(start + length, best[place][0], place)
        at = upto
    place = ends.best(size)[1]
    chain = []
    while place >= 0:
        chain.append(found[place])
        place = best[place][1]
    return chain[::-1]


class Frontier:
    """The worthiest chain that ends at or before each position: positions and worths both rise."""

    def __init__(self, size: int) -> None:
        self.ends: list[int] = [0]
        self.worths: list[tuple[float, int]] = [(0.0, -1)]

    def best(self, position: int) -> tuple[float, int]:
        """The worth of the best chain that ends at or before a position, and its last place."""
        return self.worths[bisect_left(self.ends, position + 1) - 1]

    def add(self, end: int, worth: float, place: int) -> None:
        """Note a chain; those that end later and are worth less are forgotten."""
        at = bisect_left(self.ends, end + 1)
        if self.worths[at - 1][0] >= worth:
            return
        if self.ends[at - 1] == end:
            at -= 1
            self.ends[at], self.worths[at] = end, (worth, place)
        else:
            self.ends.insert(at, end)
            self.worths.insert(at, (worth, place))
        while at + 1 < len(self.ends) and self.worths[at + 1][0] <= worth:
            del self.ends[at + 1], self.worths[at + 1]

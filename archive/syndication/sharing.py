"""How much of one text stands in another. Pure.

A word is common when it stands in a passage of three or more words that the other text has too, or within
eight words of such a passage at the same place in both: a rewrite that replaces a word here and there
leaves all others common. Case, punctuation and the order of passages make no difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive.syndication.fingerprints import Numbers, Text, runs

PASSAGE = 3  # words in a row that are no accident
REACH = 8  # words beside a passage that are still looked at
LEAST_NUMBERS = 4  # fewer say nothing of whether a form was filled in anew
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shared:
    """What two texts have in common.

    `share` of the one text's words, and `share_of_other` of the other's, are common: 0 to 1; these are so
    many `words` of the one and `words_of_other` of the other, which may repeat itself. `same_numbers` is the
    share of the numbers in the text that has fewer which the other has too, `None` where they are fewer than
    `LEAST_NUMBERS`: a weather report of another day shares its words but not its numbers.
    """

    share: float
    share_of_other: float
    words: int
    words_of_other: int
    same_numbers: float | None


def shared(text: Text, other: Text) -> Shared:
    """What two texts have in common."""
    one, two = text.numbers, other.numbers
    common, common_of_other = common_words(one, two), common_words(two, one)
    return Shared(
        share=common / len(one) if len(one) else 0.0,
        share_of_other=common_of_other / len(two) if len(two) else 0.0,
        words=common,
        words_of_other=common_of_other,
        same_numbers=same_numbers(text.words, other.words),
    )


def common_words(one: Numbers, two: Numbers) -> int:
    """How many words of the one text are common."""
    places = places_in(one, two)
    found = places >= 0
    beside = is_beside(one, two, places)
    # The same from the other end: behind a word that was put in, the text goes on at another place.
    backwards = np.where(found, len(two) - 1 - places, -1)[::-1]
    before = is_beside(one[::-1], two[::-1], backwards)[::-1]
    return int(np.count_nonzero(found | beside | before))


def places_in(one: Numbers, two: Numbers) -> Places:
    """For each word of the one text that stands in a common passage its place in the other, else -1."""
    places = np.full(len(one), -1, dtype=np.int64)
    sought, offered = runs(one, PASSAGE), runs(two, PASSAGE)
    if not len(sought) or not len(offered):
        return places
    order = np.argsort(offered, kind="stable")
    ordered = offered[order]
    nearest = np.minimum(np.searchsorted(ordered, sought), len(ordered) - 1)
    begins = np.flatnonzero(ordered[nearest] == sought)
    for offset in range(PASSAGE):
        places[begins + offset] = order[nearest[begins]] + offset
    return places


def is_beside(one: Numbers, two: Numbers, places: Places) -> NDArray[np.bool_]:
    """Which words behind a common passage are the other text's at the same distance behind it."""
    here = np.arange(len(one))
    last = np.maximum.accumulate(np.where(places >= 0, here, -1)) if len(one) else here
    there = places[last] + here - last
    is_near = (last >= 0) & (here - last <= REACH) & (there < len(two)) & (there >= 0)
    return is_near & (two[np.where(is_near, there, 0)] == one) if len(two) else is_near


def same_numbers(words: Sequence[str], other: Sequence[str]) -> float | None:
    """The share of the fewer numbers that both texts have, `None` where they say nothing."""
    one, two = ({word for word in text if word.isdecimal()} for text in (words, other))
    fewer = min(len(one), len(two))
    return len(one & two) / fewer if fewer >= LEAST_NUMBERS else None

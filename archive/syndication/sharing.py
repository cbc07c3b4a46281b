"""How much of one text stands in another. Pure.

A word is common when it stands in a passage of three or more words that the other text has too, or within
eight words of such a passage at the same place in both: a rewrite that replaces a word here and there
leaves all others common. Case, punctuation and the order of passages make no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PASSAGE = 3  # words in a row that are no accident
REACH = 8  # words beside a passage that are still looked at
LEAST_NUMBERS = 4  # fewer say nothing of whether a form was filled in anew
NOT_THERE = -1


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


def shared(text: Sequence[str], other: Sequence[str]) -> Shared:
    """What two texts have in common, from their words (`words_of`)."""
    common, common_of_other = common_words(text, other), common_words(other, text)
    return Shared(
        share=common / len(text) if text else 0.0,
        share_of_other=common_of_other / len(other) if other else 0.0,
        words=common,
        words_of_other=common_of_other,
        same_numbers=same_numbers(text, other),
    )


def common_words(one: Sequence[str], two: Sequence[str]) -> int:
    """How many words of the one text are common."""
    places = places_in(one, two)
    passages = len(places) - places.count(NOT_THERE)
    if not passages:
        return 0
    behind = beside(one, two, places, range(len(one)), step=1)
    # The same from the other end: behind a word that was put in, the text goes on at another place.
    before = beside(one, two, places, reversed(range(len(one))), step=-1)
    return passages + len(behind | before)


def places_in(one: Sequence[str], two: Sequence[str]) -> list[int]:
    """For each word of the one text that stands in a common passage its place in the other, the first such,
    else `NOT_THERE`.
    """
    places = [NOT_THERE] * len(one)
    offered = runs_of_words(two)
    first = dict(zip(reversed(offered), reversed(range(len(offered))), strict=True))
    begins = enumerate(map(first.get, runs_of_words(one)))
    for begin, there in reversed([(begin, there) for begin, there in begins if there is not None]):
        places[begin : begin + PASSAGE] = range(there, there + PASSAGE)
    return places


def runs_of_words(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Each `PASSAGE` successive words, in the text's order; none of a shorter text."""
    return list(zip(*(words[offset:] for offset in range(PASSAGE)), strict=False))


def beside(
    one: Sequence[str], two: Sequence[str], places: Sequence[int], order: Iterable[int], *, step: int
) -> set[int]:
    """Which words behind a common passage, in this order of reading, are the other text's at the same
    distance behind it: by their places in the one text, without those of passages.
    """
    found = set()
    away = REACH  # words since the last passage; none has been met
    there = 0  # the place in the other text that is as far from it
    for here in order:
        if places[here] != NOT_THERE:
            away, there = 0, places[here]
        elif away < REACH:
            away, there = away + 1, there + step
            if 0 <= there < len(two) and two[there] == one[here]:
                found.add(here)
    return found


def same_numbers(words: Sequence[str], other: Sequence[str]) -> float | None:
    """The share of the fewer numbers that both texts have, `None` where they say nothing."""
    one, two = ({word for word in text if word.isdecimal()} for text in (words, other))
    fewer = min(len(one), len(two))
    return len(one & two) / fewer if fewer >= LEAST_NUMBERS else None

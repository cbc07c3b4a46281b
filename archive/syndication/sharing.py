"""How much of one text stands in another. Pure.

A word is common when it stands in a passage of three or more words that the other text has too, or within
eight words of such a passage at the same place in both: a rewrite that replaces a word here and there
leaves all others common. Case, punctuation and the order of passages make no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

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
    passages, passages_of_other = passages_of(text), passages_of(other)
    common = common_words(text, other, places_in(passages, passages_of_other))
    common_of_other = common_words(other, text, places_in(passages_of_other, passages))
    return Shared(
        share=common / len(text) if text else 0.0,
        share_of_other=common_of_other / len(other) if other else 0.0,
        words=common,
        words_of_other=common_of_other,
        same_numbers=same_numbers(text, other),
    )


def passages_of(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Each `PASSAGE` successive words, in the text's order; none of a shorter text."""
    return list(zip(*(words[offset:] for offset in range(PASSAGE)), strict=False))


def places_in(passages: Sequence[tuple[str, ...]], offered: Sequence[tuple[str, ...]]) -> list[int]:
    """For each word of a text that stands in a common passage its place in the other text, else below 0.

    Of a passage that the other text repeats, it is the first place; of several passages, the first counts.
    """
    first = dict(zip(reversed(offered), reversed(range(len(offered))), strict=True))
    begins = list(map(first.get, passages, repeat(NOT_THERE)))
    places = begins + [NOT_THERE] * (PASSAGE - 1)
    for offset in range(1, PASSAGE):
        behind = chain(repeat(NOT_THERE, offset), begins, repeat(NOT_THERE, PASSAGE - 1 - offset))
        places = [
            begin + offset if begin >= 0 else there for begin, there in zip(behind, places, strict=True)
        ]
    return places


def common_words(one: Sequence[str], two: Sequence[str], places: Sequence[int]) -> int:
    """How many words of the one text are common, from their places in the other."""
    others = [here for here, there in enumerate(places) if there < 0]
    if len(others) == len(places):
        return 0
    behind = beside(one, two, places, others, step=1)
    # The same from the other end: behind a word that was put in, the text goes on at another place.
    before = beside(one, two, places, reversed(others), step=-1)
    return len(places) - len(others) + len(behind | before)


def beside(
    one: Sequence[str], two: Sequence[str], places: Sequence[int], others: Iterable[int], *, step: int
) -> set[int]:
    """Which words that are in no passage are the other text's at the same distance behind one.

    Words are named by their place in the one text, in the order of reading: backwards with a `step` of -1.
    """
    found = set()
    before = away = there = NOT_THERE
    for here in others:
        if here - step != before:  # the word before it is in a passage
            away, there = 0, places[here - step] if 0 <= here - step < len(places) else NOT_THERE
        before = here
        if there >= 0 and away < REACH:
            away, there = away + 1, there + step
            if 0 <= there < len(two) and two[there] == one[here]:
                found.add(here)
    return found


def same_numbers(words: Sequence[str], other: Sequence[str]) -> float | None:
    """The share of the fewer numbers that both texts have, `None` where they say nothing."""
    one, two = ({word for word in text if word.isdecimal()} for text in (words, other))
    fewer = min(len(one), len(two))
    return len(one & two) / fewer if fewer >= LEAST_NUMBERS else None

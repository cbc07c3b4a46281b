"""Russian words by how one of their forms begins: паводк… is of паводок, whose key does not begin so. Pure.

Beside `analysis`, for no key in an index depends on it.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice

from archive.search.analysis.kazakh import OWN_LETTERS
from archive.search.analysis.keys import IS_CYRILLIC, LONGEST_WORD, russian
from archive.search.analysis.russian import plain

MOST_FORMS = 5_000  # of the dictionary's that begin so (3 ms); a beginning of more finds nearly everything


@lru_cache(256)
def begun_keys(begin: str) -> tuple[str, ...]:
    """The keys of dictionary words one of whose forms begins so; none of a beginning that begins too many."""
    low = begin.lower()
    if len(low) > LONGEST_WORD or not IS_CYRILLIC.search(low) or OWN_LETTERS.intersection(low):
        return ()
    dictionary = russian().morphology.dictionary
    found: dict[str, None] = {}
    for spelled in with_yo(low):
        forms = list(islice(dictionary.words.iteritems(spelled), MOST_FORMS + 1))
        if len(forms) > MOST_FORMS:
            return ()
        for form, (paradigm, place) in forms:
            found[plain(dictionary.build_normal_form(paradigm, place, form))] = None
    return tuple(found)


def with_yo(word: str) -> list[str]:
    """The word, and with ё for each е of it: the dictionary writes ё."""
    places = (place for place, letter in enumerate(word) if letter == "е")
    return [word, *(f"{word[:place]}ё{word[place + 1 :]}" for place in places)]

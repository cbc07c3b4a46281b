"""Russian words by how one of their forms begins: паводк… is of паводок, люд… of человек. Pure.

Beside `analysis`, for no key in an index depends on it.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice

from archive.search.analysis.kazakh import OWN_LETTERS
from archive.search.analysis.keys import IS_CYRILLIC, LONGEST_WORD, russian
from archive.search.analysis.russian import plain

MOST_FORMS = 5_000  # of the dictionary's that begin so (9 ms); a beginning of more finds nearly everything
CUT_LETTERS = 2  # of a beginning that a key may lack
# A word that begins otherwise is meant where a form of it has only so many letters more: люди, детям,
# возьмут, лучше of лучш…; not лучше of луч… or пожарче of пожар…, and not I by мен….
SHORTEST_OTHER = 3
OTHER_LETTERS = {
    **dict.fromkeys(("NOUN", "VERB", "INFN", "GRND", "PRTF", "PRTS"), 2),
    **dict.fromkeys(("ADJF", "ADJS", "COMP"), 1),
}
NONE = -1


@lru_cache(256)
def begun_keys(begin: str) -> tuple[str, ...]:
    """The keys of dictionary words one of whose forms begins so; none of a beginning that begins too many.

    One that begins otherwise itself counts for the usual reading of forms hardly longer than the beginning:
    людей is of человек, лет of год. By all its forms would every пожар… be жаркий (пожарче).
    """
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
            key = plain(dictionary.build_normal_form(paradigm, place, form))
            if shares_beginning(key, low) or (
                is_near(form, dictionary.build_tag_info(paradigm, place).POS, low)
                and key == russian().key(form)
            ):
                found[key] = None
    return tuple(found)


def shares_beginning(key: str, begin: str) -> bool:
    """Whether a key begins so, but for the last letters of the beginning."""
    return key.startswith(plain(begin)[: max(len(begin) - CUT_LETTERS, 1)])


def is_near(form: str, kind: str, begin: str) -> bool:
    """Whether a form of this part of speech is hardly longer than how it begins."""
    return len(begin) >= SHORTEST_OTHER and len(form) - len(begin) <= OTHER_LETTERS.get(kind, NONE)


def with_yo(word: str) -> list[str]:
    """The word, and with ё for each е of it: the dictionary writes ё."""
    places = (place for place, letter in enumerate(word) if letter == "е")
    return [word, *(f"{word[:place]}ё{word[place + 1 :]}" for place in places)]

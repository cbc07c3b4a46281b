"""Kazakh words to keys: the stem, as far as rules and short lists can tell it.

No stemmer of Kazakh can be installed (docs/decisions/search-keys.md): Snowball, simplemma and pymorphy3 know
none, and a Russian one finds 4 forms of 100.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from archive.search.analysis.kazakh_suffixes import (
    BACK,
    DOUBTFUL_VERB,
    ENDINGS,
    ENDS,
    FRONT,
    HARMONIES,
    LONGEST,
    NOUN,
    VERB,
    Table,
)
from archive.search.analysis.lists import words

# What only looks inflected (аудан is not ау+дан), stems, and roots of verbs.
WHOLE, STEMS, ROOTS = words("kazakh_whole"), words("kazakh_stems"), words("kazakh_roots")
# оқы loses its vowel before -у, халық before an ending that begins with one.
SHORTENED = {f"{root[:-1]}у": root for root in words("kazakh_shortened")}
ELIDED = {stem[:-2] + stem[-1]: stem for stem in words("kazakh_elided")}
OWN_LETTERS = frozenset("әғқңөұүһі")
BACK_VOWELS, FRONT_VOWELS = frozenset("аоұыя"), frozenset("әеөүіэ")
TOOLS = ("ғыш", "гіш", "қыш", "кіш")  # what something is done with: көрсеткіш, ұшқыш
BARE_PLURALS = frozenset(("лар", "лер", "дар", "дер", "тар", "тер"))
EITHER = frozenset("иёу")  # loans take both: министрі, референдумда, институты
SHORTEST_STEM = 3
SHORTEST_LOAN = 5  # shorter Russian nouns look like Kazakh words of their own
VOWELS = frozenset("аәеоөуұүыіиэюяё")
# Ends that make verbs: an unknown root with none of them is rather a noun (ғимарат, not ғимар-).
MAKES_VERBS = tuple(
    sorted(
        {first + ending for first in "лдт" for ending in ("а", "е", "ан", "ен", "ас", "ес", "ат", "ет")}
        | {first + "р" for first in ("ды", "ді", "ты", "ті", "ланды", "ленді", "ласты", "лесті")}
        | {first + "з" for first in ("ғы", "гі", "қы", "кі")}
        | {"ыл", "іл", "ын", "ін", "ай", "ей", "ыра", "іре"}
    )
)
# Final consonants that are voiced before a vowel: әкімдік, әкімдігі. Keys hold the voiceless one always.
VOICELESS = str.maketrans("гғб", "кқп")
KNOWN = WHOLE | STEMS | ROOTS | frozenset(ELIDED.values())


# How far a reading is trusted. The bare root of a verb, an order, is rarer in news than a noun that looks so.
AS_IT_STANDS, BARE_ROOT, UNKNOWN, DOUBTFUL, SURE = range(5)


class Reading(NamedTuple):
    """One way to read a word: `stem`, how many letters of the word are its ending, and how sure that is."""

    stem: str
    taken: int
    is_verb: bool
    is_doubtful: bool = False


class Kazakh:
    """Keys of Kazakh words in Cyrillic, lower case. `is_loan` knows nouns borrowed from Russian."""

    def __init__(self, is_loan: Callable[[str], bool]) -> None:
        self.is_loan = is_loan

    def key(self, word: str) -> str:
        """The key under which a word is indexed; never empty, letters only."""
        return self.keys(word)[0]

    def keys(self, word: str) -> tuple[str, ...]:
        """The keys a word may be found under, the likeliest first."""
        if word in WHOLE or word in STEMS:
            return (settled(word),)
        ranked = sorted(((self.rank(reading), reading.stem) for reading in self.readings(word)), reverse=True)
        sure = [stem for (trust, *_), stem in ranked if trust >= DOUBTFUL][:2]
        return tuple(dict.fromkeys(settled(stem) for stem in sure or [ranked[0][1]]))

    def readings(self, word: str) -> Iterator[Reading]:
        """Every way to split the word that grammar allows, and the word as it stands."""
        yield Reading(word, 0, is_verb=False)
        if word in SHORTENED:
            yield Reading(SHORTENED[word], 1, is_verb=True)
        for place in range(max(2, len(word) - LONGEST), len(word)):
            ending = word[place:]
            if ending not in ENDINGS:
                continue
            stem = word[:place]
            kind = ENDS.get(stem.rstrip("ь")[-1:])
            if kind is not None:
                yield from self.split(stem, ending, kind)

    def split(self, stem: str, ending: str, kind: str) -> Iterator[Reading]:
        """The ways to read a stem with this ending."""
        harmonies = HARMONIES if self.is_softened(stem) else harmonies_of(stem)
        if has(NOUN, kind, harmonies, ending) and (whole := self.noun_stem(stem, ending)):
            yield Reading(whole, len(ending), is_verb=False)
        root = SHORTENED.get(f"{stem}у", stem) if ending[0] == "у" else stem
        if has(VERB, kind, harmonies, ending) and is_root(root):
            yield Reading(root, len(ending), is_verb=True)
        elif root in ROOTS and not is_plural(ending, root) and has(DOUBTFUL_VERB, kind, harmonies, ending):
            yield Reading(root, len(ending), is_verb=True, is_doubtful=True)

    def is_softened(self, stem: str) -> bool:
        """Whether the stem is a loan that lost its soft sign: фестивалі is of фестиваль."""
        return stem[-1] in "лрн" and len(stem) >= SHORTEST_LOAN and self.is_loan(f"{stem}ь")

    def noun_stem(self, stem: str, ending: str) -> str | None:
        """The stem a noun has without its ending, `None` where none can be."""
        if ending[0] in "ыі":
            if stem in ELIDED:
                return ELIDED[stem]
            if stem[-1] == "ш" and settled(stem) not in STEMS and not stem.endswith(TOOLS):
                return None  # оқушы, жұмысшы: the vowel belongs to the one who does it
        if ending[0] == "т" and stem[-1] == "с" and self.is_known(f"{stem}т"):
            return f"{stem}т"  # журналист, журналистер
        if ending[0] == "с" and stem[-1] in "ыі" and stem[-2] != "ш" and not self.is_known(stem):
            return None  # көкөнісі: -ыс and -іс end many nouns, -ы and -і few
        if len(stem) == SHORTEST_STEM and ending in BARE_PLURALS and not self.is_known(stem):
            return None  # дәптер, лидер
        return stem if self.is_known(stem) or has_body(stem) else None

    def is_known(self, stem: str) -> bool:
        """Whether a list holds the stem, with its last sound voiced or not."""
        if stem in KNOWN or settled(stem) in KNOWN:
            return True
        return len(stem) >= SHORTEST_LOAN and OWN_LETTERS.isdisjoint(stem) and self.is_loan(stem)

    def rank(self, reading: Reading) -> tuple[int, int, bool]:
        """Known stems first and the longest of them; else what takes off most, as a noun if both can be."""
        if not self.is_known(reading.stem):
            return (UNKNOWN if reading.taken else AS_IT_STANDS), reading.taken, not reading.is_verb
        if reading.taken == 0 and reading.stem in ROOTS - STEMS:
            return BARE_ROOT, 0, False
        return (DOUBTFUL if reading.is_doubtful else SURE), -reading.taken, not reading.is_verb


def has(table: Table, kind: str, harmonies: tuple[str, ...], ending: str) -> bool:
    """Whether a stem of this kind may take the ending."""
    return any(ending in table[kind, harmony] for harmony in harmonies)


def harmonies_of(stem: str) -> tuple[str, ...]:
    """Which endings the stem takes: by its last vowel; both where that does not say."""
    if stem[-1] in "кгь" or stem.endswith(("ев", "ёв")):
        return HARMONIES  # банкі, парктер, Тоқаевтың: loans whose end is softer or harder than they look
    for letter in reversed(stem):
        if letter in BACK_VOWELS:
            return (BACK,)
        if letter in FRONT_VOWELS:
            return (FRONT,)
        if letter in EITHER:
            return HARMONIES
    return HARMONIES


def is_plural(ending: str, root: str) -> bool:
    """Whether root and ending together end as plurals do: ұйымда-р is rather ұйым-дар."""
    return ending[-1] == "р" and f"{root}{ending}".endswith(tuple(BARE_PLURALS))


def has_body(stem: str) -> bool:
    """Whether an unknown stem is long enough to be one, and has a vowel."""
    return len(stem) >= SHORTEST_STEM and any(letter in VOWELS for letter in stem)


def is_root(root: str) -> bool:
    """Whether this may be the root of a verb: a known one, or one that ends as verbs are made."""
    return root in ROOTS or (len(root) > SHORTEST_STEM and root.endswith(MAKES_VERBS) and has_body(root))


def settled(stem: str) -> str:
    """The stem with its last sound as it is without an ending, and without a soft sign there."""
    plain = stem.rstrip("ь") or stem
    return plain[:-1] + plain[-1].translate(VOICELESS)

"""Russian words to keys: the dictionary form, by pymorphy3 and its dictionary of 400,000 words."""

from __future__ import annotations

import re
from functools import cached_property

from pymorphy3 import MorphAnalyzer
from pymorphy3.analyzer import Parse

from archive.search.analysis.lists import words

FEWEST_LETTERS = 2
MOST_KEYS = 6
UNLIKELY = 0.05  # «Из» and «Марта» begin sentences more often than they name Iza and Marta
# A woman's surname is filed under the man's: one family, one key. Токаева, Токаев; Серикбаевой, Серикбаев.
SURNAMES = (("ова", "ов"), ("ева", "ев"), ("ина", "ин"), ("ына", "ын"), ("ская", "ский"), ("цкая", "цкий"))


PLACE_ENDINGS = ("й", "я", "ю", "ем", "е")
PREFERRED = words("russian_preferred")
PLACES = {
    place[:-1] + ending: place for place in words("russian_places") for ending in ("й", "я", "ю", "ем", "е")
}
PROPER = frozenset(("Geox", "Name", "Surn", "Patr", "Orgn"))
SURNAME = re.compile(r"(.{2,}(?:[оеё]в|[иы]н))(?:а|у|ым|е|ой|ою|ы|ых|ыми)?")
# Endings of nouns, for words the dictionary does not have.
NOUN_ENDING = re.compile(r"(?<=...)(?:[ая]ми|[оеё]й|[оеё]ю|[оеё]м|[ая]м|[ая]х|[оеё]в|[аяоеыиуюьй])$")


HER_ENDINGS = tuple(hers for hers, _ in SURNAMES)


class Russian:
    """Keys of Russian words in Cyrillic, as written: a capital tells a name. ё and е are one."""

    @cached_property
    def morphology(self) -> MorphAnalyzer:
        """The dictionary, loaded with the first word: 0.3 s."""
        return MorphAnalyzer(lang="ru")

    def key(self, word: str) -> str:
        """The key under which a word is indexed: of its likeliest reading."""
        low = word.lower()
        if len(low) < FEWEST_LETTERS:
            return plain(low)
        lemmas = self.lemmas(low)
        if not lemmas:
            return self.unknown_key(low, is_name=word[0] != low[0])
        if len(lemmas) == 1 and not (only := plain(next(iter(lemmas)))).endswith(HER_ENDINGS):
            return only
        return best(self.morphology.parse(low), low, is_name=word[0] != low[0])

    def lemmas(self, word: str) -> set[str]:
        """The dictionary forms a word may be of, without weighing them, which takes four times as long."""
        dictionary = self.morphology.dictionary
        found = dictionary.words.similar_items(word, self.morphology.char_substitutes)
        return {
            dictionary.build_normal_form(paradigm, place, spelled)
            for spelled, readings in found
            for paradigm, place in readings
        }

    def unknown_key(self, word: str, *, is_name: bool) -> str:
        """The key of a word the dictionary does not have: guesses at its forms must agree."""
        if is_name and word in PLACES:
            return PLACES[word]
        surname = SURNAME.fullmatch(word) if is_name else None
        if surname:
            return plain(surname[1])
        likeliest = likely(self.morphology.parse(word))[0]
        return plain(NOUN_ENDING.sub("", word)) if likeliest.tag.POS == "NOUN" else key_of(likeliest)

    def keys(self, word: str) -> tuple[str, ...]:
        """The keys a word may be found under: of all its readings, the likeliest first."""
        low = word.lower()
        if len(low) < FEWEST_LETTERS:
            return (plain(low),)
        parses = self.morphology.parse(low)
        found = [self.key(word), *map(key_of, parses)]
        if not self.morphology.word_is_known(low):
            found = [*(self.unknown_key(low, is_name=is_name) for is_name in (True, False)), *found]
        return tuple(dict.fromkeys(found))[:MOST_KEYS]

    def is_noun(self, word: str) -> bool:
        """Whether the dictionary has the word as a common noun in its first form."""
        return self.morphology.word_is_known(word) and any(
            parse.normal_form == word
            and {"NOUN", "nomn", "sing"} in parse.tag
            and not PROPER & parse.tag.grammemes
            for parse in self.morphology.parse(word)
        )


def best(parses: list[Parse], word: str, *, is_name: bool) -> str:
    """The key of the likeliest reading: a name where it is written as one, else what news mean."""
    if is_name:
        if word.endswith("ев") and parses[0].normal_form.endswith("й"):
            return word  # Токаев is a man, not many bottles of Tokay
        names = [p for p in parses if PROPER & p.tag.grammemes and p.score >= UNLIKELY]
        if names:
            return key_of(max(names, key=lambda p: (p.score, "Geox" in p.tag)))
    meant = [p for p in parses if p.normal_form in PREFERRED]
    return key_of((meant or likely(parses))[0])


def likely(parses: list[Parse]) -> list[Parse]:
    """The readings without short adjectives where others are: паводков is of a flood, not «floody»."""
    return [p for p in parses if p.tag.POS != "ADJS"] or parses


def key_of(parse: Parse) -> str:
    """A reading's key."""
    form = plain(parse.normal_form)
    if "Surn" in parse.tag:
        for hers, his in SURNAMES:
            if form.endswith(hers):
                return form.removesuffix(hers) + his
    return form


def plain(form: str) -> str:
    """One spelling: ё as е, no hyphen."""
    return form.replace("ё", "е").replace("-", "")

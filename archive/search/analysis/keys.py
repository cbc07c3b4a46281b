"""Texts to keys and words to the keys they are found under: which language speaks, and its rules.

A text for the index is the same text with each word replaced, in place, by its key. The number and order of
words stay, so that FTS5, which keeps only keys, can still mark words in the text as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cache, lru_cache

from archive.search.analysis import english
from archive.search.analysis.kazakh import OWN_LETTERS, STEMS, Kazakh
from archive.search.analysis.russian import Russian, plain
from archive.search.analysis.scripts import (
    from_arabic,
    from_latin,
    from_latin_2018,
    from_latin_2021,
    is_marked_latin,
    is_of_2018,
)

# Letters that FTS5's unicode61 takes for such (it knows Unicode 6.1), and the marks it drops inside a word.
CYRILLIC = "\u0400-\u0481\u048a-\u0527"
LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
ARABIC = "\u0621-\u063a\u0641-\u064a\u0671-\u06d3\u06d5"
DROPPED = "\u0300-\u0304\u0306-\u030c\u030f\u0311\u031b\u0323-\u0328\u032d-\u032e\u0330-\u0331"
# An underscore is a part of a word, for accounts and tags are one name (@akorda_press); round it it is none.
RUN = re.compile(rf"[_{CYRILLIC}{LATIN}{ARABIC}][_{CYRILLIC}{LATIN}{ARABIC}{DROPPED}]*")
SPLIT = re.compile(f"({RUN.pattern})")
IS_CYRILLIC, IS_LATIN, IS_ARABIC = (re.compile(f"[{letters}]") for letters in (CYRILLIC, LATIN, ARABIC))
GLANCE_CHARS = 300
NO_LETTERS = re.compile(f"[{DROPPED}_]")
# Kazakh's own letters make an eighth of its text; names of Kazakhs in Russian text far less than this.
KAZAKH_SHARE = 0.05
KAZAKH_LETTERS = "әғқңөұүһӘҒҚҢӨҰҮҺ"  # without і, which Ukrainian has too
LATIN_KAZAKH_LETTERS = "äğñöūüşıáǵńóúý"
# Of about 250 bytes, in each of several tables. With 100,000 a text takes 7 % less CPU and 13 MB more.
CACHED_WORDS = 30_000
MOST_KEYS = 8
LONGEST_WORD = 60  # letters; what is longer is no word and stands for itself


@cache
def russian() -> Russian:
    """The rules of Russian, once a process."""
    return Russian()


@cache
def kazakh() -> Kazakh:
    """The rules of Kazakh, once a process."""
    return Kazakh(lru_cache(CACHED_WORDS)(russian().is_noun))


class Tongue(StrEnum):
    """What a text is written in, as far as it decides how its words become keys."""

    KAZAKH = "kazakh"
    KAZAKH_LATIN_2021 = "kazakh latin 2021"
    KAZAKH_LATIN_2018 = "kazakh latin 2018"
    OTHER = "other"


def tongue_of(*texts: str | None) -> Tongue:
    """What the texts are written in together; a word without Kazakh letters does not tell alone."""
    text = " ".join(filter(None, texts))
    if len(IS_CYRILLIC.findall(text[:GLANCE_CHARS])) > len(IS_LATIN.findall(text[:GLANCE_CHARS])):
        return Tongue.KAZAKH if share(text, KAZAKH_LETTERS) > KAZAKH_SHARE else Tongue.OTHER
    low = text.lower()
    if share(low, LATIN_KAZAKH_LETTERS) <= KAZAKH_SHARE or "q" not in low:
        return Tongue.OTHER
    return Tongue.KAZAKH_LATIN_2018 if is_of_2018(low) else Tongue.KAZAKH_LATIN_2021


def share(text: str, letters: str) -> float:
    """The share of these letters in the text, 0 to 1."""
    return sum(map(text.count, letters)) / max(len(text), 1)


def indexed_text(text: str | None, tongue: Tongue) -> str | None:
    """A text with each word replaced by its key; `None` stays."""
    if text is None:
        return None
    parts = SPLIT.split(text)
    key = KEY_OF[tongue]
    if max(map(len, parts)) > LONGEST_WORD:
        # Such runs are no words, and would fill the memory of those that are.
        parts[1::2] = (key(run) if len(run) <= LONGEST_WORD else run for run in parts[1::2])
    else:
        parts[1::2] = map(key, parts[1::2])
    return "".join(parts)


@lru_cache(CACHED_WORDS)
def kazakh_key(run: str) -> str:
    """The key of a word in a Kazakh text in Cyrillic, where Latin words are no Kazakh."""
    word = spelled(run).lower()
    if len(word) > LONGEST_WORD or not IS_CYRILLIC.search(word):
        return other_key(run)
    return kazakh().key(word)


@lru_cache(CACHED_WORDS)
def latin_2021_key(run: str) -> str:
    """The key of a word in a Kazakh text in the Latin letters of 2021."""
    word = spelled(run).lower()
    return kazakh().key(from_latin_2021(word)) if IS_LATIN.match(word) else other_key(run)


@lru_cache(CACHED_WORDS)
def latin_2018_key(run: str) -> str:
    """The key of a word in a Kazakh text in the Latin letters of 2018."""
    word = spelled(run).lower()
    return kazakh().key(from_latin_2018(word)) if IS_LATIN.match(word) else other_key(run)


@lru_cache(CACHED_WORDS)
def other_key(run: str) -> str:
    """The key of a word in a text that is not Kazakh; a word with Kazakh letters still is."""
    word = spelled(run)
    low = word.lower()
    if len(word) > LONGEST_WORD:
        return run
    if OWN_LETTERS.intersection(low):
        return kazakh().key(low)
    if IS_CYRILLIC.search(word):
        return russian().key(word)
    if IS_ARABIC.search(word):
        return kazakh().key(from_arabic(word))
    return english.key(low)


KEY_OF = {
    Tongue.KAZAKH: kazakh_key,
    Tongue.KAZAKH_LATIN_2021: latin_2021_key,
    Tongue.KAZAKH_LATIN_2018: latin_2018_key,
    Tongue.OTHER: other_key,
}


@lru_cache(4_096)
def word_keys(run: str) -> tuple[str, ...]:
    """The keys a typed word may be found under, whatever language it is in; the likeliest first."""
    word = spelled(run)
    low = word.lower()
    if len(word) > LONGEST_WORD:
        return (low,)
    if IS_ARABIC.search(low):
        found = kazakh().keys(from_arabic(low))
    elif not IS_CYRILLIC.search(low):
        found = latin_keys(low)
    elif OWN_LETTERS.intersection(low):
        found = kazakh().keys(low)
    else:
        # A Kazakh word as it stands in a dictionary is no rare form of a Russian one: адам is no hells.
        readings = 1 if word in STEMS else MOST_KEYS
        found = (*russian().keys(word)[:readings], *kazakh().keys(low))
    return tuple(dict.fromkeys((*found, plain(low))))[:MOST_KEYS]


def latin_keys(word: str) -> tuple[str, ...]:
    """The keys of a word in Latin letters: English, and Kazakh where its letters say so."""
    written = from_latin(word) if is_marked_latin(word) else ()
    return (*english.keys(word), *(key for one in written for key in kazakh().keys(one)))


def spelled(run: str) -> str:
    """A word in one spelling: composed, without stress marks and underscores, if that leaves anything."""
    return NO_LETTERS.sub("", unicodedata.normalize("NFC", run)) or run

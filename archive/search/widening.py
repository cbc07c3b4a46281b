"""Words that an archive does not have as typed: the same word from another keyboard.

People without a Kazakh keyboard write укимет for үкімет; Kazakh in Latin letters without its marks looks
like English. Such readings are tried only for a word that finds nothing: they are guesses.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterator
from functools import lru_cache
from itertools import product

from archive.search.analysis.kazakh import OWN_LETTERS
from archive.search.analysis.keys import IS_CYRILLIC, IS_LATIN, kazakh, word_keys
from archive.search.analysis.scripts import from_latin
from archive.search.query import Keys, fts_expression, quoted
from archive.search.typed import Asked

# What is typed for what is meant, by the harmony of the word: a Kazakh word is front or back throughout.
BACK_LETTERS = {"к": "қк", "г": "ғг", "н": "нң", "у": "уұ", "х": "хһ", "и": "иы", "ы": "ы"}
FRONT_LETTERS = {"а": "ә", "о": "ө", "у": "уү", "и": "иі", "ы": "і", "н": "нң", "х": "хһ"}
MOST_GUESSES = 64
CUT_LETTERS = 4  # an ending of a guess may have so many; караганда is no form of қара


def widened_expression(
    connection: sqlite3.Connection, what: Asked, unknown: Container[str] | None = None
) -> str | None:
    """The FTS5 expression for what was asked, each word that finds nothing read once more.

    `unknown` are the words to read so, for an archive that is not asked alone; by default those it does not
    have.
    """
    return fts_expression(what, keys_of(connection, unknown))


def keys_of(connection: sqlite3.Connection, unknown: Container[str] | None = None) -> Keys:
    """What a word is looked for by, in this archive."""
    return lambda run: widened_keys(connection, run) if unknown is None or run in unknown else word_keys(run)


def unknown_words(connection: sqlite3.Connection, what: Asked) -> frozenset[str]:
    """The words of what was asked that stand nowhere in this archive, as they were typed."""
    asked_for: dict[str, tuple[str, ...]] = {}
    fts_expression(what, lambda run: asked_for.setdefault(run, word_keys(run)))
    return frozenset(run for run, keys in asked_for.items() if not is_indexed(connection, keys))


def widened_keys(connection: sqlite3.Connection, run: str) -> tuple[str, ...]:
    """The keys of a word; of one that is nowhere, the keys of what it may stand for that are there."""
    keys = word_keys(run)
    guesses = [] if is_indexed(connection, keys) else list(other_keyboards(run.lower()))
    likely = [key for key in guesses if len(key) >= len(run) - CUT_LETTERS]
    found = [key for key in likely if is_indexed(connection, (key,))]
    return (*keys, *found[:4]) if found else keys


def is_indexed(connection: sqlite3.Connection, keys: tuple[str, ...]) -> bool:
    """Whether any article has one of the keys; `True` where there is no index to ask."""
    return is_found(connection, " OR ".join(map(quoted, keys)))


def is_found(connection: sqlite3.Connection, expression: str) -> bool:
    """Whether any article matches; `True` where there is no index to ask."""
    try:
        query = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1"
        return connection.execute(query, [expression]).fetchone() is not None
    except sqlite3.Error:
        return True


@lru_cache(256)
def other_keyboards(word: str) -> tuple[str, ...]:
    """The keys of what a word in lower case may stand for, none of them twice."""
    if OWN_LETTERS.intersection(word):
        return ()
    if IS_CYRILLIC.search(word):
        written: Iterator[str] = with_kazakh_letters(word)
    else:
        written = iter(from_latin(word) if IS_LATIN.search(word) else ())
    return tuple(dict.fromkeys(key for one in written for key in kazakh().keys(one)))


def with_kazakh_letters(word: str) -> Iterator[str]:
    """The word as a Kazakh keyboard may have written it."""
    for letters in (BACK_LETTERS, FRONT_LETTERS):
        choices = [letters.get(letter, letter) for letter in word]
        guesses = product(*choices)
        for _, guess in zip(range(MOST_GUESSES), guesses, strict=False):
            yield "".join(guess)

"""Functions that searches need in SQL, for each connection that asks."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from archive.search.query import NOTHING
from archive.search.typed import asked
from archive.search.widening import widened_expression


def register(connection: sqlite3.Connection) -> None:
    """Give a connection what `conditions` and searches call; may be done again.

    `search_match(text)` is for people too: `WHERE articles_fts MATCH search_match('выборы акимов')`.
    """
    connection.create_function("search_match", 1, lambda typed: match_of(connection, typed))
    connection.create_function("says_form", 4, says_form, deterministic=True)
    connection.create_function("same_words", 2, same_words, deterministic=True)
    connection.create_function("names_one", 2, names_one, deterministic=True)


def match_of(connection: sqlite3.Connection, typed: str | None) -> str:
    """The FTS5 expression for what was typed; one that matches nothing where no word was."""
    return widened_expression(connection, asked(str(typed or ""))) or NOTHING


def says_form(title: str | None, lead: str | None, body: str | None, forms: str) -> bool:
    """Whether the texts have one of the forms, a JSON list, as whole words in any case."""
    pattern = pattern_of(forms)
    return any(pattern.search(folded(text)) for text in (title, lead, body) if text)


@lru_cache(64)
def pattern_of(forms: str) -> re.Pattern[str]:
    """The forms of a JSON list as one pattern of whole words."""
    listed: Sequence[str] = json.loads(forms)
    wordings = (r"\W+".join(map(re.escape, folded(form).split())) for form in listed)
    return re.compile(rf"(?<!\w)(?:{'|'.join(wordings)})(?!\w)")


def same_words(one: str | None, other: str) -> bool:
    """Whether two texts say the same but for case, ё and spaces."""
    return one is not None and " ".join(folded(one).split()) == " ".join(folded(other).split())


def names_one(authors: str | None, name: str) -> bool:
    """Whether the JSON list of authors has one whose name holds every word of `name`."""
    wanted = folded(name).split()
    try:
        listed = json.loads(authors or "[]")
    except ValueError:
        return False
    names = (folded(str(one.get("name", ""))) for one in listed if isinstance(one, dict))
    return any(all(word in found for word in wanted) for found in names)


def folded(text: str) -> str:
    """The text with one spelling for what people take for the same."""
    return unicodedata.normalize("NFC", text).casefold().replace("ё", "е")

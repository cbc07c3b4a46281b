"""What Datasette's own templates ask us: words for its English, for columns, tables, filters and counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qsl, urlencode

from archive.described import NEWS_TABLES
from archive.site import words
from archive.site.sentences.columns import COLUMNS
from archive.site.sentences.tables import ROWS, TABLES
from archive.site.sentences.workbench import FILTERS, STOCK

# What the reader of the page that is being made is spoken to in; set for each request.
SPOKEN: ContextVar[str] = ContextVar("spoken", default="en")

QUOTED = re.compile(r'("[^"]*")')
TOLD = re.compile(
    "|".join(rf"\b{re.escape(one)}\b" for one in sorted([*FILTERS, *COLUMNS], key=len, reverse=True))
)


def known_sentences(titles: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Every English sentence that is known in (Russian, Kazakh); `titles` are those of saved searches."""
    tables = {english: (russian, kazakh) for russian, kazakh, english in TABLES.values()}
    rows = {NEWS_TABLES[table]: told for table, told in ROWS.items()}
    return {**STOCK, **tables, **rows, **titles}


class Words:
    """Words for Datasette's templates, in the language of the request that is being answered."""

    def __init__(self, database: str, titles: Mapping[str, tuple[str, str]]) -> None:
        self.database = database
        self.sentences = known_sentences(titles)

    def language(self) -> str:
        """The language spoken."""
        return SPOKEN.get()

    def languages(self) -> Iterable[tuple[str, str]]:
        """Every language with its own name."""
        return words.LANGUAGES.items()

    def tr(self, english: str) -> str:
        """A sentence in the reader's language; what nobody translated stays."""
        known = self.sentences.get(english)
        return known[words.column(SPOKEN.get())] if known and SPOKEN.get() != "en" else english

    def column(self, name: str) -> str:
        """A column as people call it."""
        known = COLUMNS.get(name)
        return known[words.column(SPOKEN.get())] if known else name

    def table(self, name: str) -> str:
        """A table as people call it."""
        known = TABLES.get(name)
        return known[words.column(SPOKEN.get())] if known else name

    def operator(self, display: str) -> str:
        """A filter in Datasette's list of filters."""
        known = FILTERS.get(display)
        return known[words.column(SPOKEN.get())] if known and SPOKEN.get() != "en" else display

    def told(self, english: str) -> str:
        """A word of Datasette's about a filter, or the name of a column."""
        return self.operator(english) if english in FILTERS else self.column(english)

    def described(self, english: str) -> str:
        """Filters in force and the order, as Datasette tells them; values in quotes stay as they are."""
        if SPOKEN.get() == "en":
            return english
        return "".join(
            part if part.startswith('"') else TOLD.sub(lambda told: self.told(told[0]), part)
            for part in QUOTED.split(english)
        )

    def counted(self, key: str, n: int) -> str:
        """A number of things in words."""
        return words.counted(key, n, SPOKEN.get())

    def crumb(self, item: Mapping[str, Any]) -> str:
        """A step of the path above the page: home, the database, a table."""
        label = str(item["label"])
        if label == "home":
            return words.say("home", SPOKEN.get())
        return words.say("data", SPOKEN.get()) if label == self.database else self.table(label)

    def in_language(self, request: Any, language: str) -> str:
        """This very page in another language; Datasette takes arguments with `_` for no filter."""
        pairs = [
            pair for pair in parse_qsl(request.query_string, keep_blank_values=True) if pair[0] != "_lang"
        ]
        return f"{request.path}?{urlencode([*pairs, ('_lang', language)])}"

"""What a person typed, as an expression of FTS5. Pure.

Nothing typed ever reaches FTS5 as syntax: only quoted strings and our own operators do, so no text is an
error, and text without a word finds nothing rather than everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_CHARS = 2_000  # of what was typed; the rest is left out
MAX_TERMS = 32
# «-» says *not*; a phrase stands in any pair of quotes (an open one ends with the text); `*` ends a prefix.
TERM = re.compile(r'(?P<no>-?)(?:"(?P<straight>[^"]*)"?|[«“„](?P<curly>[^»”“]*)[»”“]?|(?P<word>[^\s"«“„]+))')
UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase to be found, or not to be found; with `prefix` it is the beginning of a word."""

    text: str
    wanted: bool = True
    prefix: bool = False


def fts_expression(typed: str) -> str | None:
    """The FTS5 expression for what was typed, or `None` when it names no word to look for.

    All words must be there; "a phrase" as it stands; -word must not be there; word* is any word that
    begins so.
    """
    terms = list(terms_of(typed))[:MAX_TERMS]
    wanted = " AND ".join(fts_term(term) for term in terms if term.wanted)
    unwanted = " OR ".join(fts_term(term) for term in terms if not term.wanted)
    if not wanted:
        return None
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def terms_of(typed: str) -> Iterator[Term]:
    """The words and phrases of what was typed, without those that hold no letter or digit."""
    for match in TERM.finditer(UNSPEAKABLE.sub(" ", typed[:MAX_CHARS])):
        word = match["word"]
        text = (word or match["straight"] or match["curly"] or "").strip()
        if any(character.isalnum() for character in text):
            yield Term(
                text.rstrip("*") if word else text,
                wanted=not match["no"],
                prefix=bool(word) and text.endswith("*"),
            )


def fts_term(term: Term) -> str:
    """One word or phrase in FTS5's quotes: the only place where a word becomes what the index holds."""
    quoted = '"' + term.text.replace('"', '""') + '"'
    return f"{quoted} *" if term.prefix else quoted

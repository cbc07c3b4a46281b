"""«Did you mean»: words of the archive itself that are nearly what was typed.

Compared are keys, so a slip in any form of a word is caught: of made-up slips the right word is first in nine
of ten (benchmarks/search.py). A word is looked for only where its own finds next to nothing.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from threading import Lock

from rapidfuzz import process
from rapidfuzz.distance import OSA

from archive.search.addressed import key_of_address
from archive.search.analysis.keys import RUN, russian, word_keys
from archive.search.index_state import INDEX
from archive.search.query import phrases_of, plain_prefix
from archive.search.ranking import BEGIN, END, excerpt
from archive.search.typed import FIELDS, TERM, Asked, Term, asked, is_bare, speakable
from archive.search.widening import is_found, widened_keys

SHORTEST = 4  # letters; shorter words have too many neighbours
LONG = 6  # from here on two slips are forgiven, else one
FORMS_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of an archive as they were listed last, and how common each is.

    What is not listed may be a slip itself. `by_ends` has the words by their number of letters and by their
    first or last letter: two slips seldom hit both, and a fifth of all words is looked through, not half.
    """

    made_at: str
    by_ends: dict[tuple[int, str], list[str]]
    articles: dict[str, int]


vocabularies: dict[str, Vocabulary] = {}
reading = Lock()


def vocabulary_of(connection: sqlite3.Connection) -> Vocabulary:
    """The listed words of the archive behind a connection, read once for each time they were listed."""
    file = str(connection.execute("PRAGMA database_list").fetchone()[2])
    listed, stamp = connection.execute(
        "SELECT (SELECT articles FROM search_words WHERE key = ''), "
        "(SELECT made_at FROM search_indexes WHERE name = ?)",
        [INDEX],
    ).fetchone()
    made_at = f"{listed} {stamp}"
    with reading:
        known = vocabularies.get(file)
        if known is None or known.made_at != made_at:
            known = vocabularies[file] = read_vocabulary(connection, made_at)
    return known


def read_vocabulary(connection: sqlite3.Connection, made_at: str) -> Vocabulary:
    """Read the listed words: 0.1 s for 100,000."""
    articles = dict(connection.execute("SELECT key, articles FROM search_words WHERE key <> ''").fetchall())
    by_ends: dict[tuple[int, str], list[str]] = {}
    for key in articles:
        for end in ends_of(key):
            by_ends.setdefault((len(key), end), []).append(key)
    return Vocabulary(made_at, by_ends, articles)


def ends_of(key: str) -> tuple[str, str]:
    """How a word begins, and how it ends."""
    return f"{key[:1]}-", f"-{key[-1:]}"


def suggestion(connection: sqlite3.Connection, typed: str, only: Container[str] | None = None) -> str | None:
    """What was typed with its unknown words replaced by likely ones, `None` where there is nothing to say.

    `only` are the words that may be replaced, where other archives are known to have the rest.
    """
    vocabulary = vocabulary_of(connection)
    doubtful = doubtful_words(connection, asked(typed))

    def better(run: re.Match[str]) -> str:
        word = run[0]
        may_be = word in doubtful and (only is None or word in only)
        return better_word(connection, vocabulary, word) if may_be else word

    def mended(term: re.Match[str]) -> str:
        return RUN.sub(better, term[0]) if is_words(term) else term[0]

    plain = speakable(typed)
    found = TERM.sub(mended, plain)
    return found if found != plain else None


def is_words(term: re.Match[str]) -> bool:
    """Whether a term is words to look for: no filter nor anything like one, no address."""
    says_field = term["field"] and FIELDS.get(term["field"].lower()) != "title"
    return not (term["no"] or says_field or is_bare(term) or key_of_address(term["word"] or ""))


def doubtful_words(connection: sqlite3.Connection, what: Asked) -> frozenset[str]:
    """The words looked for that may be slips: not what a filter says, not what was understood otherwise."""
    terms = [term for group in what.groups for term in group]
    return frozenset(
        run[0]
        for term in terms
        for run in RUN.finditer(term.text)
        if not is_understood(connection, term, run[0])
    )


def is_understood(connection: sqlite3.Connection, term: Term, word: str) -> bool:
    """Whether articles have words that begin so, or what the word stands for on another keyboard."""
    if term.prefix:
        return is_found(connection, " OR ".join(phrases_of(term)))
    return widened_keys(connection, word) != word_keys(word)


def better_word(connection: sqlite3.Connection, vocabulary: Vocabulary, word: str) -> str:
    """A word of the archive instead of one it hardly has, else the word itself."""
    keys = word_keys(word)
    if len(word) < SHORTEST or any(key in vocabulary.articles for key in keys):
        return word
    tried = dict.fromkeys((keys[0], keys[-1]))  # its likeliest key, and the word as it was typed
    nearest = min((found for key in tried if (found := near(vocabulary, key))), default=None)
    return likeliest_form(connection, nearest[-1], word) if nearest else word


def near(vocabulary: Vocabulary, key: str) -> tuple[int, int, str] | None:
    """The nearest key: how many slips away, how rare (negative: how common), and itself."""
    slips = 2 if len(key) >= LONG else 1
    lengths = range(len(key) - slips, len(key) + slips + 1)
    choices = [
        one for end in ends_of(key) for length in lengths for one in vocabulary.by_ends.get((length, end), ())
    ]
    found = process.extract(key, choices, scorer=OSA.distance, score_cutoff=slips, limit=16)
    return min(((int(d), -vocabulary.articles[one], one) for one, d, _ in found), default=None)


def likeliest_form(connection: sqlite3.Connection, key: str, typed: str) -> str:
    """The form of a key's word that is nearest to what was typed, then the commonest in the newest articles.

    A basic form is one whether those articles have it or not; the key itself is meant where none has any.
    """
    text = excerpt("body", f"snippet({INDEX}, 2, ?, ?, '', 8)")
    query = (
        f"SELECT highlight({INDEX}, 0, ?, ?) || ' ' || {text} FROM {INDEX} "
        f"WHERE {INDEX} MATCH ? ORDER BY rowid DESC LIMIT {FORMS_LOOKED_AT}"
    )
    rows = connection.execute(query, [BEGIN, END, BEGIN, END, f'"{key}"']).fetchall()
    forms = Counter(
        part.partition(END)[0].lower() for (text,) in rows for part in (text or "").split(BEGIN)[1:]
    )
    if russian().morphology.word_is_known(key):
        forms.setdefault(key, 0)
    low = plain_prefix(typed)
    return min(forms, key=lambda form: (OSA.distance(low, plain_prefix(form)), -forms[form]), default=key)

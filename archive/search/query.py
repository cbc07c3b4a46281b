"""What was asked for, as an expression of FTS5 over keys of words. Pure.

Nothing typed ever reaches FTS5 as syntax: only quoted strings and our own operators do. A word may be found
under any key of its readings, whatever language it is in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from archive.search.analysis.keys import RUN, word_keys
from archive.search.beginnings import begun_keys, shares_beginning
from archive.search.typed import Asked, Term

SHORTEST_PREFIX = 2  # letters; one begins a tenth of all words
MOST_SPELLINGS = 16  # of one phrase: each is a phrase of its own to FTS5
# Matches nothing: it is the canary's beginning, and no index holds it alone.
NOTHING = '"qzxmuragatnothing"'

Keys = Callable[[str], Sequence[str]]


def fts_expression(what: Asked, keys: Keys = word_keys) -> str | None:
    """The FTS5 expression for what was asked, or `None` when it names no word to look for.

    All words must be there, in any form; "a phrase" as it stands; =form in this very form (the expression
    finds every form: see `exact_forms`); -word must not be there; word* is any word that begins so; of words
    joined by OR one will do; title:word must stand in the title.
    """
    wanted = " AND ".join(group_expression(group, keys) for group in what.groups)
    unwanted = " OR ".join(fts_term(term, keys) for term in what.unwanted)
    if not wanted:
        return None
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def group_expression(group: Sequence[Term], keys: Keys) -> str:
    """Terms of which one will do."""
    terms = [fts_term(term, keys) for term in group]
    return f"({' OR '.join(terms)})" if terms[1:] else terms[0]


def fts_term(term: Term, keys: Keys = word_keys) -> str:
    """One word or phrase in FTS5's quotes: the only place where a word becomes what the index holds."""
    spellings = phrases_of(term, keys)
    found = f"({' OR '.join(spellings)})" if spellings[1:] else spellings[0]
    return f"title : {found}" if term.in_title else found


def phrases_of(term: Term, keys: Keys = word_keys) -> list[str]:
    """What FTS5 looks for by a term, any of which will do: each is a phrase of its own, in quotes."""
    texts = spellings_of(term.text, keys)
    if not term.prefix or len(term.text) < SHORTEST_PREFIX:
        return [quoted(text) for text in texts]
    # A key may be shorter than what was typed, or lack its letters: выборо… is of выборы, паводк… of паводок.
    begin = plain_prefix(term.text)
    near = [text for text in texts if shares_beginning(text, begin)]
    begun = [key for key in begun_keys(term.text) if not key.startswith(begin)]
    return [f"{quoted(begin)} *", *map(quoted, list(dict.fromkeys((*near, *begun)))[:MOST_SPELLINGS])]


def wanted_phrases(what: Asked, keys: Keys = word_keys) -> list[str]:
    """Every phrase that a hit is weighed by, none twice."""
    terms = [term for group in what.groups for term in group]
    return list(
        dict.fromkeys(
            f"title : {phrase}" if term.in_title else phrase
            for term in terms
            for phrase in phrases_of(term, keys)
        )
    )


def quoted(text: str) -> str:
    """The text as a string of FTS5."""
    return '"' + text.replace('"', '""') + '"'


def plain_prefix(text: str) -> str:
    """The beginning of a key, spelled as keys are."""
    return text.lower().replace("ё", "е")


def spellings_of(text: str, keys: Keys) -> list[str]:
    """The text with each word replaced by a key, in every way that is worth a try, the likeliest first."""
    runs = list(RUN.finditer(text))
    choices = fewer([list(keys(run[0])) for run in runs])
    return list(
        dict.fromkeys(replaced(text, [run.span() for run in runs], chosen) for chosen in product(*choices))
    )


def fewer(choices: list[list[str]]) -> list[list[str]]:
    """So many of the choices that all ways to choose are at most `MOST_SPELLINGS`: the longest lose first."""
    while len(choices) > 1 and ways(choices) > MOST_SPELLINGS:
        max(choices, key=len).pop()
    return choices


def ways(choices: Sequence[Sequence[str]]) -> int:
    """How many ways there are to choose one of each."""
    count = 1
    for one in choices:
        count *= len(one)
    return count


def replaced(text: str, spans: Sequence[tuple[int, int]], words: Sequence[str]) -> str:
    """The text with other words at these places."""
    parts, end = [], 0
    for (first, last), word in zip(spans, words, strict=True):
        parts += [text[end:first], word]
        end = last
    return "".join([*parts, text[end:]])


def exact_forms(what: Asked) -> list[list[str]]:
    """Words that must stand there in this very form, group by group: one form of each group will do.

    Groups that other terms may fulfil demand no form.
    """
    return [[term.text for term in group] for group in what.groups if all(term.exact for term in group)]

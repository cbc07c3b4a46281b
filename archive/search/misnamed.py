"""What was typed into a search and names nothing: no filter there is, nothing that is here. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import OSA

from archive.search.conditions import source_id
from archive.search.functions import folded
from archive.search.known import Known
from archive.search.spelling import LONG, SHORTEST
from archive.search.typed import FIELDS, Asked

MOST_NEAR = 3
MOST_THERE = 2 * MOST_NEAR  # names a line can name
FILTERS = "title:, source:, lang:, section:, author:, after:, before:, date:"
Kind = Literal["source", "language", "section", "author", "filter"]
MISSED = {
    "source": "no articles of a source {typed!r} here",
    "language": "no articles in a language {typed!r} here",
    "section": "no articles of a section {typed!r} here",
    "author": "none of the newest articles names an author {typed!r}",
}


@dataclass(frozen=True, slots=True)
class Misnamed:
    """What was typed, and names it may be a slip of, the nearest first; `there` are all names there are."""

    kind: Kind
    typed: str
    near: tuple[str, ...] = ()
    there: tuple[str, ...] = ()

    @property
    def few_there(self) -> tuple[str, ...]:
        """The names to choose from where none is near and all can be named."""
        return self.there if not self.near and len(self.there) <= MOST_THERE else ()


def misnamed(what: Asked, known: Known) -> list[Misnamed]:
    """What is asked for, or left out, by a name that nothing has here."""
    return [
        *unknown_sources(what, known.sources),
        *unknown_languages(what, known.languages),
        *unknown_sections(what, known.sections),
        *unknown_authors(what, known.authors),
    ]


def unknown_sources(what: Asked, known: Collection[str]) -> list[Misnamed]:
    """The sources asked for of which no id begins so."""
    there = tuple(sorted(known))
    return [
        Misnamed("source", typed, near_names(source_id(typed), known), there)
        for typed in (*what.named.sources, *what.unnamed.sources)
        if not any(one.startswith(source_id(typed)) for one in known)
    ]


def unknown_languages(what: Asked, known: Collection[str] | None) -> list[Misnamed]:
    """The languages asked for in which nothing is written here; of two letters none is near."""
    asked_for = () if known is None else (*what.named.languages, *what.unnamed.languages)
    return [
        Misnamed("language", typed, there=tuple(sorted(known or ())))
        for typed in asked_for
        if typed not in (known or ())
    ]


def unknown_sections(what: Asked, known: Collection[str] | None) -> list[Misnamed]:
    """The sections asked for that no article is of."""
    if known is None:
        return []
    by_folded = {plain_name(one): one for one in sorted(known)}
    return [
        Misnamed("section", typed, nearest(by_folded, plain_name(typed)), tuple(sorted(known)))
        for typed in (*what.named.sections, *what.unnamed.sections)
        if plain_name(typed) not in by_folded
    ]


def unknown_authors(what: Asked, known: Collection[str] | None) -> list[Misnamed]:
    """The authors asked for whom none of the known names."""
    if known is None:
        return []
    by_folded = {plain_name(one): one for one in sorted(known)}
    return [
        Misnamed("author", typed, near_authors(by_folded, plain_name(typed)))
        for typed in what.named.authors
        if not any(all(word in one for word in plain_name(typed).split()) for one in by_folded)
    ]


def near_authors(by_folded: dict[str, str], typed: str) -> tuple[str, ...]:
    """The authors whose names have a word near to each that was typed, the nearest first."""
    found = []
    for one, name in by_folded.items():
        made = [fewest_slips(word, one.split()) for word in typed.split()]
        if all(slip is not None for slip in made):
            found.append((sum(slip or 0 for slip in made), name))
    return tuple(name for _, name in sorted(found)[:MOST_NEAR])


def fewest_slips(word: str, words: Iterable[str]) -> int | None:
    """How many slips make a word the beginning of one of these, `None` where more than are forgiven."""
    most = forgiven(word)
    fewest = min((slips(word, one, most) for one in words), default=most + 1)
    return fewest if fewest <= most else None


def unknown_filters(what: Asked) -> list[Misnamed]:
    """What looks like a filter and is none: it is words."""
    return [
        Misnamed(
            "filter", typed, tuple(f"{name}:" for name in near_names(named_filter(typed).lower(), FIELDS))
        )
        for typed in what.unknown
    ]


def named_filter(typed: str) -> str:
    """What stands before the colon."""
    return typed.removeprefix("-").partition(":")[0]


def plain_name(name: str) -> str:
    """A name without what people write in two ways: case, ё, spaces."""
    return " ".join(folded(name).split())


def nearest(by_folded: dict[str, str], typed: str) -> tuple[str, ...]:
    """The names near to what was typed, as they are written."""
    return tuple(by_folded[one] for one in near_names(typed, by_folded))


def near_names(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The names that begin so but for a slip or two, the nearest first."""
    most = forgiven(name)
    near = sorted((slips(name, one, most), one) for one in known)
    return tuple(one for made, one in near if made <= most and most)[:MOST_NEAR]


def forgiven(name: str) -> int:
    """How many slips are forgiven in a name: as in a word, and none in a shorter one."""
    return (len(name) >= SHORTEST) + (len(name) >= LONG)


def slips(name: str, one: str, most: int) -> int:
    """How many slips make the name of another's beginning, or more than `most`."""
    ends = range(max(len(name) - most, 1), len(name) + most + 1)
    return min(OSA.distance(name, one[:end], score_cutoff=most) for end in ends)


def remarks(what: Asked, known: Known) -> Iterator[str]:
    """A line for each part of a search that was not understood, or that nothing here can answer."""
    for one in misnamed(what, known):
        missed = MISSED[one.kind].format(typed=one.typed[:80])
        otherwise = there_are(one)
        yield f"{missed}; {meant(one, otherwise)}" if one.near or otherwise else missed
    for typed in what.unread:
        yield f"{typed!r} is no filter, its value cannot be read; {taken(typed)}"
    for typed in what.bare:
        yield f"nothing stands right after {typed!r}; {taken(typed)}; a filter has no space in it: lang:kk"
    for filter_ in unknown_filters(what):
        typed = filter_.typed[:80]
        otherwise = meant(filter_, f"filters are {FILTERS}")
        yield f"there is no filter '{named_filter(typed)}:', of {typed!r} {taken(typed)}; {otherwise}"


def taken(typed: str) -> str:
    """What was done with what is no filter."""
    return "articles with such words were left out" if typed.startswith("-") else "the words were looked for"


def meant(misnamed: Misnamed, otherwise: str) -> str:
    """The names it may be a slip of, else what there is to choose from."""
    return f"did you mean {' or '.join(misnamed.near)}?" if misnamed.near else otherwise


def there_are(one: Misnamed) -> str:
    """The names there are, or how many, where a line cannot name them; "" of authors, who are too many."""
    if one.kind == "author":
        return ""
    if len(one.there) > MOST_THERE:
        return f"there are {len(one.there)}{', see `muragat status`' if one.kind == 'source' else ''}"
    return f"there are: {', '.join(one.there) or 'none yet'}"

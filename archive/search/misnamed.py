"""What was typed into a search and names nothing: no filter there is, no source that is here. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from archive.search.conditions import source_id
from archive.search.typed import FIELDS, Asked

SHORT, LONG = 4, 6  # letters; of shorter names none is near, from LONG on two slips are forgiven, else one
MOST_NEAR = 3
FILTERS = "title:, source:, lang:, section:, author:, after:, before:, date:"


@dataclass(frozen=True, slots=True)
class Misnamed:
    """What was typed, and names it may be a slip of, the nearest first."""

    typed: str
    near: tuple[str, ...]


def unknown_sources(what: Asked, known: Collection[str]) -> list[Misnamed]:
    """The sources asked for of which no id begins so."""
    return [
        Misnamed(typed, near_names(source_id(typed), known))
        for typed in (*what.named.sources, *what.unnamed.sources)
        if not any(one.startswith(source_id(typed)) for one in known)
    ]


def unknown_filters(what: Asked) -> list[Misnamed]:
    """What looks like a filter and is none: it is words."""
    return [
        Misnamed(typed, tuple(f"{name}:" for name in near_names(named_filter(typed).lower(), FIELDS)))
        for typed in what.unknown
    ]


def named_filter(typed: str) -> str:
    """What stands before the colon."""
    return typed.removeprefix("-").partition(":")[0]


def near_names(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The names that begin so but for a slip or two, the nearest first."""
    most = (len(name) >= SHORT) + (len(name) >= LONG)
    near = sorted((slips(name, one, most), one) for one in known)
    return tuple(one for made, one in near if made <= most and most)[:MOST_NEAR]


def slips(name: str, one: str, most: int) -> int:
    """How many slips make the name of another's beginning, or more than `most`."""
    ends = range(max(len(name) - most, 1), len(name) + most + 1)
    return min(OSA.distance(name, one[:end], score_cutoff=most) for end in ends)


def remarks(what: Asked, known: Collection[str]) -> Iterator[str]:
    """A line for each part of a search that was not understood, or that nothing here can answer."""
    for source in unknown_sources(what, known):
        yield f"no articles of a source {source.typed[:80]!r} here; {meant(source, there_are(known))}"
    for typed in what.unread:
        yield f"{typed!r} is no filter, its value cannot be read; {taken(typed)}"
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


def there_are(known: Collection[str]) -> str:
    """The sources there are, or how many, where a line cannot name them."""
    if len(known) > 2 * MOST_NEAR:
        return f"there are {len(known)}, see `muragat status`"
    return f"there are: {', '.join(sorted(known)) or 'none yet'}"

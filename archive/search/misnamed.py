"""What was typed into a search and names nothing: no filter there is, no source that is here. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from archive.search.conditions import source_id
from archive.search.typed import FIELDS, Asked

SHORT, LONG = 3, 6  # letters; of shorter names none is near, from LONG on two slips are forgiven, else one
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
    """What looks like a filter and is none: it was looked for as words."""
    return [
        Misnamed(typed, tuple(f"{name}:" for name in near_names(typed.partition(":")[0].lower(), FIELDS)))
        for typed in what.unknown
    ]


def near_names(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The names that are at most a slip or two away, the nearest first."""
    slips = (len(name) >= SHORT) + (len(name) >= LONG)
    found = process.extract(name, list(known), scorer=OSA.distance, score_cutoff=slips, limit=MOST_NEAR)
    return tuple(one for one, distance, _ in found if distance <= slips and slips)


def remarks(what: Asked, known: Collection[str]) -> Iterator[str]:
    """A line for each part of a search that was not understood, or that nothing here can answer."""
    for source in unknown_sources(what, known):
        yield f"no articles of a source {source.typed[:80]!r} here; {meant(source, there_are(known))}"
    for typed in what.unread:
        yield f"{typed!r} is no filter, its value cannot be read; it was looked for as a word"
    for filter_ in unknown_filters(what):
        name, typed = filter_.typed.partition(":")[0], filter_.typed[:80]
        otherwise = meant(filter_, f"filters are {FILTERS}")
        yield f"there is no filter '{name}:', {typed!r} was looked for as words; {otherwise}"


def meant(misnamed: Misnamed, otherwise: str) -> str:
    """The names it may be a slip of, else what there is to choose from."""
    return f"did you mean {' or '.join(misnamed.near)}?" if misnamed.near else otherwise


def there_are(known: Collection[str]) -> str:
    """The sources there are, or how many, where a line cannot name them."""
    if len(known) > 2 * MOST_NEAR:
        return f"there are {len(known)}, see `muragat status`"
    return f"there are: {', '.join(sorted(known)) or 'none yet'}"

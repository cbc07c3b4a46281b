"""What an archive can be asked for by name: its sources, languages and sections, and some of its authors."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.search.typed import Asked

AUTHORS_LOOKED_AT = 3_000  # of the newest articles: all authors stand in no index
SOURCES = "SELECT id FROM sources"
COUNTED = "SELECT DISTINCT {name} FROM {counts} WHERE articles > 0 AND {name} <> ''"
HAS_MONTHS = "SELECT 1 FROM sqlite_master WHERE name = 'monthly_counts'"  # a version before had days only
AUTHORS = f"SELECT authors FROM articles ORDER BY id DESC LIMIT {AUTHORS_LOOKED_AT}"


@dataclass(frozen=True, slots=True)
class Known:
    """Names there are, none or `None` where not looked for; `authors` are those of the newest articles."""

    sources: frozenset[str] = frozenset()
    languages: frozenset[str] | None = None
    sections: frozenset[str] | None = None
    authors: frozenset[str] | None = None


def known_of(connection: sqlite3.Connection, what: Asked, *, found_nothing: bool) -> Known:
    """The names an archive has of each kind that is asked for by name; authors where nothing was found."""
    asked_for, left_out = what.named, what.unnamed
    return Known(
        sources=sources_of(connection) if asked_for.sources or left_out.sources else frozenset(),
        languages=languages_of(connection) if asked_for.languages or left_out.languages else None,
        sections=counted(connection, "section") if asked_for.sections or left_out.sections else None,
        authors=frozenset(authors_of(connection)) if asked_for.authors and found_nothing else None,
    )


def sources_of(connection: sqlite3.Connection) -> frozenset[str]:
    """The sources of an archive."""
    return frozenset(row[0] for row in connection.execute(SOURCES))


def languages_of(connection: sqlite3.Connection) -> frozenset[str]:
    """The languages an archive has articles in."""
    return counted(connection, "language")


def counted(connection: sqlite3.Connection, name: str) -> frozenset[str]:
    """The values that the kept counts know."""
    counts = "monthly_counts" if connection.execute(HAS_MONTHS).fetchone() else "daily_counts"
    return frozenset(row[0] for row in connection.execute(COUNTED.format(name=name, counts=counts)))


def authors_of(connection: sqlite3.Connection) -> Iterator[str]:
    """The authors of the newest articles."""
    for (listed,) in connection.execute(AUTHORS):
        try:
            authors = json.loads(listed or "[]")
        except ValueError:  # another program wrote it
            continue
        yield from (str(one["name"]) for one in authors if isinstance(one, dict) and one.get("name"))


def known_together(all_of: Iterable[Known]) -> Known:
    """What several archives have together; what one was not asked for, none was."""
    listed = list(all_of)
    return Known(
        sources=frozenset().union(*(one.sources for one in listed)),
        languages=united(one.languages for one in listed),
        sections=united(one.sections for one in listed),
        authors=united(one.authors for one in listed),
    )


def united(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """All names of some sets, `None` where one of them is not known."""
    found: frozenset[str] = frozenset()
    for one in sets:
        if one is None:
            return None
        found |= one
    return found

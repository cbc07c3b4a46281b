"""What two archives saw of one thing that changes, made one history. Pure.

A row of such a history says that something stood so from one look to another; between two looks nobody knows.
So each is two sights, and sights of both archives in their order say how it went.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any


@dataclass(frozen=True, slots=True)
class Sight:
    """That something stood so at a time; `row` is where that is written."""

    at: str
    what: Hashable
    row: dict[str, Any]


def sights(row: dict[str, Any], what: Hashable, first: str, last: str) -> tuple[Sight, Sight]:
    """The two sights of a row."""
    return Sight(first, what, row), Sight(max(first, last), what, row)


def spells(seen: Iterable[Sight]) -> list[list[Sight]]:
    """Sights that follow each other and saw the same, in their order, which is fixed in one second too."""
    ordered = sorted(seen, key=lambda one: (one.at, repr(one.what)))
    return [list(group) for _, group in groupby(ordered, attrgetter("what"))]

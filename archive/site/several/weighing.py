"""How the best hits of different archives are weighed against one another.

bm25 counts a rare word more than a common one, and learns from one archive alone how rare it is: a word that
every article of a small archive has would weigh nothing there. So the scores of each archive are brought to
how rare the words are in all of them together: exactly for one word or phrase; for several by the mean of
what each would need.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from archive.site.search_hits import rows_in_time

MOST_PHRASES = 24  # more are looked for only where a word is read in many ways
LEAST_RARITY = 1e-6  # what FTS5 takes where more than half of all articles have a phrase
Archive = TypeVar("Archive")


@dataclass(frozen=True, slots=True)
class Census:
    """How many articles an archive has, and how many of them each phrase."""

    articles: int
    having: Mapping[str, int]


async def census_of(db: Any, articles: int, phrases: Sequence[str]) -> Census | None:
    """The census of an archive for these phrases; `None` where counting takes too long."""
    counted = phrases[:MOST_PHRASES]
    columns = ", ".join(
        f"(SELECT count(*) FROM articles_fts WHERE articles_fts MATCH :phrase{n}) AS n{n}"
        for n in range(len(counted))
    )
    values = {f"phrase{n}": phrase for n, phrase in enumerate(counted)}
    rows = await rows_in_time(db, f"SELECT {columns}", values)
    return Census(articles, dict(zip(counted, rows[0], strict=True))) if rows else None


def factors(censuses: Mapping[Archive, Census | None]) -> dict[Archive, float]:
    """What to multiply each archive's scores by; 1 for all where one could not count."""
    known = [one for one in censuses.values() if one is not None]
    if len(known) < len(censuses):
        return dict.fromkeys(censuses, 1.0)
    whole = together(known)
    return {archive: factor(one, whole) for archive, one in censuses.items() if one is not None}


def together(censuses: Iterable[Census]) -> Census:
    """The census of all archives as if they were one."""
    having: Counter[str] = Counter()
    articles = 0
    for one in censuses:
        articles += one.articles
        having.update(one.having)
    return Census(articles, having)


def factor(here: Census, whole: Census) -> float:
    """What brings an archive's scores to the rarity of its phrases in the whole."""
    found = [phrase for phrase, articles in here.having.items() if articles]
    if not found:
        return 1.0
    return sum(rarity(whole, phrase) for phrase in found) / sum(rarity(here, phrase) for phrase in found)


def rarity(census: Census, phrase: str) -> float:
    """The inverse document frequency of a phrase, as FTS5 reckons it."""
    having = census.having[phrase]
    without = max(census.articles - having, 0)  # an index may be ahead of the count of articles
    return max(math.log((without + 0.5) / (having + 0.5)), LEAST_RARITY)

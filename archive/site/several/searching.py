"""A search of all archives: what each is asked for, and what their answers come to together."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from archive.errors import ArchiveError
from archive.search.known import Known, known_together
from archive.search.query import wanted_phrases
from archive.search.spelling import suggestion
from archive.search.typed import Asked
from archive.search.widening import keys_of, unknown_words, widened_expression
from archive.site.search_hits import COUNT_LIMIT, Wanted, breakdown, hit_count, names_known
from archive.site.search_request import Facet, Option, Search
from archive.site.self_test import search_works
from archive.site.several.asking import Inquiry
from archive.site.several.books import Summaries, sources_of, summaries_of
from archive.site.several.merging import Stream
from archive.site.several.mounted import Mounted
from archive.site.several.reader import ReaderOfAll
from archive.site.several.weighing import Census, census_of, factors

MOST_ASKED_FOR_WORDS = 3  # each remembers its words: 20 MB for 100,000
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Together:
    """A search of all archives. `unknown` are its words that none of them has."""

    search: Search
    unknown: frozenset[str]
    wanted: Mapping[Mounted, Wanted]
    summaries: Summaries

    @property
    def newest_first(self) -> Together:
        """The same in order of publication."""
        wanted = {archive: replace(one, by_relevance=False) for archive, one in self.wanted.items()}
        return replace(self, wanted=wanted)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many articles each archive found, `None` where counting took too long; and what they are."""

    counts: Mapping[Mounted, int | None]
    breakdown: Counts

    @property
    def articles(self) -> int:
        """How many were counted in all."""
        return sum(min(one, COUNT_LIMIT) for one in self.counts.values() if one is not None)

    @property
    def is_cut_off(self) -> bool:
        """Whether there are more than were counted."""
        return any(one is None or one > COUNT_LIMIT for one in self.counts.values())

    @property
    def most(self) -> int | None:
        """The largest count of one archive, `None` where one took too long."""
        known = [one for one in self.counts.values() if one is not None]
        return max(known, default=0) if len(known) == len(self.counts) else None


async def together_of(reader: ReaderOfAll, inquiry: Inquiry) -> Together:
    """The search that a reader's address asks for, its words as each archive's index wants them."""
    summaries = await summaries_of(inquiry)
    named = await sources_of(inquiry)
    names = {row["id"]: row["name"] for rows in reversed(named.values()) for row in rows}
    search = Search(reader, names)
    unknown = await unknown_to_all(inquiry, search.asked)
    expressions = await expressions_of(inquiry, search.asked, unknown)
    search.expression = next(iter(expressions.values()), None)
    wanted = {
        archive: Wanted(expression, search.filters, search.by_relevance, search.asked)
        for archive, expression in expressions.items()
    }
    return Together(search, unknown, wanted, summaries)


async def unknown_to_all(inquiry: Inquiry, what: Asked) -> frozenset[str]:
    """The words that no archive has; only those are guesses to be made about."""
    if not what.groups:
        return frozenset()

    async def unknown(archive: Mounted, db: Any) -> frozenset[str]:
        if not search_works(archive.datasette):
            raise ArchiveError(f"{archive.title}: the search index does not answer as it should")
        found: frozenset[str] = await db.execute_fn(lambda connection: unknown_words(connection, what))
        return found

    answers = list((await inquiry.ask(unknown)).values())
    return answers[0].intersection(*answers[1:]) if answers else frozenset()


async def expressions_of(inquiry: Inquiry, what: Asked, unknown: frozenset[str]) -> dict[Mounted, str | None]:
    """FTS5's expression for each archive, `None` where no word is named."""
    if not what.groups:
        return dict.fromkeys(inquiry.answering)

    async def expression(_: Mounted, db: Any) -> str | None:
        found: str | None = await db.execute_fn(
            lambda connection: widened_expression(connection, what, unknown)
        )
        return found

    return await inquiry.ask(expression)


async def streams_of(inquiry: Inquiry, together: Together) -> dict[Mounted, Stream]:
    """Each archive's hits, weighed so that they can be compared."""
    newest = max((one["newest"] or 0 for one in together.summaries.values()), default=0)
    is_ranked = any(wanted.is_ranked for wanted in together.wanted.values())
    weighed = factors(await censuses_of(inquiry, together)) if is_ranked else {}
    return {
        archive: Stream(wanted, newest=newest, factor=weighed.get(archive, 1.0))
        for archive, wanted in together.wanted.items()
        if archive in inquiry.answering
    }


async def censuses_of(inquiry: Inquiry, together: Together) -> dict[Mounted, Census | None]:
    """How many articles of each archive have what is looked for."""

    def phrases(connection: sqlite3.Connection) -> list[str]:
        return wanted_phrases(together.search.asked, keys_of(connection, together.unknown))

    async def census(archive: Mounted, db: Any) -> Census | None:
        articles = together.summaries[archive]["articles"]
        return await census_of(db, articles, await db.execute_fn(phrases))

    return await inquiry.ask(census)


async def tally_of(inquiry: Inquiry, together: Together) -> Tally:
    """How many articles there are in each archive, and what they are."""

    async def tally(archive: Mounted, db: Any) -> tuple[int | None, Counts]:
        wanted = together.wanted[archive]
        return await hit_count(db, wanted), await breakdown(db, wanted)

    answers = await inquiry.ask(tally)
    summed: dict[str, Counter[str]] = {}
    for _, counted in answers.values():
        for name, values in counted.items():
            summed.setdefault(name, Counter()).update(values)
    return Tally({archive: count for archive, (count, _) in answers.items()}, summed)


async def names_of(inquiry: Inquiry, together: Together, *, found_nothing: bool) -> Known | None:
    """The names all archives have together; `None` where that is not known of one of them."""

    async def names(_: Mounted, db: Any) -> Known | None:
        return await names_known(db, together.search.asked, found_nothing=found_nothing)

    answers = list((await inquiry.ask(names)).values())
    known = [one for one in answers if one is not None]
    return known_together(known) if len(known) == len(answers) and not inquiry.silent else None


def archive_facet(reader: ReaderOfAll, search: Search, tally: Tally) -> Facet:
    """The archives that found something, the most first; each leads to the same search in it alone."""
    asked = {"q": search.typed, **search.hidden()}
    options = [
        Option(archive.title, reader.within(archive, "/search", asked), count)
        for archive, count in tally.counts.items()
        if count
    ]
    return Facet("archive", tuple(sorted(options, key=lambda one: -one.articles)))


async def better_words(inquiry: Inquiry, together: Together) -> str | None:
    """What was typed, with likely words in the place of those no archive has; `None` where nothing is known.

    The largest archives are asked: they have the most words, and each remembers them all.
    """
    if not together.unknown:
        return None
    largest = sorted(inquiry.answering, key=lambda one: -together.summaries[one]["articles"])

    async def better(_: Mounted, db: Any) -> str | None:
        typed, unknown = together.search.typed, together.unknown
        try:
            found: str | None = await db.execute_fn(
                lambda connection: suggestion(connection, typed, only=unknown)
            )
        except sqlite3.DatabaseError:  # an archive of an older version has no list of words yet
            return None
        return found

    answers = await inquiry.ask(better, largest[:MOST_ASKED_FOR_WORDS])
    return next((answers[one] for one in largest if answers.get(one)), None)

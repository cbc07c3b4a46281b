"""What each archive holds in all: articles, days, sources. Sums may be half a minute old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.site.counted import months_of
from archive.site.day_words import day_in_words
from archive.site.front_page import SOURCES
from archive.site.kept import Rows, recent_rows
from archive.site.several.asking import Inquiry
from archive.site.several.mounted import Mounted
from archive.site.several.reader import ReaderOfAll

# A date far in the future is a slip of the page's.
SUMMARY = """
SELECT (SELECT coalesce(sum(articles), 0) FROM {months}) AS articles,
       (SELECT min(day) FROM daily_counts WHERE day <> '' AND articles > 0) AS first,
       (SELECT max(day) FROM daily_counts WHERE day <= date('now', '+1 day') AND articles > 0) AS last,
       (SELECT max(id) FROM articles) AS newest"""
Summaries = Mapping[Mounted, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Book:
    """An archive as a list shows it; `articles` is `None` where it does not answer."""

    title: str
    href: str
    articles: int | None
    days: str
    last: str


async def summaries_of(inquiry: Inquiry) -> Summaries:
    """What each archive that answers holds."""

    async def summary(_: Mounted, db: Any) -> Mapping[str, Any]:
        return (await recent_rows(db, SUMMARY.format(months=await months_of(db))))[0]

    return await inquiry.ask(summary)


async def sources_of(inquiry: Inquiry) -> dict[Mounted, Rows]:
    """The sources of each archive that answers, the largest first."""

    async def sources(_: Mounted, db: Any) -> Rows:
        return await recent_rows(db, SOURCES.format(months=await months_of(db)))

    return await inquiry.ask(sources)


def books_of(reader: ReaderOfAll, archives: Sequence[Mounted], summaries: Summaries) -> list[Book]:
    """Every archive, what was published last first."""
    found = [book_of(reader, one, summaries.get(one)) for one in archives]
    return sorted(found, key=lambda book: book.last, reverse=True)


def book_of(reader: ReaderOfAll, archive: Mounted, summary: Mapping[str, Any] | None) -> Book:
    """An archive as its line in the list."""
    title, href = archive.title, reader.within(archive, "/")
    if summary is None:
        return Book(title, href, None, "", "")
    return Book(title, href, summary["articles"], span(reader, summary), summary["last"] or "")


def span(reader: ReaderOfAll, summary: Mapping[str, Any]) -> str:
    """The first and the last day of an archive in words; empty for one without dated articles."""
    first, last = (day_in_words(summary[end], reader.language) for end in ("first", "last"))
    if not first or not last or first == last:
        return last or first or ""
    return reader.say("from_to", first=first, last=last)

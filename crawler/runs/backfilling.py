"""`muragat backfill`: the days of a source that miss articles, looked through again and deeper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from archive.exits import Exit
from archive.health.missing_days import MissingDay, missing_days
from archive.health.missing_showing import why_of
from archive.health.recalling import articles_by_day
from archive.numbers_said import counted
from archive.store.connection import open_to_read, snapshot
from archive.store.folder import ArchiveFolder
from crawler.runs.choosing import named_sources
from crawler.runs.commands import crawl_and_tell
from crawler.runs.options import CrawlOptions
from crawler.runs.report import exit_of
from crawler.sources.profile import Source

DEEPEST_PAGE = 200  # of one listing: at twenty articles a page half a year of a paper with twenty a day
DOCUMENTS = 2_000  # sitemaps and listing pages in all


@dataclass(frozen=True, slots=True)
class Days:
    """What the archive has of a source's days: articles of each, and what is likely missing."""

    articles: Counter[date]
    missing: dict[date, MissingDay]

    @property
    def gaps(self) -> int:
        """Days of which articles are likely missing."""
        return sum(day.why is not None for day in self.missing.values())


def backfill_source(
    folder: ArchiveFolder,
    source_id: str | None,
    profile: Path | None,
    since: date,
    *,
    limit: int | None,
    allow_private: bool,
) -> Exit:
    """Crawl a source as deep as that day, and say what its days have gained."""
    (source,) = named_sources(folder, [source_id] if source_id else [], profile)
    before = days_of_source(folder, source, since)
    options = CrawlOptions(
        limit=limit, documents=DOCUMENTS, since=since, back_to=since, allow_private=allow_private
    )
    reports = crawl_and_tell([deeper(source)], folder, options)
    for line in gained(before, days_of_source(folder, source, since)):
        click.echo(line)
    return exit_of(reports)


def deeper(source: Source) -> Source:
    """The source with its listings to be walked as far as they go."""
    listings = (
        replace(listing, max_pages=max(DEEPEST_PAGE, listing.max_pages)) for listing in source.listings
    )
    return replace(source, listings=tuple(listings))


def days_of_source(folder: ArchiveFolder, source: Source, since: date) -> Days:
    """What the archive has now; nothing where it is not there yet, or of an older version."""
    if not folder.news.is_file():
        return Days(Counter(), {})
    with closing(open_to_read(folder.news)) as db, snapshot(db, folder.news):
        articles = articles_by_day(db, source.id, since, ZoneInfo(source.timezone))
        missing = missing_days(db, source.id, since=since)
    return Days(articles, {day.day: day for day in missing})


def gained(before: Days, after: Days) -> Iterator[str]:
    """A line for each day that gained articles or still misses some, and their sum."""
    days = sorted({*after.articles, *after.missing})
    for day in days:
        had, has, known = before.articles[day], after.articles[day], after.missing.get(day)
        if has > had or (known and known.why):
            still = f" ({why_of(known)})" if known and known.why else ""
            yield f"{day}: {counted(had, 'article')} before, {has} now{still}"
    found = sum((after.articles - before.articles).values())
    yield f"{counted(found, 'article')} found; days with likely gaps: {before.gaps} before, {after.gaps} now"

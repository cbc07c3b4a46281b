"""How a run is entered in the archive's books, whoever brings its pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from archive.health.history import Expected
from archive.mining import page_reservation
from archive.records import Page, Visit
from archive.store.archive import Archive
from crawler.settings import VERSION
from crawler.sources.profile import Source


def keep_source(archive: Archive, source: Source) -> None:
    """Keep a source as its profile names it."""
    archive.sources.save(
        source.id,
        name=source.name,
        home=source.home,
        languages=source.languages,
        timezone=source.timezone,
        region=source.region,
    )


def begin_run(archive: Archive, source: Source) -> int:
    """Keep a source as its profile names it, and that a run of it begins; returns the run's id."""
    keep_source(archive, source)
    return archive.runs.begin(source.id, started_at=datetime.now(UTC), version=VERSION)


def begin_crawl(archive: Archive, source: Source) -> int:
    """`begin_run` for a crawl of the source's own documents, with what its profile expects of it."""
    run_id = begin_run(archive, source)
    archive.health.expect(source.id, Expected(**asdict(source.expect)), documents_of(source))
    return run_id


def documents_of(source: Source) -> list[str]:
    """The addresses of the feeds, sitemaps and listings a profile names."""
    return [*source.feeds, *source.sitemaps, *(listing.url for listing in source.listings)]


def kept_visit(page: Page, page_id: int) -> Visit:
    """The answer that a kept article page was, as the books keep it."""
    return Visit(
        url=page.requested_url,
        kind="article",
        status=page.status,
        fetched_at=page.fetched_at,
        bytes=len(page.body),
        page_id=page_id,
        etag=page.header("etag"),
        last_modified=page.header("last-modified"),
        reservation=page_reservation(page.headers, page.body),
    )


def sources_as_kept(rows: Iterable[Mapping[str, Any]]) -> list[Source]:
    """The sources that rows of `sources` tell of, without what a profile adds."""
    return [
        Source(
            id=row["id"],
            name=row["name"],
            home=row["home"],
            languages=tuple(json.loads(row["languages"])),
            timezone=row["timezone"],
            region=row["region"],
        )
        for row in rows
    ]

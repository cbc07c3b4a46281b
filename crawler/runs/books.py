"""How a run is entered in the archive's books, whoever brings its pages."""

from __future__ import annotations

from datetime import UTC, datetime

from archive.records import Page, Visit
from archive.store.archive import Archive
from crawler.settings import VERSION
from crawler.sources.profile import Source


def begin_run(archive: Archive, source: Source) -> int:
    """Keep a source as its profile names it, and that a run of it begins; returns the run's id."""
    archive.sources.save(
        source.id,
        name=source.name,
        home=source.home,
        languages=source.languages,
        timezone=source.timezone,
        region=source.region,
    )
    return archive.runs.begin(source.id, started_at=datetime.now(UTC), version=VERSION)


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
    )

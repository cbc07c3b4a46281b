"""How a run is entered in the archive's books, whoever brings its pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from archive.mining import page_reservation
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

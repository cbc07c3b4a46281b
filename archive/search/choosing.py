"""Which articles a person means: the options of a command, checked against the archive."""

from __future__ import annotations

from datetime import datetime

import click
from sqlite_utils import Database

from archive.search.filters import ArticleFilter
from archive.search.functions import register


def chosen_articles(
    db: Database,
    *,
    sources: tuple[str, ...] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    language: str | None = None,
    section: str | None = None,
    words: str | None = None,
) -> ArticleFilter:
    """The filter that options describe; raises click's errors for what cannot be meant.

    The connection gets what the filter's conditions call.
    """
    register(db.conn)
    known = [row["id"] for row in db.query("SELECT id FROM sources ORDER BY id")]
    for source in sources:
        if source not in known:
            there = ", ".join(known) or "none yet"
            raise click.UsageError(f"no articles of a source {source!r} here; there are: {there}")
    if since and until and since > until:
        raise click.UsageError(f"--since {since:%Y-%m-%d} is after --until {until:%Y-%m-%d}")
    return ArticleFilter(
        sources=sources,
        since=since.date() if since else None,
        until=until.date() if until else None,
        language=language.lower() if language else None,
        section=section,
        words=words,
    )

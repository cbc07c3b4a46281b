"""What `muragat fronts` does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import click
from sqlite_utils import Database

from archive.fronts.reading import fronts_at, is_remembered, rewordings_of, stretches_of, tops_of
from archive.fronts.showing import as_json, front_lines, rewording_lines, stay_lines, top_lines
from archive.search.choosing import chosen_articles
from archive.store.columns import utc
from archive.store.connection import open_to_read, snapshot
from archive.store.folder import ArchiveFolder

NO_LISTING = (
    "no listing of {source} was read yet: its profile names none, or the next crawl reads it; "
    '[[listings]] with the url of the front page and link = "a" is enough to remember that'
)


def print_front(folder: ArchiveFolder, source: str, at: datetime | None, *, json_lines: bool) -> None:
    """Print what stands on the source's listings, or stood there at a time (UTC)."""
    with opened(folder, source) as db:
        moment = utc(at.replace(tzinfo=UTC)) if at else None
        fronts = fronts_at(db, source, moment)
        if not fronts:
            click.echo("no listing was looked at by then", err=True)
        for number, one in enumerate(fronts):
            if json_lines:
                click.echo(as_json(one))
                continue
            lines = front_lines(one, at=moment, colours=sys.stdout.isatty())
            click.echo("\n" * bool(number) + "\n".join(lines))


def print_stay(folder: ArchiveFolder, source: str, url: str, *, json_lines: bool) -> None:
    """Print where an article stood and how long."""
    with opened(folder, source) as db:
        stretches = stretches_of(db, source, url)
        if not stretches:
            click.echo("it was never seen on a listing", err=True)
        lines = map(as_json, stretches) if json_lines else stay_lines(stretches, colours=sys.stdout.isatty())
        for line in lines:
            click.echo(line)


def print_tops(folder: ArchiveFolder, source: str, since: datetime | None, *, json_lines: bool) -> None:
    """Print what was on top, one after the other."""
    with opened(folder, source) as db:
        tops = tops_of(db, source, utc(since.replace(tzinfo=UTC)) if since else None)
        lines = map(as_json, tops) if json_lines else top_lines(tops, colours=sys.stdout.isatty())
        for line in lines:
            click.echo(line)


def print_rewordings(folder: ArchiveFolder, source: str, since: datetime | None, *, json_lines: bool) -> None:
    """Print articles whose headline a listing changed, the one reworded last first."""
    with opened(folder, source) as db:
        found = rewordings_of(db, source, utc(since.replace(tzinfo=UTC)) if since else None)
        if not found:
            click.echo("no headline was seen to change", err=True)
        for document, wordings in found:
            if json_lines:
                said = [{name: one[name] for name in ("headline", "first_seen_at")} for one in wordings]
                record = {"document": document, "url": wordings[0]["url"], "headlines": said}
                click.echo(json.dumps(record, ensure_ascii=False))
            else:
                click.echo("\n".join(rewording_lines(wordings)))


@contextmanager
def opened(folder: ArchiveFolder, source: str) -> Iterator[Database]:
    """The archive as it is now, open for reading.

    Raises an ArchiveError, or click's error for a source without fronts.
    """
    with closing(open_to_read(folder.news)) as db, snapshot(db, folder.news):
        chosen_articles(db, sources=(source,))  # names a source that is not here
        if not is_remembered(db, source):
            raise click.UsageError(NO_LISTING.format(source=source))
        yield db

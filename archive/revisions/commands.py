"""What `muragat changes` does."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime

import click
from sqlite_utils import Database

from archive.revisions.reading import RewordingFilter, newest_rewordings, rewordings_of
from archive.revisions.showing import minute_of, rewording_json, rewording_lines, summary_line
from archive.search.choosing import chosen_articles
from archive.store.connection import named_errors, open_to_read
from archive.store.folder import ArchiveFolder
from archive.takedown.named import article_meant
from archive.terminal import terminal_safe


def print_changes(
    folder: ArchiveFolder,
    article: str | None,
    *,
    sources: Sequence[str],
    since: datetime | None,
    cause: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Print how one article was reworded, or what was reworded last.

    Raises an ArchiveError when the archive cannot be read, or click's errors for what cannot be meant.
    """
    meant = RewordingFilter(sources=tuple(sources), since=since.date() if since else None, cause=cause)
    with closing(open_to_read(folder.news)) as db, named_errors(folder.news):
        chosen_articles(db, sources=tuple(sources))  # names a source that is not here
        if article is None:
            print_newest(db, meant, limit, as_json=as_json)
        else:
            print_article(db, article, meant, as_json=as_json)


def print_article(db: Database, named: str, meant: RewordingFilter, *, as_json: bool) -> None:
    """Print every rewording of one article, the earliest first."""
    article_id = article_meant(db, named)
    found = False
    if not as_json:
        click.echo(head_line(db, article_id))
    for one in rewordings_of(db, article_id, meant):
        found = True
        if as_json:
            click.echo(rewording_json(one))
        else:
            click.echo("\n" + "\n".join(rewording_lines(one, colours=sys.stdout.isatty())))
    if not found:
        click.echo("no other wording of it is known", err=True)


def head_line(db: Database, article_id: int) -> str:
    """The article in a line: its number, title and address, and since when it is known or gone."""
    row = next(iter(db.query("SELECT * FROM articles WHERE id = ?", [article_id])))
    title = terminal_safe(row["title"] or "(no title)")
    gone = f", not on the site any more since {minute_of(row['gone_at'])}" if row["gone_at"] else ""
    seen = minute_of(row["first_seen_at"])
    return f"{article_id}  {title}  {terminal_safe(row['url'])}\nfirst seen {seen}{gone}"


def print_newest(db: Database, meant: RewordingFilter, limit: int, *, as_json: bool) -> None:
    """Print the newest rewordings, a line each."""
    found = False
    for one in newest_rewordings(db, meant, limit):
        found = True
        click.echo(rewording_json(one) if as_json else summary_line(one, colours=sys.stdout.isatty()))
    if not found:
        click.echo("no article was seen to change", err=True)

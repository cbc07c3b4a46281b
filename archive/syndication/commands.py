"""What `muragat copies` does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress
from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.numbers_said import counted
from archive.search.choosing import chosen_articles
from archive.store.connection import named_errors, open_to_read, open_to_write
from archive.store.copies import CopyStore
from archive.store.folder import ArchiveFolder
from archive.store.migrations import migrations
from archive.syndication.clusters import Copy
from archive.syndication.finding import can_be_asked, clusters, copies_of
from archive.syndication.showing import cluster_json, cluster_lines
from archive.takedown.named import article_meant


def print_copies(
    folder: ArchiveFolder,
    article: str | None,
    *,
    threshold: float,
    limit: int,
    as_json: bool,
    **filters: Any,
) -> None:
    """Print where else an article's story stands, or which stories stand in most places.

    Raises an ArchiveError when the archive cannot be asked, or click's errors for what cannot be meant.
    """
    with closing(open_to_read(folder.news)) as db, named_errors(folder.news):
        if not can_be_asked(db):
            raise ArchiveError(f"{folder.news}: knows of no copies yet; run: muragat copies --fill")
        if article is not None:
            print_cluster(db, article, threshold, as_json=as_json)
        else:
            where = chosen_articles(db, **filters)
            found = list(islice(clusters(db, where, threshold), limit))
            for article_id, copies in found:
                say(copies, article_id, threshold, as_json=as_json)
            if not found:
                click.echo(f"no copies that share {threshold:.0%} of their text", err=True)
        tell_waiting(CopyStore(db, folder.news).waiting())


def print_cluster(db: Database, named: str, threshold: float, *, as_json: bool) -> None:
    """Print the cluster of one article."""
    article_id = article_meant(db, named)
    copies = copies_of(db, article_id, threshold)
    say(copies, article_id, threshold, as_json=as_json)
    if len(copies) == 1:
        click.echo(f"no other article here shares {threshold:.0%} of its text", err=True)


def say(copies: list[Copy], article_id: int, threshold: float, *, as_json: bool) -> None:
    """Print one cluster."""
    line = cluster_json(copies, article_id, threshold) if as_json else "\n".join(cluster_lines(copies))
    click.echo(line)


def tell_waiting(count: int) -> None:
    """Say that what was printed may not be all."""
    if count:
        click.echo(f"{counted(count, 'article')} not compared yet; run: muragat copies --fill", err=True)


def fill_copies(folder: ArchiveFolder, *, anew: bool) -> None:
    """Compare the articles that an earlier version kept, or with `anew` all; says how many.

    Every fifty are kept together, so that Ctrl-C loses nothing and the next call goes on. Raises an
    ArchiveError when the archive cannot be written.
    """
    with closing(open_to_read(folder.news)):
        pass  # a folder without an archive is refused, not made
    with closing(open_to_write(folder.news, migrations)) as db, named_errors(folder.news):
        store = CopyStore(db, folder.news)
        if anew:
            store.start_anew()
        waiting = store.waiting()
        with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
            task = bar.add_task("comparing articles", total=waiting)
            filled = fill_all(store, told=lambda count: bar.advance(task, count))
        click.echo(f"{counted(filled, 'article')} compared", err=True)


def fill_all(store: CopyStore, told: Callable[[int], None]) -> int:
    """Take in every article that waits, telling of each batch; returns how many."""
    filled = 0
    while count := store.fill():
        filled += count
        told(count)
    return filled

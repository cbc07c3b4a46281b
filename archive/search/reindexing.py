"""What `muragat reindex` does: the search index is made anew, with progress, and goes on where it ended."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlite_utils import Database

from archive.numbers_said import counted
from archive.search.index_state import NEXT, IndexState
from archive.store.connection import named_errors, open_to_read, open_to_write, transaction
from archive.store.folder import ArchiveFolder
from archive.store.lock import held
from archive.store.migrations import migrations
from archive.store.search_index import SearchIndex

FEW_ARTICLES = 20_000  # are put in before a crawl begins: 20 seconds


def reindex(folder: ArchiveFolder, *, always: bool) -> None:
    """Make the search index anew where it is not sound, or `always`; says what was done.

    Ended early, also by a power cut, it goes on where it was; searches are answered meanwhile. Raises
    ArchiveBusy while a crawl holds the archive, or another ArchiveError.
    """
    with opened(folder) as db:
        index = SearchIndex(db, folder.news)
        is_under_way = index.reached(NEXT) is not None
        if index.state() is IndexState.SOUND and not always and not is_under_way:
            with transaction(db, folder.news):
                index.apply_changes()
            click.echo("the search index is sound; nothing to do (--always makes it anew)")
            return
        if is_under_way:
            click.echo("going on with the index that was under way", err=True)
        click.echo(f"put {counted(fill(index), 'article')} into the search index")


def refill_before_crawl(folder: ArchiveFolder) -> None:
    """Make the index of a small archive anew where it must be; of a large one say that it should be."""
    if not folder.news.is_file():
        return
    with opened(folder) as db:
        index = SearchIndex(db, folder.news)
        index.adopt_if_empty()
        if index.state() is IndexState.SOUND:
            return
        (articles,) = db.conn.execute("SELECT count(*) FROM articles").fetchone()
        if articles > FEW_ARTICLES:
            with transaction(db, folder.news):
                index.drop_foreign_triggers()
            click.echo(f"Note: {index.state().explanation}; new articles are found meanwhile", err=True)
            return
        why = index.state().explanation.partition(";")[0]
        click.echo(f"Note: {why}: filling it ({counted(articles, 'article')})", err=True)
        fill(index)


@contextmanager
def opened(folder: ArchiveFolder) -> Iterator[Database]:
    """The database of an archive that is there, open to be written, and the archive's lock held."""
    open_to_read(folder.news).close()
    with held(folder), closing(open_to_write(folder.news, migrations)) as db, named_errors(folder.news):
        yield db


def fill(index: SearchIndex) -> int:
    """Make the index anew, with a bar on a terminal; returns how many articles were put in."""
    (articles,) = index.db.conn.execute("SELECT count(*) FROM articles").fetchone()
    done = 0
    with bar(articles) as progress:
        for added in index.rebuild():
            done += added
            progress.advance(progress.task_ids[0], added)
    return done


def bar(articles: int) -> Progress:
    """A bar on a terminal; elsewhere nothing is shown."""
    shown = Progress(
        TextColumn("indexing"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    shown.add_task("index", total=articles)
    return shown

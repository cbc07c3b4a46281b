"""The archive's articles into one file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Task as ProgressTask
from rich.text import Text

from archive.exports.columns import Column
from archive.exports.files import output
from archive.exports.formats import Format, Style
from archive.exports.mining import register_mining
from archive.exports.rows import count_articles, row_batches
from archive.exports.tombstones import tombstone_lines
from archive.search.filters import ArticleFilter
from archive.search.functions import register
from archive.store.connection import open_to_read, snapshot
from archive.store.folder import ArchiveFolder

Advance = Callable[[int], None]


def export_articles(
    folder: ArchiveFolder,
    to: str,
    *,
    form: Format,
    packed: bool,
    columns: Sequence[Column],
    where: ArticleFilter,
    style: Style,
    tombstones: bool = False,
) -> int:
    """Write every article that is meant, once, ordered by id; returns how many.

    `to` is a file or "-". Nobody who writes to the archive meanwhile is kept waiting or changes what is
    exported. With `tombstones` lines about what was taken down follow the articles. Raises an ArchiveError
    when the archive cannot be read or the file not be written.
    """
    db = open_to_read(folder.news)
    register(db.conn)
    register_mining(db)
    encoder = form.encoder(columns, style)
    exported = 0
    try:
        with snapshot(db, folder.news), output(to, packed=packed) as file:
            file.write(encoder.head())
            with progress(lambda: count_articles(db, where)) as advance:
                for batch in row_batches(db, columns, where):
                    file.write(encoder.rows(batch))
                    exported += len(batch)
                    advance(len(batch))
            if tombstones:
                file.write(tombstone_lines(db, where.sources))
    finally:
        db.close()
    return exported


@contextmanager
def progress(total: Callable[[], int]) -> Iterator[Advance]:
    """A bar on a terminal; elsewhere nothing, and nothing is counted for it."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    bar = Progress(
        TextColumn("exporting"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(),
        RateColumn(""),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("export", total=total())
        yield lambda done: bar.advance(task, done)


class RateColumn(TextColumn):
    """Articles a second."""

    def render(self, task: ProgressTask) -> Text:
        return Text(f"{task.speed or 0:,.0f}/s")

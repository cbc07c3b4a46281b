"""The archive's articles into one file or folder."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

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
from sqlite_utils import Database

from archive.exports.columns import BY_NAME, Column
from archive.exports.coverage import Coverage
from archive.exports.encoding import Misfits, Style
from archive.exports.files import copy_into, output, refusals_named, whole_folder, whole_path
from archive.exports.folders import write_parts
from archive.exports.formats import SQLITE, Format
from archive.exports.mining import register_mining
from archive.exports.partitions import write_partitions
from archive.exports.selection import Selection, Wanted, reserved_in, selected
from archive.exports.sources import sources_of
from archive.exports.tables import ArticleRows, write_rows
from archive.exports.tombstones import tombstone_lines
from archive.search.functions import register
from archive.source_descriptions import as_line
from archive.store.connection import open_to_read, snapshot
from archive.store.folder import ArchiveFolder
from archive.store.subset import write_subset

Advance = Callable[[int], None]
NEWEST = """
SELECT max(coalesce(modified_at, published_at, first_seen_at)) FROM articles
WHERE id IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True, slots=True)
class Exported:
    """How many articles were written in each part, how many copies left out, and what did not fit.

    `uncompared` and `undated` are as in `Selection`, `reserved` as in `reserved_in`; `tombstones` lines tell
    of what was taken down.
    """

    articles: int
    parts: dict[str, int] = field(default_factory=dict)
    copies: int = 0
    uncompared: int = 0
    undated: int = 0
    reserved: int = 0
    misfits: Misfits = field(default_factory=Misfits)
    tombstones: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """What is written: a format, packed by gzip or not, its columns, and how.

    With `told_sources` lines about the sources come before the articles of a file, with `tombstones` lines
    about what was taken down follow them. `keys` are what folders
    are named for, as "source" and "month": then each holds a file.
    """

    form: Format
    columns: Sequence[Column]
    packed: bool = False
    style: Style = field(default_factory=Style)
    told_sources: bool = False
    tombstones: bool = False
    keys: Sequence[str] = ()

    def encoder(self) -> object:
        """A new encoder of the format."""
        assert self.form.encoder is not None
        return self.form.encoder(self.columns, self.style)


@contextmanager
def read_at_once(folder: ArchiveFolder) -> Iterator[Database]:
    """The archive as it is at one moment, whoever writes meanwhile, with the functions choosing needs."""
    db = open_to_read(folder.news)
    register(db.conn)
    try:
        with snapshot(db, folder.news):
            register_mining(db)
            yield db
    finally:
        db.close()


def is_folder(to: str, form: Format, wanted: Wanted, keys: Sequence[str] = ()) -> bool:
    """Whether what is written is a folder; `keys` are as in `Order`."""
    if form is SQLITE:
        return False
    if keys:
        return True
    named = to == "-" or Path(to).suffix.lower() in form.endings
    return form.encoder is None or (form.into_folder is not None and not named) or bool(wanted.splits)


def export_articles(folder: ArchiveFolder, to: str, order: Order, wanted: Wanted) -> Exported:
    """Write every article that is wanted, once, ordered by id.

    `to` is a file, a folder or "-". Nobody who writes to the archive meanwhile is kept waiting or changes
    what is exported. Raises WrongCondition, or an ArchiveError when the archive cannot be read or the file
    not be written.
    """
    with read_at_once(folder) as db:
        selection = selected(db, wanted)
        reserved = reserved_in(db, wanted, selection)
        if order.told_sources or order.form.tells_sources:
            order = replace(order, style=replace(order.style, sources=sources_of(db, selection.ids)))
        stones = tombstone_lines(db, wanted.where.sources) if order.tombstones else []
        with progress(len(selection.ids)) as advance:
            if order.form is SQLITE:
                write_archive(db, to, selection.ids, advance)
            elif is_folder(to, order.form, wanted, order.keys):
                write_folder(db, to, order, selection, advance)
            else:
                write_file(db, to, order, selection.ids, advance, stones)
    parts = {part.name: len(part.ids) for part in selection.parts}
    said = (selection.copies, selection.uncompared, selection.undated, reserved)
    return Exported(len(selection.ids), parts, *said, order.style.misfits, len(stones))


def write_file(
    db: Database, to: str, order: Order, ids: array[int], advance: Advance, stones: Sequence[bytes]
) -> None:
    """Write articles, and after them lines about what was taken down, into a file or to output."""
    if order.form.name == "atom":
        order = replace(order, style=replace(order.style, updated=newest(db, ids)))
    rows = ArticleRows(db, order.columns, advance)
    encoder = order.encoder()
    with output(to, packed=order.packed) as file:
        if order.told_sources:
            file.writelines(map(as_line, order.style.sources))
        write_rows(file, encoder, rows.of(ids))  # type: ignore[arg-type]
        file.writelines(stones)


def newest(db: Database, ids: array[int]) -> str | None:
    """The newest time that one of these articles states, `None` of none."""
    found = db.conn.execute(NEWEST, [json.dumps(ids.tolist())]).fetchone()[0]
    return str(found) if found else None


def write_folder(db: Database, to: str, order: Order, selection: Selection, advance: Advance) -> None:
    """Write articles into a folder."""
    rows = ArticleRows(db, order.columns, advance, Coverage(order.columns))
    with whole_folder(to) as place:
        if order.keys:
            write_partitions(place, rows, selection.ids, order.keys, order.style)
        elif order.form.into_folder:
            order.form.into_folder(place, rows, selection, order.style)
        else:
            write_parts(place, rows, selection, partial(Order.encoder, order), order.form.endings[0])  # type: ignore[arg-type]


def write_archive(db: Database, to: str, ids: array[int], advance: Advance) -> None:
    """Write articles as an archive of their own: a file of SQLite, which cannot be written in one pass."""
    path = Path(to).resolve()
    if to != "-" and (path.is_file() or not path.exists()):
        with refusals_named(to), whole_path(path) as part:
            write_subset(db, part, ids, advance)
        return
    with TemporaryDirectory() as made_in, output(to, packed=False) as file:
        write_subset(db, Path(made_in) / "news.db", ids, advance)
        copy_into(Path(made_in) / "news.db", file)


def columns_of(form: Format, chosen: Sequence[Column]) -> Sequence[Column]:
    """The columns a format reads: its own, or those that were chosen."""
    return chosen if form.reads is None else [BY_NAME[name] for name in form.reads]


@contextmanager
def progress(total: int, doing: str = "exporting") -> Iterator[Advance]:
    """A bar on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    bar = Progress(
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(),
        RateColumn(""),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(doing, total=total)
        yield lambda done: bar.advance(task, done)


class RateColumn(TextColumn):
    """Rows a second."""

    def render(self, task: ProgressTask) -> Text:
        return Text(f"{task.speed or 0:,.0f}/s")

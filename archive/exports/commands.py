"""What `muragat export` does."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from sqlite_utils import Database

from archive.exits import Exit
from archive.exports.columns import BY_NAME, COLUMNS, USUAL, Column, columns_named
from archive.exports.encoding import MOST_TOLD, Misfits, Style
from archive.exports.exporting import Exported, Order, columns_of, export_articles, is_folder
from archive.exports.files import ended_by_signal
from archive.exports.formats import FORMATS, SQLITE, TABLE, WARC, Format, format_of, is_packed
from archive.exports.mining import knows_mining
from archive.exports.partitions import columns_beside
from archive.exports.selection import MOST_PARTS, UNDATED, Wanted, WrongCondition
from archive.exports.warc import export_pages
from archive.numbers_said import counted
from archive.search.choosing import chosen_articles
from archive.search.known import known_of
from archive.search.misnamed import remarks
from archive.search.typed import asked
from archive.store.connection import named_errors, open_to_read
from archive.store.folder import ArchiveFolder
from archive.terminal import terminal_safe


def export_to(
    folder: ArchiveFolder,
    to: str,
    *,
    form: str | None,
    columns: str | None,
    with_html: bool,
    raw_csv: bool,
    excel: bool,
    with_takedowns: bool,
    with_sources: bool = False,
    partition_by: str | None = None,
    **choosing: Any,
) -> Exit:
    """Export, and say how much went where; raises click's errors for what cannot be meant."""
    target = chosen_format(to, form)
    keys = tuple(partition_by.split(",")) if partition_by else ()
    wanted = wanted_articles(folder, **choosing)
    refuse_partitions(target, wanted, keys)
    refuse_place(to, target, wanted, keys)
    refuse_options(to, target, columns=bool(columns or with_html), style=raw_csv or excel)
    if (with_takedowns or with_sources) and (target.name != "jsonl" or wanted.splits):
        option = "--with-takedowns" if with_takedowns else "--with-sources"
        raise click.UsageError(f"{option} is for one file of JSON Lines, whose lines may differ")
    try:
        with ended_by_signal():
            if target is WARC:
                return export_warc(folder, to, wanted)
            order = Order(
                target,
                told_in_files(columns_of(target, chosen_columns(columns, with_html=with_html)), keys),
                packed=is_packed(to),
                style=Style(raw=raw_csv, excel=excel),
                told_sources=with_sources,
                tombstones=with_takedowns,
                keys=keys,
            )
            return told(export_articles(folder, to, order, wanted), to)
    except WrongCondition as error:
        raise click.UsageError(str(error)) from error


def refuse_partitions(form: Format, wanted: Wanted, keys: Sequence[str]) -> None:
    """Raise UsageError where folders for sources or months cannot be meant."""
    if keys and form is not FORMATS["parquet"]:
        raise click.UsageError(f"--partition-by is for Parquet, not {form.name}; say --format parquet")
    if keys and wanted.splits:
        raise click.UsageError("--partition-by and --split both name folders; leave one of them out")


def told_in_files(columns: Sequence[Column], keys: Sequence[str]) -> Sequence[Column]:
    """The columns that files have beside what their folders tell; raises UsageError where none is left."""
    left = columns_beside(columns, keys)
    if not left:
        raise click.UsageError("--partition-by: the folders' names tell all columns; name others too")
    return left


def refuse_place(to: str, form: Format, wanted: Wanted, keys: Sequence[str] = ()) -> None:
    """Raise UsageError for a place that cannot take what is to be written."""
    if to == "-":
        if keys:
            raise click.UsageError("--partition-by writes a folder, which cannot be printed; name one")
        if is_folder(to, form, wanted) and form.encoder is None and form is not WARC:
            raise click.UsageError(f"{form.name} is a folder, which cannot be printed; name one with --to")
        if wanted.splits:
            raise click.UsageError("--split writes a folder, which cannot be printed; name one with --to")
        return
    path = Path(to)
    if not (above := nearest_above(path)).is_dir():
        raise click.UsageError(
            f"{to}: {above} is a file, in which nothing can be written; name another place"
        )
    if form is WARC or not is_folder(to, form, wanted, keys):
        if path.is_dir():
            raise click.UsageError(f"{to}: a folder; name a file in it")
        return
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise click.UsageError(f"{to}: is there already, and a folder is to be made; name another")
    if is_packed(to):
        raise click.UsageError(f"{to}: a folder is not packed; leave .gz out")


def nearest_above(path: Path) -> Path:
    """The nearest of the places above a path that is there."""
    return next(above for above in path.resolve().parents if above.exists())


def refuse_options(to: str, form: Format, *, columns: bool, style: bool) -> None:
    """Raise UsageError for options that mean nothing in a format."""
    if form is WARC and (columns or style):
        raise click.UsageError(f"{to}: WARC holds whole pages, so columns and CSV options do not fit")
    if columns and (form is SQLITE or form.reads is not None):
        raise click.UsageError(
            f"{to}: {form.name} has columns of its own; leave --columns and --with-html out"
        )
    if style and form.name not in ("csv", "txt"):
        raise click.UsageError(f"{to}: --raw-csv and --excel are for CSV")
    if is_packed(to) and not form.may_be_packed:
        raise click.UsageError(f"{to}: {form.name} is not packed again; leave .gz out")


def wanted_articles(
    folder: ArchiveFolder,
    *,
    sql: str | None = None,
    sql_seconds: float = 60.0,
    dedup: bool = False,
    splits: tuple[datetime, ...] = (),
    tdm: str = "any",
    **filters: Any,
) -> Wanted:
    """The articles the options name; raises UsageError for what cannot be meant."""
    with closing(open_to_read(folder.news)) as db, named_errors(folder.news):
        where = chosen_articles(db, **filters)
        refuse_unknown_mining(db, tdm)
        what = asked(where.words or "")
        for remark in remarks(what, known_of(db.conn, what, found_nothing=False)):
            click.echo(f"Note: --query: {terminal_safe(remark)}", err=True)
    return Wanted(where, sql, sql_seconds, dedup, days_of(splits), tdm)


def refuse_unknown_mining(db: Database, tdm: str) -> None:
    """Raise UsageError where a choice by reservations is asked of an archive that knows of none."""
    if tdm != "any" and not knows_mining(db):
        raise click.UsageError(
            "--tdm: this archive knows nothing of reservations yet; crawl once, then export"
        )


def days_of(splits: tuple[datetime, ...]) -> tuple[date, ...]:
    """The days that parts begin with, ascending; raises UsageError for one that is named twice."""
    days = tuple(sorted(one.date() for one in splits))
    if len(set(days)) < len(days):
        raise click.UsageError("--split: a day is named twice")
    if len(days) >= MOST_PARTS:
        raise click.UsageError(f"--split: at most {MOST_PARTS} parts")
    return days


def told(exported: Exported, to: str) -> Exit:
    """Say how much went where, and what did not; the exit code says that too."""
    count, misfits = exported.articles, exported.misfits
    what = counted(count, "article")
    if exported.tombstones:
        what += f" and {counted(exported.tombstones, 'line')} about what was taken down"
    click.echo(f"{what} to {place(to)}{reserved_note(exported.reserved)}", err=True)
    if len(exported.parts) > 1:
        parts = ", ".join(f"{name} {number}" for name, number in exported.parts.items())
        click.echo(f"Parts: {parts}", err=True)
        if UNDATED in exported.parts:
            click.echo("Articles without a date are a part of their own: chance decides nothing", err=True)
    tell_undated(exported.undated)
    tell_copies(exported.copies, exported.uncompared)
    tell_misfits(misfits)
    return Exit.STORAGE if misfits.count else Exit.DONE


def reserved_note(reserved: int) -> str:
    """What a person should know of a data set that has reserved articles in it; empty for others."""
    said = f"; {reserved} of them reserve text and data mining (--tdm free leaves those out)"
    return said if reserved else ""


def tell_undated(left_out: int) -> None:
    """Say how many articles a choice by days left out because they state none."""
    if left_out:
        stating = "states" if left_out == 1 else "state"
        click.echo(
            f"{counted(left_out, 'article')} left out: {stating} no day, and days were asked for "
            "(--since, --until)",
            err=True,
        )


def tell_copies(left_out: int, uncompared: int) -> None:
    """Say how many copies were left out, and whether some may not be known yet."""
    if left_out:
        click.echo(f"{counted(left_out, 'copy', 'copies')} left out", err=True)
    if uncompared:
        said = f"{counted(uncompared, 'article')} not compared yet, so copies may not be known"
        click.echo(f"{said}; run: muragat copies --fill", err=True)


def tell_misfits(misfits: Misfits) -> None:
    """Say which values are empty in the file because they are not of their column's type."""
    for one in misfits.told:
        click.echo(f"Left empty: {one}", err=True)
    if misfits.count > MOST_TOLD:
        click.echo(f"Left empty: {misfits.count - MOST_TOLD} more; `muragat audit --full` looks", err=True)


def export_warc(folder: ArchiveFolder, to: str, wanted: Wanted) -> Exit:
    """Export kept pages, and say how many; a damaged one is told, and the exit code says so."""
    if wanted.splits:
        raise click.UsageError(f"{to}: WARC holds pages, which have no --split")
    exported = export_pages(folder, to, wanted)
    for damage in exported.damaged:
        click.echo(f"Left out: {damage}", err=True)
    click.echo(f"{counted(exported.written, 'page')} to {place(to)}", err=True)
    tell_undated(exported.undated)
    return Exit.STORAGE if exported.damaged else Exit.DONE


def place(to: str) -> str:
    """Where the export went, in words."""
    return "standard output" if to == "-" else to


def chosen_format(to: str, form: str | None) -> Format:
    """The format that is named, else the one of the ending; lines of JSON where output is printed."""
    if form:
        return FORMATS[form]
    if to == "-":
        return FORMATS["jsonl"]
    try:
        return format_of(to)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def chosen_columns(names: str | None, *, with_html: bool) -> tuple[Column, ...]:
    """The columns that are named, else the usual ones; with `with_html` the body's HTML too."""
    try:
        chosen = columns_named([name.strip() for name in names.split(",")]) if names else USUAL
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    html = BY_NAME["body_html"]
    return (*chosen, html) if with_html and html not in chosen else chosen


def column_lines() -> list[str]:
    """Every column: name, type and meaning; those not usual are marked."""
    return [
        f"{one.name:<21}{one.type:<9}{one.meaning}{'' if one.usual else ' (only when named)'}"
        for one in COLUMNS
    ]


def format_lines() -> list[str]:
    """Every format: name, endings and meaning."""
    return [f"{one.name:<13}{' '.join(one.endings):<22}{one.meaning}" for one in TABLE]

"""What `muragat export` does."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from sqlite_utils import Database

from archive.exits import Exit
from archive.exports.columns import BY_NAME, COLUMNS, USUAL, Column, columns_named
from archive.exports.exporting import export_articles
from archive.exports.formats import FORMATS, Format, Style, format_of
from archive.exports.mining import CONDITIONS, knows_mining, register_mining, says_anything
from archive.exports.rows import count_articles
from archive.exports.warc import WARC, export_pages, is_warc
from archive.search.choosing import chosen_articles
from archive.search.filters import ArticleFilter
from archive.search.functions import register
from archive.store.connection import named_errors, open_to_read
from archive.store.folder import ArchiveFolder


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
    tdm: str,
    **filters: Any,
) -> Exit:
    """Export, and say how much went where; raises click's errors for what cannot be meant."""
    if to != "-" and not Path(to).resolve().parent.is_dir():
        raise click.UsageError(f"{to}: no such folder; make it first")
    if to != "-" and Path(to).is_dir():
        raise click.UsageError(f"{to}: a folder; name a file in it")
    if form == WARC or (form is None and is_warc(to)):
        if columns or with_html or raw_csv or excel or with_takedowns:
            raise click.UsageError(f"{to}: WARC holds whole pages, so columns and CSV options do not fit")
        return export_warc(folder, to, tdm, **filters)
    target, packed = chosen_format(to, form)
    if with_takedowns and target.name != "jsonl":
        raise click.UsageError("--with-takedowns is for JSON Lines, whose lines may differ")
    chosen = chosen_columns(columns, with_html=with_html)
    exported = export_articles(
        folder,
        to,
        form=target,
        packed=packed,
        columns=chosen,
        where=(where := meant(folder, tdm, **filters)),
        style=Style(raw=raw_csv, excel=excel),
        tombstones=with_takedowns,
    )
    click.echo(f"{exported} article{plural(exported)} to {place(to)}{reserved_note(folder, where)}", err=True)
    return Exit.DONE


def export_warc(folder: ArchiveFolder, to: str, tdm: str, **filters: Any) -> Exit:
    """Export kept pages, and say how many; a damaged one is told, and the exit code says so."""
    with closing(open_to_read(folder.news)) as db:
        with named_errors(folder.news):
            where = with_mining(db, tdm, chosen_articles(db, **filters))
        exported = export_pages(db, folder, to, where)
    for damage in exported.damaged:
        click.echo(f"Left out: {damage}", err=True)
    click.echo(f"{exported.written} page{plural(exported.written)} to {place(to)}", err=True)
    return Exit.STORAGE if exported.damaged else Exit.DONE


def meant(folder: ArchiveFolder, tdm: str, **filters: Any) -> ArticleFilter:
    """The articles the options name."""
    with closing(open_to_read(folder.news)) as db, named_errors(folder.news):
        return with_mining(db, tdm, chosen_articles(db, **filters))


def with_mining(db: Database, tdm: str, where: ArticleFilter) -> ArticleFilter:
    """The filter narrowed to what is "free", or what is "reserved"; "any" leaves it as it is."""
    if tdm == "any":
        return where
    if not knows_mining(db):
        raise click.UsageError(
            "--tdm: this archive knows nothing of reservations yet; crawl once, then export"
        )
    return replace(where, tdm=CONDITIONS[tdm])


def reserved_note(folder: ArchiveFolder, where: ArticleFilter) -> str:
    """What a person should know of an export that has reserved articles in it; empty for others."""
    if where.tdm is not None:
        return ""
    with closing(open_to_read(folder.news)) as db, named_errors(folder.news):
        if not says_anything(db):
            return ""
        register(db.conn)
        register_mining(db)
        reserved = count_articles(db, replace(where, tdm=CONDITIONS["reserved"]))
    said = f"; {reserved} of them reserve text and data mining (--tdm free leaves those out)"
    return said if reserved else ""


def place(to: str) -> str:
    """Where the export went, in words."""
    return "standard output" if to == "-" else to


def plural(count: int) -> str:
    """The letter that makes a noun many."""
    return "" if count == 1 else "s"


def chosen_format(to: str, form: str | None) -> tuple[Format, bool]:
    """The format that is named, else the one of the ending; lines of JSON where output is printed."""
    if form:
        return FORMATS[form], to.endswith(".gz")
    if to == "-":
        return FORMATS["jsonl"], False
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

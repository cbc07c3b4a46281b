"""`muragat takedown`: what would go is shown, confirmed, taken out, and what is left elsewhere is said."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import click
from rich.console import Console

from archive.exits import Exit
from archive.numbers_said import counted
from archive.store.archive import Archive
from archive.store.connection import named_errors, open_to_read
from archive.store.folder import ArchiveFolder
from archive.store.lock import held
from archive.takedown.taking import Taken, Target, copies_of_files, take_down, target_of

NOT_TOUCHED = (
    "Not touched: exports and backups you made, pages of other articles that quote it, and the address "
    "itself in the books (fetches, logs)."
)


def take_down_named(
    folder: ArchiveFolder, named: str, *, reason: str, asked_by: str, is_confirmed: bool
) -> Exit:
    """Take down what an address or number names. Raises ArchiveBusy while a crawl holds the archive."""
    with closing(open_to_read(folder.news)):
        pass  # says where there is no archive
    with held(folder), closing(Archive(folder)) as archive:
        try:
            target = target_of(archive, named)
        except ValueError as error:
            raise click.UsageError(f"{error}; name an address or the number of an article") from error
        if when := done_at(archive, target.url):
            click.echo(f"{target.url} was taken down already, {when}")
            if not target.page_ids:
                return told_left(tuple(copies_of_files(folder.path)))
            click.echo("Pages of it are left, which go now:")
        for line in shown(target):
            click.echo(line)
        if not is_confirmed:
            confirm()
        screen = Console(stderr=True)
        with screen.status("taking it out; the files are written anew"):
            taken = take_down(archive, target, reason=reason, asked_by=asked_by)
    for line in told(taken):
        click.echo(line)
    return Exit.STORAGE if taken.shared_with or taken.copies_of_files else Exit.DONE


def told_left(copies: Sequence[Path]) -> Exit:
    """Say which copies of the archive's files a person has to see to; the exit code says that too."""
    for path in copies:
        click.echo(left_copy(path))
    return Exit.STORAGE if copies else Exit.DONE


def confirm() -> None:
    """Ask a person; raises click's Abort for a no, and UsageError where nobody can be asked."""
    if not sys.stdin.isatty():
        raise click.UsageError("nobody is there to be asked; say --yes if it is meant")
    click.confirm("Take it out for good? This cannot be undone", abort=True)


def done_at(archive: Archive, url: str) -> str | None:
    """When an address was taken down wholly, or `None`."""
    rows = archive.news.query(
        "SELECT done_at FROM takedowns WHERE id = ?", [archive.takedowns.covering_url(url)]
    )
    return next((row["done_at"] for row in rows), None)


def shown(target: Target) -> Iterator[str]:
    """Yield what would go."""
    article = target.article
    if article:
        title = article["title"] or "an article without a title"
        yield f"{title} ({article['source']}, number {article['id']})"
    else:
        yield "no article is kept from this address; it will never be asked"
    for address in target.addresses:
        yield f"  address  {address}"
    if article:
        yield f"  wordings {article['revisions']}"
    yield f"  pages    {len(target.page_ids)}"
    for other_id, url in target.copies:
        yield f"  note: article {other_id} has most of its text too and stays: {url}"


def told(taken: Taken) -> Iterator[str]:
    """Yield what was done, and what a person should know or do."""
    number, links = taken.takedown.article_id, f"{counted(taken.links, 'link')} to it in other articles"
    if number or taken.pages:
        of = f"article {number}" if number else "the address"
        yield f"Taken down: {of}, {counted(taken.pages, 'kept page')}, {links}."
    else:
        went = f"; {links} went" if taken.links else ""
        yield f"Nothing of {taken.takedown.url} was kept; it will never be asked or taken in{went}."
    if taken.packed_anew:
        yield f"Packed anew: {counted(taken.packed_anew, 'page')} of its source, as it was their pattern."
    if taken.lines:
        yield f"Taken out of logs of repairs: {counted(taken.lines, 'line')}."
    for address in taken.shared_with:
        yield f"LEFT: the very same page is kept from {address}; take that down too"
    for path in taken.copies_of_files:
        yield left_copy(path)
    yield NOT_TOUCHED


def left_copy(path: Path) -> str:
    """What to do about a copy of one of the archive's files."""
    return f"LEFT: {path} is a copy a repair kept; delete it"


def list_takedowns(folder: ArchiveFolder, *, as_json: bool) -> Exit:
    """Show every tombstone, the newest first; exit code STORAGE where one was interrupted."""
    with closing(open_to_read(folder.news)) as db, named_errors(folder.news):
        if not db.table("takedowns").exists():  # kept by an earlier version
            rows = []
        else:
            rows = list(db.query("SELECT * FROM takedowns ORDER BY id DESC"))
    for row in rows:
        click.echo(json.dumps(tombstone(row), ensure_ascii=False) if as_json else line_of(row))
    if not rows and not as_json:
        click.echo("nothing was taken down")
    return Exit.STORAGE if any(row["done_at"] is None for row in rows) else Exit.DONE


def tombstone(row: dict[str, object]) -> dict[str, object]:
    """A tombstone as data for others: the number and address, when, why and by whose wish."""
    names = ("article_id", "source", "url", "taken_down_at", "reason", "asked_by", "done_at")
    return {name: row[name] for name in names}


def line_of(row: dict[str, object]) -> str:
    """A tombstone in one line."""
    state = "" if row["done_at"] else "  INTERRUPTED: run the same takedown again"
    why = "; ".join(str(row[name]) for name in ("reason", "asked_by") if row[name])
    number = row["article_id"] or "-"
    return f"{row['taken_down_at']}  {number}  {row['url']}{f'  ({why})' if why else ''}{state}"

"""What `muragat search` does."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

import click

from archive.errors import ArchiveError
from archive.exits import Exit
from archive.numbers_said import counted
from archive.search.choosing import chosen_article, chosen_articles
from archive.search.finding import Hit, alike, search
from archive.search.index_state import IndexState, index_state
from archive.search.known import Known, known_of
from archive.search.misnamed import remarks
from archive.search.parts import search_parts
from archive.search.showing import hit_json, hit_lines
from archive.search.spelling import suggestion
from archive.search.typed import Asked, asked
from archive.store.connection import is_busy, named, open_to_read
from archive.store.folder import ArchiveFolder
from archive.terminal import terminal_safe

FEW_HITS = 2  # so few may be hits of a slip of the pen


def print_hits(
    folder: ArchiveFolder,
    words: str,
    filters: Mapping[str, Any],
    *,
    limit: int,
    newest: bool,
    as_json: bool,
) -> Exit:
    """Print what is found; raises an ArchiveError, or click's errors for what cannot be meant.

    Of a folder of several archives all are searched; the exit code says whether one of them was left out.
    """
    if parts := folder.parts():
        return print_hits_of_parts(parts, words, filters, limit=limit, newest=newest, as_json=as_json)
    with closing(open_to_read(folder.news)) as db, index_asked(folder):
        where = chosen_articles(db, **filters)
        hits = search(db, words, where=where, limit=limit, newest=newest)
        known = known_of(db.conn, asked(words), found_nothing=not hits)
        state = index_state(db.conn)
        better = (
            suggestion(db.conn, words) if len(hits) <= FEW_HITS and state is not IndexState.MISSING else None
        )
    print_all(hits, as_json=as_json)
    print_remarks(words, hits, better, known, nothing="nothing found")
    if state is not IndexState.SOUND:
        click.echo(f"Note: {state.explanation}", err=True)
    return Exit.DONE


def print_hits_of_parts(
    parts: Sequence[ArchiveFolder],
    words: str,
    filters: Mapping[str, Any],
    *,
    limit: int,
    newest: bool,
    as_json: bool,
) -> Exit:
    """Print what is found in several archives, each hit with its archive's name."""
    found = search_parts(parts, words, filters, limit=limit, guard=index_asked)
    for name, hit in found.hits:
        shown = hit_json(hit, archive=name) if as_json else hit_lines(hit, colours=sys.stdout.isatty())
        click.echo(shown if as_json else f"{terminal_safe(name)}  {shown}")
    nothing = f"nothing found in {counted(len(parts), 'archive')}"
    print_remarks(words, found.hits, found.better, found.known, nothing=nothing)
    for name, state in found.states.items():
        if state is not IndexState.SOUND:
            click.echo(f"Note: {terminal_safe(name)}: {state.explanation}", err=True)
    if found.hits and not newest:
        click.echo(
            "Note: of several archives, the newest come first; `muragat browse` weighs the best", err=True
        )
    for line in found.left_out:
        click.echo(f"Left out: {line}", err=True)
    return Exit.STORAGE if found.left_out else Exit.DONE


def print_remarks(
    words: str, hits: Sequence[object], better: str | None, known: Known, *, nothing: str
) -> None:
    """Print how what was typed was read, where that may be other than meant; `nothing` is for no hits.

    `known` are the names there are.
    """
    what = asked(words)
    if not hits:
        click.echo(f"{why_nothing(what, nothing)}: {words[:80]!r}", err=True)
    for remark in remarks(what, known):
        click.echo(f"Note: {terminal_safe(remark)}", err=True)
    if better:
        click.echo(f"{'few articles were found; ' if hits else ''}did you mean: {better}", err=True)


def why_nothing(what: Asked, nothing: str) -> str:
    """The beginning of the line that says that nothing was found."""
    if what.only_leaves_out:
        return "only words to leave out, and none to look for"
    if what.is_empty:
        return "no word to look for"
    return f"{nothing} at this address; in quotes it is looked for in texts" if what.address else nothing


@contextmanager
def index_asked(folder: ArchiveFolder) -> Iterator[None]:
    """Name what goes wrong while the index is asked: another program may have changed or damaged it."""
    try:
        yield
    except sqlite3.Error as error:
        if isinstance(error, sqlite3.DatabaseError) and is_busy(error):
            raise named(error, folder.news) from error
        raise ArchiveError(
            f"{folder.news}: the search index cannot be asked ({error}); run `muragat reindex`"
        ) from error


def print_alike(folder: ArchiveFolder, named: str, *, limit: int, as_json: bool) -> None:
    """Print the articles most like one, named by id or address; raises click's error for none."""
    with closing(open_to_read(folder.news)) as db, index_asked(folder):
        hits = alike(db, chosen_article(db, named), limit=limit)
    print_all(hits, as_json=as_json)
    if not hits:
        click.echo("no article is like it", err=True)


def print_all(hits: list[Hit], *, as_json: bool) -> None:
    """Print hits, two lines or a JSON object each."""
    colours = sys.stdout.isatty()
    for hit in hits:
        click.echo(hit_json(hit) if as_json else hit_lines(hit, colours=colours))

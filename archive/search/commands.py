"""What `muragat search` does."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import click

from archive.search.choosing import chosen_articles
from archive.search.finding import search
from archive.search.query import fts_expression
from archive.search.showing import hit_json, hit_lines
from archive.store.connection import named_errors, open_to_read
from archive.store.folder import ArchiveFolder


def print_hits(
    folder: ArchiveFolder,
    words: str,
    filters: Mapping[str, Any],
    *,
    limit: int,
    newest: bool,
    as_json: bool,
) -> None:
    """Print what is found; raises an ArchiveError, or click's errors for what cannot be meant."""
    with closing(open_to_read(folder.news)) as db, named_errors(folder.news):
        where = chosen_articles(db, **filters)
        hits = search(db, words, where=where, limit=limit, newest=newest)
    colours = sys.stdout.isatty()
    for hit in hits:
        click.echo(hit_json(hit) if as_json else hit_lines(hit, colours=colours))
    if not hits:
        nothing = "nothing found" if fts_expression(words) else "no word to look for"
        click.echo(f"{nothing}: {words[:80]!r}", err=True)

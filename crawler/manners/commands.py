"""`muragat manners`: how a source was treated, for its publisher to see."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from archive.exits import Exit
from archive.store.connection import named_errors, open_to_read
from archive.store.folder import ArchiveFolder
from crawler import settings
from crawler.manners.reading import Manners, WhoAsks, manners_of
from crawler.manners.showing import text_lines, web_page
from crawler.manners.words import LANGUAGES
from crawler.runs.books import sources_as_kept
from crawler.runs.choosing import named_sources
from crawler.runs.web_pages import write_web_page
from crawler.sources.errors import UnknownSource
from crawler.sources.profile import Source


def show_manners(
    folder: ArchiveFolder,
    source_id: str | None,
    profile: Path | None,
    *,
    days: int,
    html: Path | None,
    language: str | None,
    as_json: bool,
) -> Exit:
    """Print how a source was treated, or write it to a web page. Raises UnknownSource, ProfileError."""
    with closing(open_to_read(folder.news)) as db, named_errors(folder.news):
        kept = sources_as_kept(db.query("SELECT * FROM sources ORDER BY id"))
        source = source_named(folder, source_id, profile, kept)
        # What the archive knows of a source without a profile says nothing of its pace.
        pace = None if any(source is one for one in kept) else source.pace
        manners = manners_of(db, source, who_asks(), pace=pace, days=days, now=datetime.now(UTC))
    if manners.contact is None and not as_json:
        click.echo(
            "Warning: no contact is set, so this names no address to write to; "
            'set one first: export MURAGAT_CONTACT="archive@library.example"',
            err=True,
        )
    if html:
        own = source.languages[0] if source.languages else ""
        write_web_page(html, web_page(manners, language or (own if own in LANGUAGES else "en")))
        click.echo(f"{html}: written; send it to whoever asks")
    elif as_json:
        click.echo(json.dumps(as_data(manners), ensure_ascii=False))
    else:
        click.echo("\n".join(text_lines(manners, language or "en")))
    return Exit.DONE


def source_named(
    folder: ArchiveFolder, source_id: str | None, profile: Path | None, kept: list[Source]
) -> Source:
    """The source that is meant: by its profile, or as the archive knows it."""
    try:
        return named_sources(folder, [source_id] if source_id else [], profile)[0]
    except UnknownSource:
        if found := [source for source in kept if source.id == source_id]:
            return found[0]
        raise


def who_asks() -> WhoAsks:
    """How we call ourselves, by the settings of every crawl."""
    return WhoAsks(settings.USER_AGENT, settings.ROBOTSTXT_USER_AGENT, settings.MURAGAT_CONTACT or None)


def as_data(manners: Manners) -> dict[str, Any]:
    """All of it as data, with the delay that is kept."""
    return asdict(manners) | {"delay_seconds": manners.delay_seconds}

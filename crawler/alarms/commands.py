"""`muragat alarms`: whom alarms reach, and whether they do."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime

import click

from archive.exits import Exit
from archive.store.columns import utc
from archive.store.connection import named_errors, open_to_read
from archive.store.folder import ArchiveFolder
from archive.terminal import terminal_safe
from crawler.alarms.channels import Alarms, key_of
from crawler.alarms.messages import TEST
from crawler.alarms.reading import FILE_NAME, alarms_of
from crawler.alarms.sending import NotSent, ping, send


def try_alarms(folder: ArchiveFolder) -> Exit:
    """Send a test message to each channel and ask the ping's address, and say what came of each."""
    alarms = configured(folder)
    if alarms is None:
        return Exit.PROFILE
    failed = 0
    for channel in alarms.channels:
        try:
            send(channel, [TEST], folder=folder.path, told_at=utc(datetime.now(UTC)), env=os.environ)
            click.echo(f"sent       {terminal_safe(channel.label)}")
        except NotSent as error:
            failed += 1
            click.echo(f"not sent   {terminal_safe(channel.label)}: {error}")
    if alarms.ping:
        try:
            ping(alarms.ping, os.environ)
            click.echo(f"asked      ping {alarms.ping.label}")
        except NotSent as error:
            failed += 1
            click.echo(f"not asked  ping {alarms.ping.label}: {error}")
    return Exit.SOURCES_FAILED if failed else Exit.DONE


def list_alarms(folder: ArchiveFolder) -> Exit:
    """Show each channel and what it was told last of each source."""
    alarms = configured(folder)
    if alarms is None:
        return Exit.PROFILE
    for channel in alarms.channels:
        click.echo(terminal_safe(channel.label))
        for source, state, told_at in last_told(folder, key_of(channel)):
            click.echo(f"  {source}: {state}, told {told_at}")
    if alarms.ping:
        click.echo(f"ping {alarms.ping.label}")
    return Exit.DONE


def configured(folder: ArchiveFolder) -> Alarms | None:
    """The alarms of an archive; where there are none, that is told."""
    alarms = alarms_of(folder)
    if alarms is None:
        path = folder.path / FILE_NAME
        click.echo(f"Error: {path}: not there; docs/alarms.md shows how to write one", err=True)
    return alarms


def last_told(folder: ArchiveFolder, key: str) -> list[tuple[str, str, str]]:
    """What a channel was told last: source, state and when; nothing before the first crawl."""
    if not folder.news.is_file():
        return []
    with closing(open_to_read(folder.news)) as db, named_errors(folder.news):
        if not db.table("alarms_told").exists():
            return []
        query = "SELECT source, state, told_at FROM alarms_told WHERE channel = ? ORDER BY source"
        return db.conn.execute(query, [key]).fetchall()

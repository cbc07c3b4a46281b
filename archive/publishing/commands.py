"""What `muragat publish` says and does."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from archive.numbers_said import counted
from archive.publishing.snapshots import Held, publish
from archive.store.connection import none_there
from archive.store.folder import ArchiveFolder


def publish_snapshot(folder: ArchiveFolder, named: Path) -> None:
    """Write a snapshot, and tell what it holds; a folder gets a file `news.db`."""
    if not folder.news.is_file():
        raise none_there(folder, folder.news)
    target = named / "news.db" if named.is_dir() or not named.suffix else named
    # Copying and checking 7 GB takes minutes: on a terminal something is seen to go on.
    with Console(stderr=True).status("Copying the archive and checking the copy ..."):
        held = publish(folder.news, target)
    click.echo("\n".join(told(held)))


def told(held: Held) -> list[str]:
    """What a snapshot holds, a line each."""
    days = f", published {held.first_day} to {held.last_day}" if held.first_day else ""
    sources = counted(held.sources, "source")
    hashes = f"{counted(held.taken_down, 'address', 'addresses')} taken down" if held.taken_down else ""
    return [
        f"{held.path}: snapshot of {held.made_at:%Y-%m-%d %H:%M} UTC, {held.bytes / 1e6:,.1f} MB, checked",
        f"  {counted(held.articles, 'article')} in {counted(held.wordings, 'wording')}, of {sources}{days}",
        "  without raw pages, whom alarms tell, and the list of addresses to be asked",
        *([f"  with the hashes of {hashes}: who guesses one can confirm it"] if hashes else []),
        f"Serve it: muragat browse --snapshot {held.path}",
    ]

"""`muragat demo`: the newspaper served for the time of two crawls, its morning and its evening edition."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from archive.errors import NotAnArchive
from archive.exits import Exit
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder
from crawler.demo.server import DemoNewspaper
from crawler.sources.reading import read_profile


def run_demo(folder: ArchiveFolder, *, fresh: bool, read: Callable[[], None] | None) -> Exit:
    """Crawl both editions into a new archive and let it be `read`; returns how that ended.

    With `fresh` an earlier demo's archive is replaced; any other archive is never touched, and
    NotAnArchive says so. The newspaper is served until reading ends, so its addresses lead somewhere.
    """
    with DemoNewspaper() as newspaper, TemporaryDirectory(prefix="muragat-demo-") as place:
        profile = Path(place) / "demo.toml"
        profile.write_text(newspaper.profile_toml, encoding="utf-8")
        make_room(folder, read_profile(profile).id, replace=fresh)
        click.echo(f"A made-up newspaper is served at {newspaper.url} for this crawl. Its morning edition:")
        if code := crawl_edition(folder, profile):
            return code
        newspaper.publish(2)
        click.echo("Its evening edition, every known page asked again:")
        if code := crawl_edition(folder, profile, "--revisit"):
            return code
        click.echo(f"The archive is in {folder.path}; later: muragat browse --archive {folder.path}")
        if read:
            read()
    return Exit.DONE


def crawl_edition(folder: ArchiveFolder, profile: Path, *options: str) -> Exit:
    """One crawl, as anyone would start it; a process of its own, since a reactor runs but once."""
    command = [sys.executable, "-m", "crawler", "crawl", "--profile", str(profile), "--allow-private"]
    ended = subprocess.run([*command, "--archive", str(folder.path), *options], check=False)  # noqa: S603
    try:
        return Exit(ended.returncode)
    except ValueError:  # killed from outside
        return Exit.BUG


# What a demo leaves in its folder.
OWN = re.compile(r"(?:news|pages)\.db(?:-wal|-shm)?|sources|logs|crawl\.lock")


def make_room(folder: ArchiveFolder, demo_id: str, *, replace: bool) -> None:
    """Remove an earlier demo's archive where that is meant; raises NotAnArchive for any other."""
    if not folder.news.exists():
        return
    with closing(open_to_read(folder.news)) as db:
        others = [row["id"] for row in db.query("SELECT id FROM sources WHERE id != ?", [demo_id])]
    if others or not replace:
        raise NotAnArchive(f"{folder.path}: holds an archive already; name a new folder with --archive")
    strangers = sorted(path.name for path in folder.path.iterdir() if not OWN.fullmatch(path.name))
    strangers += sorted(f"sources/{path.name}" for path in folder.sources.glob("*.toml"))
    if strangers:
        raise NotAnArchive(
            f"{folder.path}: holds more than an earlier demo left ({', '.join(strangers[:3])}); "
            "move that away, or name a new folder with --archive"
        )
    click.echo(f"The earlier demo's archive in {folder.path} is replaced.")
    shutil.rmtree(folder.path)

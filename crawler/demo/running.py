"""`muragat demo`: the newspaper served for the time of two crawls, its morning and its evening edition."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from errno import EADDRINUSE
from pathlib import Path

import click

from archive.errors import NotAnArchive
from archive.exits import Exit
from archive.store.connection import open_to_read, open_to_write
from archive.store.folder import ArchiveFolder
from archive.store.lock import unused
from archive.store.migrations import migrations
from crawler.demo.manuscripts import DATA
from crawler.demo.server import DemoNewspaper
from crawler.sources.shipped import ONLY_OWN

DEMO_ID = "demo"
PORT = 8371  # the same each time, so that an article has the same address in the archive of every demo
# The first line of the newspaper's profile.
WRITTEN_BY_DEMO = DATA.joinpath("profile.toml.tmpl").read_text("utf-8").splitlines()[0]
ALONE = (
    "The made-up newspaper is the only source of this archive. "
    "Without this file, the sites that Muragat knows would be crawled into it too.\n"
)


def run_demo(folder: ArchiveFolder, *, fresh: bool, read: Callable[[], None] | None) -> Exit:
    """Crawl both editions into a new archive and let it be `read`; returns how that ended.

    With `fresh` an earlier demo's archive is replaced; any other archive is never touched, and
    NotAnArchive says so, nor is one that another process uses, and ArchiveBusy says so. The newspaper
    is served until reading ends, so its addresses lead somewhere.
    The archive has its profile and no other source: what crawls "all" there asks no real site.
    """
    with opened_newspaper() as newspaper:
        make_room(folder, replace=fresh)
        profile = lay_out(folder, newspaper.profile_toml)
        click.echo(f"A made-up newspaper is served at {newspaper.url} as long as this runs.")
        click.echo("Its morning edition:")
        if code := crawl_edition(folder, profile):
            return code
        # Held open, also between two crawls: no other demo takes it for one that is done with.
        with closing(open_to_write(folder.news, migrations)):
            newspaper.publish(2)
            click.echo("Its evening edition, every known page asked again:")
            if code := crawl_edition(folder, profile, "--revisit"):
                return code
            click.echo(f"The archive is in {folder.path}; later: muragat browse --archive {folder.path}")
            if read:
                read()
    return Exit.DONE


def opened_newspaper() -> DemoNewspaper:
    """The newspaper at the port it always has, or at another while that is taken."""
    try:
        return DemoNewspaper(port=PORT)
    except OSError as error:
        if error.errno != EADDRINUSE:
            raise
    click.echo(
        f"Port {PORT} is taken, so the newspaper has other addresses this time: merged with another demo's "
        "archive, this one has its articles a second time.",
        err=True,
    )
    return DemoNewspaper()


def lay_out(folder: ArchiveFolder, profile_toml: str) -> Path:
    """Make the archive's folder with the newspaper's profile as its only source; returns the profile."""
    folder.make()
    (folder.sources / ONLY_OWN).write_text(ALONE, encoding="utf-8")
    profile = folder.sources / f"{DEMO_ID}.toml"
    profile.write_text(profile_toml, encoding="utf-8")
    return profile


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


def make_room(folder: ArchiveFolder, *, replace: bool) -> None:
    """Remove an earlier demo's archive where that is meant.

    Raises NotAnArchive for any other, ArchiveBusy for one that another process uses.
    """
    profiles = sorted(f"sources/{one.name}" for one in folder.sources.glob("*.toml") if not is_demos(one))
    if not folder.news.exists():
        refuse_strangers(folder, profiles)
        return
    with closing(open_to_read(folder.news)) as db:
        others = [row["id"] for row in db.query("SELECT id FROM sources WHERE id != ?", [DEMO_ID])]
    if others or not replace:
        raise NotAnArchive(f"{folder.path}: holds an archive already; name a new folder with --archive")
    strangers = sorted(path.name for path in folder.path.iterdir() if not OWN.fullmatch(path.name))
    refuse_strangers(folder, strangers + profiles)
    with unused(folder, in_use(folder)):
        click.echo(f"The earlier demo's archive in {folder.path} is replaced.")
        shutil.rmtree(folder.path)


def refuse_used(folder: ArchiveFolder) -> None:
    """Raise ArchiveBusy where another process uses the archive that would be replaced."""
    if folder.news.is_file():
        with unused(folder, in_use(folder)):
            pass


def in_use(folder: ArchiveFolder) -> str:
    """What to say of an archive that another process uses."""
    return (
        f"{folder.path}: another process reads this archive or crawls into it, as a demo that still runs "
        "does; end that with Ctrl-C, or name another folder and port: "
        "muragat demo --archive demo-2 --port 8002 (make demo ARCHIVE=demo-2 PORT=8002)"
    )


def is_demos(profile: Path) -> bool:
    """Whether a profile is one that a demo wrote, at whatever port."""
    first, *_ = profile.read_text("utf-8", errors="replace").splitlines() or [""]
    return profile.stem == DEMO_ID and first == WRITTEN_BY_DEMO


def refuse_strangers(folder: ArchiveFolder, strangers: Sequence[str]) -> None:
    """Raise NotAnArchive where a folder holds what no demo left there."""
    if strangers:
        raise NotAnArchive(
            f"{folder.path}: holds more than an earlier demo left ({', '.join(strangers[:3])}); "
            "move that away, or name a new folder with --archive"
        )

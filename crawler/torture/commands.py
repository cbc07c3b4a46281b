"""The `muragat torture` command."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import click

from archive.option_types import WholeNumber


@click.command()
@click.option("--kills", type=WholeNumber(1, 100_000), default=20, show_default=True, help="Crawls to kill")
@click.option("--seed", type=WholeNumber(min=0), help="Kill at the same moments again; by default a new one")
@click.option(
    "--archive",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="A new or empty folder to work in and to keep; by default a temporary one",
)
def torture(kills: int, seed: int | None, archive: Path | None) -> None:
    """Kill crawls at random moments and look whether anything is lost, double or damaged

    Serves the made-up newspaper on this machine and crawls it as anyone would, with `kill -9` on the crawl
    and its workers at random moments, between the steps of keeping a page, during commits and while the
    archive is made, and with SIGTERM. Each archive is crawled again until all is there, audited in full,
    and compared with what an undisturbed crawl makes. Your own archive is never touched.

    Ends with exit code 0 when nothing is wrong; else with 6, says what and where, and keeps the archive.

    \b
    Example:
        muragat torture --kills 300 --seed 7
    """
    from crawler.torture.running import torture as kill_and_audit

    if archive and archive.exists() and any(archive.iterdir()):
        raise click.UsageError(f"{archive}: is not empty; name a new folder with --archive, or none")
    chosen = random.randrange(1_000_000) if seed is None else seed  # noqa: S311 - no secret
    sys.exit(kill_and_audit(kills, chosen, archive))

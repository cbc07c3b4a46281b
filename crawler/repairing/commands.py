"""`muragat audit --repair`: what was found is made good, and looked at again until nothing is left to do."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from archive.errors import ArchiveError
from archive.exits import Exit
from archive.health.audit import audit_archive
from archive.health.findings import Finding, Remedy
from archive.health.showing import closing_of, finding_line, findings_shown
from archive.numbers_said import counted
from archive.search.reindexing import reindex
from archive.store.archive import Archive
from archive.store.connection import named_errors, open_to_read
from archive.store.folder import ArchiveFolder
from archive.store.lock import held
from archive.store.set_aside import SetAside
from crawler.repairing.files import is_about_files, mend_files
from crawler.repairing.rows import RowRepair
from crawler.runs.books import sources_as_kept
from crawler.runs.choosing import named_sources
from crawler.runs.session import Session
from crawler.settings import MURAGAT_CLEANING_SECONDS
from crawler.sources.profile import Source

WORKERS = max(1, min(8, os.cpu_count() or 1))
WHAT_TO_DO = (
    "crawl, so that what is on the list is asked again, and audit then; what is still named restore from a "
    "backup (docs/decisions/audit.md)"
)
MOST_ROUNDS = 6  # a file, its schema, its indexes, rows, and what those bring to light


def repair_archive(folder: ArchiveFolder, profile: Path | None) -> Exit:
    """Audit everything, repair what can be, audit again; says what was done, and what a person must do.

    Pages are read by the profiles of their sources, `profile` is one that lies outside the archive.

    Raises ArchiveBusy while a crawl holds the archive, or another ArchiveError.
    """
    if not folder.news.is_file():
        open_to_read(folder.news)  # says that there is no archive
    sources = known_sources(folder, profile)
    with held(folder):
        make_pages(folder)
        work = [one for one in findings_shown(folder, full=True) if one.is_work]
    repairing = Repairing(folder, sources, SetAside(folder.logs))
    return told_end(repairing.run(work), repairing.aside)


@dataclass
class Repairing:
    """Rounds of repairs, each followed by a full audit, until nothing is found or nothing more helps."""

    folder: ArchiveFolder
    sources: dict[str, Source]
    aside: SetAside

    def run(self, work: list[Finding]) -> list[Finding]:
        """Repair these faults and what they hid; returns those that are left."""
        before: list[Finding] = []
        for _ in range(MOST_ROUNDS):
            if work == before or not work:
                break
            before = work
            self.one_round(work)
            with busy("looking at everything again"):
                work = [one for one in audit_archive(self.folder, full=True) if one.is_work]
        return [one for one in work if one.is_fault]

    def one_round(self, faults: list[Finding]) -> None:
        """Repair the files, or if they are sound, their rows."""
        if is_about_files(faults):
            with held(self.folder), busy("repairing the files"):
                mend_files(self.folder, faults, told)
            return
        with busy("reading pages and repairing rows"):
            asyncio.run(self.mend_rows(faults))
        if any(one.remedy is Remedy.SEARCH for one in faults):
            reindex(self.folder, always=True)

    async def mend_rows(self, faults: list[Finding]) -> None:
        """Repair rows in an archive that can be opened."""
        with Session(
            self.folder,
            workers=WORKERS,
            cleaning_seconds=MURAGAT_CLEANING_SECONDS,
            say=partial(click.echo, err=True),
        ) as session:
            session.write_now(read_broken_letters)
            repair = RowRepair(session, self.sources, self.aside, told)
            await repair.run(faults)


def known_sources(folder: ArchiveFolder, profile: Path | None) -> dict[str, Source]:
    """Every source by id, by its profile where there is one, else as the archive knows it (imported ones)."""
    kept: list[Source] = []
    with suppress(ArchiveError):  # of a damaged file only profiles are known
        kept = kept_sources(folder)
    known = [*named_sources(folder, [], None), *(named_sources(folder, [], profile) if profile else [])]
    return {one.id: one for one in (*kept, *known)}


def kept_sources(folder: ArchiveFolder) -> list[Source]:
    """The sources of the archive's own table; raises an ArchiveError when it cannot be read."""
    with closing(open_to_read(folder.news)) as db, named_errors(folder.news):
        return sources_as_kept(db.query("SELECT * FROM sources"))


def make_pages(folder: ArchiveFolder) -> None:
    """Make an empty pages.db where there is none, and say so: every page must be asked again."""
    if not folder.pages.is_file():
        Archive(folder).close()
        click.echo(f"repair: {folder.pages.name} was not there: an empty one was made")


def read_broken_letters(archive: Archive) -> None:
    """Let texts be read whose bytes a flipped bit has made no letters."""
    archive.news.conn.text_factory = lambda kept: kept.decode("utf-8", "surrogateescape")


@contextmanager
def busy(words: str) -> Iterator[None]:
    """A line on a terminal that says what is being done; elsewhere nothing."""
    screen = Console(stderr=True)
    with screen.status(words) if screen.is_terminal else nullcontext():
        yield


def told(line: str) -> None:
    """One thing that was done, or could not be."""
    click.echo(f"repair: {line}")


def told_end(faults: list[Finding], aside: SetAside) -> Exit:
    """Say what is left, and where what was overwritten lies."""
    for finding in faults:
        click.echo(finding_line(finding))
    if aside.rows:
        told(f"what was overwritten is in {aside.path}: {counted(aside.rows, 'row')}")
    click.echo(closing_of(faults))
    if faults:
        click.echo(f"left to do: {WHAT_TO_DO}", err=True)
    return Exit.STORAGE if faults else Exit.DONE

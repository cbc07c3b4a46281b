"""`muragat import`: WARC files through the same cleaning as a crawl, data sets as they were told.

Nothing is asked of the internet.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from archive.errors import ArchiveError
from archive.exits import Exit
from archive.exports.reading import is_data_set
from archive.numbers_said import counted
from archive.raw.packed_files import NoWarc, PackedFile
from archive.raw.warc_reading import BadRecord, PassedOver, Said, read_warc
from archive.store.folder import ArchiveFolder
from crawler import settings
from crawler.runs.aside import say_aside
from crawler.runs.books import sources_as_kept
from crawler.runs.choosing import named_sources
from crawler.runs.importing_records import REST_UNREAD, import_records, unread_line
from crawler.runs.intake import Intake
from crawler.runs.report import RunReport, line_of
from crawler.runs.session import Session
from crawler.sources.belonging import Belonging
from crawler.sources.described import undescribed_line
from crawler.sources.errors import UnknownSource
from crawler.sources.profile import Source

TOLD_BROKEN = 20  # broken records of a file that are told one by one
TOLD_SOURCES = 30
Advance = Callable[[Path, int], None]


@dataclass
class FileCounts:
    """What was in one file: every record is a page, known before, passed over or broken."""

    path: Path
    records: int = 0
    pages: int = 0
    known: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    is_cut: bool = False  # more follows, but enough was taken

    def line(self) -> str:
        """One line that says so."""
        parts = [counted(self.pages, "page")]
        if self.known:
            parts.append(f"{self.known} known already")
        if self.passed:
            what = ", ".join(f"{count} {name}" for name, count in self.passed.most_common())
            parts.append(f"{self.passed.total()} passed over ({what})")
        if self.broken:
            parts.append(f"{self.broken} broken")
        parts += [REST_UNREAD] if self.is_cut else []
        return f"{self.path}: {counted(self.records, 'record')}: {', '.join(parts)}"


def import_files(
    folder: ArchiveFolder, files: Sequence[Path], source_id: str | None, limit: int | None
) -> Exit:
    """Import the files, data sets first, and say what became of them; `limit` is for all together.

    Raises click's UsageError for a file that is neither WARC nor data set, before anything is kept;
    ArchiveBusy when a crawl holds the archive; another ArchiveError when it cannot be written.
    """
    sets = [path for path in files if readable(path) and is_data_set(path)]
    pages = [path for path in files if path not in sets]
    for path in pages:
        refuse_other_files(path)
    found, taken = import_records(folder, sets, source_id, limit) if sets else (Exit.DONE, 0)
    if not pages or found is Exit.INTERRUPTED:
        return found
    return import_pages(folder, pages, source_id, None if limit is None else limit - taken) or found


def readable(path: Path) -> bool:
    """True; raises UsageError for a file that cannot be read."""
    try:
        path.open("rb").close()
    except OSError as error:
        raise click.UsageError(f"{path}: cannot be read ({error.strerror})") from error
    return True


def import_pages(
    folder: ArchiveFolder, files: Sequence[Path], source_id: str | None, limit: int | None
) -> Exit:
    """Import WARC files one after the other and say what became of them."""
    if limit == 0:
        for path in files:
            click.echo(unread_line(path))
        return Exit.DONE
    with Session(
        folder,
        workers=settings.MURAGAT_WORKERS,
        cleaning_seconds=settings.MURAGAT_CLEANING_SECONDS,
        say=partial(click.echo, err=True),
    ) as session:
        kept = session.write_now(lambda archive: sources_as_kept(archive.sources.rows()))
        forced = forced_source(folder, source_id, kept) if source_id else None
        belonging = Belonging([] if forced else named_sources(folder, [], None), kept)
        importing = Importing(Intake(session, belonging, forced), limit)
        with progress(files) as advance:
            asyncio.run(importing.run(files, advance))
    return importing.told()


def refuse_other_files(path: Path) -> None:
    """Raise UsageError for a file that is no WARC or cannot be read; a table leaves open what is a list."""
    try:
        with path.open("rb") as file:
            PackedFile(file)
    except NoWarc as error:
        what = "CSV is not taken in" if path.suffix.lower() == ".csv" else f"no WARC file: {error}"
        raise click.UsageError(
            f"{path}: {what}; name .warc, .warc.gz, .warc.zst, .jsonl or .parquet files"
        ) from error
    except OSError as error:
        raise click.UsageError(f"{path}: cannot be read ({error.strerror})") from error


def forced_source(folder: ArchiveFolder, source_id: str, kept: Sequence[Source]) -> Source:
    """The source of this id: as its profile says, or as the archive knows it. Raises UnknownSource."""
    try:
        return named_sources(folder, [source_id], None)[0]
    except UnknownSource:
        if found := [source for source in kept if source.id == source_id]:
            return found[0]
        raise


class Importing:
    """One import: reads until the files end, enough is taken, or someone asks for an end."""

    def __init__(self, intake: Intake, limit: int | None) -> None:
        self.intake, self.limit = intake, limit
        self.files: list[FileCounts] = []
        self.unread: list[Path] = []
        self.is_of_ours = False
        self.reports: list[RunReport] = []
        self.is_stopping = False

    async def run(self, files: Sequence[Path], advance: Advance) -> None:
        """Import the files; whatever ends it, the books are closed. Raises ArchiveError."""
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, self.stop)
        try:
            for path in files:
                await self.read_file(path, advance)
            await self.intake.settle()
        except ArchiveError as error:
            self.intake.abandon()
            with suppress(ArchiveError):  # on a full disk the books stay open
                await self.intake.close_books("failed", str(error))
            raise
        how = ("stopped", "interrupted") if self.is_stopping else ("done", None)
        self.reports = await self.intake.close_books(*how)

    def stop(self) -> None:
        """Handle a signal: the first ends the import after the pages under way, the second at once."""
        if self.is_stopping:
            os.write(sys.stderr.fileno(), b"Ended at once. What was kept is kept; import the file again.\n")
            os._exit(Exit.INTERRUPTED)
        self.is_stopping = True
        self.intake.session.give_up()
        os.write(sys.stderr.fileno(), b"Stopping; what is under way is finished. Again: end at once.\n")

    async def read_file(self, path: Path, advance: Advance) -> None:
        """Take in one file, record by record."""
        if self.has_enough():
            self.unread += [] if self.is_stopping else [path]
            return
        counts = FileCounts(path)
        self.files.append(counts)
        with path.open("rb") as file:
            for said in read_warc(file):
                if self.has_enough():
                    counts.is_cut = not self.is_stopping
                    return
                counts.records = said.number
                await self.take(said, counts)
                advance(path, file.tell())
                await asyncio.sleep(0)  # signals and workers' answers are heard between two records

    def has_enough(self) -> bool:
        """Whether to read no further."""
        taken = sum(counts.pages for counts in self.files)
        return self.is_stopping or (self.limit is not None and taken >= self.limit)

    async def take(self, said: Said, counts: FileCounts) -> None:
        """Count one record, and take its page in."""
        if isinstance(said, BadRecord):
            counts.broken += 1
            if counts.broken <= TOLD_BROKEN:
                tell_broken(counts.path, said)
            return
        if isinstance(said, PassedOver):
            unread = [f"what it says of sources is left out: {said.unread}"] if said.unread else []
            for line in [*unread, *await self.intake.describe(said.sources)]:
                say_aside(f"{counts.path}: record {said.number}: {line}")
        else:
            self.is_of_ours |= said.source is not None
        what = said.what if isinstance(said, PassedOver) else await self.intake.take(said)
        if what == "page":
            counts.pages += 1
        elif what == "known":
            counts.known += 1
        else:
            counts.passed[what] += 1

    def left_behind_line(self) -> str | None:
        """What an archive knows of these pages that no WARC carries; `None` where nothing is missed."""
        undated = self.intake.undated
        if not any(counts.pages for counts in self.files) or not (self.is_of_ours or undated):
            return None
        states = "states" if undated == 1 else "state"
        dates = f" ({counted(undated, 'article')} taken in {states} none)" if undated else ""
        return (
            f"WARC carries pages alone: dates that only a feed stated{dates} and what had vanished stay "
            "behind; `muragat merge` or a data set brings them (docs/datasets.md, And back)"
        )

    def told(self) -> Exit:
        """Say what became of the files and sources; returns the exit code that says the same."""
        out = Console(soft_wrap=True)
        for report in self.reports[:TOLD_SOURCES]:
            out.print(line_of(report), markup=False, highlight=False)
        if len(self.reports) > TOLD_SOURCES:
            more = len(self.reports) - TOLD_SOURCES
            out.print(f"and {counted(more, 'more source')}: `muragat status` shows them", highlight=False)
        lines = [*(counts.line() for counts in self.files), *map(unread_line, self.unread)]
        sources = [run.source for run in self.intake.runs.values()]
        notes = (self.left_behind_line(), undescribed_line(self.intake.belonging, sources))
        for line in filter(None, (*lines, *notes)):
            out.print(line, markup=False, highlight=False)
        if self.is_stopping:
            return Exit.INTERRUPTED
        failed = any(report.status == "failed" for report in self.reports)
        return Exit.SOURCES_FAILED if failed or any(counts.broken for counts in self.files) else Exit.DONE


def tell_broken(path: Path, said: BadRecord) -> None:
    """Say which record is broken, where and how."""
    whose = f" of {said.url}" if said.url else ""
    say_aside(f"{path}: record {said.number} at byte {said.offset}{whose}: {said.code}: {said.detail}")


@contextmanager
def progress(files: Sequence[Path]) -> Iterator[Advance]:
    """A bar over the bytes of all files on a terminal; elsewhere nothing."""
    screen = Console(stderr=True)
    if not screen.is_terminal:
        yield lambda path, place: None
        return
    before: dict[Path, int] = {}
    total = 0
    for path in files:
        before[path] = total
        total += path.stat().st_size
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("importing", total=total)
        yield lambda path, place: bar.update(task, completed=before[path] + place, description=path.name)

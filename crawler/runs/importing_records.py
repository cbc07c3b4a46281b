"""`muragat import` of data sets: records of lines of JSON and Parquet become articles, as they were told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from archive.errors import ArchiveError
from archive.exits import Exit
from archive.exports.reading import Told, Unreadable, records_of, sources_before
from archive.exports.records import NoRecord, is_tombstone, record_of
from archive.numbers_said import counted
from archive.records import SourceDescription
from archive.source_descriptions import is_line, of_line
from archive.store.archive import Archive
from archive.store.connection import transaction
from archive.store.folder import ArchiveFolder
from archive.store.imports import keep_record
from archive.store.lock import held
from crawler.runs.aside import say_aside
from crawler.runs.books import begin_run, keep_source, sources_as_kept
from crawler.runs.choosing import named_sources
from crawler.sources.belonging import Belonging, host_of
from crawler.sources.described import describe, undescribed_line
from crawler.sources.profile import Source

BATCH = 100  # records of one transaction
TOLD_BROKEN = 20
REST_UNREAD = "the rest is not read: --limit was reached"
MEANINGS = {
    "known": "known already",
    "other": "known already, and say something else here: kept as they are",
    "about_source": "about a source",
    "taken_down": "taken down here",
    "tombstone": "taken down elsewhere: to do so here, see `muragat takedown`",
    "broken": "broken",
}


@dataclass
class RecordCounts:
    """What was in one file: every record is new, known before, taken down, a tombstone or broken."""

    path: Path
    counts: Counter[str] = field(default_factory=Counter)
    is_cut: bool = False  # more follows, but enough was taken

    def line(self) -> str:
        """One line that says so."""
        parts = [counted(self.counts["new"], "article")]
        parts += [f"{self.counts[one]} {said}" for one, said in MEANINGS.items() if self.counts[one]]
        parts += [REST_UNREAD] if self.is_cut else []
        total = self.counts.total()
        return f"{self.path}: {counted(total, 'record')}: {', '.join(parts)}"


def import_records(
    folder: ArchiveFolder, files: Sequence[Path], source_id: str | None, limit: int | None
) -> tuple[Exit, int]:
    """Import data sets one after the other and say what became of them; returns how many were new too.

    Each hundred records are kept together: ended at any moment, the import is done again, and what is there
    is known. Raises ArchiveBusy when a crawl holds the archive; another ArchiveError when it cannot be
    written or a file not be read.
    """
    folder.make()
    with held(folder), Archive(folder) as archive:
        kept = sources_as_kept(archive.sources.rows())
        importing = RecordImport(archive, Belonging(named_sources(folder, [], None), kept), source_id, limit)
        try:
            for path in files:
                importing.read_file(path)
        except KeyboardInterrupt:
            importing.close_books("stopped", "interrupted")
            importing.tell()
            return Exit.INTERRUPTED, importing.taken()
        except ArchiveError as error:
            importing.close_books("failed", str(error))
            raise
        importing.close_books("done", None)
    importing.tell()
    broken = any(one.counts["broken"] for one in importing.files)
    return Exit.SOURCES_FAILED if broken else Exit.DONE, importing.taken()


class RecordImport:
    """One import into an open archive."""

    def __init__(
        self, archive: Archive, belonging: Belonging, source_id: str | None, limit: int | None
    ) -> None:
        self.archive, self.belonging, self.limit = archive, belonging, limit
        self.source_id = source_id
        self.files: list[RecordCounts] = []
        self.unread: list[Path] = []
        self.runs: dict[str, int] = {}
        self.kept: dict[str, Source] = {}  # the sources of open books, as they are kept
        self.begun_at = monotonic()

    def read_file(self, path: Path) -> None:
        """Take in one file, up to the limit."""
        if self.room() == 0:
            self.unread.append(path)
            return
        counts = RecordCounts(path)
        self.files.append(counts)
        with progress(path) as bar:
            for line in self.describe(sources_before(path)):
                say_aside(f"{path}: {line}")
            for batch in batched(records_of(path)):
                if self.room() == 0:
                    counts.is_cut = True
                    return
                self.take(batch, counts)
                bar.advance(bar.task_ids[0], len(batch))

    def room(self) -> int | None:
        """How many articles may still be taken; `None` where any number may."""
        if self.limit is None:
            return None
        return self.limit - self.taken()

    def taken(self) -> int:
        """How many articles were taken."""
        return sum(one.counts["new"] for one in self.files)

    def take(self, batch: Sequence[Told | Unreadable], counts: RecordCounts) -> None:
        """Keep some records together, up to the limit, and count them once they are kept."""
        room = self.room()
        found: Counter[str] = Counter()
        broken: list[Unreadable] = []
        archive = self.archive
        # The inner one is on disk first: an article never names a page that is not.
        with (
            transaction(archive.news, archive.folder.news),
            transaction(archive.pages.db, archive.folder.pages),
        ):
            for told in batch:
                if found["new"] == room:
                    counts.is_cut = True
                    break
                try:
                    found[self.keep(told)] += 1
                except NoRecord as error:
                    broken.append(Unreadable(told.number, str(error)))
        for one in broken[: max(TOLD_BROKEN - counts.counts["broken"], 0)]:
            say_aside(f"{counts.path}: record {one.number}: {one.why}")
        counts.counts.update(found)
        counts.counts["broken"] += len(broken)

    def keep(self, told: Told | Unreadable) -> str:
        """Keep one record; returns what became of it. Raises NoRecord for what is none."""
        if isinstance(told, Unreadable):
            raise NoRecord(told.why)
        if is_tombstone(told.said):
            return "tombstone"
        if is_line(told.said):
            return self.take_description(told.said)
        now = datetime.now(UTC)
        record = record_of(told.said, told.written, source=self.source_id, now=now)
        source = self.source_of(record.source, record.article.url)
        return keep_record(self.archive, self.run_of(source), record.of(source.id), now=now)

    def take_description(self, said: Mapping[str, Any]) -> str:
        """Remember a source that a line tells of; raises NoRecord for what is none."""
        try:
            wrong = self.describe([of_line(said)])
        except ValueError as error:
            raise NoRecord(str(error)) from error
        if wrong:
            raise NoRecord(wrong[0])
        return "about_source"

    def describe(self, told: Iterable[SourceDescription]) -> list[str]:
        """Have sources belong and be kept as they are told of; returns a line for each that is no source."""
        wrong, renewed = describe(self.belonging, told, self.kept.values())
        for source in renewed:
            keep_source(self.archive, source)
            self.kept[source.id] = source
        return wrong

    def source_of(self, said: str, url: str) -> Source:
        """The source of a record: the one it names, or else its site's; raises NoRecord."""
        if not said:
            return self.belonging.source_of(url)
        source = self.belonging.by_id.get(said) or self.belonging.made(url, said)
        if source.id != said:
            raise NoRecord(f"source {said[:40]!r} is no id: small letters, digits and _")
        self.belonging.hosts.setdefault(host_of(url), [source])  # for records that name none
        return source

    def run_of(self, source: Source) -> int:
        """The open books of a source, opened at its first record."""
        if source.id not in self.runs:
            self.runs[source.id] = begin_run(self.archive, source)
            self.kept[source.id] = source
        return self.runs[source.id]

    def close_books(self, status: str, reason: str | None) -> None:
        """End the run of every source."""
        for run in self.runs.values():
            seconds = monotonic() - self.begun_at
            self.archive.runs.end(
                run, status=status, reason=reason, ended_at=datetime.now(UTC), seconds=seconds
            )

    def tell(self) -> None:
        """Say what became of the files."""
        for counts in self.files:
            click.echo(counts.line())
        for path in self.unread:
            click.echo(unread_line(path))
        if line := undescribed_line(self.belonging, self.kept.values()):
            click.echo(line)


def unread_line(path: Path) -> str:
    """What became of a file after enough was taken in."""
    return f"{path}: not read: --limit was reached"


def batched(records: Iterator[Told | Unreadable]) -> Iterator[list[Told | Unreadable]]:
    """Records a hundred at a time."""
    while batch := list(islice(records, BATCH)):
        yield batch


def progress(path: Path) -> Progress:
    """A count of records on a terminal; elsewhere nothing."""
    screen = Console(stderr=True)
    bar = Progress(
        TextColumn(f"importing {path.name}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    )
    bar.add_task("import", total=None)
    return bar

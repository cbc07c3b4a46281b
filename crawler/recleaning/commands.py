"""What `muragat reclean` does."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import closing, nullcontext
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from archive.exits import Exit
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder
from crawler.recleaning.comparing import Effect
from crawler.recleaning.reading import Recleaning, RecleanOptions
from crawler.recleaning.report import RecleanReport, report_json, report_lines
from crawler.runs.choosing import named_sources
from crawler.runs.session import Session
from crawler.settings import MURAGAT_CLEANING_SECONDS
from crawler.sources.profile import Source

# Nothing else is done meanwhile, so every processor reads; the archive's own thread needs little of one.
WORKERS = max(1, min(8, os.cpu_count() or 1))


def reclean(
    folder: ArchiveFolder,
    ids: Sequence[str],
    profile: Path | None,
    options: RecleanOptions,
    *,
    examples: int,
    as_json: bool,
) -> Exit:
    """Read kept pages again and report; progress goes to standard error, the report to standard output.

    Raises an ArchiveError when there is no archive, or a crawl holds it.
    """
    with closing(open_to_read(folder.news)) as db:
        kept = {
            row[0]
            for row in db.conn.execute(
                "SELECT DISTINCT source FROM articles UNION "
                "SELECT DISTINCT source FROM fetches WHERE page_id IS NOT NULL"
            )
        }
    sources = [one for one in named_sources(folder, ids, profile) if ids or profile or one.id in kept]
    unknown = sorted(kept - {one.id for one in sources}) if not (ids or profile) else []
    for source_id in unknown:
        click.echo(f"Left out: {source_id}: no profile here; name it with --profile FILE", err=True)
    report = RecleanReport(most=examples)
    asyncio.run(read_again(folder, sources, options, report))
    click.echo(
        report_json(report, dry_run=options.dry_run)
        if as_json
        else "\n".join(report_lines(report, dry_run=options.dry_run))
    )
    if not report.read and not options.every:
        click.echo("this version has read every kept page; --all reads them again", err=True)
    return Exit.SOURCES_FAILED if unknown or report.fates["failed"] else Exit.DONE


async def read_again(
    folder: ArchiveFolder, sources: Sequence[Source], options: RecleanOptions, report: RecleanReport
) -> None:
    """Read the sources' pages again, one source after the other, and count what came of it."""
    screen = Console(stderr=True)
    bar = Progress(console=screen, transient=True, redirect_stdout=False) if screen.is_terminal else None
    left = options.limit if options.limit is not None else sys.maxsize
    with (
        Session(
            folder,
            workers=WORKERS,
            cleaning_seconds=MURAGAT_CLEANING_SECONDS,
            say=partial(click.echo, err=True),
        ) as session,
        bar or nullcontext(),
    ):
        for source in sources:
            work = Recleaning(session, source, options)
            due = await work.due()
            task = bar.add_task(source.id, total=min(left, len(due))) if bar and due else None

            def told(effect: Effect, task: int | None = task) -> None:
                report.add(effect)
                if bar and task is not None:
                    bar.advance(task)  # type: ignore[arg-type]

            await work.run(due[:left], told)
            if left >= len(due):
                await work.end()
            left = max(0, left - len(due))

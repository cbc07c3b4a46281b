"""`muragat sources check`: a small crawl into an archive that is thrown away, and what it found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from archive.exits import Exit
from archive.numbers_said import counted
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder
from crawler.runs.choosing import named_sources
from crawler.runs.options import CrawlOptions
from crawler.runs.report import SilentBoard, exit_of
from crawler.runs.runner import crawl

SHOWN_CHARS = 100
DOCUMENTS = 5  # beyond those the profile names: a check is a look, not a crawl


def check_source(
    folder: ArchiveFolder, source_id: str | None, profile: Path | None, limit: int, *, allow_private: bool
) -> Exit:
    """Crawl a few articles of one source and show, field by field, what would be kept."""
    if not source_id and not profile:
        raise click.UsageError("name a source, or a profile with --profile; muragat sources list shows them")
    sources = named_sources(folder, [source_id] if source_id else [], profile)
    with TemporaryDirectory(prefix="muragat-check-") as place:
        trial = ArchiveFolder(Path(place))
        options = CrawlOptions(limit=limit, documents=DOCUMENTS, allow_private=allow_private)
        click.echo(f"Reading {counted(limit, 'article')} of {sources[0].home}; nothing is kept …", err=True)
        reports = crawl(sources, trial, options, SilentBoard())
        for line in findings(trial):
            click.echo(line)
    for report in reports:
        if report.status != "done":
            click.echo(f"Error: {report.source}: {report.reason}", err=True)
        elif not report.counts.get("new"):
            click.echo(f"Error: {report.source}: no article could be read", err=True)
            return Exit.SOURCES_FAILED
    return exit_of(reports)


def findings(folder: ArchiveFolder) -> Iterator[str]:
    """What the trial found: each document asked, each article field by field, each problem."""
    with closing(open_to_read(folder.news)) as db:
        yield "Documents:"
        for row in db.query("SELECT * FROM fetches WHERE kind != 'article' ORDER BY id"):
            yield f"  {row['kind']:8} {row['status'] or row['reason']}  {row['url']}"
        (waiting,) = db.conn.execute("SELECT count(*) FROM frontier WHERE kind = 'article'").fetchone()
        yield f"  articles named and not asked in this check: {waiting}"
        for row in db.query("SELECT * FROM articles ORDER BY id DESC"):
            yield from article_lines(row)
        problems = list(db.query("SELECT * FROM problems ORDER BY id"))
        if problems:
            yield "\nProblems:"
        for row in problems[:50]:
            yield f"  {row['code']}: {shown(row['url'])} {shown(row['detail'])}"


def article_lines(row: dict[str, Any]) -> Iterator[str]:
    """One article for a person to compare with the page."""
    yield f"\n{row['url']}"
    for name in ("title", "lead", "published_local", "published_evidence", "authors", "agency", "section"):
        yield f"  {name:18} {shown(row[name]) if row[name] is not None else '—'}"
    yield f"  {'language':18} {row['language'] or '—'}"
    yield f"  {'body':18} {counted(len(row['body']), 'character')}: {shown(row['body'])}"


def shown(text: str) -> str:
    """The beginning of a text in one line, without control characters."""
    line = "".join(c if c.isprintable() else " " for c in str(text))
    return line if len(line) <= SHOWN_CHARS else line[:SHOWN_CHARS] + "…"

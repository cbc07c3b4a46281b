"""Status and audit for people and for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from functools import partial
from textwrap import wrap
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.errors import ArchiveError
from archive.health.audit import audit_archive
from archive.health.findings import Finding, faults_of
from archive.health.fitting import fitting
from archive.health.holders import WORDS
from archive.health.naming import only, refuse_unknown
from archive.health.status import ArchiveStatus, LastRun, SourceStatus, archive_status
from archive.store.folder import ArchiveFolder
from archive.terminal import terminal_safe

HEADINGS = (
    "source",
    "health",
    "articles",
    "newest",
    "last new",
    "last run",
    "status",
    "did",
    "waiting",
    "visits",
    "next",
    "problems",
    "why",
)
# From wide terminals to narrow ones, the first that fits: 80 columns have room for the third, with a long id
# for the fourth. The rest is told below where there is something to tell.
TABLES = (
    HEADINGS[:-1],
    ("source", "health", "articles", "waiting", "last new", "last run", "next"),
    ("source", "health", "articles", "waiting", "last new", "next"),
    ("source", "health", "articles", "last new", "next"),
)
NUMBERS = {"articles", "waiting"}
NOTHING = "-"


def print_status(folder: ArchiveFolder, ids: Sequence[str] = (), *, as_json: bool) -> bool:
    """Print how the archive is doing and return whether all its sources are well, or too new to tell.

    With `ids` only these sources are told of and judged. Of a folder of several archives each is shown.
    Raises UsageError for an id that is not here, an ArchiveError when one archive alone cannot be read.
    """
    if parts := folder.parts():
        return print_status_of_parts(parts, ids, as_json=as_json)
    whole = archive_status(folder)
    refuse_unknown(ids, {source.id for source in whole.sources})
    return print_sources(whole, ids, as_json=as_json)


def print_sources(whole: ArchiveStatus, ids: Sequence[str], *, as_json: bool) -> bool:
    """Print how these sources of an archive are doing, all for no ids; returns whether they are well."""
    status = only(whole, ids)
    if as_json:
        told = asdict(status) | {"is_well": status.is_well}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return status.is_well
    if sys.stdout.isatty():
        show(status, Console(), closing_line(whole))
    else:
        for row in (HEADINGS, *map(cells, status.sources)):
            click.echo("\t".join(row))
        for line in (*tls_lines(status), closing_line(whole)):
            click.echo(line)
    for note in status.notes:
        click.echo(f"Note: {note}", err=True)
    return status.is_well


def print_status_of_parts(parts: Sequence[ArchiveFolder], ids: Sequence[str], *, as_json: bool) -> bool:
    """Print how each of several archives is doing, under its name; returns whether all sources are well.

    With `ids` those that have none of these sources stay out. One that cannot be read is named, and is not
    well.
    """
    found = {part.path.name: read_or_why_not(part) for part in parts}
    refuse_unknown(ids, {source.id for one in found.values() for source in sources_of(one)})
    meant = {name: one for name, one in found.items() if is_meant(one, ids)}
    if as_json:
        told = {name: status_told(one, ids) for name, one in meant.items()}
        well = all(one.get("is_well") for one in told.values())
        click.echo(json.dumps({"archives": told, "is_well": well}, ensure_ascii=False, indent=2))
        return well
    shown = [print_under_name(name, one, ids) for name, one in meant.items()]  # all, whatever the first is
    return all(shown)


def read_or_why_not(part: ArchiveFolder) -> ArchiveStatus | ArchiveError:
    """The status of a part, or why it cannot be read."""
    try:
        return archive_status(part)
    except ArchiveError as error:
        return error


def sources_of(found: ArchiveStatus | ArchiveError) -> tuple[SourceStatus, ...]:
    """The sources of a part; none of one that cannot be read."""
    return () if isinstance(found, ArchiveError) else found.sources


def is_meant(found: ArchiveStatus | ArchiveError, ids: Sequence[str]) -> bool:
    """Whether a part has one of these sources, or may have."""
    return not ids or isinstance(found, ArchiveError) or any(one.id in ids for one in found.sources)


def status_told(found: ArchiveStatus | ArchiveError, ids: Sequence[str]) -> dict[str, Any]:
    """The status of a part as JSON has it, or why it cannot be read."""
    if isinstance(found, ArchiveError):
        return {"error": str(found), "is_well": False}
    status = only(found, ids)
    return asdict(status) | {"is_well": status.is_well}


def print_under_name(name: str, found: ArchiveStatus | ArchiveError, ids: Sequence[str]) -> bool:
    """Print a part's name and how it is doing; returns whether all its sources are well."""
    click.echo(f"{terminal_safe(name)}:")
    if isinstance(found, ArchiveError):
        click.echo(f"Error: {found}", err=True)
        return False
    return print_sources(found, ids, as_json=False)


def show(status: ArchiveStatus, screen: Console, closing: str) -> None:
    """Print a table that fits the terminal, and below it what it has no room for, and a closing line."""
    make = partial(status_table, status)
    headings = fitting(TABLES, make, screen)
    screen.print(make(headings))
    for line in (*run_lines(status, headings), *why_lines(status), *tls_lines(status), closing):
        for piece in at_words(line, screen.width):
            screen.print(piece, markup=False, highlight=False, soft_wrap=True)


def at_words(line: str, width: int) -> list[str]:
    """A line in as many as it needs; addresses stay whole, to be copied."""
    return wrap(line, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def run_lines(status: ArchiveStatus, headings: Collection[str]) -> Iterator[str]:
    """What a table with these headings leaves out of each source: how its run ended, problems, visits."""
    for source in status.sources:
        told = dict(zip(HEADINGS, cells(source), strict=True))
        parts = []
        if "status" not in headings and told["status"] not in ("done", NOTHING):
            parts.append(told["status"])
        if "problems" not in headings and told["problems"] != NOTHING:
            parts.append(f"problems: {told['problems']}")
        if "visits" not in headings and source.visits_due:
            parts.append(f"visits: {told['visits']}")
        if "waiting" not in headings and source.waiting:
            parts.append(f"waiting: {source.waiting}")
        if parts:
            yield f"{source.id}: {'; '.join(parts)}"


def tls_lines(status: ArchiveStatus) -> Iterator[str]:
    """What each source's last run overlooked in a certificate."""
    for source in status.sources:
        for said in source.tls_exceptions:
            yield terminal_safe(f"{source.id}: certificate accepted though {said}")


def why_lines(status: ArchiveStatus) -> Iterator[str]:
    """What is wrong with each source that is not well, below the table: sentences need room."""
    for source in status.sources:
        for reason in source.health.reasons:
            yield f"{source.id} is {source.health.state}: {terminal_safe(reason['evidence'])}"


def status_table(status: ArchiveStatus, headings: Sequence[str]) -> Table:
    """A row for each source, with the columns of these headings."""
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        # Where even an id is too long, it goes on in the next line; nothing is cut.
        table.add_column(
            heading,
            justify="right" if heading in NUMBERS else "left",
            no_wrap=heading != "source",
            overflow="fold",
        )
    for source in status.sources:
        told = dict(zip(HEADINGS, cells(source), strict=True))
        table.add_row(*(Text(told[heading]) for heading in headings))
    return table


def cells(source: SourceStatus) -> list[str]:
    """One source in the order of HEADINGS."""
    run = source.last_run
    written = [
        source.id,
        source.health.state,
        str(source.articles),
        source.newest_published or NOTHING,
        minute_of(source.newest_first_seen_at),
        minute_of(run.started_at if run else None),
        status_of(run),
        with_counts(run.counts if run else {}) or NOTHING,
        str(source.waiting),
        visits_of(source),
        next_of(source),
        with_counts(run.problems if run else {}) or NOTHING,
        source.health.why or NOTHING,
    ]
    return [terminal_safe(cell) for cell in written]


def visits_of(source: SourceStatus) -> str:
    """How many known articles are to be looked at again now, or from when on the next one is."""
    if source.visits_due:
        return f"{source.visits_due} due"
    return f"from {minute_of(source.next_visit_at)}" if source.next_visit_at else NOTHING


def next_of(source: SourceStatus) -> str:
    """When the source is crawled next, as `muragat schedule list` says of one that was crawled."""
    return minute_of(source.due_at) if source.state == "waiting" else WORDS.get(source.state or "", NOTHING)


def status_of(run: LastRun | None) -> str:
    """How the last run ended, and why where it says so."""
    if run is None:
        return NOTHING
    status = "running, or killed" if run.status == "running" else run.status
    return f"{status}: {run.reason}" if run.reason else status


def with_counts(counts: Mapping[str, int]) -> str:
    """Names with their counts, without those that are 0."""
    return ", ".join(f"{name} {n}" for name, n in counts.items() if n)


def minute_of(moment: str | None) -> str:
    """A time of ours to the minute, UTC."""
    return f"{moment[:10]} {moment[11:16]}Z" if moment else NOTHING


def closing_line(status: ArchiveStatus) -> str:
    """The whole archive in a line."""
    sizes = ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in status.bytes.items())
    pages = "no pages" if status.pages is None else f"pages {status.pages}"
    counts = f"sources {len(status.sources)}, articles {status.articles}, {pages}, waiting {status.waiting}"
    return f"{counts}; {sizes}"


def print_audit(folder: ArchiveFolder, *, full: bool) -> bool:
    """Print each finding as it is made and a closing line; returns whether nothing is wrong."""
    findings = list(findings_shown(folder, full=full))
    click.echo(closing_of(findings))
    return not any(finding.is_fault for finding in findings)


def findings_shown(folder: ArchiveFolder, *, full: bool) -> Iterator[Finding]:
    """Each finding, printed as it is made; on a terminal a line says meanwhile how many were."""
    # Findings go where the line is drawn, so that it makes room for them; in a pipe they go by themselves.
    is_shown = sys.stdout.isatty()
    screen = Console() if is_shown else Console(stderr=True)
    with screen.status("looking at the files") if screen.is_terminal else nullcontext() as status:
        for number, finding in enumerate(audit_archive(folder, full=full), 1):
            line = finding_line(finding)
            if is_shown:
                screen.print(line, markup=False, highlight=False, soft_wrap=True)
            else:
                click.echo(line)
            if status:
                status.update(f"{number} checks done, looking at what is next")
            yield finding


def closing_of(findings: Sequence[Finding]) -> str:
    """How many faults of each kind, in a line."""
    return ", ".join(f"{count} {kind}" for kind, count in faults_of(findings).items())


def finding_line(finding: Finding) -> str:
    """One finding: what was looked at, and what is wrong."""
    said = "ok" if not finding.faults else f"{finding.faults} {finding.kind}" if finding.is_fault else "note"
    line = f"{said:<12}{finding.check}"
    if finding.looked_at:
        line += f" ({finding.looked_at})"
    if finding.faults and finding.detail:
        count = f"{finding.faults} " if not finding.is_fault else ""
        line += f": {count}{terminal_safe(finding.detail)}"
    return line

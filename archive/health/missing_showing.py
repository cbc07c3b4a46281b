"""Days with likely gaps, for people and for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import click
from rich.console import Console
from rich.table import Table

from archive.health.missing_days import LOOKS, MissingDay, missing_days
from archive.store.connection import open_to_read, snapshot
from archive.store.folder import ArchiveFolder

HEADINGS = ("source", "day", "articles", *LOOKS, "likely", "at 95 %", "why")
NUMBERS = {"articles", *LOOKS, "likely", "at 95 %"}
NOTHING = "-"


def print_missing(folder: ArchiveFolder, *, since: date | None, as_json: bool) -> None:
    """Print the days of which articles are likely missing; as JSON every day that could be judged."""
    days = missing_in(folder, since)
    if as_json:
        told = [asdict(day) | {"day": day.day.isoformat()} for day in days]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    gaps = [day for day in days if day.why]
    if sys.stdout.isatty():
        Console().print(gaps_table(gaps))
    else:
        for row in (HEADINGS, *map(cells, gaps)):
            click.echo("\t".join(row))
    click.echo(closing_line(days, gaps))


def missing_in(folder: ArchiveFolder, since: date | None) -> list[MissingDay]:
    """The days of every source; raises an ArchiveError when the archive cannot be read."""
    db = open_to_read(folder.news)
    try:
        with snapshot(db, folder.news):
            sources = [row["id"] for row in db.query("SELECT id FROM sources ORDER BY id")]
            return [day for source in sources for day in missing_days(db, source, since=since)]
    finally:
        db.close()


def gaps_table(gaps: Sequence[MissingDay]) -> Table:
    """A row for each day with a likely gap."""
    table = Table(box=None, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading in NUMBERS else "left")
    for day in gaps:
        table.add_row(*cells(day))
    return table


def cells(day: MissingDay) -> list[str]:
    """One day in the order of HEADINGS."""
    found = day.estimate
    return [
        day.source,
        day.day.isoformat(),
        str(day.articles),
        *(str(day.named[look]) for look in LOOKS),
        f"{found.likely:.0f}" if found else NOTHING,
        f"{found.low} to {found.high}" if found else NOTHING,
        why_of(day),
    ]


def why_of(day: MissingDay) -> str:
    """Why articles are likely missing, in words."""
    if day.why == "unnamed" and day.estimate:
        return f"{day.estimate.missing:.0f} that nobody named, likely"
    if day.why == "few":
        return f"few: {day.usual:.0f} are usual"
    return "no crawl looked at it" if day.why else NOTHING


def closing_line(days: Sequence[MissingDay], gaps: Sequence[MissingDay]) -> str:
    """What was looked through, and what to do."""
    estimated = sum(day.estimate is not None for day in days)
    line = f"days with likely gaps {len(gaps)} of {len(days)}; {estimated} could be estimated"
    if not gaps:
        return line
    first = min(gaps, key=lambda gap: gap.day)
    return f"{line}. Look again: muragat backfill {first.source} --since {first.day}"

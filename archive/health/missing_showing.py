"""Days with likely gaps, for people and for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from functools import partial

import click
from rich.console import Console
from rich.table import Table

from archive.health.fitting import fitting
from archive.health.missing_days import LOOKS, MissingDay, missing_days
from archive.health.naming import refuse_unknown
from archive.store.connection import open_to_read, snapshot
from archive.store.folder import ArchiveFolder

HEADINGS = ("source", "day", "articles", *LOOKS, "likely", "at 95 %", "why")
# Where a terminal has no room for all: the reason says in words what the numbers left out mean.
NARROW = ("source", "day", "articles", "why")
NUMBERS = {"articles", *LOOKS, "likely", "at 95 %"}
NOTHING = "-"
NO_DAYS = "days are judged once they are over; none is yet"


def print_missing(
    folder: ArchiveFolder, ids: Sequence[str] = (), *, since: date | None, as_json: bool
) -> None:
    """Print the days of which articles are likely missing; as JSON every day that could be judged.

    With `ids` of these sources only; raises UsageError for one that is not here.
    """
    found = missing_in(folder, ids, since)
    days = [day for own in found.values() for day in own]
    if as_json:
        told = [asdict(day) | {"day": day.day.isoformat()} for day in days]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    gaps = [day for day in days if day.why]
    if sys.stdout.isatty():
        show(gaps, Console())
    else:
        for row in (HEADINGS, *map(cells, gaps)):
            click.echo("\t".join(row))
    for source, own in found.items():
        if not own:
            click.echo(f"{source}: {NO_DAYS}")
    click.echo(closing_line(days, gaps))


def missing_in(folder: ArchiveFolder, ids: Sequence[str], since: date | None) -> dict[str, list[MissingDay]]:
    """The days of these sources or of all, by source; raises an ArchiveError when it cannot be read."""
    db = open_to_read(folder.news)
    try:
        with snapshot(db, folder.news):
            sources = [row["id"] for row in db.query("SELECT id FROM sources ORDER BY id")]
            refuse_unknown(ids, sources)
            meant = [source for source in sources if not ids or source in ids]
            return {source: missing_days(db, source, since=since) for source in meant}
    finally:
        db.close()


def show(gaps: Sequence[MissingDay], screen: Console) -> None:
    """Print the days with likely gaps, each with its reason, in as many columns as there is room for."""
    make = partial(gaps_table, gaps)
    screen.print(make(fitting((HEADINGS, NARROW), make, screen)))


def gaps_table(gaps: Sequence[MissingDay], headings: Sequence[str]) -> Table:
    """A row for each day with a likely gap, with the columns of these headings."""
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(
            heading, justify="right" if heading in NUMBERS else "left", no_wrap=heading in ("source", "day")
        )
    for day in gaps:
        told = dict(zip(HEADINGS, cells(day), strict=True))
        table.add_row(*(told[heading] for heading in headings))
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
        looks = " and ".join(look for look in LOOKS if day.named[look])
        return f"{looks} name too few of the same: likely {day.estimate.missing:.0f} that none named"
    if day.why == "few":
        return f"{day.articles} where {day.usual:.0f} are usual"
    return "no crawl on that day or the next" if day.why else NOTHING


def closing_line(days: Sequence[MissingDay], gaps: Sequence[MissingDay]) -> str:
    """What was looked through, and what to do."""
    estimated = sum(day.estimate is not None for day in days)
    line = f"days with likely gaps {len(gaps)} of {len(days)}; {estimated} could be estimated"
    unseen = sum(day.estimate is None and day.why == "not looked at" for day in days)
    if few := len(days) - estimated - unseen:
        line += f", {few} not: too few articles that two kinds of documents named"
    if unseen:
        line += f", {unseen} not: no crawl on that day or the next"
    if not gaps:
        return line
    first = min(gaps, key=lambda gap: gap.day)
    return f"{line}. Look again: muragat backfill {first.source} --since {first.day}"

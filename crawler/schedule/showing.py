"""`muragat schedule list`: when each source is due, and why then, for people and for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.health.holders import WORDS, holder_state
from archive.store.columns import utc
from archive.store.folder import ArchiveFolder
from archive.store.schedule import Turn
from archive.terminal import terminal_safe
from crawler.runs.choosing import readable_sources, tell_left_out
from crawler.schedule.turns import due_times, known_turns
from crawler.schedule.words import duration, minute

HEADINGS = ("source", "last crawl", "every", "why", "next")
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class ListedTurn:
    """A source in the list. `state` is waiting, due, crawling, hangs or killed; times are UTC as stored.

    What is `None` is not known before the first crawl has ended.
    """

    source: str
    crawled_at: str | None
    interval_seconds: int | None
    why: str | None
    due_at: str
    state: str
    failures: int
    pid: int | None


def print_schedule(folder: ArchiveFolder, ids: Sequence[str], *, as_json: bool) -> None:
    """Print when the sources are due, the soonest first; raises an ArchiveError when it cannot be read."""
    sources, errors = readable_sources(folder, ids)
    turns, now = known_turns(folder, sources), datetime.now(UTC)
    times = due_times(sources, turns, now)
    listed = [
        listed_turn(turns[source], times[source], now) for source in sorted(times, key=times.__getitem__)
    ]
    if as_json:
        click.echo(json.dumps([asdict(turn) for turn in listed], ensure_ascii=False, indent=2))
    elif sys.stdout.isatty():
        Console().print(schedule_table(listed))
    else:
        for row in (HEADINGS, *map(cells, listed)):
            click.echo("\t".join(row))
    tell_left_out(errors)


def listed_turn(turn: Turn, at: datetime, now: datetime) -> ListedTurn:
    """A source as it stands in the list."""
    waiting = "due" if at <= now else "waiting"
    return ListedTurn(
        source=turn.source,
        crawled_at=utc(turn.crawled_at) if turn.crawled_at else None,
        interval_seconds=round(turn.interval.total_seconds()) if turn.interval else None,
        why=turn.why,
        due_at=utc(at),
        state=holder_state(turn.lease, now) if turn.lease else waiting,
        failures=turn.failures,
        pid=turn.lease.pid if turn.lease else None,
    )


def schedule_table(listed: Iterable[ListedTurn]) -> Table:
    """A row for each source."""
    table = Table(box=None, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading == "every" else "left")
    for turn in listed:
        table.add_row(*(Text(cell) for cell in cells(turn)))
    return table


def cells(turn: ListedTurn) -> list[str]:
    """One source in the order of HEADINGS."""
    every = timedelta(seconds=turn.interval_seconds) if turn.interval_seconds else None
    written = [
        turn.source,
        minute(datetime.fromisoformat(turn.crawled_at)) if turn.crawled_at else NOTHING,
        duration(every) if every else NOTHING,
        turn.why or why_unplanned(turn),
        next_words(turn),
    ]
    return [terminal_safe(cell) for cell in written]


def why_unplanned(turn: ListedTurn) -> str:
    """Why a source has no rhythm yet."""
    return "no crawl has ended yet" if turn.crawled_at else "not crawled yet"


def next_words(turn: ListedTurn) -> str:
    """When the source's turn is, or what is with it now."""
    if turn.state == "waiting":
        return minute(datetime.fromisoformat(turn.due_at))
    if turn.state == "hangs":
        return f"{WORDS['hangs']}: no sign of life from process {turn.pid}"
    return WORDS[turn.state]

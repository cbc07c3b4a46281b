"""`muragat schedule run`: crawl what is due, and end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime

import click
from rich.console import Console

from archive.errors import ArchiveBusy
from archive.exits import Exit
from archive.health.holders import hanging
from archive.store.folder import ArchiveFolder
from archive.store.schedule import Turn
from crawler.runs.choosing import readable_sources, tell_left_out
from crawler.runs.options import CrawlOptions
from crawler.runs.report import BarBoard, Board, LineBoard, RunReport, exit_of
from crawler.schedule.due import due
from crawler.schedule.turns import DueTurns, due_times, known_turns
from crawler.schedule.words import minute
from crawler.sources.profile import Source


class TroubleBoard(LineBoard):
    """For cron, which mails what is said: a line for each source that failed."""

    def ended(self, report: RunReport) -> None:
        if report.status == "failed":
            super().ended(report)


def run_due(folder: ArchiveFolder, ids: Sequence[str], options: CrawlOptions, *, quiet: bool) -> Exit:
    """Crawl the sources whose turn has come, those of `ids` or all, and those that become due meanwhile.

    `quiet` says only what went wrong. Raises ArchiveBusy when another crawl holds the archive, silently
    (Exit.BUSY) with `quiet`, unless that one hangs.
    """
    sources, errors = readable_sources(folder, ids)
    turns = known_turns(folder, sources)
    now = datetime.now(UTC)
    times = due_times(sources, turns, now)
    if not due(times, now):
        say_nothing_due(times, quiet=quiet)
        return Exit.DONE
    tell_left_out(errors)
    try:
        reports = crawl_due(folder, sources, options, board=board_of(quiet=quiet))
    except ArchiveBusy as error:
        return give_way(error, turns, now, quiet=quiet)
    if not reports:
        say_nothing_due({}, quiet=quiet)
    return exit_of(reports)


def crawl_due(
    folder: ArchiveFolder, sources: Sequence[Source], options: CrawlOptions, *, board: Board
) -> list[RunReport]:
    """Crawl what is due, shown on the board, and send the alarms at the end."""
    from archive.search.reindexing import refill_before_crawl  # only loaded where something is due
    from crawler.runs.commands import tell
    from crawler.runs.runner import crawl

    refill_before_crawl(folder)
    with board if isinstance(board, BarBoard) else nullcontext():
        reports = crawl((), folder, options, board, DueTurns(sources))
    tell(folder, reports, Console(stderr=True))
    return reports


def board_of(*, quiet: bool) -> Board:
    """Who watches: bars on a terminal, lines elsewhere, and with `quiet` lines of what failed only."""
    screen, out = Console(stderr=True), Console(soft_wrap=True)
    if quiet:
        return TroubleBoard(Console(stderr=True, soft_wrap=True))
    return BarBoard(screen, out) if screen.is_terminal else LineBoard(out)


def give_way(error: ArchiveBusy, turns: Mapping[str, Turn], now: datetime, *, quiet: bool) -> Exit:
    """Leave the archive to the crawl that holds it; raises ArchiveBusy where that is to be told."""
    stuck = hanging(turns.values(), now)
    if stuck:
        raise ArchiveBusy(
            f"{error}; its process {stuck.pid} has given no sign of life since "
            f"{minute(stuck.held_until)}: end it if it hangs, kill {stuck.pid}"
        ) from error
    if not quiet:
        raise error
    return Exit.BUSY


def say_nothing_due(times: Mapping[str, datetime], *, quiet: bool) -> None:
    """Say that there is nothing to do, and when there will be."""
    if quiet:
        return
    first = min(times, key=lambda source: times[source], default=None)
    click.echo("Nothing is due" + (f"; next: {first} at {minute(times[first])}" if first else ""))

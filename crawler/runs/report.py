"""What a crawl did, for whoever watches it: live on a terminal, in lines elsewhere, summed up at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from archive.exits import Exit
from archive.records import Outcome
from archive.store.runs import COUNTED_AS

COLUMNS = ("new", "revised", "unchanged", "rejected", "gone", "failed", "waiting")


@dataclass(frozen=True, slots=True)
class RunReport:
    """How one source's run ended: status done, stopped or failed; counts by name; reasons with how often."""

    source: str
    status: str
    reason: str | None = None
    counts: Mapping[str, float] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    waiting: int = 0


class Board(Protocol):
    """Someone who watches a crawl of several sources."""

    def begun(self, source: str, waiting: int) -> None:
        """A source's run has begun with so many addresses on its list."""

    def became(self, source: str, kind: str, outcome: Outcome, waiting: int) -> None:
        """An address was dealt with; so many are still on the source's list."""

    def ended(self, report: RunReport) -> None:
        """A source's run has ended."""

    def said(self, words: str) -> None:
        """The whole crawl waits for something, or goes on."""


class SilentBoard:
    """For who only wants the end."""

    def begun(self, source: str, waiting: int) -> None:
        """Nothing is shown."""

    def became(self, source: str, kind: str, outcome: Outcome, waiting: int) -> None:
        """Nothing is shown."""

    def ended(self, report: RunReport) -> None:
        """Nothing is shown."""

    def said(self, words: str) -> None:
        """Nothing is shown."""


class LineBoard(SilentBoard):
    """For pipes and logs: a line for each source that has ended; what is waited for, on standard error."""

    def __init__(self, out: Console) -> None:
        self.out = out

    def said(self, words: str) -> None:
        click.echo(words, err=True)

    def ended(self, report: RunReport) -> None:
        self.out.print(line_of(report), highlight=False, soft_wrap=True, markup=False)


class BarBoard(LineBoard):
    """For terminals: a bar for each source on `screen`, then its line on `out`."""

    def __init__(self, screen: Console, out: Console) -> None:
        super().__init__(screen if out.is_terminal else out)
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[last]}"),
            TimeElapsedColumn(),
            console=screen,
            transient=True,
            redirect_stdout=False,
        )
        self.tasks: dict[str, TaskID] = {}

    def __enter__(self) -> BarBoard:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def begun(self, source: str, waiting: int) -> None:
        self.tasks[source] = self.progress.add_task(source, total=waiting or None, last="")

    def became(self, source: str, kind: str, outcome: Outcome, waiting: int) -> None:
        task = self.tasks[source]
        if kind == "article" and outcome is not Outcome.FAILED:
            self.progress.advance(task)
        done = self.progress.tasks[self.progress.task_ids.index(task)].completed
        shown = COUNTED_AS.get(outcome, kind) if kind == "article" else kind
        self.progress.update(task, total=done + waiting, last=shown)

    def said(self, words: str) -> None:
        self.progress.console.print(words, highlight=False, markup=False, soft_wrap=True)

    def ended(self, report: RunReport) -> None:
        if report.source in self.tasks:
            self.progress.remove_task(self.tasks.pop(report.source))
        super().ended(report)


def line_of(report: RunReport) -> str:
    """One line that says what a run did: only what there was, and why where something was not kept."""
    counts = {**report.counts, "waiting": report.waiting}
    parts = [f"{int(counts[name])} {name}" for name in COLUMNS if counts.get(name)]
    said = ", ".join(parts) or ("nothing new" if report.status == "done" else "nothing kept")
    line = f"{report.source}: {said}"
    if report.counts:
        line += f"; {size_of(report.counts['bytes'])} in {report.counts['seconds']:.0f} s"
    why = [f"{code}: {times}" for code, times in report.reasons.items() if code not in COLUMNS]
    if why:
        line += f" ({', '.join(why)})"
    if report.status != "done":
        line += f" — {report.status}: {report.reason}"
    return line


def size_of(count: float) -> str:
    """Bytes as people read them."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def summary(reports: Sequence[RunReport]) -> Table:
    """The closing table: a row for each source, and their sum."""
    table = Table(show_footer=len(reports) > 1, box=None, pad_edge=False)
    totals = {name: sum(counted(report, name) for report in reports) for name in (*COLUMNS, "bytes")}
    table.add_column("source", footer="all")
    for name in COLUMNS:
        table.add_column(name, justify="right", footer=str(int(totals[name])))
    table.add_column("received", justify="right", footer=size_of(totals["bytes"]))
    table.add_column("seconds", justify="right")
    for report in reports:
        cells = [str(int(counted(report, name))) for name in COLUMNS]
        seconds = f"{counted(report, 'seconds'):.0f}"
        table.add_row(report.source, *cells, size_of(counted(report, "bytes")), seconds)
    return table


def counted(report: RunReport, name: str) -> float:
    """One count of a report, 0 where it has none."""
    return report.waiting if name == "waiting" else report.counts.get(name, 0)


def exit_of(reports: Sequence[RunReport]) -> Exit:
    """The exit code of a crawl."""
    if any(report.status == "stopped" for report in reports):
        return Exit.INTERRUPTED
    if any(report.status == "failed" for report in reports):
        return Exit.SOURCES_FAILED
    return Exit.DONE

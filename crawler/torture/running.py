"""The kill-and-audit test on the user's own machine: crawls killed again and again, and what that leaves."""

from __future__ import annotations

import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from archive.exits import Exit
from archive.numbers_said import counted
from crawler.torture.comparing import Faults, compare
from crawler.torture.lives import CONCURRENT_REQUESTS, LifeFailed, Place, live
from crawler.torture.moments import Kill, Moment, next_kill
from crawler.torture.paper import EVENING, MORNING, LargePaper

MORE_ARTICLES_PER_KILL, MOST_MORE_ARTICLES = 3, 120
WRITTEN_AT_ONCE = 1  # raw pages of one transaction
SHOWN = 10
EDITIONS = {MORNING: "morning edition into a new archive", EVENING: "evening edition into a known one"}


@dataclass
class Tally:
    """What became of the kills so far."""

    kills: Counter[Moment] = field(default_factory=Counter)
    fetched_again: int = 0
    faults: Faults = field(default_factory=Faults)
    failure: str | None = None

    @property
    def count(self) -> int:
        """How many crawls were killed."""
        return self.kills.total()

    @property
    def most_fetched_again(self) -> int:
        """How many pages may have been fetched again for these kills."""
        return self.count * (CONCURRENT_REQUESTS + WRITTEN_AT_ONCE)

    @property
    def is_sound(self) -> bool:
        """Whether everything is as if nobody had killed anything."""
        return not self.faults and not self.failure and self.fetched_again <= self.most_fetched_again


class Torture:
    """Rounds of crawls: each is killed until one comes to its end, then its archive is looked at."""

    def __init__(self, place: Place, paper: LargePaper, seed: int) -> None:
        self.place, self.paper = place, paper
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.tally = Tally()
        self.undisturbed: dict[int, Path] = {}
        self.sent: dict[int, int] = {}
        self.longest: dict[int, float] = {}

    def rounds(self, kills: int) -> Iterator[str]:
        """Kill so many crawls; says what each round found, and nothing after a kill. Raises LifeFailed."""
        number = 0
        while self.tally.count < kills and self.tally.is_sound:
            number += 1
            edition = MORNING if number % 2 else EVENING
            before = self.tally.count
            yield from self.round(edition, kills)
            done = counted(self.tally.count - before, "kill")
            yield f"round {number}, {EDITIONS[edition]}: {done}, {self.tally.faults.counted()}"

    def round(self, edition: int, kills: int) -> Iterator[str]:
        """One archive, killed until a crawl of it comes to its end, then compared and audited."""
        self.crawl_undisturbed(edition)
        archive = self.place.path / "tortured"
        if edition == EVENING:
            shutil.copytree(self.undisturbed[MORNING], archive)
        self.paper.publish(edition)
        self.paper.count_anew()
        while live(self.place, archive, edition, kill := self.chosen_kill(archive, edition, kills)):
            assert kill is not None, "only what has a kill is killed"
            self.tally.kills[kill.moment] += 1
            yield ""
        self.tally.fetched_again += max(0, self.paper.articles_sent() - self.sent[edition])
        compare(archive, self.undisturbed[edition], self.tally.faults)
        if self.tally.is_sound:
            shutil.rmtree(archive)

    def chosen_kill(self, archive: Path, edition: int, kills: int) -> Kill | None:
        """The next kill, or `None` when there were enough."""
        if self.tally.count >= kills:
            return None
        return next_kill(self.chance, longest=self.longest[edition], is_new=not archive.exists())

    def crawl_undisturbed(self, edition: int) -> None:
        """Crawl once without any kill: what the tortured archives are compared with."""
        if edition in self.undisturbed:
            return
        archive = self.place.path / f"undisturbed-{edition}"
        if edition == EVENING:
            shutil.copytree(self.undisturbed[MORNING], archive)
        self.paper.publish(edition)
        self.paper.count_anew()
        begun = time.monotonic()
        live(self.place, archive, edition, None)
        self.longest[edition] = 0.6 * (time.monotonic() - begun)
        self.sent[edition] = self.paper.articles_sent()
        self.undisturbed[edition] = archive


def torture(kills: int, seed: int, kept_in: Path | None) -> Exit:
    """Kill so many crawls and tell what was lost, double or damaged; returns DONE only when nothing was.

    Works in a fresh folder of its own, or in `kept_in`; what is there at the end is kept where something is
    wrong, or where a folder was named.
    """
    begun = time.monotonic()
    with working_place(kept_in) as place, paper_for(kills, seed) as paper, sigterm_as_ctrl_c():
        place.profile.write_text(paper.profile_toml, encoding="utf-8")
        test = Torture(place, paper, seed)
        try:
            show_progress(test.rounds(kills), test.tally, kills)
        except LifeFailed as failure:
            test.tally.failure = str(failure)
        keep = kept_in is not None or not test.tally.is_sound
        tell(test.tally, seed, time.monotonic() - begun, place if keep else None)
        if not keep:
            shutil.rmtree(place.path)
    if test.tally.is_sound:
        return Exit.DONE
    return Exit.STORAGE if test.tally.faults else Exit.BUG


def paper_for(kills: int, seed: int) -> LargePaper:
    """A newspaper with enough articles for so many kills."""
    return LargePaper(min(MORE_ARTICLES_PER_KILL * kills, MOST_MORE_ARTICLES), seed=seed)


@contextmanager
def working_place(named: Path | None) -> Iterator[Place]:
    """A fresh folder; one of our own making goes when the test is interrupted."""
    path = named or Path(tempfile.mkdtemp(prefix="muragat-torture-"))
    path.mkdir(parents=True, exist_ok=True)
    try:
        yield Place(path)
    except KeyboardInterrupt:
        if named is None:
            shutil.rmtree(path, ignore_errors=True)
        raise


@contextmanager
def sigterm_as_ctrl_c() -> Iterator[None]:
    """Let SIGTERM end the test as Ctrl-C does: with no crawl left behind."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def show_progress(rounds: Iterator[str], tally: Tally, kills: int) -> None:
    """A bar on a terminal; a line for each round everywhere."""
    screen = Console(stderr=True)
    columns = (TextColumn("kills"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("kills", total=kills)
        for line in rounds:
            bar.update(task, completed=tally.count)
            if line:
                say(bar.console, line)


def say(screen: Console, line: str) -> None:
    """A line above the bar where there is one."""
    if screen.is_terminal and sys.stdout.isatty():
        screen.print(line, markup=False, highlight=False, soft_wrap=True)
    else:
        click.echo(line)


def tell(tally: Tally, seed: int, seconds: float, kept: Place | None) -> None:
    """Say what came of it: what is wrong and where, the moments, and the line that counts."""
    for said in tally.faults.said[:SHOWN]:
        click.echo(said)
    if len(tally.faults.said) > SHOWN:
        click.echo(f"… and {len(tally.faults.said) - SHOWN} more")
    if tally.failure:
        click.echo(f"Error: {tally.failure}", err=True)
    if kept:
        click.echo(f"The archives and what the crawls said are in {kept.path}")
    click.echo("killed " + ", ".join(f"{n} {moment}" for moment, n in tally.kills.most_common()))
    each = CONCURRENT_REQUESTS + WRITTEN_AT_ONCE
    click.echo(
        f"{counted(tally.fetched_again, 'page')} fetched again, at most {tally.most_fetched_again} "
        f"({each} a kill: {CONCURRENT_REQUESTS} under way, {WRITTEN_AT_ONCE} being written)"
    )
    click.echo(f"seed {seed}, {seconds:.0f} seconds")
    click.echo(f"{counted(tally.count, 'kill')}, {tally.faults.counted()}")

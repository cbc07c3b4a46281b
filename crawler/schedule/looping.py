"""`muragat schedule loop`: stay, and crawl what is due whenever it is, each time in a process of its own.

A reactor runs once in a process, and what leaks or hangs there ends with it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from time import monotonic
from types import FrameType
from typing import IO

import click

from archive.errors import ArchiveError
from archive.exits import Exit
from archive.store.folder import ArchiveFolder
from crawler.runs.choosing import readable_sources
from crawler.schedule.due import seconds_until_due
from crawler.schedule.metrics import serve_metrics
from crawler.schedule.turns import due_times, known_turns
from crawler.schedule.words import minute
from crawler.sources.errors import ProfileError
from crawler.sources.profile import Source

LOOK_EVERY_SECONDS = 30.0  # a clock may jump and a machine sleep: no wait is longer than that
LEAST_PAUSE_SECONDS = 5.0
BUSY_PAUSE_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 30 * 60.0
HANGS_SECONDS = 45 * 60.0  # a run ends by itself after half an hour and what is under way then
PATIENCE_SECONDS = 22.0  # for a crawl that was asked to end: it waits 15 s for its answers
WELL = {Exit.DONE, Exit.SOURCES_FAILED, Exit.INTERRUPTED}


def run_loop(
    folder: ArchiveFolder, ids: Sequence[str], options: Sequence[str], *, metrics_port: int | None
) -> Exit:
    """Crawl what is due until SIGTERM or Ctrl-C; `options` go on to each `muragat schedule run`.

    Raises UnknownSource, ProfileError or PortTaken at once, when it cannot begin as asked.
    """
    sources, errors = readable_sources(folder, ids)
    loop = Loop(folder, ids, options)
    if metrics_port is not None:
        port = serve_metrics(folder, lambda: loop.sources, metrics_port)
        say(f"metrics are at http://127.0.0.1:{port}/metrics")
    loop.know(sources, errors)
    say(f"crawling into {folder.path}, sources: {len(sources)}; Ctrl-C or SIGTERM ends it")
    with heard(loop):
        loop.run()
    say("stopped; what was kept is kept, the rest is on the list")
    return Exit.DONE


class Loop:
    """Waits, crawls and waits again."""

    def __init__(self, folder: ArchiveFolder, ids: Sequence[str], options: Sequence[str]) -> None:
        self.folder, self.ids = folder, ids
        self.command = [sys.executable, "-m", "crawler", "schedule", "run", *ids, *options]
        self.command += ["--archive", str(folder.path)]
        self.sources: Sequence[Source] = ()
        self.left_out: list[str] = []
        self.said = ""
        self.stopping = threading.Event()
        self.child: subprocess.Popen[str] | None = None
        self.troubles = 0

    def asked_to_stop(self, signum: int, frame: FrameType | None) -> None:
        """Handle a signal: the first asks, another one is passed on to a crawl that still ends."""
        if self.stopping.is_set() and self.child:
            self.child.send_signal(signal.SIGTERM)
        self.stopping.set()

    def run(self) -> None:
        """Crawl what is due, until asked to stop."""
        while not self.stopping.is_set():
            wait = self.seconds_until_due()
            if wait > 0:
                self.stopping.wait(wait)
                continue
            self.said = ""
            code = self.crawl()
            self.troubles = 0 if code in WELL else self.troubles + 1
            self.stopping.wait(pause_after(code, self.troubles))

    def seconds_until_due(self) -> float:
        """How long nothing is due, by profiles and archive as they are now; LOOK_EVERY_SECONDS at most."""
        try:
            self.know(*readable_sources(self.folder, self.ids))
            now = datetime.now(UTC)
            times = due_times(self.sources, known_turns(self.folder, self.sources), now)
        except (ArchiveError, ProfileError) as error:
            self.say_once(f"Error: {error}")
            return LOOK_EVERY_SECONDS
        wait = seconds_until_due(times.values(), now, most=LOOK_EVERY_SECONDS)
        if wait > 0:
            self.say_once(next_words(times))
        return wait

    def know(self, sources: Sequence[Source], errors: Sequence[ProfileError]) -> None:
        """Take the profiles as they are; say of each that is left out once why."""
        self.sources = sources
        left_out = [str(error) for error in errors]
        for words in left_out:
            if words not in self.left_out:
                say(f"Left out: {words}")
        self.left_out = left_out

    def say_once(self, words: str) -> None:
        """Say it unless it was the last that was said."""
        if words != self.said:
            say(words)
        self.said = words

    def crawl(self) -> int:
        """Crawl what is due in a process of its own; returns how that ended, negative for a signal."""
        self.child = subprocess.Popen(  # noqa: S603 - this very program
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C is for the loop, which passes it on
        )
        repeating = threading.Thread(target=repeat, args=(self.child.stdout,), daemon=True)
        repeating.start()
        code = self.await_end(self.child)
        repeating.join(1.0)
        if code not in WELL and not self.stopping.is_set():
            say(f"the crawl ended with {code}")
        return code

    def await_end(self, child: subprocess.Popen[str]) -> int:
        """Wait for a crawl's end; one that hangs, or that is to stop, is asked to end and then made to."""
        hangs_at = monotonic() + HANGS_SECONDS
        while child.poll() is None and not self.stopping.is_set():
            if monotonic() > hangs_at:
                say(f"the crawl hangs: it has run for {HANGS_SECONDS / 60:.0f} minutes")
                break
            self.stopping.wait(0.2)
        if child.poll() is None:
            end(child)
        return child.wait()


@contextmanager
def heard(loop: Loop) -> Iterator[None]:
    """Inside, SIGTERM and Ctrl-C ask the loop to end."""
    before = {one: signal.signal(one, loop.asked_to_stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def end(child: subprocess.Popen[str]) -> None:
    """Ask a crawl to end, and after PATIENCE_SECONDS end it: what was kept is kept."""
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        say("the crawl did not end in time and is killed; what was kept is kept")
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def pause_after(code: int, troubles: int) -> float:
    """How long to wait after a crawl that ended so, the `troubles`th in a row that did not go well."""
    if code == Exit.BUSY:
        return BUSY_PAUSE_SECONDS
    return min(LONGEST_PAUSE_SECONDS, LEAST_PAUSE_SECONDS * 2.0 ** min(max(0, troubles - 1), 20))


def next_words(times: Mapping[str, datetime]) -> str:
    """Whose turn comes next, and when."""
    first = min(times, key=lambda source: times[source], default=None)
    return f"next: {first} at {minute(times[first])}" if first else "no source can be crawled"


def repeat(lines: IO[str] | None) -> None:
    """Say what a crawl says, line by line."""
    for line in lines or ():
        if line.strip():
            say(line.rstrip())


def say(words: str) -> None:
    """One plain line with its time, at once."""
    click.echo(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {words}")
    sys.stdout.flush()

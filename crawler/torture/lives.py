"""One life of a crawl: a real process with its workers, to its own end or to the kill it is to meet."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from archive.exits import Exit
from crawler.torture.moments import BY_CLOCK, Kill, Moment
from crawler.torture.paper import EVENING

LONGEST_LIFE_SECONDS = 600.0
END_WITHIN_SECONDS = 30.0  # what a crawl promises who asks it to end
CONCURRENT_REQUESTS = 2  # of the newspaper's profile


class LifeFailed(Exception):
    """A crawl ended by itself otherwise than it should, or did not end at all."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a test keeps what it needs: one profile, one log, archives beside each other."""

    path: Path

    @property
    def profile(self) -> Path:
        """The newspaper's profile."""
        return self.path / "paper.toml"

    @property
    def log(self) -> Path:
        """What the crawls said, one after the other."""
        return self.path / "crawls.log"


def live(place: Place, archive: Path, edition: int, kill: Kill | None) -> bool:
    """Crawl until the end, or until the kill; returns whether it was killed. Raises LifeFailed."""
    with place.log.open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command(place, archive, edition, kill),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            return has_been_killed(process, kill)
        finally:
            end_family(process)


def command(place: Place, archive: Path, edition: int, kill: Kill | None) -> list[str]:
    """The command as a user types it, or the same with the step at which it kills itself."""
    crawl = ["crawl", "--profile", str(place.profile), "--archive", str(archive), "--allow-private"]
    again = ["--revisit"] if edition == EVENING else []
    if kill is None or kill.moment in BY_CLOCK:
        return [sys.executable, "-m", "crawler", *crawl, *again]
    armed = [kill.moment.name, str(kill.nth), f"{kill.seconds:.6f}"]
    return [sys.executable, "-m", "crawler.torture.sabotage", *armed, *crawl, *again]


def has_been_killed(process: subprocess.Popen[bytes], kill: Kill | None) -> bool:
    """Wait for the end of a crawl, or bring it about; returns which it was."""
    try:
        process.wait(kill.seconds if kill and kill.moment in BY_CLOCK else LONGEST_LIFE_SECONDS)
    except subprocess.TimeoutExpired:
        if kill is None or kill.moment not in BY_CLOCK:
            raise LifeFailed(f"a crawl did not end within {LONGEST_LIFE_SECONDS:.0f} s") from None
        strike(process, kill)
        return True
    if process.returncode == -signal.SIGKILL and kill is not None and kill.moment not in BY_CLOCK:
        return True
    if process.returncode != Exit.DONE:
        raise LifeFailed(f"a crawl ended by itself with exit code {process.returncode}")
    return False


def strike(process: subprocess.Popen[bytes], kill: Kill) -> None:
    """Kill a crawl with its workers, or ask it to end and see that it does; raises LifeFailed."""
    if kill.moment is Moment.RANDOM:
        end_family(process)
        return
    process.terminate()
    try:
        process.wait(END_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        raise LifeFailed(f"a crawl asked to end did not within {END_WITHIN_SECONDS:.0f} s") from None
    # Asked before Python could listen it ends by the signal; as it was just ending, by itself.
    if process.returncode not in (Exit.DONE, Exit.INTERRUPTED, -signal.SIGTERM):
        raise LifeFailed(f"a crawl asked to end did so with exit code {process.returncode}")


def end_family(process: subprocess.Popen[bytes]) -> None:
    """Kill whatever is left of a crawl and its workers, and wait until it has gone."""
    with suppress(ProcessLookupError, PermissionError):  # macOS answers so where only a zombie is left
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    until = time.monotonic() + END_WITHIN_SECONDS
    while family_lives(process.pid) and time.monotonic() < until:
        time.sleep(0.005)


def family_lives(group: int) -> bool:
    """Whether any process of a group is there."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True

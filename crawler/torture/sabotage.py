"""`python -m crawler.torture.sabotage MOMENT NTH SECONDS crawl …`: the `muragat` command, killed at a step.

The command is the real one, from its first line to its last; only the step at which it is to be killed is
wrapped, and kills the whole family of processes by SIGKILL when it is reached the nth time.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from itertools import count
from threading import Thread
from typing import Any

from archive.raw.pages import PageStore
from archive.store import connection
from archive.store.search_index import SearchIndex
from crawler import cli
from crawler.torture.moments import Kill, Moment

Strike = Callable[[], None]


def main() -> None:
    """Arm the kill that the first three arguments name, then run the command of the others."""
    if os.getpgrp() != os.getpid():
        sys.exit("sabotage kills its whole process group: start it as the leader of one of its own")
    moment, nth, seconds, *arguments = sys.argv[1:]
    arm(Kill(Moment[moment], int(nth), float(seconds)))
    sys.argv = ["muragat", *arguments]
    cli.main()


def arm(kill: Kill) -> None:
    """Wrap the step at which the kill strikes."""
    strike = at_nth(kill.nth, family_killed)
    if kill.moment is Moment.BEFORE_RAW:
        wrap(PageStore, "keep", before=strike)
    elif kill.moment is Moment.BEFORE_ROW:
        wrap(PageStore, "keep", after=strike)
    elif kill.moment is Moment.BEFORE_INDEX:
        wrap(SearchIndex, "apply_changes", before=strike)
    elif kill.moment is Moment.BEFORE_COMMIT:
        wrap(SearchIndex, "apply_changes", after=strike)
    elif kill.moment is Moment.IN_MIGRATION:
        trace_statements(lambda statement: strike())
    elif kill.moment is Moment.IN_COMMIT:
        soon = at_nth(kill.nth, lambda: Thread(target=killed_after, args=[kill.seconds], daemon=True).start())
        trace_statements(lambda statement: soon() if statement == "COMMIT" else None)
    else:
        raise ValueError(f"{kill.moment.name} strikes from outside")


def at_nth(nth: int, strike: Strike) -> Strike:
    """What does nothing until it is called the nth time."""
    calls = count(1)
    return lambda: strike() if next(calls) == nth else None


def family_killed() -> None:
    """Kill this process and all it has started, as `kill -9` would."""
    os.killpg(0, signal.SIGKILL)


def killed_after(seconds: float) -> None:
    """Kill the family in a moment, while another thread writes."""
    time.sleep(seconds)
    family_killed()


def nothing() -> None:
    """Let it pass."""


def wrap(owner: type, name: str, *, before: Strike = nothing, after: Strike = nothing) -> None:
    """Strike before or after each call of a method."""
    method = getattr(owner, name)

    def wrapped(*arguments: Any, **options: Any) -> Any:
        before()
        answer = method(*arguments, **options)
        after()
        return answer

    setattr(owner, name, wrapped)


def trace_statements(heard: Callable[[str], None]) -> None:
    """Hear each SQL statement just before it is done, in both files, from their first migration on."""
    migrate = connection.migrate

    def migrate_heard(db: Any, *arguments: Any) -> None:
        db.conn.set_trace_callback(heard)
        migrate(db, *arguments)

    setattr(connection, "migrate", migrate_heard)  # noqa: B010 - mypy knows it as a function of the module


if __name__ == "__main__":
    main()

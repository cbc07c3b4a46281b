"""A worker's crawls and their cleaning workers are forked from one process that has loaded everything."""

from __future__ import annotations

import sys
from multiprocessing import forkserver, get_context
from multiprocessing.context import BaseContext

from archive.errors import ArchiveError
from crawler.pipelines.workers import start_tracker

# On macOS the system's own libraries do not stand it that a process forks which has loaded them. From Python
# 3.14 on a fork server serves nobody but who started it, and crawls ask it for their cleaning workers.
START_METHOD = "forkserver" if sys.platform == "linux" and sys.version_info < (3, 14) else "spawn"
LOADED = "crawler.cluster.loaded"
# What Python says of a process whose fork server is gone, and cannot tell how it ended.
UNKNOWN_END = 255


def context() -> BaseContext:
    """How a worker begins its crawls. What it begins has nothing of it but what it is given."""
    made = get_context(START_METHOD)
    made.set_forkserver_preload([LOADED])
    return made


class NotLoaded(ArchiveError):
    """No process could be begun that has loaded what crawls need."""


def load(made: BaseContext) -> None:
    """Wait until all is loaded, for who takes a source's lease is to ask the site soon; raises NotLoaded."""
    start_tracker()  # before the context does, and not in silence
    first = made.Process(target=is_loaded)  # type: ignore[attr-defined]
    try:
        first.start()
    except (OSError, EOFError) as error:
        raise NotLoaded(f"no process for crawls could be begun: {error}") from error
    first.join()
    if first.exitcode:
        raise NotLoaded("what crawls need could not be loaded; is Muragat installed whole?")


def is_loaded() -> None:
    """What the first process does: end well where all is there."""
    sys.exit(START_METHOD == "forkserver" and LOADED not in sys.modules)


def share_server() -> None:
    """In a crawl that was forked: fork its own processes from the same server.

    Python would start another server for them, for to a forked process its own server is not known by
    number, only by address.
    """
    if START_METHOD == "forkserver":
        forkserver._forkserver.ensure_running = lambda: None  # type: ignore[method-assign]

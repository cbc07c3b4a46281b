"""A worker's crawls and their cleaning workers are forked from one process that has loaded everything."""

from __future__ import annotations

import sys
from multiprocessing import forkserver, get_context
from multiprocessing.context import BaseContext

# On macOS the system's own libraries do not stand it that a process forks which has loaded them.
START_METHOD = "forkserver" if sys.platform == "linux" else "spawn"
LOADED = "crawler.cluster.loaded"
# What Python says of a process whose fork server is gone, and cannot tell how it ended.
UNKNOWN_END = 255


def context() -> BaseContext:
    """How a worker begins its crawls. What it begins has nothing of it but what it is given."""
    made = get_context(START_METHOD)
    made.set_forkserver_preload([LOADED])
    return made


def load(made: BaseContext) -> None:
    """Wait until all is loaded: who takes a source's lease is to ask the site soon."""
    first = made.Process(target=is_loaded)  # type: ignore[attr-defined]
    first.start()
    first.join()


def is_loaded() -> None:
    """What the first process does: it could begin."""


def share_server() -> None:
    """In a crawl that was forked: fork its own processes from the same server.

    Python would start another server for them, for to a forked process its own server is not known by
    number, only by address.
    """
    if START_METHOD == "forkserver":
        forkserver._forkserver.ensure_running = lambda: None  # type: ignore[method-assign]

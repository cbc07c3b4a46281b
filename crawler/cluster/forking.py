"""A worker's crawls and their cleaning workers are forked from one process that has loaded everything."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from multiprocessing import forkserver, get_context
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from multiprocessing.util import get_temp_dir
from pathlib import Path
from threading import Timer

from archive.errors import ArchiveError
from crawler.pipelines.workers import start_tracker

# On macOS the system's own libraries do not stand it that a process forks which has loaded them. From Python
# 3.14 on a fork server serves nobody but who started it, and crawls ask it for their cleaning workers.
START_METHOD = "forkserver" if sys.platform == "linux" and sys.version_info < (3, 14) else "spawn"
LOADED = "crawler.cluster.loaded"
# What Python says of a process whose fork server is gone, and cannot tell how it ended.
UNKNOWN_END = 255
STANDARD_ERROR = 2
START_SECONDS = 60.0  # a server's own start on a busy machine
KILLED_SECONDS = 5.0  # until the server has said that a killed process is gone


def stand_alone() -> None:
    """Have what this process begins depend on nothing of its surroundings.

    A fork server takes the lowest free descriptors, has the current folder first on its path, where a
    `redis.py` may lie, and notices no end of a process where its end is ignored. The folder may be closed to
    this user, or go.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= STANDARD_ERROR:
        pass
    os.close(number)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    places = [str(Path(one).absolute()) for one in sys.path if one and Path(one).exists()]
    os.environ["PYTHONPATH"] = os.pathsep.join(places)
    os.environ["PYTHONSAFEPATH"] = "1"
    os.chdir("/")


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
        start(first)
    except (OSError, EOFError) as error:
        raise NotLoaded(f"no process for crawls could be begun: {error}") from error
    first.join()
    if first.exitcode:
        raise NotLoaded("what crawls need could not be loaded; is Muragat installed whole?")


def start(child: BaseProcess) -> None:
    """Start a process; raises OSError or EOFError, and then the next one is forked from another server."""
    watchdog = Timer(START_SECONDS, end_server)
    watchdog.start()
    try:
        child.start()
    except (ConnectionError, FileNotFoundError, EOFError):
        end_server()  # nobody can reach it any more
        raise
    finally:
        watchdog.cancel()


def ended(child: BaseProcess) -> int:
    """How a process ended that has, or was killed; a server that does not say so is ended itself."""
    if not wait([child.sentinel], KILLED_SECONDS):
        end_server()
    child.join(KILLED_SECONDS)
    return UNKNOWN_END if child.exitcode is None else child.exitcode


def end_server() -> None:
    """Kill the fork server, and with it every crawl that was forked from it: it does not answer.

    The next one has its address in the same folder, which may be what is gone.
    """
    with suppress(FileExistsError):
        Path(get_temp_dir()).mkdir(mode=0o700)
    if pid := getattr(forkserver._forkserver, "_forkserver_pid", None):
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # Python looks itself, and is to find it gone


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

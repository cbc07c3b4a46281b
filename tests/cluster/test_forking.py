"""Crawls are forked from one process that has loaded everything, and so is what cleans for them."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from made_papers import Paper
from rich.console import Console

import crawler
from archive.store.folder import ArchiveFolder
from crawler.cluster.files import source_from
from crawler.cluster.forking import (
    START_METHOD,
    UNKNOWN_END,
    context,
    ended,
    load,
    share_server,
    start,
)
from crawler.pipelines.workers import CleaningPool
from crawler.runs.options import CrawlOptions
from crawler.runs.report import LineBoard
from crawler.runs.runner import crawl

pytestmark = pytest.mark.skipif(START_METHOD != "forkserver", reason="crawls are not forked here")


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is forked takes the path over, and finds the functions of this file by their module's name."""
    monkeypatch.syspath_prepend(Path(crawler.__file__).parent.parent)


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """The process id of a server that has loaded everything."""
    load(context())
    number = forkserver._forkserver._forkserver_pid
    yield number
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)


def asked(what: object, *arguments: object) -> object:
    """What a forked process answers."""
    ours, its = context().Pipe()
    child = context().Process(target=what, args=(its, *arguments))
    child.start()
    its.close()  # so a child that dies is heard
    answer = ours.recv() if ours.poll(60) else None
    child.join(60)
    assert child.exitcode == 0
    return answer


def is_everything_there(answer: Connection) -> None:
    loaded = {"crawler.cluster.child", "crawler.cleaning", "pymorphy3", "scrapy.crawler", "redis"}
    answer.send((loaded - sys.modules.keys(), "twisted.internet.reactor" in sys.modules, os.getppid()))


def where_a_cleaning_worker_comes_from(answer: Connection) -> None:
    share_server()

    async def parent() -> int:
        with CleaningPool(workers=1, seconds=30, start_method=START_METHOD) as pool:
            return await pool.do(os.getppid)

    answer.send((asyncio.run(parent()), os.getppid()))


def what_a_crawl_loads(answer: Connection, profile: str) -> None:
    before = set(sys.modules)
    with TemporaryDirectory() as place:
        folder = ArchiveFolder(Path(place) / "archive")
        source = source_from({"paper_0.toml": profile}, "paper_0", folder)
        options = CrawlOptions(allow_private=True, attended=False)
        (report,) = crawl([source], folder, options, LineBoard(Console(quiet=True)))
    answer.send((report.status, report.counts["new"], sorted(sys.modules.keys() - before)))


def test_a_crawl_loads_nothing_more(server: int) -> None:
    paper = Paper(0, 3)
    try:
        status, new, loaded = asked(what_a_crawl_loads, paper.profile(0.05))
    finally:
        paper.close()
    assert (status, new) == ("done", 3)
    # An update on the disk must not be mixed with what the server has; and loading it takes time.
    assert [name for name in loaded if name.startswith(("crawler", "archive", "scrapy"))] == []


def test_what_is_forked_has_everything_loaded_but_a_reactor(server: int) -> None:
    assert asked(is_everything_there) == (set(), False, server)


def test_a_cleaning_worker_comes_from_the_same_server(server: int) -> None:
    assert asked(where_a_cleaning_worker_comes_from) == (server, server)


def test_the_server_has_one_thread_and_outlives_what_ends_a_service(server: int) -> None:
    os.kill(server, signal.SIGTERM)
    assert asked(is_everything_there) == (set(), False, server)
    assert len(list(Path(f"/proc/{server}/task").iterdir())) == 1


def sleeps_long(answer: Connection) -> None:
    answer.send(os.getpid())
    time.sleep(600)


def test_a_server_that_says_nothing_is_ended_and_another_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load(context())
    ours, its = context().Pipe()
    child = context().Process(target=sleeps_long, args=(its,))
    start(child)
    its.close()
    ours.recv()
    monkeypatch.setattr("crawler.cluster.forking.KILLED_SECONDS", 0.5)
    monkeypatch.setattr("crawler.cluster.forking.START_SECONDS", 1.0)
    first = forkserver._forkserver._forkserver_pid
    os.kill(first, signal.SIGSTOP)
    with pytest.raises(EOFError):
        start(context().Process(target=os.getpid))  # the watchdog ends the server
    child.kill()
    assert ended(child) == UNKNOWN_END
    monkeypatch.setattr("crawler.cluster.forking.START_SECONDS", 60.0)
    load(context())
    assert forkserver._forkserver._forkserver_pid != first


def test_a_server_whose_address_is_gone_is_ended_and_another_is_made() -> None:
    load(context())
    first = forkserver._forkserver._forkserver_pid
    shutil.rmtree(Path(forkserver._forkserver._forkserver_address).parent)
    with pytest.raises(FileNotFoundError):
        start(context().Process(target=os.getpid))
    load(context())
    assert forkserver._forkserver._forkserver_pid != first


KILLED_CRAWL = """
import asyncio, os, signal
from crawler.cluster.forking import START_METHOD, context, load, share_server
from crawler.pipelines.workers import CleaningPool

def crawl():
    share_server()
    async def killed():
        with CleaningPool(workers=1, seconds=30, start_method=START_METHOD) as pool:
            await pool.do(os.getpid)
            os.kill(os.getpid(), signal.SIGKILL)
    asyncio.run(killed())

if __name__ == "__main__":
    load(context())
    child = context().Process(target=crawl)
    child.start()
    child.join()
    print(child.exitcode)
"""


def test_what_a_killed_crawl_leaves_is_taken_away_in_silence(tmp_path: Path) -> None:
    script = tmp_path / "worker.py"
    script.write_text(KILLED_CRAWL, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=60, env=with_code()
    )
    assert (done.stdout, done.stderr) == ("-9\n", "")


def test_a_worker_whose_crawls_cannot_be_loaded_says_so() -> None:
    code = "from crawler.cluster import forking as f; f.LOADED = 'crawler.nowhere'; f.load(f.context())"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=with_code())
    assert "NotLoaded: what crawls need could not be loaded" in done.stderr


def with_code() -> dict[str, str]:
    """An environment in which our own modules are found from anywhere."""
    return os.environ | {"PYTHONPATH": str(Path(crawler.__file__).parent.parent)}

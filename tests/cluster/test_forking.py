"""Crawls are forked from one process that has loaded everything, and so is what cleans for them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from crawler.cluster.forking import START_METHOD, context, load, share_server
from crawler.pipelines.workers import CleaningPool

pytestmark = pytest.mark.skipif(START_METHOD != "forkserver", reason="crawls are not forked here")


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """The process id of a server that has loaded everything."""
    load(context())
    number = forkserver._forkserver._forkserver_pid
    yield number
    os.kill(number, signal.SIGKILL)


def asked(what: object, *arguments: object) -> object:
    """What a forked process answers."""
    ours, its = context().Pipe()
    child = context().Process(target=what, args=(its, *arguments))
    child.start()
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


def test_what_is_forked_has_everything_loaded_but_a_reactor(server: int) -> None:
    assert asked(is_everything_there) == (set(), False, server)


def test_a_cleaning_worker_comes_from_the_same_server(server: int) -> None:
    assert asked(where_a_cleaning_worker_comes_from) == (server, server)


def test_the_server_has_one_thread_and_outlives_what_ends_a_service(server: int) -> None:
    os.kill(server, signal.SIGTERM)
    assert asked(is_everything_there) == (set(), False, server)
    assert len(list(Path(f"/proc/{server}/task").iterdir())) == 1

"""What a cluster survives: each of its processes killed, Redis too, a worker cut off for a minute."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from crawler.cluster.broker import HEARTBEAT_MS, MOST_RETRIES
from crawler.cluster.forking import START_METHOD
from crawler.cluster.leases import LEASE_SECONDS, Lease

from .conftest import DELAY, Cluster, Redis, forked_of, group_of, killed, server_of, until

TAKEN_UP_WITHIN = 4 * HEARTBEAT_MS / 1000 + 5
REFETCHED_AT_MOST = 5
KILLS = MOST_RETRIES + 2  # more often than a job may fail
DEAD_LETTERS = "muragat:dramatiq:muragat-crawls.XQ"
pytestmark = pytest.mark.slow


@dataclass
class Proxy:
    """A way to Redis that can be cut: what is on it then goes nowhere, and nobody is told."""

    to_port: int
    cut: bool = False
    pairs: list[tuple[socket.socket, socket.socket]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.door.getsockname()[1]}/0"

    def accept(self) -> None:
        while True:
            try:
                near, _ = self.door.accept()
                far = socket.create_connection(("127.0.0.1", self.to_port))
            except OSError:
                return
            threading.Thread(target=self.pump, args=(near, far), daemon=True).start()

    def pump(self, near: socket.socket, far: socket.socket) -> None:
        while True:
            ready, _, _ = select.select([near, far], [], [], 0.2)
            if self.cut:
                time.sleep(0.2)
                continue
            for one in ready:
                try:
                    data = one.recv(65536)
                    (far if one is near else near).sendall(data)
                except OSError:
                    data = b""
                if not data:
                    near.close()
                    far.close()
                    return


@pytest.fixture
def made(cluster: Callable[..., Cluster]) -> Cluster:
    return cluster(12, 40)


@pytest.fixture
def proxy(broker: Redis) -> Iterator[Proxy]:
    one = Proxy(broker.port)
    yield one
    one.door.close()


def under_way(made: Cluster) -> bool:
    return sum(len(paper.asked) for paper in made.papers) > 100


def wait_until_home(made: Cluster, client: Any, seconds: float = 400) -> None:
    until(made.is_home, seconds)
    until(lambda: not client.keys("muragat:queued:*"), 120)
    until(lambda: client.xlen("muragat:fetched") == 0, 60)


def judge(made: Cluster, again: int = REFETCHED_AT_MOST) -> None:
    """Nothing lost, nothing twice, little fetched again, nobody asked by two or too fast."""
    addresses = made.articles()
    assert len(addresses) == len(set(addresses)) == 480
    assert sum(times - 1 for paper in made.papers for times in paper.fetched().values()) <= again
    for paper in made.papers:
        assert max(one.at_once for one in paper.asked) == 1
        assert paper.shortest_gap() >= DELAY / 2
    made.stop()
    audit = made.run("audit", "--full", "--archive", str(made.folder))
    assert "0 lost, 0 double, 0 damaged" in audit.stdout, audit.stdout


def begun(made: Cluster, workers: int = 3) -> list[subprocess.Popen[bytes]]:
    made.enqueue()
    made.collector()
    started = [made.worker() for _ in range(workers)]
    until(lambda: under_way(made), 120)
    return started


def test_a_worker_with_its_hands_full_is_killed(made: Cluster, client: Any) -> None:
    made.enqueue()
    made.collector()
    victim = made.worker()
    until(lambda: len(client.keys("muragat:lease:*")) == 4, 60)
    left = [key.decode().rpartition(":")[2] for key in client.keys("muragat:lease:*")]
    for _ in range(2):
        made.worker(threads=6)  # together they have room for all twelve
    until(lambda: under_way(made), 120)
    at = time.monotonic()
    killed(victim)
    papers = [paper for paper in made.papers if f"paper_{paper.number}" in left]
    time.sleep(2)
    asked = [len(paper.asked) for paper in papers]
    # Those it had in hand are asked again by another, and by nobody before its lease has ended.
    for paper, before in zip(papers, asked, strict=True):
        if len(paper.fetched()) == 40:
            continue
        left_over = TAKEN_UP_WITHIN - (time.monotonic() - at)
        until(lambda paper=paper, before=before: len(paper.asked) > before, left_over)
    wait_until_home(made, client)
    judge(made)


def test_redis_is_killed_and_comes_back(made: Cluster, client: Any, broker: Redis) -> None:
    begun(made)
    broker.kill()
    time.sleep(3)
    broker.start()
    wait_until_home(made, client)
    judge(made)


def test_the_collector_is_killed(made: Cluster, client: Any) -> None:
    begun(made)
    for _ in range(3):
        collector = next(one for one in made.processes if "collect" in one.args and one.poll() is None)
        killed(collector)
        time.sleep(1)
        made.collector()
        time.sleep(2)
    wait_until_home(made, client)
    judge(made)


def test_a_worker_is_cut_off_for_a_minute(made: Cluster, client: Any, proxy: Proxy) -> None:
    made.enqueue()
    made.collector()
    made.worker(url=proxy.url)
    until(lambda: under_way(made), 120)
    proxy.cut = True
    time.sleep(5)
    made.worker()
    made.worker()
    time.sleep(55)
    proxy.cut = False
    wait_until_home(made, client)
    judge(made)


def test_workers_asked_to_end_again_and_again_give_their_jobs_back(made: Cluster, client: Any) -> None:
    begun(made)
    for _ in range(KILLS):
        first = next(one for one in made.processes if "worker" in one.args and one.poll() is None)
        first.send_signal(signal.SIGTERM)
        assert first.wait(timeout=35) == 0
        made.worker()
        time.sleep(3)
    assert client.zcard(DEAD_LETTERS) == 0
    wait_until_home(made, client)
    judge(made)


def test_workers_whose_processes_are_all_told_to_end_give_their_jobs_back(made: Cluster, client: Any) -> None:
    begun(made)
    for worker in [one for one in made.processes if "worker" in one.args][:2]:
        os.killpg(worker.pid, signal.SIGTERM)  # as the end of a service or of a container does
        assert worker.wait(timeout=35) == 0
    made.worker()
    wait_until_home(made, client)
    judge(made)
    assert client.zcard(DEAD_LETTERS) == 0


@pytest.mark.skipif(START_METHOD != "forkserver", reason="crawls are not forked here")
def test_what_crawls_are_forked_from_is_killed(made: Cluster, client: Any) -> None:
    (worker,) = begun(made, workers=1)
    for _ in range(KILLS):
        until(lambda: forked_of(worker), 60)
        server, crawls = server_of(worker), forked_of(worker)
        os.kill(server, signal.SIGKILL)
        until(lambda crawls=crawls: not crawls & forked_of(worker), 10)
        until(lambda server=server: server_of(worker) not in (server, 0), 60)
        time.sleep(2)
    wait_until_home(made, client)
    judge(made, again=KILLS * 4)  # one page each of four sources
    assert client.zcard(DEAD_LETTERS) == 0


def test_ctrl_c_at_a_worker_ends_it_in_words(made: Cluster, client: Any) -> None:
    (worker,) = begun(made, workers=1)
    for _ in range(3):
        os.killpg(worker.pid, signal.SIGINT)  # as a terminal does
        time.sleep(0.3)
    assert worker.wait(timeout=35) == 0
    said = made.log_of(worker)
    assert "Stopping; what is under way is finished or goes back into the queue." in said
    assert "the crawl of paper_0 was interrupted; it goes back into the queue" in said
    assert not [word for word in ("Traceback", "leaked", "Again", "Interrupt", "ended with") if word in said]
    assert client.zcard(DEAD_LETTERS) == 0
    waiting = json.loads(made.run("cluster", "status", "--json").stdout)["waiting"]
    assert waiting == sum(1 for _ in client.scan_iter(match="muragat:queued:*"))


def test_no_child_outlives_its_worker(cluster: Callable[..., Cluster], client: Any) -> None:
    made = cluster(2, 200)
    (worker,) = begun(made, workers=1)
    killed(worker)
    time.sleep(2)
    before = [len(paper.asked) for paper in made.papers]
    time.sleep(2)
    assert [len(paper.asked) for paper in made.papers] == before
    if sys.platform == "linux":
        until(lambda: not group_of(worker.pid), 20)


def test_a_lease_is_one_workers_and_ends_by_itself(client: Any) -> None:
    lease = Lease.take(client, "muragat:lease:x", "a:1")
    assert lease is not None
    assert Lease.take(client, "muragat:lease:x", "b:2") is None
    assert 0 < client.pttl("muragat:lease:x") <= LEASE_SECONDS * 1000
    client.set("muragat:lease:x", "b:2 other")
    lease.asked_at -= 10
    lease.renew()
    assert lease.is_lost
    lease.give_back()
    assert client.get("muragat:lease:x") == b"b:2 other"  # another's is left alone

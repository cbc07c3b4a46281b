"""A real Redis on a free port, newspapers on loopback, and the processes of a cluster."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from made_papers import Paper, write_profiles

pytest.importorskip("dramatiq", reason="the optional libraries of the cluster are not installed")
pytest.importorskip("msgpack", reason="the optional libraries of the cluster are not installed")
redis = pytest.importorskip("redis", reason="the optional libraries of the cluster are not installed")
DELAY = 0.1
SERVER = "multiprocessing.forkserver"


@dataclass
class Redis:
    """A redis-server with an append-only file, that can be killed and started again."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.port = self.port or free_port()
        command = ["redis-server", *self.options()]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)
        until(lambda: self.answers(), 20)

    def options(self) -> list[str]:
        place = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        return [*place, "--appendonly", "yes", "--save", ""]

    def answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url).ping())
        except redis.RedisError:
            return False

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Redis]:
    if not shutil.which("redis-server"):
        pytest.skip("no redis-server on this machine")
    server = Redis(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def client(broker: Redis) -> Any:
    return redis.Redis.from_url(broker.url)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def until(what: Callable[[], object], seconds: float) -> None:
    """Wait for something; fail when it does not come."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.1)


@dataclass
class Cluster:
    """An archive, its papers, and processes that work for it."""

    folder: Path
    broker: Redis
    papers: list[Paper]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of ours, to its end."""
        return subprocess.run(
            self.command(words), capture_output=True, text=True, timeout=120, env=self.env()
        )

    def start(self, *words: str, url: str | None = None) -> subprocess.Popen[bytes]:
        """A command of ours, in the background, in a group of its own."""
        log = self.log_file(len(self.processes), words[0]).open("wb")
        process = subprocess.Popen(
            self.command(words), stdout=log, stderr=log, env=self.env(url), start_new_session=True
        )
        self.processes.append(process)
        return process

    def log_file(self, number: int, command: str) -> Path:
        """Where the process of a number says what it says."""
        return self.folder.parent / f"{command}-{number}.log"

    def log_of(self, process: subprocess.Popen[bytes]) -> str:
        """What a process has said."""
        (file,) = self.folder.parent.glob(f"*-{self.processes.index(process)}.log")
        return file.read_text(encoding="utf-8")

    def command(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "crawler", *words]

    def env(self, url: str | None = None) -> dict[str, str]:
        return os.environ | {"MURAGAT_REDIS": url or self.broker.url}

    def enqueue(self, *options: str) -> str:
        ids = [f"paper_{paper.number}" for paper in self.papers]
        words = ("--enqueue", "--allow-private", *options, "--archive", str(self.folder))
        done = self.run("schedule", "run", *ids, *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def worker(self, *, url: str | None = None, threads: int = 4) -> subprocess.Popen[bytes]:
        return self.start("worker", "--threads", str(threads), url=url)

    def collector(self) -> subprocess.Popen[bytes]:
        return self.start("collect", "--archive", str(self.folder))

    def articles(self) -> list[str]:
        """The addresses of all articles at home."""
        with closing(sqlite3.connect(self.folder / "news.db", timeout=30)) as db:
            try:
                return [row[0] for row in db.execute("SELECT url FROM articles")]
            except sqlite3.OperationalError:  # not made yet
                return []

    def is_home(self) -> bool:
        return len(self.articles()) >= sum(paper.articles for paper in self.papers)

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(timeout=60)


def killed(process: subprocess.Popen[bytes]) -> None:
    """`kill -9` of one process; its children are to end by themselves."""
    process.kill()
    process.wait()


def group_of(leader: int) -> dict[int, tuple[int, str]]:
    """The living processes of a group: the parent of each, and its command. Linux only."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            command = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:  # it is gone
            continue
        if int(group) == leader and state != "Z":
            found[int(folder.name)] = int(parent), command
    return found


def server_of(worker: subprocess.Popen[bytes]) -> int:
    """The process that a worker's crawls are forked from; 0 while there is none."""
    of_worker = group_of(worker.pid).items()
    return next(
        (pid for pid, (parent, command) in of_worker if parent == worker.pid and SERVER in command), 0
    )


def forked_of(worker: subprocess.Popen[bytes]) -> set[int]:
    """The crawls of a worker, and what cleans pages for them."""
    server = server_of(worker)
    return {pid for pid, (_, command) in group_of(worker.pid).items() if SERVER in command} - {server}


@pytest.fixture
def cluster(tmp_path: Path, broker: Redis) -> Iterator[Callable[..., Cluster]]:
    """Makes an archive with so many papers of so many articles; all it began is ended."""
    made: list[Cluster] = []

    def make(papers: int, articles: int) -> Cluster:
        folder = tmp_path / "archive"
        press = [Paper(number, articles) for number in range(papers)]
        write_profiles(folder / "sources", press, DELAY)
        made.append(Cluster(folder, broker, press))
        return made[-1]

    yield make
    for one in made:
        for process in one.processes:
            process.kill()
            process.wait()
        for paper in one.papers:
            paper.close()

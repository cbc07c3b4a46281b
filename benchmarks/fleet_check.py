"""The model of benchmarks/fleet.py against a real worker on this machine, with papers on loopback."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from made_papers import Paper, write_profiles

DELAY = 0.5
THREADS = 2
SMALL, LARGE = 4, 24  # articles of the two papers that tell what a start and a page take
PAPERS, ARTICLES = 6, 16
TOLERATED = 0.15
# For two workers against one: more papers than threads, so that none stands idle at the end.
MANY_PAPERS, MANY_ARTICLES = 12, 40
LEAST_GAIN = 1.7


@dataclass(frozen=True, slots=True)
class Measured:
    """What crawling a paper takes by the clock: a start, and each request."""

    start: float
    request: float

    def paper(self, articles: int) -> float:
        """Seconds for a paper of so many articles: robots.txt and a feed come before them."""
        return self.start + self.request * (articles + 2)


def check() -> int:
    """Measure a start and a request, foretell a run of more papers, and compare; 1 when it is off."""
    if not shutil.which("redis-server"):
        print("no redis-server on this machine: nothing to compare with")
        return 0
    small, large = run_of(1, SMALL), run_of(1, LARGE)
    request = (large - small) / (LARGE - SMALL)
    measured = Measured(small - request * (SMALL + 2), request)
    foretold = measured.paper(ARTICLES) * -(-PAPERS // THREADS)
    took = run_of(PAPERS, ARTICLES)
    off = foretold / took - 1
    print(f"a start takes {measured.start:.1f} s, a request {request:.2f} s (delay {DELAY} s)")
    print(f"{PAPERS} papers of {ARTICLES} articles, {THREADS} at once:")
    print(f"foretold {foretold:.1f} s, took {took:.1f} s ({off:+.0%})")
    return int(abs(off) > TOLERATED)


def gain() -> int:
    """Compare two workers with one, at a polite pace; 1 when the second brings too little."""
    if not shutil.which("redis-server"):
        print("no redis-server on this machine: nothing to measure")
        return 0
    one, two = (run_of(MANY_PAPERS, MANY_ARTICLES, workers=workers) for workers in (1, 2))
    print(
        f"{MANY_PAPERS} papers of {MANY_ARTICLES} articles, {THREADS} at once in a worker, {DELAY} s apart:"
    )
    print(f"one worker {one:.1f} s, two {two:.1f} s: {one / two:.2f} times as many a second")
    return int(one / two < LEAST_GAIN)


def run_of(papers: int, articles: int, *, workers: int = 1) -> float:
    """Seconds from the first request to the last."""
    with TemporaryDirectory() as name, redis_at(Path(name)) as url:
        press = [Paper(number, articles) for number in range(papers)]
        archive = Path(name) / "archive"
        write_profiles(archive / "sources", press, DELAY)
        env = os.environ | {"MURAGAT_REDIS": url}
        ids = [f"paper_{number}" for number in range(papers)]
        command = [sys.executable, "-m", "crawler"]
        options = ["--enqueue", "--allow-private", "--archive", str(archive), "--quiet"]
        with ExitStack() as stack:
            for _ in range(workers):
                stack.enter_context(background([*command, "worker", "--threads", str(THREADS)], env))
            stack.enter_context(background([*command, "collect", "--archive", str(archive)], env))
            time.sleep(4)  # both are there
            began = time.monotonic()
            subprocess.run([*command, "schedule", "run", *ids, *options], env=env, check=True)
            while sum(len(paper.fetched()) for paper in press) < papers * articles:
                time.sleep(0.05)
            ended = max(one.ended for paper in press for one in paper.asked)
        for paper in press:
            paper.close()
        return ended - began


@contextmanager
def redis_at(folder: Path) -> Iterator[str]:
    """A Redis of its own, by its address."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    with background(command, dict(os.environ)):
        time.sleep(1)
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def background(command: list[str], env: dict[str, str]) -> Iterator[None]:
    """A process that runs meanwhile, in a group of its own, quietly."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=env, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)

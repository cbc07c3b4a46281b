"""A worker: takes jobs from the queue and crawls each in a child, holding the source's lease."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import gettempdir
from time import monotonic, sleep

import redis

from archive.exits import Exit
from archive.health.holders import is_alive
from archive.numbers_said import counted
from crawler.cluster.broker import ACTOR, CrawlFailed, CrawlStopped, broker_at
from crawler.cluster.child import JOB_FOLDER, Attempt, main
from crawler.cluster.forking import UNKNOWN_END, context, ended, load, stand_alone, start
from crawler.cluster.leases import LEASE_SECONDS, Lease
from crawler.cluster.places import Places, connected, without_password

logger = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 0.25
SIGN_EVERY_SECONDS = 5.0
# A worker that died holds its lease until it ends; then it is to be had.
LEASE_PATIENCE_SECONDS = 2 * LEASE_SECONDS
STOP_SECONDS = 25.0  # a crawl asked to end keeps what is under way
# Then a crawl is asked to end, and goes on where it was in another turn: it may hang.
JOB_SECONDS = 6 * 3600.0
# A crawl ends with these that was asked to before it could take the asking for more than that.
ASKED_TO_END = (-signal.SIGTERM, -signal.SIGINT)


def run_worker(url: str, places: Places, *, threads: int) -> Exit:
    """Work until SIGTERM or Ctrl-C, then end within half a minute; jobs under way go back into the queue."""
    # No more than can be begun: what a busy worker holds back nobody else can take. Read when it is imported.
    os.environ["dramatiq_queue_prefetch"] = str(threads)  # noqa: SIM112 - as Dramatiq spells it
    import dramatiq

    stand_alone()
    connected(url)  # better told now than by each job
    sweep()
    broker = broker_at(url, places)
    work = Work(url, places)
    load(work.context)
    dramatiq.actor(actor_name=ACTOR, queue_name=places.queue, broker=broker)(work.crawl)
    worker = dramatiq.Worker(broker, queues={places.queue}, worker_threads=threads, worker_timeout=1000)
    ending = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: ending.set())
    worker.start()
    at_once = f"{counted(threads, 'source')} at once"
    print(f"Working for {places.name} at {without_password(url)}, {at_once}", flush=True)  # noqa: T201
    while not ending.is_set():
        work.show_life()
        ending.wait(SIGN_EVERY_SECONDS)
    print("Stopping; what is under way is finished or goes back into the queue.", file=sys.stderr)  # noqa: T201
    work.ending.set()
    worker.stop(timeout=round(STOP_SECONDS * 1000) + 5_000)
    broker.close()
    with suppress(redis.RedisError):
        work.client.delete(places.worker(work.holder))
    return Exit.DONE


class Work:
    """What the threads of one worker share."""

    def __init__(self, url: str, places: Places) -> None:
        self.url, self.places = url, places
        self.client = connected(url)
        self.context = context()
        self.children = threading.Lock()  # to begin one and to ask how one ended is not for two at once
        self.ending = threading.Event()
        self.holder = f"{socket.gethostname()}:{os.getpid()}"

    def show_life(self) -> None:
        """Say that this worker is there; while Redis is away nobody hears it."""
        with suppress(redis.RedisError):
            self.client.set(self.places.worker(self.holder), 1, ex=round(3 * SIGN_EVERY_SECONDS))

    def crawl(self, job: str, source: str) -> None:
        """Do one job; raises CrawlFailed or CrawlStopped when it is to be tried again."""
        body = self.client.get(self.places.job(job))
        if body is None:
            logger.warning("job %s of %s is over", job, source)
            return
        lease = self.lease_of(source)
        try:
            code = self.watched(self.begun(body, lease), lease)
        finally:
            lease.give_back()
        if code == Exit.INTERRUPTED:
            raise CrawlStopped(f"the crawl of {source} was interrupted")
        if code == Exit.STORAGE:
            raise CrawlStopped(f"this machine has no room for the crawl of {source}, or no process")
        if code != Exit.DONE:
            raise CrawlFailed(f"the crawl of {source} ended with {code}")
        # That the source has a job is forgotten at home, when all of it has come.
        self.client.delete(self.places.job(job), self.places.asked(job))

    def lease_of(self, source: str) -> Lease:
        """The source's lease, waited for; raises CrawlStopped while somebody else goes on having it."""
        until = monotonic() + LEASE_PATIENCE_SECONDS
        while (lease := Lease.take(self.client, self.places.lease(source), self.holder)) is None:
            if monotonic() > until or self.ending.is_set():
                raise CrawlStopped(f"another worker has {source} in hand")
            sleep(LOOK_EVERY_SECONDS)
        return lease

    def begun(self, body: bytes, lease: Lease) -> BaseProcess:
        """The child that does the job; raises CrawlStopped when the machine has none to give."""
        attempt = Attempt(body, self.url, self.places, lease.token)
        child: BaseProcess = self.context.Process(target=main, args=(attempt,))  # type: ignore[attr-defined]
        try:
            with self.children:
                start(child)
        except (OSError, EOFError) as error:
            raise CrawlStopped(f"no process for a crawl: {error}") from error
        return child

    def watched(self, child: BaseProcess, lease: Lease) -> int:
        """Wait for the child; end it when its lease is lost, or this worker is to end. Returns its code."""
        began, asked_at = monotonic(), None
        try:
            while not wait([child.sentinel], LOOK_EVERY_SECONDS):
                lease.renew()
                if lease.is_lost:
                    raise CrawlStopped("the lease was lost: Redis was away too long")
                is_over = self.ending.is_set() or monotonic() - began > JOB_SECONDS
                if is_over and asked_at is None:
                    child.terminate()
                    asked_at = monotonic()
                if asked_at and monotonic() - asked_at > STOP_SECONDS:
                    break
        finally:
            # Whatever happened: nobody may ask the site without a lease.
            code = self.end_of(child)
        if code == UNKNOWN_END:
            raise CrawlStopped("the process that crawls are forked from was killed")
        is_asked = asked_at or self.ending.is_set() or code in ASKED_TO_END
        return Exit.INTERRUPTED if code != Exit.DONE and is_asked else code

    def end_of(self, child: BaseProcess) -> int:
        """How a child ended, killed now where it has not, and what it left is removed."""
        if not wait([child.sentinel], 0):
            child.kill()
        with self.children:
            code = ended(child)
        sweep(child.pid)
        return code


def sweep(pid: int | None = None) -> None:
    """Remove the folder a killed child left, or with no `pid` those of all who are not there any more."""
    for folder in Path(gettempdir()).glob(f"{JOB_FOLDER}{pid or '*'}-*"):
        owner = folder.name.removeprefix(JOB_FOLDER).partition("-")[0]
        if owner.isdecimal() and (pid or not is_alive(int(owner))):
            shutil.rmtree(folder, ignore_errors=True)

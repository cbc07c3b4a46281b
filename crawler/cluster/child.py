"""One attempt at a job, in a process of its own: a reactor cannot begin twice."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import NoReturn, TypeVar
from uuid import uuid4

from rich.console import Console

from archive.errors import ArchiveError
from archive.exits import Exit, exit_for
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from crawler import settings
from crawler.cluster.files import source_from
from crawler.cluster.forking import START_METHOD, share_server
from crawler.cluster.jobs import Job
from crawler.cluster.outbox import Outbox
from crawler.cluster.places import Places, RedisAway, connected
from crawler.cluster.travelling import TravellingArchive
from crawler.cluster.wire import record, unpacked
from crawler.runs.books import keep_source
from crawler.runs.options import CrawlOptions
from crawler.runs.report import LineBoard, RunReport
from crawler.runs.runner import crawl
from crawler.runs.session import Session
from crawler.sources.errors import ProfileError
from crawler.sources.profile import Source

LOOK_EVERY_SECONDS = 0.5
JOB_FOLDER = "muragat-job-"  # its name goes on with the child's process id
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a worker gives its child: a job as it is sent, where Redis is, and the lease it holds."""

    body: bytes
    redis: str
    places: Places
    lease: str


def main(attempt: Attempt) -> NoReturn:
    """Crawl the job's source and send everything home; ends the process with one of `Exit`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is the worker's to hear
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})  # what it was forked from blocks it
    die_with_parent()
    share_server()
    sys.exit(ended(attempt))


def ended(attempt: Attempt) -> Exit:
    """How the attempt ended."""
    try:
        job = record(Job, unpacked(attempt.body)["job"])
        with TemporaryDirectory(prefix=f"{JOB_FOLDER}{os.getpid()}-") as place:
            report = crawled(job, ArchiveFolder(Path(place) / "archive"), attempt)
    except ProfileError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the worker's log
        return Exit.PROFILE
    except RedisAway as error:  # no fault of the job, and no try of it
        print(error, file=sys.stderr)  # noqa: T201 - the worker's log
        return Exit.INTERRUPTED
    except ArchiveError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the worker's log
        return exit_for(error)
    return Exit.INTERRUPTED if report is None or report.status == "stopped" else Exit.DONE


def crawled(job: Job, folder: ArchiveFolder, attempt: Attempt) -> RunReport | None:
    """The crawl of one job into a folder that is thrown away; `None` when it was interrupted."""
    source = source_from(job.files, job.source, folder)
    # What is fetched and not sent yet is asked again after a kill.
    settings.MURAGAT_UNREAD_AT_MOST = source.pace.concurrent_requests
    client = connected(attempt.redis)
    outbox = Outbox(client, attempt.places, job, attempt=uuid4().hex, lease=attempt.lease)
    began, began_at = datetime.now(UTC), monotonic()
    outbox.send_to_all("begun", files=job.files, at=began)
    options = CrawlOptions(
        limit=job.limit,
        since=datetime.fromisoformat(job.since).date() if job.since else None,
        allow_private=job.allow_private,
        attended=False,
    )
    with session_for(job, source, folder, outbox):
        try:
            (report,) = crawl([source], folder, options, LineBoard(Console(stderr=True)))
        except KeyboardInterrupt:
            report = RunReport(job.source, "stopped", "interrupted")
    outbox.send_to_all(
        "ended",
        status=report.status,
        reason=report.reason,
        began=began,
        at=datetime.now(UTC),
        seconds=monotonic() - began_at,
    )
    return report


class TravellingSession(Session):
    """A session whose archive sends all home: each page at once; what could not be sent is not fetched.

    At home pages wait a tenth of a second for company; here that would be asked again after a kill.
    """

    outbox: Outbox
    start_method = START_METHOD

    async def write_page(self, work: Callable[[Archive], Answer]) -> Answer:
        return await self.write(work)

    async def write_news(self, work: Callable[[Archive], Answer]) -> Answer:
        return await self.write(work)

    def may_fetch(self) -> bool:
        """Whether what is fetched now can be sent, and kept until then."""
        return not self.outbox.is_waiting and super().may_fetch()


def session_for(job: Job, source: Source, folder: ArchiveFolder, outbox: Outbox) -> Session:
    """A session whose archive sends everything home; the crawl joins it."""

    def opened(folder: ArchiveFolder) -> TravellingArchive:
        archive = TravellingArchive(folder, job, outbox)
        keep_source(archive, source)  # addresses refer to it
        archive.load()
        return archive

    session = TravellingSession(
        folder,
        workers=settings.MURAGAT_WORKERS,
        cleaning_seconds=settings.MURAGAT_CLEANING_SECONDS,
        open_archive=opened,
    )
    session.outbox = outbox
    return session


def die_with_parent() -> None:
    """End at once when the worker is gone: its lease will be another's, and two would ask one host.

    Threads look for the worker, and for the server this was forked from, without which the worker knows
    nothing of it. Of that, Linux tells the kernel too.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    server, worker = os.getppid(), multiprocessing.parent_process()

    def look_for_server() -> None:
        while os.getppid() == server:
            time.sleep(LOOK_EVERY_SECONDS)
        os._exit(Exit.INTERRUPTED)

    def look_for_worker() -> None:
        if worker:
            worker.join()
            os._exit(Exit.INTERRUPTED)

    for look in (look_for_server, look_for_worker):
        threading.Thread(target=look, daemon=True).start()

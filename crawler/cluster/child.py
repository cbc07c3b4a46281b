"""One attempt at a job, in a process of its own: a reactor cannot begin twice.

Reads the job from standard input, where Redis is from the environment; ends with one of `Exit`.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TypeVar
from uuid import uuid4

from rich.console import Console

from archive.errors import ArchiveError
from archive.exits import Exit, exit_for
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from crawler import settings
from crawler.cluster.files import source_from
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

REDIS, NAME, PARENT, LEASE = "MURAGAT_REDIS", "MURAGAT_CLUSTER", "MURAGAT_PARENT", "MURAGAT_LEASE"
LOOK_EVERY_SECONDS = 0.5
JOB_FOLDER = "muragat-job-"  # its name goes on with the child's process id
Answer = TypeVar("Answer")


def main() -> int:
    """Crawl the job's source and send everything home."""
    die_with_parent(int(os.environ.get(PARENT, "0")))
    try:
        job = record(Job, unpacked(sys.stdin.buffer.read())["job"])
        with TemporaryDirectory(prefix=f"{JOB_FOLDER}{os.getpid()}-") as place:
            report = crawled(job, ArchiveFolder(Path(place) / "archive"))
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


def crawled(job: Job, folder: ArchiveFolder) -> RunReport | None:
    """The crawl of one job into a folder that is thrown away; `None` when it was interrupted."""
    source = source_from(job.files, job.source, folder)
    # What is fetched and not sent yet is asked again after a kill.
    settings.MURAGAT_UNREAD_AT_MOST = source.pace.concurrent_requests
    client = connected(os.environ[REDIS])
    places = Places(os.environ.get(NAME, Places().name))
    outbox = Outbox(client, places, job, attempt=uuid4().hex, lease=os.environ.get(LEASE))
    began, began_at = datetime.now(UTC), monotonic()
    outbox.send_to_all("begun", files=job.files, at=began)
    options = CrawlOptions(
        limit=job.limit,
        since=datetime.fromisoformat(job.since).date() if job.since else None,
        allow_private=job.allow_private,
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


def die_with_parent(parent: int) -> None:
    """End at once when the worker is gone: its lease will be another's, and two would ask one host.

    Linux tells the kernel; elsewhere, and for a worker that died a moment ago, a thread looks.
    """
    if sys.platform == "linux":
        import ctypes
        import signal

        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_EVERY_SECONDS)
        os._exit(Exit.INTERRUPTED)

    if parent:
        threading.Thread(target=look, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())

"""One open archive per process: its lock, its one writer thread and its cleaning workers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Self, TypeVar

from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from archive.store.lock import held
from archive.store.together import Done, Work, kept_together, written_together
from crawler import settings
from crawler.pipelines.workers import CleaningPool
from crawler.runs.gathering import Gathering
from crawler.runs.long_logs import LongLogs
from crawler.runs.patience import LOCK_SECONDS, Limits, Patience, Say, limits_of
from crawler.runs.room import Room

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")
Together = Callable[[Archive, Sequence[Work]], list[Done]]


class Session:
    """What all sources of one crawl share. Close it, or use it with `with`.

    The lock is the kernel's, so it ends with its holder however that dies. Only the writer thread
    touches the archive: writes never block the reactor, and no two meet on one connection.
    """

    shared: dict[str, Session] = {}  # noqa: RUF012 - one per archive in this process, by design
    start_method = "spawn"  # of the workers: nothing of the reactor is inherited

    def __init__(
        self,
        folder: ArchiveFolder,
        *,
        workers: int,
        cleaning_seconds: float,
        limits: Limits | None = None,
        say: Say = logger.warning,
        open_archive: Callable[[ArchiveFolder], Archive] | None = None,
    ) -> None:
        """Open the archive; raises ArchiveBusy when another crawl holds it, or another ArchiveError.

        `limits` are those of crawler/settings.py unless others are given; `say` hears, in any thread, what
        the crawl waits for. `open_archive` opens another kind of archive, in the thread that alone uses it.
        """
        self.folder = folder
        self.users = 0
        limits = limits or limits_of(vars(settings))
        self.patience = Patience(folder.news, limits, say)
        self.room = Room(folder, limits, say, self.patience.given_up.is_set)
        self.logs = LongLogs(folder, limits, say)
        folder.make()
        self.lock = held(folder)
        try:
            self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive-writer")
            self.archive = self.thread.submit(self.patience.do, open_archive or opened, folder).result()
        except BaseException:
            self.give_up()
            self.lock.release()
            raise
        self.pages = Gathering(self.thread, partial(self.do_together, kept_together))
        self.news = Gathering(self.thread, partial(self.do_together, written_together))
        self.pool = CleaningPool(
            workers=workers,
            seconds=cleaning_seconds,
            prepare=self.archive.articles.prepare,
            start_method=self.start_method,
        )
        self.shared[str(folder.path)] = self

    def __enter__(self) -> Self:
        self.users += 1
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    @classmethod
    def join(
        cls,
        folder: ArchiveFolder,
        *,
        workers: int,
        cleaning_seconds: float,
        limits: Limits,
        say: Say = logger.warning,
    ) -> Session:
        """The session of this archive, opened by the first who joins and closed by the last who leaves."""
        session = cls.shared.get(str(folder.path))
        session = session or cls(
            folder, workers=workers, cleaning_seconds=cleaning_seconds, limits=limits, say=say
        )
        session.users += 1
        return session

    def leave(self) -> None:
        """Say that one user is done with it."""
        self.users -= 1
        if self.users == 0:
            self.close()

    async def write(self, work: Callable[[Archive], Answer]) -> Answer:
        """Do something to the archive in its own thread, patiently."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.thread, self.patience.do, work, self.archive)

    async def write_page(self, work: Callable[[Archive], Answer]) -> Answer:
        """`write` for what writes pages.db alone: in one transaction with what others write there now."""
        answer: Answer = await self.pages.done(work)
        return answer

    async def write_news(self, work: Callable[[Archive], Answer]) -> Answer:
        """`write` for what writes news.db alone: in one transaction with what others write there now."""
        answer: Answer = await self.news.done(work)
        return answer

    def do_together(self, together: Together, works: Sequence[Work]) -> list[Done]:
        """Several works in one transaction, patiently; in the archive's thread."""
        return self.patience.do(lambda archive: together(archive, works), self.archive)

    def write_now(self, work: Callable[[Archive], Answer]) -> Answer:
        """`write` for where no loop runs."""
        return self.thread.submit(self.patience.do, work, self.archive).result()

    def may_fetch(self) -> bool:
        """Whether what is fetched now can be kept; raises NoRoom when no room was made in time."""
        self.logs.look()
        return not self.patience.is_waiting and self.room.is_enough()

    def give_up(self) -> None:
        """Wait for nothing any more, neither room nor a lock: the crawl is ending."""
        self.patience.given_up.set()

    def close(self) -> None:
        """End the workers, empty the write-ahead logs and give the archive free."""
        self.shared.pop(str(self.folder.path), None)
        self.give_up()
        self.pool.close()
        self.thread.submit(self.archive.close).result()
        self.thread.shutdown()
        self.lock.release()


def opened(folder: ArchiveFolder) -> Archive:
    """The archive, open to be written."""
    return Archive(folder, busy_timeout=LOCK_SECONDS)

"""One open archive per process: its lock, its one writer thread and its cleaning workers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Self, TypeVar

from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from archive.store.lock import held
from archive.store.together import kept_together, written_together
from crawler.pipelines.workers import CleaningPool
from crawler.runs.gathering import Gathering

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")


class Session:
    """What all sources of one crawl share. Close it, or use it with `with`.

    The lock is the kernel's, so it ends with its holder however that dies. Only the writer thread
    touches the archive: writes never block the reactor, and no two meet on one connection.
    """

    shared: dict[str, Session] = {}  # noqa: RUF012 - one per archive in this process, by design

    def __init__(self, folder: ArchiveFolder, *, workers: int, cleaning_seconds: float) -> None:
        """Open the archive; raises ArchiveBusy when another crawl holds it, or another ArchiveError."""
        self.folder = folder
        self.users = 0
        folder.make()
        self.lock = held(folder)
        try:
            self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive-writer")
            self.archive = self.thread.submit(Archive, folder).result()
        except BaseException:
            self.lock.release()
            raise
        self.pages = Gathering(self.thread, partial(kept_together, self.archive))
        self.news = Gathering(self.thread, partial(written_together, self.archive))
        self.pool = CleaningPool(workers=workers, seconds=cleaning_seconds)
        self.shared[str(folder.path)] = self

    def __enter__(self) -> Self:
        self.users += 1
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    @classmethod
    def join(cls, folder: ArchiveFolder, *, workers: int, cleaning_seconds: float) -> Session:
        """The session of this archive, opened by the first who joins and closed by the last who leaves."""
        session = cls.shared.get(str(folder.path))
        session = session or cls(folder, workers=workers, cleaning_seconds=cleaning_seconds)
        session.users += 1
        return session

    def leave(self) -> None:
        """Say that one user is done with it."""
        self.users -= 1
        if self.users == 0:
            self.close()

    async def write(self, work: Callable[[Archive], Answer]) -> Answer:
        """Do something to the archive in its own thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.thread, work, self.archive)

    async def write_page(self, work: Callable[[Archive], Answer]) -> Answer:
        """`write` for what writes pages.db alone: in one transaction with what others write there now."""
        answer: Answer = await self.pages.done(work)
        return answer

    async def write_news(self, work: Callable[[Archive], Answer]) -> Answer:
        """`write` for what writes news.db alone: in one transaction with what others write there now."""
        answer: Answer = await self.news.done(work)
        return answer

    def write_now(self, work: Callable[[Archive], Answer]) -> Answer:
        """`write` for where no loop runs."""
        return self.thread.submit(work, self.archive).result()

    def close(self) -> None:
        """End the workers, empty the write-ahead logs and give the archive free."""
        self.shared.pop(str(self.folder.path), None)
        self.pool.close()
        self.thread.submit(self.archive.close).result()
        self.thread.shutdown()
        self.lock.release()

"""Pages are cleaned in processes of their own: in the reactor one page would stall every connection.

A page that takes too long or too much memory ends its worker, never the crawl.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import resource_tracker
from typing import Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from archive.records import Article, Found, Page
from archive.store.disk import is_machine_error, storage_error
from archive.store.prepared import OfTexts
from crawler.sources.profile import Source

MEMORY_BYTES = 3 * 1024**3  # address space of one worker; Linux keeps to it, macOS does not
# Then a fresh process, so that no leak of a parser grows for ever: 5,000 real pages showed none. A start
# takes 2 s of CPU where it is a fresh interpreter, 1 ms a page were it every 2,000.
PAGES_PER_WORKER = 20_000
TRACKER_SILENCE = "ignore:resource_tracker:UserWarning"
START_SECONDS = 60.0  # a worker's own start on a busy machine
Answer = TypeVar("Answer")
Prepare = Callable[[Article, OfTexts], None]


class WorkersLost(Exception):
    """A worker is gone, or does not answer; another takes its place."""


class CleaningFailed(Exception):
    """A page could not be cleaned; `code` says why: "too_slow", "too_large",
    "worker_died" or "cleaning_error"."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


def fresh_worker(start_method: str) -> ProcessPool:
    """A pool of one worker, started so; `start_method` is multiprocessing's.

    Raises StorageFull where the machine has none to give, WorkersLost where it ended at once.
    """
    start_tracker()
    pool = ProcessPool(
        max_workers=1,
        max_tasks=PAGES_PER_WORKER,
        initializer=prepare_worker,
        context=multiprocessing.get_context(start_method),
    )
    try:
        pool.active  # noqa: B018 - to ask starts it
    except (BrokenProcessPool, OSError) as error:
        why = error.__cause__ if isinstance(error, BrokenProcessPool) else error
        if isinstance(why, OSError):
            raise storage_error(why, "a worker that reads pages") from error
        raise WorkersLost from error
    return pool


def start_tracker() -> None:
    """Start the process of Python's that takes away what workers leave, and have it do so in silence.

    After a second Ctrl-C there is always something left, and its warning says nothing to anybody.
    """
    before = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = f"{before},{TRACKER_SILENCE}" if before else TRACKER_SILENCE
    try:
        resource_tracker.ensure_running()
    finally:
        del os.environ["PYTHONWARNINGS"]
        if before is not None:
            os.environ["PYTHONWARNINGS"] = before


class CleaningPool:
    """Processes that turn pages into articles. Use it with `with`, or close it yourself.

    Each is started when there is something to do and none is idle: a crawl that brings three pages pays for
    one, with its memory and its second of CPU, however many the machine could run. A worker may be killed
    from outside, as the system does when memory runs out, also while it is idle; another is then made and
    the page tried once more.
    """

    def __init__(
        self, *, workers: int, seconds: float, prepare: Prepare | None = None, start_method: str = "spawn"
    ) -> None:
        """`start_method` is multiprocessing's, and none that inherits anything of the reactor."""
        self.workers, self.seconds, self.prepare = workers, seconds, prepare
        self.start_method = start_method
        self.free = asyncio.Semaphore(workers)  # what is handed over begins at once, so its time can be told
        self.idle: list[ProcessPool] = []  # pools of one worker each, the one that worked last at the end
        self.busy: set[ProcessPool] = set()

    def taken(self) -> ProcessPool:
        """A worker for one task: an idle one, else a fresh one."""
        worker = self.idle.pop() if self.idle else fresh_worker(self.start_method)
        self.busy.add(worker)
        return worker

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def clean(self, page: Page, source: Source, found: Sequence[Found]) -> Article:
        """The article on a kept page; raises CleaningFailed, or StorageFull as `do`.

        What it is found by is handed to `prepare`, where somebody keeps articles.
        """
        article, made = await self.do(read_article, page, source, tuple(found), self.prepare is not None)
        if self.prepare is not None and made is not None:
            self.prepare(article, made)
        return article

    async def do(self, work: Callable[..., Answer], *arguments: object) -> Answer:
        """Do something in a worker, within the pool's time and memory; raises CleaningFailed.

        Raises StorageFull where the machine has no worker to give: no fault of the page.
        """
        async with self.free:
            try:
                return await self.tried(work, arguments)
            except (ProcessExpired, WorkersLost):
                pass
            try:
                return await self.tried(work, arguments)
            except ProcessExpired as error:
                raise CleaningFailed("worker_died", f"its worker ended with code {error.exitcode}") from error
            except WorkersLost as error:
                raise CleaningFailed("worker_died", "its workers were lost twice") from error

    async def tried(self, work: Callable[..., Answer], arguments: tuple[object, ...]) -> Answer:
        """One try; raises ProcessExpired, WorkersLost, CleaningFailed or StorageFull."""
        worker = self.taken()
        try:
            return await self.done_by(worker, work, arguments)
        except WorkersLost:
            worker.stop()  # type: ignore[no-untyped-call]
            raise
        finally:
            self.busy.discard(worker)
            if worker.active:
                self.idle.append(worker)

    async def done_by(
        self, worker: ProcessPool, work: Callable[..., Answer], arguments: tuple[object, ...]
    ) -> Answer:
        """What a worker answers; raises as `tried` does."""
        try:
            future = worker.schedule(work, args=arguments, timeout=self.seconds)
            # The pool's own limit ends a slow page; ours only a pool that does not answer any more. Not
            # `wait_for`: in Python 3.11 it loses a Ctrl-C that comes in the moment of an answer.
            async with asyncio.timeout(self.seconds + START_SECONDS):
                return await asyncio.wrap_future(future)
        except ProcessExpired:
            raise
        except TimeoutError as error:
            if future.done() and not future.cancelled():
                raise CleaningFailed("too_slow", f"not read within {self.seconds:g} s") from error
            raise WorkersLost from error
        except MemoryError as error:
            raise CleaningFailed("too_large", "needs more memory than a worker may take") from error
        except (BrokenProcessPool, RuntimeError) as error:
            if worker.active:
                raise CleaningFailed("cleaning_error", f"{type(error).__name__}: {error}"[:300]) from error
            raise WorkersLost from error
        except OSError as error:
            if is_machine_error(error):
                raise storage_error(error, "a worker that reads pages") from error
            raise CleaningFailed("cleaning_error", f"{type(error).__name__}: {error}"[:300]) from error
        except Exception as error:  # whatever cleaning raises is one page's bad luck
            raise CleaningFailed("cleaning_error", f"{type(error).__name__}: {error}"[:300]) from error

    def close(self) -> None:
        """End the workers; what they have in hand is not lost, its page is kept and unread."""
        workers = (*self.idle, *self.busy)
        for worker in workers:
            worker.stop()  # type: ignore[no-untyped-call]
        for worker in workers:
            worker.join(timeout=10)


def prepare_worker() -> None:
    """Bound a worker's memory and threads, and leave Ctrl-C to the crawl, which ends its workers itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})  # what it was forked from may block it
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy's helpers wait in circles: 2 % of a worker's CPU
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or hard > MEMORY_BYTES:
        try:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, hard))
        except (ValueError, OSError):  # macOS refuses; its pages are still bounded in time and size
            return


def read_article(
    page: Page, source: Source, found: tuple[Found, ...], to_be_kept: bool
) -> tuple[Article, OfTexts | None]:
    """Clean one kept page, and make what its article is to be found by; what runs in a worker."""
    from crawler.cleaning import clean  # only workers pay for loading it

    article = clean(
        page.body,
        page.url,
        content_type=page.content_type,
        fetched_at=page.fetched_at,
        profile=source,
        requested_url=page.requested_url,
        stated=found,
    )
    is_kept = to_be_kept and article.article_type != "not_article"
    return article, OfTexts.of(article) if is_kept else None

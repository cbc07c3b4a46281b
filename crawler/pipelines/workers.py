"""Pages are cleaned in processes of their own: in the reactor one page would stall every connection.

A page that takes too long or too much memory ends its worker, never the crawl.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import signal
from collections.abc import Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Self

from pebble import ProcessExpired, ProcessPool

from archive.records import Article, Found, Page
from crawler.sources.profile import Source

MEMORY_BYTES = 3 * 1024**3  # address space of one worker; Linux keeps to it, macOS does not
PAGES_PER_WORKER = 2_000  # then a fresh process, so that no leak of a parser grows for ever


class CleaningFailed(Exception):
    """A page could not be cleaned; `code` says why: "too_slow", "too_large",
    "worker_died" or "cleaning_error"."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


class CleaningPool:
    """Processes that turn pages into articles. Start them with `with`, or close them yourself."""

    def __init__(self, *, workers: int, seconds: float) -> None:
        self.seconds = seconds
        self.pool = ProcessPool(
            max_workers=workers,
            max_tasks=PAGES_PER_WORKER,
            initializer=prepare_worker,
            # A fresh interpreter: nothing of the reactor, its threads or its open files is inherited.
            context=multiprocessing.get_context("spawn"),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def clean(self, page: Page, source: Source, found: Sequence[Found]) -> Article:
        """The article on a kept page; raises CleaningFailed."""
        future = self.pool.schedule(read_article, args=(page, source, tuple(found)), timeout=self.seconds)
        try:
            return await asyncio.wrap_future(future)
        except FutureTimeoutError as error:
            raise CleaningFailed("too_slow", f"not read within {self.seconds:g} s") from error
        except ProcessExpired as error:
            raise CleaningFailed("worker_died", f"its worker ended with code {error.exitcode}") from error
        except MemoryError as error:
            raise CleaningFailed("too_large", "needs more memory than a worker may take") from error
        except Exception as error:  # whatever cleaning raises is one page's bad luck
            raise CleaningFailed("cleaning_error", f"{type(error).__name__}: {error}"[:300]) from error

    def close(self) -> None:
        """End the workers; what they have in hand is not lost, its page is kept and unread."""
        self.pool.stop()  # type: ignore[no-untyped-call]
        self.pool.join(timeout=10)


def prepare_worker() -> None:
    """Bound a worker's memory and leave Ctrl-C to the crawl, which ends its workers itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or hard > MEMORY_BYTES:
        try:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, hard))
        except (ValueError, OSError):  # macOS refuses; its pages are still bounded in time and size
            return


def read_article(page: Page, source: Source, found: tuple[Found, ...]) -> Article:
    """Clean one kept page; what runs in a worker."""
    from crawler.cleaning import clean  # only workers pay for loading it

    return clean(
        page.body,
        page.url,
        content_type=page.content_type,
        fetched_at=page.fetched_at,
        profile=source,
        requested_url=page.requested_url,
        stated=found,
    )

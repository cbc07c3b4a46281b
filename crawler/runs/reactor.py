"""One reactor's life in a process, and how it ends when someone asks: soon, cleanly, and saying so."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import FrameType
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from twisted.python.failure import Failure

from archive.exits import Exit
from crawler.fetching.pace import NotAsked
from crawler.fetching.pacing import drop_waiting

PATIENCE_SECONDS = 15.0  # for answers under way; whatever is slower is asked again next time


class Stopping(NotAsked):
    """The crawl is ending; this address was not asked and stays on the list."""


class ReactorRun:
    """Runs spiders until their work is done, or Ctrl-C or SIGTERM ends it.

    The first signal stops asking and waits for what is under way; the second ends the process at once,
    which loses nothing: what was kept is kept, the rest is on the list. Once in a process.

    Where it is not `attended`, the second is none: a terminal's Ctrl-C reaches a worker and its crawls, and
    the worker asks them to end as well.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        attended: bool = True,
        stops: Callable[[], None] = lambda: None,
        last_words: Callable[[], None] = lambda: None,
    ) -> None:
        """`stops` is called when someone asks for an end, `last_words` when spiders are not waited for."""
        self.process = AsyncCrawlerProcess(settings)
        self.attended = attended
        self.stops = stops
        self.last_words = last_words
        self.stopping = False

    def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Start the reactor, do the work, stop the reactor. Raises what the work raised."""
        from twisted.internet import reactor  # installed by AsyncCrawlerProcess, not before

        self.reactor: Any = reactor

        def begin() -> None:
            self.task = asyncio.ensure_future(work())
            self.task.add_done_callback(lambda _: self.end())

        before = {sign: signal.signal(sign, self.asked_to_stop) for sign in (signal.SIGINT, signal.SIGTERM)}
        try:
            reactor.callWhenRunning(begin)
            self.process.start(stop_after_crawl=False, install_signal_handlers=False)
        finally:
            for sign, handler in before.items():
                signal.signal(sign, handler)
        if self.task.done() and not self.task.cancelled():
            self.task.result()

    def asked_to_stop(self, signum: int, frame: FrameType | None) -> None:
        """Handle a signal: the first asks to stop, the second does not ask."""
        if self.stopping and not self.attended:
            return
        if self.stopping:
            os.write(sys.stderr.fileno(), b"Ended at once. What was kept is kept; the next crawl goes on.\n")
            os._exit(Exit.INTERRUPTED)
        self.stopping = True
        if self.attended:
            os.write(sys.stderr.fileno(), b"Stopping; what is under way is finished. Again: end at once.\n")
        self.reactor.callFromThread(self.stop)

    def stop(self) -> None:
        """Ask nothing more, and wait no longer than PATIENCE_SECONDS for what was asked."""
        self.stops()
        for crawler in self.process.crawlers:
            drop_queued(crawler)
        self.stopped = asyncio.ensure_future(self.process.stop())
        self.reactor.callLater(PATIENCE_SECONDS, self.leave)

    def leave(self) -> None:
        """End the process though answers are outstanding: stopping the reactor would wait for them."""
        self.last_words()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(Exit.INTERRUPTED)

    def end(self) -> None:
        """Stop the reactor, if it still runs."""
        with suppress(RuntimeError):
            self.reactor.stop()


def drop_queued(crawler: Crawler) -> None:
    """Take back the requests of a crawler that wait for their turn at a host."""
    if not crawler.crawling or crawler._engine is None:
        return
    drop_waiting(crawler, Stopping("the crawl is ending"))
    for slot in crawler.engine.downloader.slots.values():
        while slot.queue:
            _, answer = slot.queue.popleft()
            answer.errback(Failure(Stopping("the crawl is ending")))  # type: ignore[no-untyped-call]

"""Writes that come close together are done in one transaction; who is alone does not wait for company."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from archive.store.together import Done, Work

MOST = 50  # works of one transaction: about 0.2 s, for which other programs wait to write
WAIT_SECONDS = 0.1  # for company: what a page takes longer, and what a kill may lose is asked again anyway
REST, LONGEST_REST = 4, 64  # batches not waited for after a wait that nobody came to


class Gathering:
    """Collects works on the loop and has `do` done with them, many at a time, in the archive's thread."""

    def __init__(self, thread: ThreadPoolExecutor, do: Callable[[Sequence[Work]], list[Done]]) -> None:
        self.thread, self.do = thread, do
        self.waiting: list[tuple[Work, asyncio.Future[Any]]] = []
        self.timer: asyncio.Handle | None = None
        self.is_busy = False
        self.rest = self.rests_left = 0

    async def done(self, work: Work) -> Any:
        """What the work answers, once that is on disk; raises what it raised, or an ArchiveError."""
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        self.waiting.append((work, answer))
        if not self.is_busy:
            self.set_out(loop)
        return await answer

    def set_out(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin a batch soon, or now where enough is waiting."""
        if self.timer and len(self.waiting) >= MOST:
            self.timer.cancel()
            self.hand_over(loop)
        elif not self.timer:
            wait = 0.0 if self.rests_left else WAIT_SECONDS
            self.timer = loop.call_later(wait, self.hand_over, loop)

    def hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have what is waiting done."""
        batch, self.waiting = self.waiting[:MOST], self.waiting[MOST:]
        self.timer, self.is_busy = None, True
        self.note_company(len(batch))
        job = self.thread.submit(self.do, [work for work, _ in batch])
        answers = [answer for _, answer in batch]
        job.add_done_callback(lambda job: loop.call_soon_threadsafe(self.hand_back, loop, answers, job))

    def note_company(self, count: int) -> None:
        """Wait no more for a while when nobody came; wait again as soon as somebody does."""
        if count > 1:
            self.rest = self.rests_left = 0
        elif self.rests_left:
            self.rests_left -= 1
        else:
            self.rest = min(max(2 * self.rest, REST), LONGEST_REST)
            self.rests_left = self.rest

    def hand_back(
        self, loop: asyncio.AbstractEventLoop, answers: Sequence[asyncio.Future[Any]], job: Future[list[Done]]
    ) -> None:
        """Tell everybody what became of their works, in one step of the loop."""
        self.is_busy = False
        if self.waiting:
            self.set_out(loop)
        failure = job.exception()
        results = [Done(error=failure) for _ in answers] if isinstance(failure, Exception) else job.result()
        for answer, done in zip(answers, results, strict=True):
            if answer.cancelled():
                continue
            if done.error:
                answer.set_exception(done.error)
            else:
                answer.set_result(done.answer)

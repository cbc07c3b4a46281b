"""Whose turn it is at a host, in this process and all others of the user."""

from __future__ import annotations

import asyncio
import logging
import time
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import inf

from scrapy.exceptions import IgnoreRequest

from archive.store.hosts import GAP_STEPS, Gap
from crawler.fetching.adapting import Adapting
from crawler.fetching.turns import Times, host_key, turn_file

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.02  # at another process's request under way
LONGEST_STAY = timedelta(seconds=60)  # longer waits are the frontier's: the crawl ends and comes back
UNHURT_SECONDS = 0.01  # who allows a hundred requests a second counts no milliseconds
HOSTS_OPEN = 100  # then files of idle hosts are closed: a process may open 1,024 as a rule
LONGEST_GAP = 86_400.0  # seconds; what is farther apart is two visits, not a gap


class NotAsked(IgnoreRequest):
    """A request was never sent, and that says nothing of its address."""


class HostBusy(NotAsked):
    """The host asked to be left alone for longer than a crawl will stay."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"the server asked to be left alone for {round(wait.total_seconds())} s")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Turn:
    """A request's turn at its host, to be given back when it is answered."""

    place: int
    places: int
    began: float
    is_first: bool


class HostPace:
    """The turns at one host.

    `stated` is the delay in seconds that its profile or robots.txt state, the longer one; `places` how many
    requests may be under way at once is told with each.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.file = turn_file(key)
        self.times = Times()
        self.adapting = Adapting()
        self.robots_delay = 0.0
        self.began = 0.0  # of the last request in this process, by a clock nobody puts back
        self.spacing = 0.0  # seconds from that one to the next
        self.quickest = inf  # seconds an answer took
        self.gate = asyncio.Lock()
        self.free: dict[int, asyncio.Semaphore] = {}
        self.taken: set[int] = set()
        self.gaps: dict[tuple[str, float], Gap] = {}

    @property
    def is_new(self) -> bool:
        """Whether nothing tells when the host was asked last."""
        return not self.times.last and not (self.file and self.file.was_there)

    async def begin(self, places: int, stated: float) -> Turn:
        """Wait for a turn: a free one of `places`, and the host's delay over. Raises HostBusy."""
        free = self.free.setdefault(places, asyncio.Semaphore(places))
        await free.acquire()
        try:
            await self.let_others_by(stated)
            place = await self.taken_place(places)
            try:
                async with self.gate:
                    return Turn(place, places, *await self.started(stated))
            except BaseException:
                self.leave_place(place)
                raise
        except BaseException:
            free.release()
            raise

    def end(self, turn: Turn, *, answered: bool) -> None:
        """Give a turn back; the delay counts from when the server will have had the request."""
        if answered and self.spacing > UNHURT_SECONDS:
            self.note_reached(turn)
        self.leave_place(turn.place)
        self.free[turn.places].release()

    def note_reached(self, turn: Turn) -> None:
        """Note when an answered request reached the server, at the latest.

        What an answer took beyond the quickest one may have been the way there: a new connection, a busy
        machine. A first request has made one.
        """
        took = time.time() - turn.began
        self.quickest = min(self.quickest, took)
        ago = 0.0 if turn.is_first else self.quickest
        with self.locked():
            reached = time.time() - ago
            last, following = max(self.times.last, reached), max(self.times.following, reached + self.spacing)
            self.put(replace(self.times, last=last, following=following))
        self.began = max(self.began, time.monotonic() - ago)

    async def let_others_by(self, stated: float) -> None:
        """Wait for the host's delay without a place: with one, this process would take every turn itself.

        Another process that waits for a place has it by then, and the next turn. Raises HostBusy.
        """
        spacing = self.spacing_of(stated)
        if self.file is None or spacing <= UNHURT_SECONDS:
            return
        with self.locked():
            wait = self.wait_at(time.time(), spacing)
        if wait > 0:
            await asyncio.sleep(wait)

    async def taken_place(self, places: int) -> int:
        """A place that no other process has either."""
        while (place := self.free_place(places)) is None:  # noqa: ASYNC110 - the kernel tells nobody
            await asyncio.sleep(LOOK_EVERY_SECONDS)
        self.taken.add(place)
        return place

    def free_place(self, places: int) -> int | None:
        """A place that nobody has, or `None`. The kernel does not tell this process from itself."""
        mine = [place for place in range(places) if place not in self.taken]
        if self.file and mine:
            try:
                return self.file.take_place(mine)
            except OSError as error:
                self.keep_alone(error)
        return mine[0] if mine else None

    def leave_place(self, place: int) -> None:
        """Let another request have a place."""
        self.taken.discard(place)
        if self.file:
            self.file.leave_place(place)

    def keep_alone(self, error: OSError) -> None:
        """Keep this process's own turns only: the files cannot be had any more."""
        logger.warning("turns at %s are not shared with other processes any more: %s", self.key, error)
        if self.file:
            with suppress(OSError):
                self.file.leave_places()
        self.file = None

    def rest(self) -> None:
        """Let go of the files while nothing is under way."""
        if self.file and not self.taken:
            self.file.close()

    async def started(self, stated: float) -> tuple[float, bool]:
        """Wait until a request may begin; returns when it did and whether it is this process's first."""
        is_first = not self.began
        while True:
            wait = self.try_to_start(self.spacing_of(stated))
            if wait <= 0:
                return time.time(), is_first
            await asyncio.sleep(wait)

    def spacing_of(self, stated: float) -> float:
        """How many seconds are to lie between two requests now."""
        return self.adapting.spacing(max(stated, self.robots_delay))

    def try_to_start(self, spacing: float) -> float:
        """Begin a request if its time has come, else say how many seconds that is away. Raises HostBusy."""
        with self.locked():
            now = time.time()
            if (wait := self.wait_at(now, spacing)) > 0:
                return wait
            self.note_gap(now - self.times.last, now)
            self.put(Times(now, now + spacing, self.times.quiet_until))
            self.began, self.spacing = time.monotonic(), spacing
        return 0.0

    def wait_at(self, now: float, spacing: float) -> float:
        """How many seconds away the host's next turn is, by its times; 0 or less for now. Raises HostBusy."""
        quiet = self.times.quiet_until - now
        if quiet > LONGEST_STAY.total_seconds():
            raise HostBusy(timedelta(seconds=quiet))
        waits = [quiet, self.times.following - now, self.times.last + spacing - now]
        if self.began:
            waits.append(self.began + spacing - time.monotonic())
        return max(waits)

    def be_quiet(self, wait: timedelta) -> None:
        """Ask nothing of the host for so long, in any process."""
        with self.locked():
            until = time.time() + wait.total_seconds()
            self.put(replace(self.times, quiet_until=max(until, self.times.quiet_until)))

    def assume_just_asked(self) -> None:
        """Take the host as asked this moment: it was before, and nobody knows when."""
        with self.locked():
            self.put(replace(self.times, last=time.time()))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Know the host's times as any process left them; nobody changes them meanwhile."""
        with ExitStack() as stack:
            if self.file:
                try:
                    stack.enter_context(self.file.locked())
                    self.times = self.file.read()
                except OSError as error:
                    self.keep_alone(error)
            self.times = self.times.at(time.time())
            yield

    def put(self, times: Times) -> None:
        """Set the host's times, for all processes."""
        self.times = times
        if self.file:
            try:
                self.file.write(times)
            except OSError as error:  # a full disk, as a rule
                self.keep_alone(error)

    def note_gap(self, gap: float, now: float) -> None:
        """Count how far a request stands from the one before."""
        if 0 <= gap <= LONGEST_GAP:
            day = datetime.fromtimestamp(now, UTC).date().isoformat()
            step = GAP_STEPS[bisect_right(GAP_STEPS, gap) - 1]
            before = self.gaps.get((day, step), Gap(self.key, day, step, 0, gap))
            self.gaps[day, step] = replace(
                before, requests=before.requests + 1, smallest=min(gap, before.smallest)
            )

    def counted_gaps(self) -> list[Gap]:
        """What was counted since this was asked last."""
        counted = list(self.gaps.values())
        self.gaps.clear()
        return counted


# The hosts this process asks; its crawls share them as they share the hosts.
paces: dict[str, HostPace] = {}


def pace_at(url: str) -> HostPace:
    """The pace of an address's host."""
    key = host_key(url)
    if key not in paces:
        if len(paces) % HOSTS_OPEN == HOSTS_OPEN - 1:
            for pace in paces.values():
                pace.rest()
        paces[key] = HostPace(key)
    return paces[key]


def all_counted_gaps() -> list[Gap]:
    """What all hosts of this process counted since this was asked last."""
    return [gap for pace in paces.values() for gap in pace.counted_gaps()]

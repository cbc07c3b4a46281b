"""The way home from a worker: what was fetched, into a Redis stream, in order and before anyone goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from time import monotonic, sleep
from typing import Any, TypeVar

from archive.identity import url_hash, url_key
from crawler.cluster.jobs import Job
from crawler.cluster.places import Places, RedisAway
from crawler.cluster.wire import packed

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")
MOST_IN_STREAM = 2_000  # messages nobody took home: then workers wait, or Redis fills
PATIENCE_SECONDS = 300.0  # for a Redis that restarts, and for a collector that does
RETRY_SECONDS = 0.5
ASKED_KEPT_SECONDS = 3 * 24 * 3600
CHUNK = 500


class LeaseLost(RedisAway):
    """Another worker may have the source: nothing more is to be asked of it."""


class Outbox:
    """Sends what one attempt at a job did. Used by the writer's thread alone.

    Each message has the number of its place in the attempt, so that one that comes twice is known, and the
    part of the archive it is for, where there are several.
    """

    def __init__(
        self, client: Any, places: Places, job: Job, *, attempt: str, lease: str | None = None
    ) -> None:
        self.client, self.places = client, places
        self.job, self.attempt, self.source = job.id, attempt, job.source
        self.part, self.elsewhere = job.part, job.elsewhere
        self.lease = lease
        self.number = 0
        self.is_waiting = False  # for Redis, or for the collector: what is fetched now could not be sent

    def send(self, what: str, *, about: str | None = None, done: str | None = None, **said: Any) -> None:
        """Send one message, `about` an address or the whole; with it or not at all, that `done` was asked.

        Waits while nobody takes messages home; raises RedisAway after minutes without an answer.
        """
        self.send_to(self.part_of(about or done), what, done, said)

    def send_to_all(self, what: str, **said: Any) -> None:
        """Send one message to every part of the archive this job is about."""
        for part in dict.fromkeys((self.part, *self.elsewhere.values())):
            self.send_to(part, what, None, said)

    def send_to(self, part: str | None, what: str, done: str | None, said: Mapping[str, Any]) -> None:
        """Send one message to a part of the archive."""
        self.number += 1
        head = {"what": what, "job": self.job, "attempt": self.attempt, "source": self.source}
        place = {"part": part, "job_part": self.part, "number": self.number}
        body = packed({**head, **place, **said})
        self.wait_for_room()
        self.patiently(lambda: self.add(body, done))

    def part_of(self, url: str | None) -> str | None:
        """The part an address belongs to."""
        return self.elsewhere.get(str(hash_of(url)), self.part) if url and self.elsewhere else self.part

    def add(self, body: bytes, done: str | None) -> None:
        """One transaction of Redis: the message, and the marks of what it is about."""
        pipeline = self.client.pipeline(transaction=True)
        pipeline.xadd(self.places.stream, {"m": body})
        if done:
            key = hash_of(done)
            pipeline.sadd(self.places.seen(self.source), key)
            pipeline.sadd(self.places.asked(self.job), key)
            pipeline.expire(self.places.asked(self.job), ASKED_KEPT_SECONDS)
        pipeline.execute()

    def wait_for_room(self) -> None:
        """Wait until the stream is short enough; raises RedisAway when nobody takes anything home."""
        until = monotonic() + PATIENCE_SECONDS
        while self.patiently(self.waiting_messages) >= MOST_IN_STREAM:
            self.is_waiting = True
            if monotonic() > until:
                raise RedisAway(f"{MOST_IN_STREAM} messages wait in Redis: is `muragat collect` running?")
            sleep(RETRY_SECONDS)
        self.is_waiting = False

    def waiting_messages(self) -> int:
        """How many messages are on their way home; raises LeaseLost when the source is another's by now.

        A worker that was stopped for a while does not notice, and its child would go on.
        """
        pipeline = self.client.pipeline(transaction=False)
        pipeline.xlen(self.places.stream)
        pipeline.get(self.places.lease(self.source))
        waiting, holder = pipeline.execute()
        if self.lease and holder != self.lease.encode():
            raise LeaseLost(f"{self.source}: the lease is lost")
        return int(waiting)

    def seen(self, hashes: Iterable[int]) -> set[int]:
        """Which of these addresses were asked before, by whatever worker."""
        asked, found = list(hashes), set()
        for start in range(0, len(asked), CHUNK):
            some = asked[start : start + CHUNK]
            found |= self.seen_among(some)
        return found

    def seen_among(self, hashes: list[int]) -> set[int]:
        """`seen` for as many as are asked at once."""
        key = self.places.seen(self.source)
        marks = self.patiently(lambda: self.client.smismember(key, hashes))
        return {one for one, mark in zip(hashes, marks, strict=True) if mark}

    def done_before(self) -> set[int]:
        """What earlier attempts at this job are done with."""
        members = self.patiently(lambda: self.client.smembers(self.places.asked(self.job)))
        return {int(one) for one in members}

    def patiently(self, ask: Callable[[], Answer]) -> Answer:
        """An answer of Redis, waited for while it is away; raises RedisAway when it stays away."""
        import redis
        from redis.exceptions import OutOfMemoryError, ReadOnlyError

        AWAY = (redis.ConnectionError, redis.TimeoutError, OutOfMemoryError, ReadOnlyError)  # noqa: N806
        until = monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = ask()
                self.is_waiting = False
                return answer
            except AWAY as error:
                if monotonic() > until:
                    raise RedisAway(f"Redis has been away for minutes ({error})") from error
                self.is_waiting = True
                logger.info("waiting for Redis: %s", error)
                sleep(RETRY_SECONDS)
            except redis.RedisError as error:
                raise RedisAway(f"Redis refuses: {error}") from error


def hash_of(url: str) -> int:
    """An address as sets have it."""
    return url_hash(url_key(url))

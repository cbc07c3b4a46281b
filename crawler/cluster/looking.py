"""How a cluster is doing: workers, queue, stream, leases, and jobs that failed for good."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from archive.numbers_said import counted
from crawler.cluster.broker import ACTOR
from crawler.cluster.places import GROUP, QUEUED_SECONDS, Places
from crawler.cluster.wire import WireError, unpacked


@dataclass(frozen=True, slots=True)
class ClusterStatus:
    """What Redis knows. `waiting` and `under_way` count jobs, `stream` messages that are not at home yet.

    `unacknowledged` were read by the collector and not kept yet; `behind_seconds` is the age of the oldest.
    `leases` maps a source to its worker; `dead` counts jobs nobody tries any more,
    `unkept` messages that could not be kept.
    """

    workers: int
    waiting: int
    under_way: int
    stream: int
    unacknowledged: int
    behind_seconds: float
    leases: Mapping[str, str]
    dead: int
    unkept: int

    def as_table(self) -> dict[str, Any]:
        """The same for JSON."""
        return asdict(self) | {"leases": dict(self.leases)}


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that was given up: its message, the source, how often it was tried and what it ended with."""

    message_id: str
    job: str
    source: str
    tried: int
    error: str


def cluster_status(client: Any, places: Places, now: datetime) -> ClusterStatus:
    """How the cluster is doing at this moment."""
    space = f"{places.name}:dramatiq"
    queue = f"{space}:{places.queue}"
    leases = {
        key.decode().rpartition(":")[2]: (client.get(key) or b"").decode().split(" ")[0]
        for key in client.scan_iter(match=places.lease("*"))
    }
    # What is tried again after a pause lies with a worker meanwhile.
    paused = sum(client.scard(key) for key in client.scan_iter(match=f"{space}:__acks__.*.{places.queue}.DQ"))
    return ClusterStatus(
        workers=sum(1 for _ in client.scan_iter(match=places.worker("*"))),
        waiting=client.llen(queue) + client.llen(f"{queue}.DQ") + paused,
        under_way=len(leases),
        stream=client.xlen(places.stream),
        unacknowledged=unacknowledged(client, places),
        behind_seconds=behind(client, places, now),
        leases=dict(sorted(leases.items())),
        dead=client.zcard(f"{queue}.XQ"),
        unkept=client.xlen(places.unkept),
    )


def status_lines(status: ClusterStatus) -> Iterator[str]:
    """The status for a person."""
    yield f"{counted(status.workers, 'worker')}; jobs: {status.waiting} waiting, {status.under_way} under way"
    behind = f", the oldest for {status.behind_seconds:.0f} s" if status.stream else ""
    yield f"on the way home: {counted(status.stream, 'message')}{behind}, {status.unacknowledged} being kept"
    yield from (f"{source}: {holder}" for source, holder in status.leases.items())
    if status.dead:
        yield f"{counted(status.dead, 'job')} failed for good: muragat cluster dead"
    if status.unkept:
        yield f"{counted(status.unkept, 'message')} could not be kept: muragat cluster dead"


def unacknowledged(client: Any, places: Places) -> int:
    """How many messages the collector has read and not kept."""
    groups = client.xinfo_groups(places.stream) if client.exists(places.stream) else []
    return sum(group["pending"] for group in groups if group["name"] == GROUP.encode())


def behind(client: Any, places: Places, now: datetime) -> float:
    """The age of the oldest message that is not at home, in seconds; 0 for none."""
    first = client.xrange(places.stream, count=1)
    if not first:
        return 0.0
    milliseconds = int(first[0][0].partition(b"-")[0])
    return max(0.0, now.timestamp() - milliseconds / 1000)


def dead_jobs(client: Any, places: Places) -> Iterator[DeadJob]:
    """The jobs that were given up, the oldest first."""
    queue = f"{places.name}:dramatiq:{places.queue}.XQ"
    for message_id in client.zrange(queue, 0, -1):
        body = client.hget(f"{queue}.msgs", message_id)
        if body is None:
            continue
        said = json.loads(body)
        if said.get("actor_name") != ACTOR:
            continue
        job, source = said["args"]
        lines = str(said["options"].get("traceback", "")).strip().splitlines()
        yield DeadJob(
            message_id.decode(), job, source, said["options"].get("retries", 0), lines[-1] if lines else ""
        )


def bury(client: Any, places: Places, dead: DeadJob) -> None:
    """Take a job out of the dead letters: it is in the queue again, and its source is not sent beside it."""
    queue = f"{places.name}:dramatiq:{places.queue}.XQ"
    pipeline = client.pipeline(transaction=True)
    pipeline.zrem(queue, dead.message_id)
    pipeline.hdel(f"{queue}.msgs", dead.message_id)
    pipeline.set(places.queued(dead.source), dead.job, ex=QUEUED_SECONDS)
    pipeline.execute()


@dataclass(frozen=True, slots=True)
class Unkept:
    """A message that could not be kept: what it was about, of which source, and why."""

    id: bytes
    body: bytes
    source: str
    what: str
    reason: str


def unkept_messages(client: Any, places: Places) -> Iterator[Unkept]:
    """The messages that could not be kept, the oldest first."""
    for entry, fields in client.xrange(places.unkept):
        body = fields.get(b"m", b"")
        try:
            said = unpacked(body)
        except WireError:
            said = {}
        reason = fields.get(b"reason", b"").decode()
        yield Unkept(entry, body, str(said.get("source", "?")), str(said.get("what", "?")), reason)


def send_again(client: Any, places: Places, unkept: Unkept) -> None:
    """Put a message that could not be kept back on its way home."""
    pipeline = client.pipeline(transaction=True)
    pipeline.xadd(places.stream, {"m": unkept.body, "again": "1"})
    pipeline.xdel(places.unkept, unkept.id)
    pipeline.execute()

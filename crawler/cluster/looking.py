"""How a cluster is doing: workers, queue, stream, leases, and jobs that failed for good."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from crawler.cluster.broker import ACTOR, HEARTBEAT_MS
from crawler.cluster.places import GROUP, Places


@dataclass(frozen=True, slots=True)
class ClusterStatus:
    """What Redis knows. `waiting` and `under_way` count jobs, `stream` messages that are not at home yet.

    `unacknowledged` were read by the collector and not kept yet; `behind_seconds` is the age of the oldest.
    `leases` maps a source to its worker; `dead` counts jobs nobody tries any more.
    """

    workers: int
    waiting: int
    under_way: int
    stream: int
    unacknowledged: int
    behind_seconds: float
    leases: Mapping[str, str]
    dead: int

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
    beats = client.zrangebyscore(f"{space}:__heartbeats__", now.timestamp() * 1000 - 2 * HEARTBEAT_MS, "+inf")
    queue = f"{space}:{places.queue}"
    leases = {
        key.decode().rpartition(":")[2]: (client.get(key) or b"").decode().split(" ")[0]
        for key in client.scan_iter(match=places.lease("*"))
    }
    return ClusterStatus(
        workers=len(beats),
        waiting=client.llen(queue) + client.llen(f"{queue}.DQ"),
        under_way=len(leases),
        stream=client.xlen(places.stream),
        unacknowledged=unacknowledged(client, places),
        behind_seconds=behind(client, places, now),
        leases=dict(sorted(leases.items())),
        dead=client.zcard(f"{queue}.XQ"),
    )


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
    """Take a job out of the dead letters, and let its source be sent again."""
    queue = f"{places.name}:dramatiq:{places.queue}.XQ"
    pipeline = client.pipeline(transaction=True)
    pipeline.zrem(queue, dead.message_id)
    pipeline.hdel(f"{queue}.msgs", dead.message_id)
    pipeline.delete(places.queued(dead.source))
    pipeline.execute()

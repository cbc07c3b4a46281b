"""The queue of jobs: Dramatiq on Redis, told to notice dead workers within seconds."""

from __future__ import annotations

from typing import Any

from crawler.cluster.places import Places

# A worker that gives no sign of life for so long is dead, and its jobs are another's.
HEARTBEAT_MS = 5_000
ALWAYS = 1_000_000  # of a million: look for dead workers with each question; by default with one in a hundred
MOST_RETRIES = 3  # then a job lies among the dead letters until somebody looks
MIN_BACKOFF_MS, MAX_BACKOFF_MS = 5_000, 300_000
JOB_LIMIT_MS = 60 * 60 * 1000
DEAD_KEPT_MS = 30 * 24 * 3600 * 1000
ACTOR = "crawl"


def broker_at(url: str, places: Places) -> Any:
    """The broker of a cluster. Messages are JSON: what is sent is data."""
    import dramatiq
    from dramatiq.brokers.redis import RedisBroker
    from dramatiq.middleware import Retries, ShutdownNotifications, TimeLimit

    broker = RedisBroker(  # type: ignore[no-untyped-call]
        url=url,
        namespace=f"{places.name}:dramatiq",
        heartbeat_timeout=HEARTBEAT_MS,
        maintenance_chance=ALWAYS,
        dead_message_ttl=DEAD_KEPT_MS,
        middleware=[
            TimeLimit(time_limit=JOB_LIMIT_MS),
            ShutdownNotifications(notify_shutdown=True),
            Retries(max_retries=MOST_RETRIES, min_backoff=MIN_BACKOFF_MS, max_backoff=MAX_BACKOFF_MS),
        ],
    )
    dramatiq.set_broker(broker)
    return broker

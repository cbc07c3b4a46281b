"""The queue of jobs: Dramatiq on Redis, told to notice dead workers within seconds."""

from __future__ import annotations

import logging
from typing import Any

from archive.errors import ArchiveError
from crawler.cluster.places import Places

# A worker that gives no sign of life for so long is dead, and its jobs are another's.
HEARTBEAT_MS = 5_000
ALWAYS = 1_000_000  # of a million: look for dead workers with each question; by default with one in a hundred
MOST_RETRIES = 3  # then a job lies among the dead letters until somebody looks
MIN_BACKOFF_MS, MAX_BACKOFF_MS = 5_000, 300_000
DEAD_KEPT_MS = 30 * 24 * 3600 * 1000
ACTOR = "crawl"


class CrawlFailed(ArchiveError):
    """A job's child ended as no crawl should: it is tried again, and then lies among the dead letters."""


class CrawlStopped(ArchiveError):
    """A job was interrupted, or could not go on for no fault of its own: somebody goes on later."""


class WithoutTraceback(logging.Filter):
    """Has jobs that ended as they may told of in a line: where in Dramatiq that was helps nobody."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Reword such a record; all of them are shown."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, CrawlStopped):
            record.msg, record.args, record.exc_info = "%s; it goes back into the queue", (error,), None
        elif isinstance(error, CrawlFailed):
            record.msg, record.args, record.exc_info = "%s", (error,), None
        return True


PLAINLY = WithoutTraceback()


def is_tried_again(tried: int, error: BaseException) -> bool:
    """Whether a job that ended with this is tried again; one that was interrupted always is."""
    return isinstance(error, CrawlStopped) or tried < MOST_RETRIES


def broker_at(url: str, places: Places) -> Any:
    """The broker of a cluster. Messages are JSON: what is sent is data."""
    import dramatiq
    from dramatiq.brokers.redis import RedisBroker
    from dramatiq.middleware import Retries

    logging.getLogger("dramatiq.worker.WorkerThread").addFilter(PLAINLY)
    broker = RedisBroker(  # type: ignore[no-untyped-call]
        url=url,
        namespace=f"{places.name}:dramatiq",
        heartbeat_timeout=HEARTBEAT_MS,
        maintenance_chance=ALWAYS,
        dead_message_ttl=DEAD_KEPT_MS,
        middleware=[
            Retries(retry_when=is_tried_again, min_backoff=MIN_BACKOFF_MS, max_backoff=MAX_BACKOFF_MS),
        ],
    )
    dramatiq.set_broker(broker)
    return broker

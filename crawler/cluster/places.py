"""Where things stand in Redis: every key of one cluster begins with its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from archive.errors import ArchiveError

DEFAULT_NAME = "muragat"
GROUP = "archive"  # of the stream's consumers: one archive takes everything home
COLLECTOR = "collector"  # always called so: after a restart its own pending entries come first


class RedisAway(ArchiveError):
    """Redis does not answer, or refuses us; what was sent is kept there."""


@dataclass(frozen=True, slots=True)
class Places:
    """The keys of a cluster called `name`."""

    name: str = DEFAULT_NAME

    @property
    def stream(self) -> str:
        """What was fetched and is not at home yet."""
        return f"{self.name}:fetched"

    @property
    def unkept(self) -> str:
        """The stream of messages that could not be kept, each with the reason, until somebody looks."""
        return f"{self.name}:unkept"

    def seen(self, source: str) -> str:
        """The set of the source's addresses that were asked, by `url_hash`."""
        return f"{self.name}:seen:{source}"

    def asked(self, job: str) -> str:
        """The set of addresses one job has done with: a second attempt leaves them out."""
        return f"{self.name}:asked:{job}"

    def job(self, job: str) -> str:
        """What a job says; the queue has only its name."""
        return f"{self.name}:job:{job}"

    def lease(self, source: str) -> str:
        """Which worker has the source in hand."""
        return f"{self.name}:lease:{source}"

    def queued(self, source: str) -> str:
        """The job of the source that is not done yet."""
        return f"{self.name}:queued:{source}"

    @property
    def queue(self) -> str:
        """The name of the queue of jobs."""
        return f"{self.name}-crawls"


def connected(url: str) -> Any:
    """A client for the Redis at the address; raises RedisAway when it does not answer.

    `rediss://` asks for TLS; user and password stand in the address, which no message repeats.
    """
    import redis

    try:
        client = redis.Redis.from_url(
            url, socket_timeout=5, socket_connect_timeout=5, health_check_interval=5
        )
        client.ping()
    except (redis.RedisError, ValueError) as error:
        where = without_password(url)
        raise RedisAway(f"{where}: Redis does not answer ({error}); is it started?") from error
    return client


def without_password(url: str) -> str:
    """An address fit to be shown."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    place = f"{host}:{parts.port}" if parts.port else host
    return urlunsplit((parts.scheme, place, parts.path, "", ""))

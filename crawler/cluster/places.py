"""Where things stand in Redis: every key of one cluster begins with its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from archive.errors import ArchiveError

DEFAULT_NAME = "muragat"
# So long a source is not sent again whose job is neither done nor given up: a long queue, or a dead letter.
QUEUED_SECONDS = 6 * 3600
BAD_ADDRESS = (
    "MURAGAT_REDIS is no address of a Redis; write redis://:PASSWORD@HOST:6379/0, and %23 %2F %40 %25 for "
    "# / @ % in a password"
)
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

    def files(self, job: str) -> str:
        """The files a job's source is made of, also when its first message is lost."""
        return f"{self.name}:files:{job}"

    @property
    def home(self) -> str:
        """Which archive the cluster works for."""
        return f"{self.name}:home"

    def worker(self, holder: str) -> str:
        """A worker's sign of life."""
        return f"{self.name}:worker:{holder}"

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
    from redis.exceptions import AuthenticationError

    try:
        client = redis.Redis.from_url(
            url, socket_timeout=5, socket_connect_timeout=5, health_check_interval=5
        )
    except (ValueError, TypeError) as error:
        raise RedisAway(BAD_ADDRESS) from error
    where = without_password(url)
    try:
        client.ping()
    except TypeError as error:  # an option of the address that there is not
        raise RedisAway(BAD_ADDRESS) from error
    except AuthenticationError as error:
        raise RedisAway(f"{where}: Redis wants another user or password than MURAGAT_REDIS names") from error
    except (redis.RedisError, ValueError) as error:
        raise RedisAway(f"{where}: Redis does not answer ({error}); is it started?") from error
    return client


def without_password(url: str) -> str:
    """An address fit to be shown; no part of one that cannot be read."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "Redis"
    return urlunsplit((parts.scheme, f"{host}:{port}" if port else host, parts.path, "", ""))

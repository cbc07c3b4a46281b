"""One worker at a time on a source: a lease in Redis that its holder renews, and that ends by itself."""

from __future__ import annotations

from time import monotonic
from typing import Any
from uuid import uuid4

# Whoever is cut off from Redis must have stopped asking the site before another may begin: it gives up
# after two thirds of the time.
LEASE_SECONDS = 10.0
RENEW_EVERY_SECONDS = 2.0
GIVE_UP_AFTER_SECONDS = LEASE_SECONDS * 2 / 3

RENEW = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end
return 0"""
GIVE_BACK = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0"""


class Lease:
    """A lease that was got. `renew` it often; `is_lost` says when it must be thought another's."""

    def __init__(self, client: Any, key: str, token: str, now: float) -> None:
        self.client, self.key, self.token = client, key, token
        self.renewed_at = self.asked_at = now
        self.taken_away = False

    @classmethod
    def take(cls, client: Any, key: str, holder: str) -> Lease | None:
        """The lease, or `None` while somebody else has it. `holder` is shown by `muragat cluster status`."""
        token, now = f"{holder} {uuid4().hex}", monotonic()
        if client.set(key, token, nx=True, px=round(LEASE_SECONDS * 1000)):
            return cls(client, key, token, now)
        return None

    def renew(self) -> None:
        """Put its end off when it is time; a Redis that does not answer is noted, not raised."""
        import redis

        now = monotonic()
        if now - self.asked_at < RENEW_EVERY_SECONDS:
            return
        self.asked_at = now
        try:
            kept = self.client.eval(RENEW, 1, self.key, self.token, round(LEASE_SECONDS * 1000))
        except redis.RedisError:
            return
        if kept:
            self.renewed_at = now  # counted from before it was asked
        else:
            self.taken_away = True

    @property
    def is_lost(self) -> bool:
        """Whether somebody else may have it by now, or soon."""
        return self.taken_away or monotonic() - self.renewed_at > GIVE_UP_AFTER_SECONDS

    def give_back(self) -> None:
        """Let another have it at once; one that was lost is left alone."""
        import redis

        try:
            self.client.eval(GIVE_BACK, 1, self.key, self.token)
        except redis.RedisError:
            return  # it ends by itself

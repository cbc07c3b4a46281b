"""Whom alarms are told, as `alarms.toml` says: records without secrets, which only the environment has."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Address:
    """An http(s) address: written as `url`, or in the environment variable `url_env`, one of the two.

    `allow_private` says whether it may lead into a private network or to this machine.
    """

    url: str | None = None
    url_env: str | None = None
    allow_private: bool = False

    @property
    def label(self) -> str:
        """The address without what may be secret in it: its path and query."""
        if self.url is None:
            return f"from {self.url_env}"
        mark = blake2b(self.url.encode(), digest_size=3).hexdigest()
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''} ({mark})"


@dataclass(frozen=True, slots=True)
class Email:
    """A letter by SMTP: `security` is "starttls", "tls" or "none"; without `user` nobody logs in."""

    to: tuple[str, ...]
    sender: str
    host: str
    port: int
    security: str
    user: str | None = None
    password_env: str | None = None

    @property
    def label(self) -> str:
        """To whom."""
        return f"email to {', '.join(self.to)}"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A POST of JSON; `token_env` names a variable sent as `Authorization: Bearer`."""

    address: Address
    token_env: str | None = None

    @property
    def label(self) -> str:
        """Where to, without secrets."""
        return f"webhook {self.address.label}"


@dataclass(frozen=True, slots=True)
class File:
    """Lines of JSON at the end of a file; a relative path is in the archive's folder."""

    path: str

    @property
    def label(self) -> str:
        """Which file."""
        return f"file {self.path}"


Channel = Email | Webhook | File


def key_of(channel: Channel) -> str:
    """What news.db knows a channel by: its kind and a fingerprint, since an archive may be published."""
    kind = channel.label.partition(" ")[0]
    return f"{kind} {blake2b(channel.label.encode(), digest_size=6).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Alarms:
    """All channels, and the address that is asked after each crawl that did its work; `None` for none."""

    channels: tuple[Channel, ...] = ()
    ping: Address | None = None

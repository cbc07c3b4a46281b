"""To whom an archive is open: by default to who sits at this machine, without SQL.

Read from the plugin's configuration, so that plain Datasette can say it too:
`{"plugins": {"muragat": {"public": "https://archive.example/", "sql": false}}}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Where the world finds the archive; `path` begins and ends with a slash."""

    scheme: str
    host: str
    port: int | None
    path: str

    @classmethod
    def of(cls, text: str) -> Self:
        """The address a text names; raises ValueError with what is wrong with it."""
        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{text!r} is no address of the web; write https://archive.example/")
        if parts.query or parts.fragment or parts.username or "%" in text or " " in text:
            raise ValueError(f"{text!r}: an address has a host and perhaps a path, nothing else")
        path = f"/{parts.path.strip('/')}/" if parts.path.strip("/") else "/"
        return cls(parts.scheme, parts.hostname.lower(), parts.port, path)

    @property
    def netloc(self) -> str:
        """The host as a Host header names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.path}"


@dataclass(frozen=True, slots=True)
class Openness:
    """`public` is where the world finds the archive, `None`: nowhere; `sql`: may readers write SQL."""

    public: PublicAddress | None = None
    sql: bool = False

    def as_config(self) -> dict[str, Any]:
        """The plugin's configuration that says so."""
        return {"public": str(self.public) if self.public else None, "sql": self.sql}


def openness_of(datasette: Any) -> Openness:
    """What the plugin's configuration says; raises ValueError for an address that is none."""
    config = datasette.plugin_config("muragat") or {}
    public = config.get("public")
    return Openness(PublicAddress.of(str(public)) if public else None, config.get("sql") is True)

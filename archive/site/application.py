"""The application that serves one archive: Datasette on its file, with the plugin."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archive.site.among import Among
from archive.site.headers import App, known_hosts_only
from archive.site.openness import Openness
from archive.site.plugin import settings_of
from archive.site.public import LOOPBACK
from archive.site.snapshots import NewestSnapshot, inspected, is_snapshot

SQL_THREADS = 6  # three readers with slow queries made a fourth wait 5 s; with ten threads 0.2 s


def application(news: Path, host: str, openness: Openness) -> App:
    """Datasette on one database, with the plugin, answering under its own names only."""

    def opened(file: Path) -> App:
        app: App = datasette_of(openness, file).app()
        return app

    app: App = NewestSnapshot(news, opened) if is_snapshot(news) else opened(news)
    # In public the plugin itself knows under which name it is found.
    return app if openness.public else known_hosts_only(app, names_of(host))


def names_of(host: str) -> frozenset[str]:
    """The names under which this machine itself asks."""
    return LOOPBACK | {host_in_urls(host).lower()}


def host_in_urls(host: str) -> str:
    """A host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def datasette_of(
    openness: Openness,
    news: Path,
    *,
    base: str | None = None,
    among: Among | None = None,
    settings: Mapping[str, int] | None = None,
) -> Any:
    """Datasette on the file: never as unchanging while somebody may write to it, always as that after.

    `base` is the path its addresses begin with, by default that of the public address; `settings` count more
    than what is usual.
    """
    from datasette.app import Datasette  # slow to import, and only wanted here

    chosen: dict[str, Any] = {**settings_of(openness), "num_sql_threads": SQL_THREADS, **(settings or {})}
    if openness.public:
        chosen |= {"base_url": openness.public.path, "force_https_urls": openness.public.scheme == "https"}
    if base is not None:
        chosen["base_url"] = base
    published = is_snapshot(news)
    return Datasette(
        [] if published else [str(news)],
        immutables=[str(news)] if published else [],
        inspect_data=inspected(news, news.stem) if published else None,
        settings=chosen,
        metadata={"plugins": {"muragat": openness.as_config() | (among.as_config() if among else {})}},
    )

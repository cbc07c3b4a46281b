"""Serving an archive on this machine, until Ctrl-C."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import sys
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Protocol

import uvicorn

from archive.errors import ArchiveError, NotAnArchive, PortTaken
from archive.numbers_said import counted
from archive.site.application import application, host_in_urls
from archive.site.archive_file import is_archive
from archive.site.headers import App
from archive.site.openness import Openness
from archive.site.public import told
from archive.site.several.choosing import NEWS, Chosen, chosen_archives, parts_of
from archive.site.several.library import library
from archive.site.several.places import plain_paths
from archive.site.shown import shown
from archive.site.snapshots import is_snapshot

GRACE_SECONDS = 3  # for answers under way when Ctrl-C is pressed


class Folder(Protocol):
    """What serving needs to know of an archive."""

    @property
    def news(self) -> Path: ...


@dataclass(frozen=True, slots=True)
class OneFile:
    """A file that is served without its archive: a snapshot."""

    news: Path


def serve_chosen(
    folders: Sequence[Path],
    snapshots: Sequence[Path],
    *,
    port: int,
    open_browser: bool,
    host: str = "127.0.0.1",
    openness: Openness | None = None,
) -> None:
    """Serve the snapshots, where there are any, else the archives in the folders: one alone, or all together.

    A folder that holds no archive may hold its parts. Raises as `serve`.
    """
    named = [snapshot_file(one) for one in snapshots] or list(folders)
    how: Any = {"port": port, "open_browser": open_browser, "host": host, "openness": openness}
    if named[1:] or parts_of(named[0]):
        serve_several(chosen_archives(named), **how)
    else:
        serve(OneFile(named[0] if named[0].is_file() else named[0] / NEWS), **how)


def serve(
    folder: Folder,
    *,
    port: int,
    open_browser: bool,
    host: str = "127.0.0.1",
    openness: Openness | None = None,
) -> None:
    """Serve the archive's news.db until Ctrl-C, printing its address once it can be asked.

    A living file is served as it grows: a crawl may go on meanwhile. A published one is served as what nobody
    changes, and a newer one put in its place is seen. With port 0 a free one is taken. Raises PortTaken, or
    NotAnArchive for a folder that holds none.
    """
    news = folder.news
    if not news.is_file():
        raise NotAnArchive(f"{news}: no archive here; crawl into it first or name another with --archive")
    if not is_archive(news):
        raise NotAnArchive(f"{news}: no Muragat archive; name another folder with --archive")
    opened = openness or Openness()
    with listening(host, port) as door, contextlib.chdir(news.parent):
        # Datasette builds an address from the path; in one like «архив #2?» SQLite would open another file.
        app = application(Path(news.name), host, opened)
        run(app, door, open_browser=open_browser, openness=opened, is_snapshot=is_snapshot(Path(news.name)))


def serve_several(
    chosen: Sequence[Chosen],
    *,
    port: int,
    open_browser: bool,
    host: str = "127.0.0.1",
    openness: Openness | None = None,
) -> None:
    """Serve archives together until Ctrl-C: a search across all at the root, and each below its name.

    Each is opened when it is first asked for; one that is damaged is told of and left out. As `serve` else.
    """
    opened = openness or Openness()
    sound = [one for one in chosen if is_archive(one.news)]
    for one in chosen:
        if one not in sound:
            told_of = f"Warning: {one.news}: no Muragat archive, or damaged; the others are served"
            print(told_of, file=sys.stderr)  # noqa: T201 - whoever started the server must see it
    is_frozen = all(is_snapshot(one.news) for one in sound)
    with listening(host, port) as door, plain_paths(chosen) as places:
        app = library(places, host, opened)
        titles = ", ".join(shown(one.title) for one in chosen)
        print(f"{counted(len(chosen), 'archive')}: {titles}", flush=True)  # noqa: T201 - to be read
        run(app, door, open_browser=open_browser, openness=opened, is_snapshot=is_frozen)


def snapshot_file(named: Path) -> Path:
    """The published file at a path, or `news.db` in a folder; raises NotAnArchive for what is none."""
    news = named / "news.db" if named.is_dir() else named
    if not news.is_file():
        raise NotAnArchive(f"{news}: no snapshot; make one with `muragat publish --snapshot {named}`")
    if not is_archive(news):
        raise NotAnArchive(f"{news}: no file of Muragat's; name one that `muragat publish --snapshot` wrote")
    if not is_snapshot(news):
        raise NotAnArchive(
            f"{news}: no snapshot, but an archive that is written to; `muragat browse --archive DIR` reads "
            "it, `muragat publish --snapshot FILE` makes a snapshot of it"
        )
    return news


def is_loopback(host: str) -> bool:
    """Whether only this machine can ask what listens there."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; raises PortTaken when it cannot."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        door = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ArchiveError(f"{host}: no address of this machine ({error.strerror or error})") from error
    try:
        if os.name == "posix":  # elsewhere it would let two programs listen at once
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
        door.listen(128)
    except OSError as error:
        door.close()
        why = "another program uses it" if error.errno == errno.EADDRINUSE else error.strerror
        raise PortTaken(f"port {port} on {host}: {why}; choose another with --port (0: any)") from error
    return door


def run(app: App, door: socket.socket, *, open_browser: bool, openness: Openness, is_snapshot: bool) -> None:
    """Answer requests at the door until Ctrl-C."""
    host, port = door.getsockname()[:2]
    address = f"http://{host_in_urls(host)}:{port}/"

    def tell() -> None:
        if openness.public:
            listens = f"it listens at {host}, port {port}"
            lines = told(openness.public, listens=listens, is_snapshot=is_snapshot, sql=openness.sql)
            print("\n".join(lines), flush=True)  # noqa: T201 - what was set is to be read
        print(f"Reading room: {address}  (Ctrl-C ends it)", flush=True)  # noqa: T201 - the command's own output
        if open_browser and not webbrowser.open(address):
            print("No web browser could be opened; open the address yourself.", file=sys.stderr)  # noqa: T201

    config = uvicorn.Config(
        app,
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
        forwarded_allow_ips="127.0.0.1",
    )
    # Ctrl-C is how serving ends, so it is no interruption.
    with contextlib.suppress(KeyboardInterrupt):
        TellingServer(config, tell).run(sockets=[door])


class TellingServer(uvicorn.Server):
    """A server that says so when it can be asked."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[], None]) -> None:
        super().__init__(config)
        self.tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then tell."""
        await super().startup(sockets)
        if self.started:
            self.tell()

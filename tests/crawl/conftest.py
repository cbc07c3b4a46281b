"""A crawl as users start it, and sites to crawl: the demo newspaper, and one that misbehaves by route."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.demo import DemoNewspaper

Answer = Callable[["Visitor"], None]
SENTENCE = "Река вышла из берегов в четверг вечером, и жителей нижней улицы вывезли в школу. "


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


class Archive:
    """An archive's folder and what to ask of it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self, sql: str, *arguments: object) -> list[tuple[Any, ...]]:
        db = sqlite3.connect(self.path / "news.db")
        try:
            return db.execute(sql, arguments).fetchall()
        finally:
            db.close()

    def reasons(self) -> dict[str, str]:
        """Problem rows: the path of the address to its code."""
        found = self.rows("SELECT url, code FROM problems")
        return {"/" + url.split("/", 3)[-1]: code for url, code in found}

    def log(self) -> str:
        return "".join(path.read_text(encoding="utf-8") for path in sorted((self.path / "logs").iterdir()))


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "crawler", *(str(argument) for argument in arguments)]


def muragat(*arguments: object, timeout: float = 120, **options: Any) -> Done:
    """Run the command as a user does, to its end."""
    ended = subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        **options,
    )
    return Done(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture(name="muragat", scope="session")
def muragat_command() -> Callable[..., Done]:
    return muragat


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def newspaper(tmp_path: Path) -> Iterator[DemoNewspaper]:
    with DemoNewspaper() as paper:
        yield paper


@pytest.fixture
def profile(newspaper: DemoNewspaper, tmp_path: Path) -> Path:
    path = tmp_path / "demo.toml"
    path.write_text(newspaper.profile_toml, encoding="utf-8")
    return path


@pytest.fixture
def started() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a command in a group of its own; whatever is left of it ends with the test."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        finally:
            process.communicate()


def wait_for(happened: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something has happened; fail when it does not."""
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def articles_asked(site: MisbehavingSite) -> int:
    """How often the crawls have asked the site for an article."""
    return sum(path.startswith("/a/") for path in site.paths_asked())


class Visitor(BaseHTTPRequestHandler):
    """One request to the misbehaving site, answered by the route of its path."""

    protocol_version = "HTTP/1.1"
    site: MisbehavingSite

    def do_GET(self) -> None:
        path = self.path
        now = time.monotonic()
        with self.site.lock:
            self.site.asked.append((now, path, dict(self.headers)))
            self.site.under_way += 1
            self.site.most_at_once = max(self.site.most_at_once, self.site.under_way)
        try:
            self.site.routes.get(path, self.site.otherwise)(self)
        finally:
            with self.site.lock:
                self.site.under_way -= 1

    def answer(
        self, body: str | bytes, kind: str = "text/html; charset=utf-8", *, status: int = 200, **headers: str
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def raw(self, *pieces: bytes, every: float = 0.0) -> None:
        """Send bytes as they are, one piece `every` so many seconds, and hang up."""
        self.close_connection = True
        for piece in pieces:
            self.connection.sendall(piece)
            time.sleep(every)

    def break_off(self) -> None:
        """Hang up as a machine that crashed does: with a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@dataclass
class MisbehavingSite:
    """A site whose routes a test sets; `/feed` names what `articles` lists."""

    articles: list[str] = field(default_factory=list)
    routes: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[float, str, dict[str, str]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    under_way: int = 0
    most_at_once: int = 0
    url: str = ""
    otherwise: Answer = field(
        default_factory=lambda: lambda visitor: visitor.answer("no such page", status=404)
    )
    sitemap: str = ""
    pace: str = "delay_seconds = 0\nconcurrent_requests = 2"

    def article(self, path: str, answer: Answer | None = None) -> None:
        """Name an article in the feed, and answer for it: as a good page, if nothing else is said."""
        self.articles.append(path)
        self.routes[path] = answer or self.good_article

    def good_article(self, visitor: Visitor) -> None:
        """A page any reader would take for an article, another one at each address."""
        visitor.answer(article_page(visitor.path))

    def feed(self, visitor: Visitor) -> None:
        links = (path if "://" in path or ":" in path else self.url + path for path in self.articles)
        items = "".join(f"<item><link>{link}</link><title>{link}</title></item>" for link in links)
        visitor.answer(f"<rss version='2.0'><channel>{items}</channel></rss>", "application/rss+xml")

    def paths_asked(self) -> list[str]:
        return [path for _, path, _ in self.asked]

    def gaps(self) -> list[float]:
        times = [at for at, _, _ in self.asked]
        return [later - earlier for earlier, later in pairwise(times)]

    @property
    def profile_toml(self) -> str:
        sitemaps = f'sitemaps = ["{self.url}{self.sitemap}"]' if self.sitemap else ""
        return (
            f'id = "site"\nname = "Site"\nhome = "{self.url}/"\nlanguages = ["ru"]\n'
            f'timezone = "Asia/Almaty"\nfeeds = ["{self.url}/feed"]\n{sitemaps}\n'
            f'[articles]\nallow = ["^/a/"]\n[pace]\n{self.pace}\n'
        )


def article_page(name: str, *, title: str | None = None) -> str:
    """A page any reader would take for an article."""
    shown = title or f"Вода пришла на улицу {name}"
    paragraphs = "".join(f"<p>{name}: {SENTENCE * 3}</p>" for _ in range(4))
    return (
        f"<!doctype html><html lang='ru'><head><title>{shown}</title>"
        f"<meta property='og:type' content='article'>"
        f"<meta property='article:published_time' content='2026-03-05T19:00:00+05:00'></head>"
        f"<body><article><h1>{shown}</h1>{paragraphs}</article></body></html>"
    )


@contextmanager
def listening(encrypted: ssl.SSLContext | None = None) -> Iterator[MisbehavingSite]:
    """A misbehaving site on loopback, as long as the context lasts; https with a server's context."""
    misbehaving = MisbehavingSite()
    visitor = type("SiteVisitor", (Visitor,), {"site": misbehaving})
    server = ThreadingHTTPServer(("127.0.0.1", 0), visitor)
    server.daemon_threads = True
    server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
    if encrypted:
        server.socket = encrypted.wrap_socket(server.socket, server_side=True)
    misbehaving.url = f"http{'s' if encrypted else ''}://127.0.0.1:{server.server_address[1]}"
    misbehaving.routes["/feed"] = misbehaving.feed
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield misbehaving
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site() -> Iterator[MisbehavingSite]:
    with listening() as misbehaving:
        yield misbehaving


@pytest.fixture
def crawl_site(site: MisbehavingSite, archive: Archive, tmp_path: Path) -> Callable[..., Done]:
    """Crawl the misbehaving site."""

    def crawl(*options: object, allow_private: bool = True, timeout: float = 120) -> Done:
        path = tmp_path / "site.toml"
        path.write_text(site.profile_toml, encoding="utf-8")
        extra = ["--allow-private"] if allow_private else []
        arguments = ("crawl", "--profile", path, "--archive", archive.path, *extra, *options)
        return muragat(*arguments, timeout=timeout)

    return crawl

"""Several small newspapers on loopback, each on a port of its own, that remember who asked what and when."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

WORDS = [
    "вода",
    "мост",
    "школа",
    "дорога",
    "аким",
    "выборы",
    "урожай",
    "завод",
    "театр",
    "поезд",
    "степь",
    "река",
    "город",
    "совет",
    "закон",
    "хлеб",
]
BEGINNING = datetime(2026, 3, 1, 6, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """One request: when it began and ended, which address, and how many were under way."""

    began: float
    ended: float
    path: str
    at_once: int


@dataclass
class Paper:
    """A newspaper of `articles` articles; every answer takes `latency` seconds."""

    number: int
    articles: int
    latency: float = 0.01
    asked: list[Asked] = field(default_factory=list)
    under_way: int = 0

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        paper = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                paper.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        began = time.monotonic()
        with self.lock:
            self.under_way += 1
            at_once = self.under_way
        time.sleep(self.latency)
        status, kind, body = self.page(handler.path)
        with self.lock:
            self.under_way -= 1
            self.asked.append(Asked(began, time.monotonic(), handler.path, at_once))
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def page(self, path: str) -> tuple[int, str, bytes]:
        if path == "/feed.xml":
            return 200, "application/rss+xml", self.feed().encode()
        name = path.removeprefix("/a/")
        if path.startswith("/a/") and name.isdecimal() and int(name) < self.articles:
            return 200, "text/html; charset=utf-8", self.article(int(name)).encode()
        return 404, "text/plain", b"nothing"

    def feed(self) -> str:
        items = "".join(
            f"<item><title>{self.title(n)}</title><link>{self.home}a/{n}</link></item>"
            for n in range(self.articles)
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>P</title>{items}</channel></rss>'

    def title(self, n: int) -> str:
        return f"Газета {self.number}: новость {n}"

    def article(self, n: int) -> str:
        own = [WORDS[(n * 7 + self.number * 3 + k * (n + 2)) % len(WORDS)] for k in range(120)]
        text = " ".join(f"{word}{(n + k) % 13}" for k, word in enumerate(own))
        at = (BEGINNING + timedelta(minutes=n)).isoformat()
        return (
            f'<!doctype html><html lang="ru"><head><title>{self.title(n)}</title>'
            f'<meta property="article:published_time" content="{at}"></head><body><article>'
            f"<h1>{self.title(n)}</h1><p>Номер {self.number}-{n}. {text}.</p><p>{text[::-1]} и ещё.</p>"
            "</article></body></html>"
        )

    def profile(self, delay: float) -> str:
        return (
            f'id = "paper_{self.number}"\nname = "Газета {self.number}"\nhome = "{self.home}"\n'
            f'languages = ["ru"]\ntimezone = "Asia/Almaty"\nfeeds = ["{self.home}feed.xml"]\n'
            f"[pace]\ndelay_seconds = {delay}\n"
        )

    def fetched(self) -> Counter[str]:
        """How often each article was asked for."""
        return Counter(one.path for one in self.asked if one.path.startswith("/a/"))

    def shortest_gap(self) -> float:
        """The shortest time between two requests' beginnings, in seconds."""
        begun = sorted(one.began for one in self.asked)
        return min((b - a for a, b in pairwise(begun)), default=1.0)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def write_profiles(folder: Path, papers: list[Paper], delay: float) -> None:
    """The papers' profiles into an archive's folder of sources."""
    folder.mkdir(parents=True, exist_ok=True)
    for paper in papers:
        (folder / f"paper_{paper.number}.toml").write_text(paper.profile(delay), encoding="utf-8")

"""An archive with judged sources, and servers that hear what they are told."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from archive.health.history import Reason, Verdict
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
EVIDENCE = "No article of 2026-03-06 to 2026-03-09; 31 were usual in 4 such days."


@dataclass
class Judged:
    """An archive whose sources are as a test says."""

    folder: ArchiveFolder
    hours: int = 0

    def judge(self, source: str, state: str) -> None:
        self.hours += 1
        reasons = (Reason("no_articles", state, EVIDENCE),) if state in ("worse", "silent") else ()
        with Archive(self.folder) as archive:
            name = source.replace("_", " ").title()
            archive.sources.save(
                source, name=name, home="https://x.example/", languages=["ru"], timezone="UTC", region=None
            )
            archive.health.keep(source, Verdict(state, reasons), at=NOON + timedelta(hours=self.hours))

    def configure(self, text: str) -> None:
        (self.folder.path / "alarms.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def judged(tmp_path: Path) -> Judged:
    folder = ArchiveFolder(tmp_path / "archive")
    folder.make()
    one = Judged(folder)
    one.judge("steppe_news", "well")
    return one


@dataclass
class Hook:
    """A web server that keeps what is posted; `status` is what it answers."""

    url: str = ""
    posted: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    status: int = 200


@pytest.fixture
def hook() -> Iterator[Hook]:
    heard = Hook()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            if heard.status == 200:
                heard.posted.append(json.loads(data))
            self.do_GET()

        def do_GET(self) -> None:
            heard.asked.append((self.path, dict(self.headers)))
            self.send_response(heard.status)
            if heard.status in (301, 302):
                self.send_header("Location", f"{heard.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    heard.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield heard
    server.shutdown()
    server.server_close()


@dataclass
class Post:
    """A mail server that keeps the letters it is handed; a `refusal` is said to who hands one over."""

    port: int = 0
    letters: list[str] = field(default_factory=list)
    refusal: str = ""
    said: list[str] = field(default_factory=list)


@pytest.fixture
def post_office() -> Iterator[Post]:
    office = Post()

    class Clerk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 post.example ESMTP")
            while line := self.rfile.readline().decode().rstrip("\r\n"):
                office.said.append(line)
                verb = line.split(maxsplit=1)[0].upper()
                if verb == "EHLO":
                    self.say("250-post.example\r\n250 AUTH PLAIN")
                elif verb == "DATA":
                    self.say("354 go on")
                    self.take_letter()
                elif verb == "MAIL" and office.refusal:
                    self.say(office.refusal)
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("235 ok" if verb == "AUTH" else "250 ok")

        def take_letter(self) -> None:
            lines = []
            while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                lines.append(line)
            office.letters.append("\n".join(lines))
            self.say("250 taken")

        def say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clerk)
    server.daemon_threads = True
    office.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield office
    server.shutdown()
    server.server_close()

"""The demo newspaper's server: the made-up paper on loopback, for as long as a `with` block lasts."""

from __future__ import annotations

import gzip
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from string import Template
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self

from crawler.demo.edition import DemoArticle, Edition
from crawler.demo.manuscripts import DATA, Manuscript
from crawler.demo.site import CLOCK, Document, Site

IDLE_SECONDS = 20.0
COMPRESSED = ("text/", "application/xml", "application/rss+xml")


class DemoNewspaper:
    """A small made-up newspaper at `url`, served while the `with` block lasts.

    `port` 0 takes a free one; a port in use is an OSError at once. Edition 1 is the morning's, edition 2 the
    evening's: one article revised, one gone, two new. `now` is the visitors' clock that page headers print;
    without it, the machine's. `more` are further articles, by edition. `requests` and `unchanged` (answers
    304) count by path.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        edition: int = 1,
        now: datetime | None = None,
        more: Mapping[int, Sequence[Manuscript]] | None = None,
    ) -> None:
        self.now = now
        self.requests: Counter[str] = Counter()
        self.unchanged: Counter[str] = Counter()
        self._counting = Lock()
        self._editions = {number: Edition(number, (more or {}).get(number, ())) for number in (1, 2)}
        self._server = QuietServer(("127.0.0.1", port), Visit)
        self._server.newspaper = self
        self.publish(edition)

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self.close()

    def close(self) -> None:
        """Give the port back; only needed where no `with` block was entered."""
        self._server.server_close()

    @property
    def url(self) -> str:
        """The paper's front page, with its closing slash."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    @property
    def profile_toml(self) -> str:
        """A source profile for the paper at this address."""
        template = Template(DATA.joinpath("profile.toml.tmpl").read_text("utf-8"))
        return template.substitute(home=self.url.rstrip("/"))

    def publish(self, edition: int) -> None:
        """Serve this edition from now on."""
        self._site = Site(self._edition(edition), self.url)

    def truth(self, edition: int) -> list[DemoArticle]:
        """What a perfect reader gets of an edition's articles, newest first."""
        return self._edition(edition).truth(self.url)

    def answer(self, path: str) -> Document:
        """What a visitor of this path gets at this moment."""
        return self._site.document(path, self.now.astimezone(CLOCK) if self.now else datetime.now(CLOCK))

    def count(self, path: str, *, unchanged: bool) -> None:
        """Remember one request."""
        with self._counting:
            self.requests[path] += 1
            if unchanged:
                self.unchanged[path] += 1

    def _edition(self, number: int) -> Edition:
        if number not in self._editions:
            raise ValueError(f"the demo newspaper has editions 1 and 2, not {number!r}")
        return self._editions[number]


class QuietServer(ThreadingHTTPServer):
    """A server that takes a client's hanging up for what it is."""

    newspaper: DemoNewspaper
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a lost connection; anything else is our own fault and is heard."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Visit(BaseHTTPRequestHandler):
    """One connection of one visitor."""

    server: QuietServer
    protocol_version = "HTTP/1.1"
    server_version = "DemoNewspaper"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        document = self.server.newspaper.answer(path)
        unchanged = self.has_seen(document)
        self.server.newspaper.count(path, unchanged=unchanged)
        if unchanged:
            self.send_unchanged(document)
        else:
            self.send_document(document)

    do_HEAD = do_GET  # noqa: N815 (the base class looks for this name)

    def has_seen(self, document: Document) -> bool:
        """Whether the visitor's validators still hold; an entity tag counts before a time."""
        if document.status != 200:
            return False
        if known := self.headers.get("If-None-Match"):
            return known.strip() == "*" or document.etag in (tag.strip() for tag in known.split(","))
        since = http_moment(self.headers.get("If-Modified-Since"))
        return bool(since and document.modified and document.modified <= since)

    def send_unchanged(self, document: Document) -> None:
        """304 with the validators and no body."""
        self.send_response(304)
        self.send_validators(document)
        self.end_headers()

    def send_document(self, document: Document) -> None:
        """The document, compressed if the visitor takes that."""
        body = document.body
        self.send_response(document.status)
        self.send_header("Content-Type", document.kind)
        self.send_header("Vary", "Accept-Encoding")
        if document.kind.startswith(COMPRESSED) and takes_gzip(self.headers.get("Accept-Encoding", "")):
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_validators(document)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_validators(self, document: Document) -> None:
        """ETag and Last-Modified, as far as the document has them."""
        if document.etag:
            self.send_header("ETag", document.etag)
        if document.modified:
            self.send_header("Last-Modified", format_datetime(as_utc(document.modified), usegmt=True))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name for it)
        """Say nothing: the newspaper counts its visits instead."""


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header allows gzip."""
    offers = (offer.partition(";") for offer in accepted.lower().split(","))
    return any(name.strip() in ("gzip", "*") and "q=0" not in terms.split() for name, _, terms in offers)


def http_moment(stated: str | None) -> datetime | None:
    """The moment an HTTP date names; `None` if it names none."""
    try:
        return as_utc(parsedate_to_datetime(stated)) if stated else None
    except ValueError:
        return None


def as_utc(moment: datetime) -> datetime:
    """The moment in UTC, to the second."""
    return datetime.fromtimestamp(int(moment.timestamp()), tz=UTC)

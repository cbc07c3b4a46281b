"""A spider that only asks: a few addresses of one site, nothing kept. For drafting and trying things out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, TypeVar

import scrapy
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.records import Outcome, Visit
from archive.store.hosts import HostKnown, Robots, Wait
from crawler.fetching.failures import failure_code, failure_words
from crawler.fetching.requests import ANSWERS

Answer = tuple[int, str | None, bytes]
Show = Callable[[str, str], None]
Ask = Callable[[dict[str, Answer]], Sequence[str]]
T = TypeVar("T")


class ProbeSpider(scrapy.Spider):
    """Ask what `next_urls` names, then what it names given the answers, until it names nothing more.

    `answers` maps an address as asked for to status, content type and body; `landed` to where
    redirects led; `failures` to a reason.
    """

    name = "probe"
    taken_down: frozenset[int] = frozenset()

    def __init__(self, *args: Any, homes: Sequence[str], next_urls: Ask, show: Show, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site_addresses = list(homes)
        self.next_urls, self.show = next_urls, show
        self.asked: set[str] = set()
        self.answers: dict[str, Answer] = {}
        self.landed: dict[str, str] = {}
        self.failures: dict[str, str] = {}

    async def start(self) -> AsyncIterator[Request]:
        for request in self.further():
            yield request

    def request(self, url: str) -> Request:
        """The request for one address."""
        meta = {"kind": "probe", "handle_httpstatus_list": ANSWERS}
        return Request(url, callback=self.answered, errback=self.failed, meta=meta, cb_kwargs={"asked": url})

    def answered(self, response: Response, asked: str) -> list[Request]:
        """Keep an answer and ask what follows from it."""
        content_type = response.headers.get("Content-Type")
        written = content_type.decode("latin-1") if content_type else None
        self.answers[asked] = (response.status, written, response.body)
        self.landed[asked] = response.url
        self.show(asked, str(response.status))
        return self.further()

    def failed(self, failure: Failure) -> list[Request]:
        """Keep why an address gave no answer."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        assert error is not None, "a failure has its error"
        asked = request.cb_kwargs["asked"]
        code = failure_code(error, request.url)
        self.failures[asked] = failure_words(error, code, request.url)
        self.show(asked, code)
        return self.further()

    def further(self) -> list[Request]:
        """Requests for what is asked next, each once."""
        urls = [url for url in self.next_urls(self.answers) if url not in self.asked]
        self.asked.update(urls)
        return [self.request(url) for url in urls]

    async def write(self, work: Callable[[Any], T]) -> T:
        """Nothing is kept by a probe."""
        raise AssertionError("a probe has no archive")

    write_page = write

    async def note(self, visit: Visit, outcome: Outcome) -> None:
        """Nothing is kept by a probe."""

    async def overlooked(self, host: str, faults: tuple[str, ...]) -> None:
        """A probe has no profile that accepts a fault."""

    async def host(self, origin: str) -> HostKnown:
        """A probe knows nothing of a host; its turns it keeps as a crawl does."""
        return HostKnown()

    async def note_robots(self, origin: str, robots: Robots, visit: Visit, outcome: Outcome) -> None:
        """Nothing is kept by a probe."""

    async def note_wait(self, wait: Wait) -> None:
        """Nothing is kept by a probe."""

    def give_up(self, reason: str) -> None:
        """A probe asks what it is told to, and nothing depends on it."""

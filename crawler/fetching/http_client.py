"""Scrapy's HTTP client, stricter: bounded headers, an answer that is cut off is never whole, TLS exceptions.

A body is cut off when the connection ends before its stated length, or when more comes than was stated: a
Content-Length that counts letters instead of bytes loses the end of every page in Cyrillic.
"""

# mypy: disable-error-code="no-untyped-call"
# (Twisted has few types)

from __future__ import annotations

from typing import Any, cast

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError, ResponseFailed
from twisted.web.http import _DataLoss, _IdentityTransferDecoder
from twisted.web.iweb import UNKNOWN_LENGTH, IPolicyForHTTPS

from crawler.fetching.certificates import policy_of
from crawler.fetching.public_addresses import PrivateAddress, is_refused

MAX_HEADER_BYTES = 64 * 1024  # of one answer: servers themselves send 8 to 16 KiB at most


class HeaderTooLarge(Exception):
    """An answer whose header has no end, or one far away."""


class StrictParser(_LenientHTTPClientParser):
    """Refuses what is no HTTP/1.x and headers without end; tells a body that is not as long as stated."""

    # Class attributes: Scrapy makes one of its own parsers and only then gives it this class.
    header_bytes = 0
    is_cut_off = False

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's interface
        self.header_bytes += len(line) + 2
        if self.header_bytes > MAX_HEADER_BYTES:
            raise HeaderTooLarge(f"a header of more than {MAX_HEADER_BYTES // 1024} KiB")
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        raise HeaderTooLarge(f"a line of {len(line)} bytes in the header")

    def statusReceived(self, status: bytes) -> None:  # noqa: N802
        super().statusReceived(status)
        if self.response.version[:2] != (b"HTTP", 1) or not 100 <= self.response.code <= 599:
            raise ParseError("no answer of HTTP/1.x", status[:100])

    def _finished(self, rest: bytes) -> None:
        if rest and isinstance(self.bodyDecoder, _IdentityTransferDecoder):
            self.is_cut_off = True
            self.connHeaders.setRawHeaders(b"Connection", [b"close"])  # what follows is no next answer
        super()._finished(rest)

    def connectionLost(self, reason: Failure | None = None) -> None:  # noqa: N802
        if self.is_cut_off or self.is_broken_off(reason):
            loss = ResponseFailed([reason, Failure(_DataLoss("not as long as stated"))], self.response)
            self.response._bodyDataFinished(Failure(loss))
            return
        super().connectionLost(reason)

    def is_broken_off(self, reason: Failure | None) -> bool:
        """Whether a body that ends with its connection ended otherwise than by the server's closing it."""
        is_without_length = (
            isinstance(self.bodyDecoder, _IdentityTransferDecoder) and self.response.length is UNKNOWN_LENGTH
        )
        return is_without_length and reason is not None and not reason.check(ConnectionDone)


class StrictProtocol(_LenientHTTP11ClientProtocol):
    """Reads answers with StrictParser."""

    def request(self, request: Any) -> Deferred[Any]:
        answer = super().request(request)
        if self._parser is not None:
            self._parser.__class__ = StrictParser
        return answer


class StrictFactory(_LenientHTTP11ClientFactory):
    """Makes StrictProtocols."""

    def buildProtocol(self, addr: Any) -> StrictProtocol:  # noqa: N802
        return StrictProtocol(self._quiescentCallback)


class StrictDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's own handler with the parts above, and the certificates that a profile accepts."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = StrictFactory
        source = getattr(crawler.spider, "source", None)  # a probe has none
        self.policy = policy_of(source.tls) if source else None
        if self.policy:
            self._contextFactory = cast(IPolicyForHTTPS, self.policy)

    async def download_request(self, request: Request) -> Response:
        try:
            response = await super().download_request(request)
        except CannotResolveHostError as error:
            if is_refused(request.url):
                raise PrivateAddress from error  # what Scrapy would ask again
            raise
        if self.policy and (faults := self.policy.overlooked_at(request.url)):
            request.meta["tls_overlooked"] = faults
        return response

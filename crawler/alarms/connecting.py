"""Connections to public addresses only, judged on the very address connected to."""

from __future__ import annotations

import socket
import ssl
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit
from urllib.request import BaseHandler, HTTPHandler, HTTPSHandler, ProxyHandler, Request

from crawler.fetching.ip_addresses import is_public


class PrivateAddress(OSError):
    """A name or number leads into a private network, or to this machine."""


def public_connection(
    address: tuple[str, int], timeout: float | None = None, source_address: object = None
) -> socket.socket:
    """A socket connected to a public address of a host; raises PrivateAddress where it has none."""
    found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)
    public = [one for one in found if is_public(str(one[4][0]))]
    if not public:
        raise PrivateAddress("leads to a private address; allow_private = true beside its url asks it")
    failure: OSError | None = None
    for family, kind, protocol, _, place in public:
        connection = socket.socket(family, kind, protocol)
        connection.settimeout(timeout)
        try:
            connection.connect(place)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure or OSError("no address answers")


class PublicHTTP(HTTPConnection):
    """http to public addresses."""

    def connect(self) -> None:
        self._create_connection = public_connection
        super().connect()


class PublicHTTPS(HTTPSConnection):
    """https to public addresses."""

    def connect(self) -> None:
        self._create_connection = public_connection
        super().connect()


class PublicHTTPHandler(HTTPHandler):
    """Opens http addresses that are public; a proxy of this machine's own settings is trusted."""

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(HTTPConnection if is_by_proxy(req) else PublicHTTP, req)


class PublicHTTPSHandler(HTTPSHandler):
    """The same for https."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(context=context)
        self.verified = context

    def https_open(self, req: Request) -> HTTPResponse:
        kind = HTTPSConnection if is_by_proxy(req) else PublicHTTPS
        return self.do_open(kind, req, context=self.verified)


def is_by_proxy(request: Request) -> bool:
    """Whether a request was turned over to a proxy."""
    return request.host != urlsplit(request.full_url).netloc


def handlers(*, allow_private: bool) -> tuple[BaseHandler, ...]:
    """What opens http and https addresses, with certificates verified."""
    verified = ssl.create_default_context()
    if allow_private:
        return ProxyHandler(), HTTPHandler(), HTTPSHandler(context=verified)
    return ProxyHandler(), PublicHTTPHandler(), PublicHTTPSHandler(verified)

"""Certificates are verified; faults that a profile accepts are overlooked, and every time that is noted.

A profile names the faults one by one, so a certificate that has expired is still refused when it is
another site's.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from service_identity import CertificateError, VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.internet.ssl import optionsForClientTLS
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from crawler.fetching.crawl import crawl_of
from crawler.sources.profile import TlsException

# OpenSSL's numbers of what is wrong with a certificate, under the words of a profile.
FAULTS = {
    9: "expired",  # or not valid yet: a clock or a calendar is wrong
    10: "expired",
    18: "self_signed",
    19: "self_signed",
    2: "unknown_issuer",  # or an intermediate certificate that the server should send
    20: "unknown_issuer",
    21: "unknown_issuer",
}
WRONG_NAME = "wrong_name"


@implementer(IPolicyForHTTPS)
class ExceptedCertificates:
    """Verifies as always, but for the faults accepted; `overlooked_at` tells which were met where."""

    def __init__(self, accepted: tuple[str, ...]) -> None:
        self.accepted = frozenset(accepted)
        self.overlooked: defaultdict[tuple[str, int], set[str]] = defaultdict(set)

    def creatorForNetloc(self, hostname: bytes, port: int) -> ExceptedConnection:  # noqa: N802 - Twisted's
        return ExceptedConnection(self, hostname.decode("ascii"), port)

    def overlooked_at(self, url: str) -> tuple[str, ...]:
        """The faults overlooked at the host of an https address, in their order."""
        parts = urlsplit(url)
        if parts.scheme != "https":
            return ()
        return tuple(sorted(self.overlooked.get(((parts.hostname or "").lower(), parts.port or 443), ())))

    def overlooks(self, host: str, port: int, fault: str | None) -> bool:
        """Whether a fault of this host's certificate is accepted; notes it where it is."""
        if fault not in self.accepted:
            return False
        self.overlooked[host.lower(), port].add(str(fault))
        return True


@implementer(IOpenSSLClientConnectionCreator)
class ExceptedConnection:
    """One host's TLS connections."""

    def __init__(self, policy: ExceptedCertificates, host: str, port: int) -> None:
        self.policy, self.host, self.port = policy, host, port
        self.usual = optionsForClientTLS(hostname=host)
        is_number = isIPAddress(host) or isIPv6Address(host)
        self.identity = IPAddress_ID(host) if is_number else DNS_ID(host)

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:  # noqa: N802 - Twisted's interface
        connection = self.usual.clientConnectionForTLS(protocol)  # type: ignore[call-arg,misc] # zope's interface
        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, self.is_good_enough)
        return connection

    def is_good_enough(self, _: SSL.Connection, certificate: Any, error: int, depth: int, ok: int) -> bool:
        """Judge one finding of OpenSSL about one certificate of the chain; never raises."""
        if not ok and not self.policy.overlooks(self.host, self.port, FAULTS.get(error)):
            return False
        if depth or self.has_right_name(certificate):
            return True
        return self.policy.overlooks(self.host, self.port, WRONG_NAME)

    def has_right_name(self, certificate: Any) -> bool:
        """Whether the server's own certificate is for this host."""
        try:
            verify_service_identity(extract_patterns(certificate), [self.identity], [])
        except (CertificateError, VerificationError, ValueError):
            return False
        return True


def policy_of(exception: TlsException, today: date | None = None) -> ExceptedCertificates | None:
    """What overlooks the faults a profile accepts; `None` where it accepts none, or none any more."""
    today = today or datetime.now(UTC).date()
    if not exception.accept or (exception.until and today.isoformat() > exception.until):
        return None
    return ExceptedCertificates(exception.accept)


class CertificatesMiddleware:
    """Enter in the archive's books which faults were overlooked, once for each host and crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.entered: set[tuple[str, tuple[str, ...]]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        faults = request.meta.pop("tls_overlooked", ())  # a redirect takes the rest along
        host = urlsplit(response.url).netloc
        if faults and (host, faults) not in self.entered:
            self.entered.add((host, faults))
            await crawl_of(self.crawler).overlooked(host, faults)
        return response

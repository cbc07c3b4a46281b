"""Only public addresses are asked, judged on the very answer the connection will use.

Checked when a name is resolved and by the resolver itself, so a name that is public at the check and
private at the connection (DNS rebinding) cannot slip through; redirects come the same way.
"""

from __future__ import annotations

from typing import Any, Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from crawler.fetching.ip_addresses import is_public

PRIVATE = "leads to a private address; --allow-private asks it all the same"
refused_hosts: dict[str, str] = {}


class PrivateAddress(IgnoreRequest):
    """A host has private addresses only, and nobody allowed to ask those: it is not asked again."""

    def __init__(self) -> None:
        super().__init__(PRIVATE)


def is_refused(url: str) -> bool:
    """Whether the host of an address was found to have private addresses only."""
    return urlsplit(url).hostname in refused_hosts


@implementer(IResolutionReceiver)
class PublicOnly:
    """Passes on the public addresses of a name and notes when it has none but those held back."""

    def __init__(self, receiver: Any, host: str) -> None:
        self.receiver, self.host = receiver, host
        self.held_back: str | None = None
        self.is_public = False

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 - Twisted's interface
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        if is_public(address.host):
            self.is_public = True
            self.receiver.addressResolved(address)
        else:
            self.held_back = address.host

    def resolutionComplete(self) -> None:  # noqa: N802
        if self.held_back and not self.is_public:
            refused_hosts[self.host] = self.held_back
        self.receiver.resolutionComplete()


@implementer(IHostnameResolver)
class PublicAddressResolver(CachingHostnameResolver):
    """Scrapy's caching resolver behind a gate; MURAGAT_ALLOW_PRIVATE opens it."""

    def __init__(self, reactor: ReactorBase, cache_size: int, *, allow_private: bool) -> None:
        super().__init__(reactor, cache_size)
        self.allow_private = allow_private

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        settings = crawler.settings
        allow_private = settings.getbool("MURAGAT_ALLOW_PRIVATE")
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), allow_private=allow_private)

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        *args: Any,
        **kwargs: Any,
    ) -> IHostResolution:
        gate: Any = resolutionReceiver if self.allow_private else PublicOnly(resolutionReceiver, hostName)
        return super().resolveHostName(gate, hostName, *args, **kwargs)

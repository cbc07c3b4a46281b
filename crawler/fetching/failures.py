"""Why an address gave no answer, in a short stable code and in words."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from archive.records import Outcome
from crawler.fetching.on_site import OffSite
from crawler.fetching.public_addresses import refused_hosts
from crawler.fetching.robots import RobotsForbid, RobotsUnknown
from crawler.fetching.waiting import HostBusy
from crawler.rendering.errors import NotRendered

# What will not be otherwise next time; all else stays on the list.
FINAL = {"offsite", "robots", "private_address", "scheme", "too_large"}
# In order: the first that fits tells.
CODES = {
    OffSite: "offsite",
    RobotsForbid: "robots",
    RobotsUnknown: "robots_unreachable",
    HostBusy: "server_busy",
    NotRendered: "rendering",
    CannotResolveHostError: "dns",
    DownloadConnectionRefusedError: "refused",
    DownloadTimeoutError: "timeout",
    DownloadCancelledError: "too_large",
    ResponseDataLossError: "truncated",
    UnsupportedURLSchemeError: "scheme",
    IgnoreRequest: "redirect",
    DownloadFailedError: "http_protocol",
}


def failure_code(error: BaseException, url: str) -> str:
    """The code of a failed request."""
    code = next((code for kind, code in CODES.items() if isinstance(error, kind)), "no_answer")
    words = str(error).lower()
    if code in ("dns", "robots_unreachable") and urlsplit(url).hostname in refused_hosts:
        return "private_address"
    if code == "http_protocol" and ("ssl" in words or "certificate" in words):
        return "tls"
    if code == "redirect" and "exceed" in words:  # only Scrapy's words tell its two reasons apart
        return "too_large"
    return code


def failure_outcome(code: str) -> Outcome:
    """Whether a failed address is done with or asked again later."""
    return Outcome.REJECTED if code in FINAL else Outcome.FAILED


def asked_wait(error: BaseException) -> timedelta | None:
    """How long the server asked to be left alone, or `None`."""
    return error.wait if isinstance(error, HostBusy) else None

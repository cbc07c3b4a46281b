"""Why an address gave no answer, in a short stable code and in words."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from OpenSSL import SSL
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
from scrapy.spidermiddlewares.httperror import HttpError
from service_identity import CertificateError, VerificationError
from twisted.web.http import _MalformedChunkedDataError

from archive.records import Outcome
from crawler.fetching.decoding import CutOff, TooLarge, UnknownEncoding
from crawler.fetching.http_client import HeaderTooLarge
from crawler.fetching.on_site import OffSite
from crawler.fetching.pace import HostBusy
from crawler.fetching.public_addresses import PrivateAddress, is_refused
from crawler.fetching.redirects import OtherScheme, RedirectLoop
from crawler.fetching.robots_errors import RobotsForbid, RobotsUnknown
from crawler.fetching.taken_down import TakenDown
from crawler.rendering.errors import NotRendered

# What will not be otherwise next time; all else stays on the list.
FINAL = {"offsite", "taken_down", "robots", "private_address", "scheme", "too_large"}
# In order: the first that fits tells.
CODES = {
    OffSite: "offsite",
    TakenDown: "taken_down",
    PrivateAddress: "private_address",
    RobotsForbid: "robots",
    RobotsUnknown: "robots_unreachable",
    HostBusy: "server_busy",
    RedirectLoop: "redirect_loop",
    OtherScheme: "scheme",
    TooLarge: "too_large",
    CutOff: "truncated",
    UnknownEncoding: "encoding",
    HttpError: "http_status",
    NotRendered: "rendering",
    CannotResolveHostError: "dns",
    DownloadConnectionRefusedError: "refused",
    DownloadTimeoutError: "timeout",
    DownloadCancelledError: "too_large",
    ResponseDataLossError: "truncated",
    UnsupportedURLSchemeError: "scheme",
    IgnoreRequest: "refused_request",
    DownloadFailedError: "http_protocol",
}
# What lies behind a failure and tells more of it.
CAUSES: dict[type[BaseException], str] = {
    SSL.Error: "tls",
    CertificateError: "tls",
    VerificationError: "tls",
    HeaderTooLarge: "header_too_large",
    _MalformedChunkedDataError: "truncated",
}
# Where an error has no words of its own, or those of a program.
WORDS = {
    "dns": "the name {name} could not be resolved: is there an internet connection?",
    "refused": "{place} refuses connections",
    "truncated": "the answer is not as long as it says, or its connection broke",
    "too_large": "the answer is larger than an article may be",
}
WHOLE_SITE = {"dns", "tls", "refused", "timeout"}  # of robots.txt: nothing else of its host was asked


def failure_code(error: BaseException, url: str) -> str:
    """The code of a failed request."""
    code = next((code for kind, code in CODES.items() if isinstance(error, kind)), "no_answer")
    if code == "robots_unreachable" and is_refused(url):
        return "private_address"
    if code == "robots_unreachable" and error.__cause__:
        behind = failure_code(error.__cause__, url)
        return behind if behind in WHOLE_SITE else code
    if code in ("http_protocol", "no_answer"):
        return next((CAUSES[kind] for one in causes(error) for kind in CAUSES if isinstance(one, kind)), code)
    return code


def causes(error: BaseException) -> Iterator[BaseException]:
    """What lies behind an error: Scrapy's has Twisted's as its cause, and that a list of reasons."""
    for reason in getattr(error, "reasons", ()):
        if reason is not None and reason.value is not None:
            yield reason.value
            yield from causes(reason.value)
    if error.__cause__:
        yield error.__cause__
        yield from causes(error.__cause__)


def failure_words(error: BaseException, code: str, url: str) -> str:
    """What a person should know of a failure to ask an address, in a line."""
    if code == "tls":
        return f"its certificate or encryption is refused: {tls_words(error)}"
    if code == "http_status" and isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    if isinstance(error, IgnoreRequest) and str(error):  # ours, or Scrapy's own word
        return str(error)
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    words = WORDS.get(code, "").format(name=parts.hostname, place=place)
    return words or last_words(error) or str(error) or code


def last_words(error: BaseException) -> str | None:
    """What the innermost error says, where one of the outer ones only lists it."""
    *_, innermost = [None, *causes(error)]
    return " ".join(str(part) for part in innermost.args)[:300] if innermost and innermost.args else None


def tls_words(error: BaseException) -> str:
    """OpenSSL's words for what is wrong, without its own wrapping."""
    for one in causes(error):
        if isinstance(one, SSL.Error) and one.args and one.args[0]:
            return ", ".join(str(part[-1]) for part in one.args[0])
        if isinstance(one, CertificateError | VerificationError):
            return "the certificate is another host's (wrong_name)"
    return "no reason given"


def failure_outcome(code: str) -> Outcome:
    """Whether a failed address is done with or asked again later."""
    return Outcome.REJECTED if code in FINAL else Outcome.FAILED

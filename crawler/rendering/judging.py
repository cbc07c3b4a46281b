"""Which of a page's own requests are answered. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from archive.identity import same_site

# What makes a page's text. Pictures, fonts, sound, frames, sockets and beacons do not.
CODE = {"script", "stylesheet"}
DATA = {"xhr", "fetch"}
# Of the headers a page's script sets, these are the browser's or ours to say.
NOT_SENT = {
    *("accept-encoding", "accept-language", "connection", "content-length", "cookie", "host"),
    *("referer", "user-agent", "upgrade-insecure-requests", "proxy-authorization", "te", "dnt"),
}
# What of an answer concerns how a page works; the rest sets cookies, reports, or starts downloads.
PASSED_ON = {
    *("content-type", "content-language", "content-security-policy", "vary"),
    *("access-control-allow-origin", "access-control-allow-credentials", "access-control-allow-headers"),
}


def is_answered(kind: str, method: str, url: str, homes: Sequence[str]) -> bool:
    """Whether a request of a page is made: its code from anywhere, its data from the source's own site.

    `kind` is the browser's word for what asks.
    """
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            return False
        if kind in CODE:
            return method == "GET"
        return kind in DATA and method in ("GET", "HEAD", "POST") and any(same_site(url, h) for h in homes)
    except ValueError:  # a host that is none
        return False


def sent_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that a page's request is made with."""
    return {
        name: value
        for name, value in headers.items()
        if name.lower() not in NOT_SENT and not name.lower().startswith(("sec-", ":"))
    }


def passed_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of an answer that the browser is told."""
    return {name: value for name, value in headers.items() if name.lower() in PASSED_ON}

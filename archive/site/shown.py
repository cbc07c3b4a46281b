"""Text of the web made fit to be shown: no character that reorders, hides or breaks what stands around it."""

from __future__ import annotations

import re

# C0 but tab and newline, C1, zero-width space and joiners' kin, bidirectional overrides and isolates.
# Zero-width (non-)joiners stay: Arabic script needs them.
UNSHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
LONE_SURROGATES = re.compile("[\ud800-\udfff]")
HTTP_URL = re.compile(r"https?://[^\s\"'<>\\\x00-\x20]+", re.IGNORECASE)
URL_CHARS = 2048


def shown(text: object) -> str:
    """The text without characters that are not to be seen; empty for `None`."""
    if text is None:
        return ""
    return LONE_SURROGATES.sub("\ufffd", UNSHOWN.sub("", str(text)))


def paragraphs(text: str | None) -> list[str]:
    """The paragraphs of a plain text: what blank lines separate."""
    return [part for part in (piece.strip() for piece in re.split(r"\n\s*\n", shown(text))) if part]


def safe_url(url: object) -> str | None:
    """The address if a reader may be sent there: http(s), nothing that could end an attribute."""
    text = str(url or "")
    return text if len(text) <= URL_CHARS and HTTP_URL.fullmatch(text) else None


def cut(text: str, chars: int) -> str:
    """The beginning of a text, ending with a word."""
    if len(text) <= chars:
        return text
    return text[:chars].rsplit(None, 1)[0].rstrip(" ,.;:—–-") + "…"

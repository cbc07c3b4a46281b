"""What an answer is by a light look at its beginning: a feed, a sitemap, or neither."""

from __future__ import annotations

import codecs
import re
import zlib
from enum import Enum

LOOK_BYTES = 8_192
# Beyond the first items two answers of one feed never differ but in their moment.
SAME_BYTES = 200_000
BEFORE_ROOT = re.compile(r"\s*<[?!]")
ROOT = re.compile(r"\s*<(?:[\w.-]+:)?([\w.-]+)[\s>/]")
ROOTS = {"rss": "feed", "feed": "feed", "rdf": "feed", "urlset": "sitemap", "sitemapindex": "sitemap"}
JSON_FEED = re.compile(r'\s*\{[^}\]]{0,4000}"https?:\\?/\\?/jsonfeed\.org\\?/version')
NAMED = re.compile(rb"<(?:link|guid|loc|id)\b[^<>]{0,200}>([^<]{1,2048})</")


class Kind(Enum):
    """What a document names articles as."""

    FEED = "feed"
    SITEMAP = "sitemap"


def kind_of(body: bytes) -> Kind | None:
    """The kind of a document, packed or not; `None` for what is neither, an HTML page above all."""
    start = beginning(body)
    if JSON_FEED.match(start):
        return Kind.FEED
    root = ROOT.match(start, end_of_prolog(start))
    name = ROOTS.get(root[1].lower()) if root else None
    return Kind(name) if name else None


def beginning(body: bytes) -> str:
    """The first characters of a document, unpacked and without byte order mark."""
    start = unpacked_start(body) if body.startswith(b"\x1f\x8b") else body[:LOOK_BYTES]
    encoding = "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    return start.decode(encoding, "replace")


def unpacked_start(body: bytes) -> bytes:
    """The first bytes of a gzip file, however much it would unpack to; empty for a broken one."""
    try:
        return zlib.decompressobj(wbits=31).decompress(body[: 4 * LOOK_BYTES], LOOK_BYTES)
    except zlib.error:
        return b""


def end_of_prolog(text: str) -> int:
    """Where the root element begins, after declarations, comments and a document type."""
    place = 0
    while BEFORE_ROOT.match(text, place):
        close = "-->" if text[place:].lstrip().startswith("<!--") else ">"
        end = text.find(close, place)
        if end < 0:
            break
        place = end + len(close)
    return place


def fingerprint(body: bytes) -> bytes:
    """The same for two answers that name the same addresses in the same order."""
    named = NAMED.findall(body[:SAME_BYTES])
    return b"\n".join(named[3:]) or body

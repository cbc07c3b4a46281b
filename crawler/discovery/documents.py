"""Feeds and sitemaps: what a document is decides how it is read, not the address it was found at."""

from __future__ import annotations

import re

from crawler.discovery.addresses import shown
from crawler.discovery.feeds import gather_feed, gather_json_feed
from crawler.discovery.gathering import Gathering
from crawler.discovery.reading import (
    MAX_FEED_BYTES,
    MAX_JSON_BYTES,
    MAX_SITEMAP_BYTES,
    MIB,
    Reading,
)
from crawler.discovery.sitemaps import gather_lines, gather_sitemap
from crawler.discovery.text_encoding import as_utf8
from crawler.discovery.unpacking import unpacked
from crawler.discovery.xml_records import TooComplex

# Before its root a document may have a declaration, comments, and warnings of a PHP gone wrong.
MAX_PROLOG = 64 * 1024
ROOT = re.compile(rb"<(?:[\w.-]{1,32}:)?(rss|RDF|feed|channel|urlset|sitemapindex)(?=[\s>/])", re.IGNORECASE)
SITEMAP_ROOTS = (b"urlset", b"sitemapindex")
PAGE = re.compile(rb"\s*(?:<!doctype\s+html|<html)", re.IGNORECASE)
ADDRESS_LINE = re.compile(rb"\s*[a-z][a-z0-9+.-]{0,31}://", re.IGNORECASE)
TAIL = 4 * 1024  # caches sign their work in comments after the root's end


def read_feed(body: bytes, url: str, *, content_type: str | None = None, home: str | None = None) -> Reading:
    """What the feed at `url` names, the newest 2,000; RSS, RDF, Atom and JSON Feed, gzipped or not.

    `home` is an address of the source, for feeds served by another host; without it, `url` says which site
    the articles must be of. A sitemap in place of a feed is read as the sitemap it is.
    """
    return read_document(body, url, MAX_FEED_BYTES, content_type, home)


def read_sitemap(
    body: bytes, url: str, *, content_type: str | None = None, home: str | None = None
) -> Reading:
    """What the sitemap at `url` names: an index's children, or up to 50,000 addresses.

    XML or one address a line, gzipped or not; `home` as in `read_feed`. A feed in place of a sitemap is
    read as the feed it is.
    """
    return read_document(body, url, MAX_SITEMAP_BYTES, content_type, home)


def read_document(
    body: bytes, url: str, max_bytes: int, content_type: str | None, home: str | None
) -> Reading:
    """What a feed or sitemap names, of its first `max_bytes` unpacked bytes."""
    into = Gathering(url, home)
    plain = unpacked(body, max_bytes)
    text = as_utf8(plain.body, content_type)
    root = ROOT.search(text, 0, MAX_PROLOG)
    if root and not PAGE.match(text):
        gather_xml(text, root, into)
    elif text.lstrip()[:1] in (b"{", b"["):
        gather_json(text, into)
    elif ADDRESS_LINE.match(text):
        gather_lines(text.decode("utf-8", "replace"), into)
    else:
        reject_unread(text, into)
    if plain.problem == "too_large":
        into.reject_document("too_large", f"only the first {max_bytes // MIB} MiB were read")
    elif plain.problem:
        into.reject_document(plain.problem, "the gzip is broken")
    elif root and not is_closed(text, root[1]):
        into.reject_document("truncated", f"the document ends before its </{root[1].decode()}>")
    return into.reading()


def gather_xml(text: bytes, root: re.Match[bytes], into: Gathering) -> None:
    """Note what an XML document names, or why it is not read."""
    if b"<!ENTITY" in text and b"<!DOCTYPE" in text:
        into.reject_document("entities", "a feed has no need to define entities")
        return
    gather = gather_sitemap if root[1].lower() in SITEMAP_ROOTS else gather_feed
    try:
        gather(text[root.start() :], into)
    except TooComplex as error:
        into.reject_document("too_complex", str(error))


def is_closed(text: bytes, root: bytes) -> bool:
    """Whether the root element ends where the document does."""
    return bool(re.search(rb"</(?:[\w.-]{1,32}:)?" + root + rb"\s*>|/>\s*\Z", text[-TAIL:]))


def gather_json(text: bytes, into: Gathering) -> None:
    """Note what a JSON Feed names, or why it is not read."""
    if len(text) > MAX_JSON_BYTES:
        into.reject_document("too_large", f"more than {MAX_JSON_BYTES // MIB} MiB of JSON")
    elif not gather_json_feed(text.decode("utf-8", "replace"), into):
        reject_unread(text, into)


def reject_unread(text: bytes, into: Gathering) -> None:
    """Note that the document is no feed and no sitemap, and how it begins."""
    begins = shown(text[:1_000].decode("utf-8", "replace").lstrip())
    into.reject_document("parse" if begins else "empty", begins)

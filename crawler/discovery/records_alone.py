"""The records of a broken document, each read by itself: what one breaks, the others do not suffer.

A closing tag too many ends the root for libxml2, and a broken attribute whatever encloses it; all that
follows would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from crawler.discovery.xml_records import TooComplex, records


def records_alone(xml: bytes, names: tuple[str, ...]) -> Iterator[etree._Element]:
    """Yield the records of these names that have an end of their own, in their order.

    `xml` is as for `records`. A record with more markup than any has is passed over.
    """
    opening = xml[: xml.find(b">") + 1]
    root = re.match(rb"<([^\s>/]+)", opening)
    if not root or opening.endswith(b"/>"):
        return
    for record in slices(xml, names):
        try:
            yield from records(opening + record + b"</" + root[1] + b">", names)
        except TooComplex:
            continue


def slices(xml: bytes, names: tuple[str, ...]) -> Iterator[bytes]:
    """Yield each record's own bytes: from its opening tag to its end, where no other begins before that."""
    begin = re.compile(rb"<((?:[\w.-]{1,32}:)?(?:%s))(?=[\s>/])" % b"|".join(n.encode() for n in names), re.I)
    before: re.Match[bytes] | None = None
    for here in begin.finditer(xml):
        if before:
            yield from whole(xml, before, here.start())
        before = here
    if before:
        yield from whole(xml, before, len(xml))


def whole(xml: bytes, begin: re.Match[bytes], limit: int) -> Iterator[bytes]:
    """Yield a record that ends before `limit`, or nothing: the last text of an open one may be cut."""
    closing = b"</" + begin[1] + b">"
    end = xml.find(closing, begin.end(), limit)
    if end >= 0:
        yield xml[begin.start() : end + len(closing)]

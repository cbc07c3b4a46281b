"""Bytes to a tree: limits first, then the encoding, then lxml; never the network. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from lxml import etree

from archive.records import Problem
from crawler.cleaning.elements import HtmlElement
from crawler.cleaning.encoding import settled

MAX_BYTES = 32 * 2**20
# libxml2 2.14 compares each attribute of a tag with each other: 8,000 cost 60 ms, 40,000 1.7 s (older: 46 s).
MAX_ATTRIBUTES = 2_000
# A tag of more than MAX_ATTRIBUTES is longer than this, so a window without `>` betrays it.
WINDOW = MAX_ATTRIBUTES
# Quotes may hide a `>`: from so many values on (20,000 attributes cost 0.4 s) tags are measured one by one.
MAX_VALUES = 20_000
# The deepest of 832 real pages has 42. Readers of a tree ask elements for their text, those around them too:
# what 1,500 nested ones cost a page (110 s) is not to be had from this many.
MAX_DEPTH = 255
# Opening and closing ones. No article has as many, and what reads the tree costs far more than lxml does.
MAX_TAGS = 300_000
SHORTEST_TAG = 3  # bytes
EQUALS = ord("=")

TAG = re.compile(rb"""<[A-Za-z](?:[^=>]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+""")
OPENED = re.compile(rb"<[A-Za-z]")
ATTRIBUTE = re.compile(rb"""[^\s=>"']++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+""")
TOO_DEEP = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
TAG_NAME = re.compile(rb"<([A-Za-z][A-Za-z0-9:-]{0,20})")
# What has no class that tells of its content: words there stand in code.
NEVER_NAMED = frozenset(("script", "style", "link", "meta", "title"))
MAX_NAMES = 20
# How libxml2 names it that it stopped, for one at the 2,048th nested tag: the rest of the page is lost.
GAVE_UP = "ERR_RESOURCE_LIMIT"
NOT_HTML = {
    b"%PDF-": "a PDF",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"PK\x03\x04": "a ZIP file",
    b"\x1f\x8b": "a gzip file",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A page ready to be read: its tree without comments, and how its bytes were understood."""

    tree: HtmlElement
    utf8: bytes
    encoding: str
    problems: tuple[Problem, ...] = ()

    def mentions(self, word: bytes) -> bool:
        """Whether the page's source has a word at all: far cheaper than to ask the tree for it."""
        return word in self.utf8

    def named(self, word: str) -> Iterator[HtmlElement]:
        """Yield the elements with a word in their class or id, those of one tag after those of another.

        Only elements of tags that the source has right before the word are asked: most pages have none.
        """
        for tag in tags_before(word.encode(), self.utf8):
            for node in self.tree.iter(tag):
                if word in (node.get("class") or "") or word in (node.get("id") or ""):
                    yield node


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A page no tree was made of, with the reason."""

    problem: Problem


def tags_before(word: bytes, source: bytes) -> Iterator[str]:
    """Yield the names of tags that are the last to open before a word, wherever it stands, each once."""
    seen = set(NEVER_NAMED)
    place = source.find(word)
    while place >= 0 and len(seen) < MAX_NAMES:
        opened = source.rfind(b"<", max(0, place - WINDOW), place)
        name = TAG_NAME.match(source, opened) if opened >= 0 else None
        if name and (tag := name[1].decode().lower()) not in seen:
            seen.add(tag)
            yield tag
        closed = source.find(b">", place)
        place = source.find(word, closed) if closed >= 0 else -1


def read_document(raw: bytes, *, content_type: str | None = None) -> Document | Unreadable:
    """The tree of a page of at most 32 MiB; what is no HTML or too complex comes back as its reason."""
    if not raw[:1024].strip() and not raw.strip():
        return Unreadable(Problem("empty", "no bytes"))
    if kind := next((kind for magic, kind in NOT_HTML.items() if raw.startswith(magic)), None):
        return Unreadable(Problem("not_html", kind))
    if reason := too_complex(raw):
        return Unreadable(Problem("too_complex", reason))
    text = settled(raw, content_type=content_type)
    # Made anew each time: a parser keeps what it saw, and a kept one is no cheaper.
    # lxml.html's own parser asks Python for the class of each element it hands out: a tenth of all reading.
    parser = etree.HTMLParser(
        encoding="utf-8",
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        no_network=True,
        collect_ids=False,  # nobody asks for an element by XPath's id()
    )
    utf8 = text.utf8.replace(b"\0", b"")
    try:
        tree = etree.fromstring(utf8, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        return Unreadable(Problem("empty", str(error)))
    if tree is None:
        return Unreadable(Problem("empty", "no element"))
    if TOO_DEEP(tree):
        # Asked of deep pages alone: the log of a page with many slips costs a twentieth of parsing it.
        last = parser.error_log.last_error
        gave_up = last is not None and last.type_name == GAVE_UP
        reason = last.message if last is not None and gave_up else f"tags nested deeper than {MAX_DEPTH}"
        return Unreadable(Problem("too_complex", reason))
    return Document(tree, utf8, text.encoding, text.problems)


def too_complex(raw: bytes) -> str | None:
    """Why these bytes would cost too much to parse, or `None`. Costs a few per cent of parsing."""
    if len(raw) > MAX_BYTES:
        return f"{len(raw)} bytes, more than {MAX_BYTES}"
    if len(raw) > SHORTEST_TAG * MAX_TAGS and raw.count(b"<") > MAX_TAGS:
        return f"more than {MAX_TAGS} tags"
    tags = all_long_tags(raw) if may_hide_ends(raw) else long_tags(raw)
    if any(attributes_exceed(raw[start:end]) for start, end in outside_code(raw, tags)):
        return f"more than {MAX_ATTRIBUTES} attributes on one tag"
    return None


def may_hide_ends(raw: bytes) -> bool:
    """Whether there are values enough to hide the ends of too many attributes in quotes."""
    if len(raw) <= 8 * MAX_VALUES:
        return False
    # What `raw.count` tells, in a tenth of its time: it takes as long as a fifteenth of parsing.
    return int(np.count_nonzero(np.frombuffer(raw, dtype=np.uint8) == EQUALS)) > MAX_VALUES


def long_tags(raw: bytes) -> Iterator[tuple[int, int]]:
    """Where tags stand that span a whole window without `>`: one window is looked at after the other."""
    start = 0
    while start < len(raw):
        closed = raw.find(b">", start)
        if 0 <= closed < start + WINDOW:
            start += WINDOW
            continue
        end = closed if closed >= 0 else len(raw)
        if opened := OPENED.search(raw, raw.rfind(b">", 0, start) + 1, end):
            yield opened.start(), end
        start = end + 1


def all_long_tags(raw: bytes) -> Iterator[tuple[int, int]]:
    """Where tags stand that are too long to be plain, quotes understood: one linear pass."""
    for tag in TAG.finditer(raw):
        if tag.end() - tag.start() > 2 * WINDOW:
            yield tag.span()


def outside_code(raw: bytes, tags: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the tags, given in order, that stand in no script or style, where `i<n` is none. Linear."""
    seen = closed = 0
    for start, end in tags:
        if start >= closed:
            opened, name = max((raw.rfind(b"<" + name, seen, start), name) for name in (b"script", b"style"))
            found = raw.find(b"</" + name, opened) if opened >= 0 else start
            closed = found if found >= 0 else len(raw)
            if start >= closed:
                yield start, end
        seen = start


def attributes_exceed(tag: bytes) -> bool:
    """Whether the tag has more than MAX_ATTRIBUTES."""
    return any(number > MAX_ATTRIBUTES for number, _ in enumerate(ATTRIBUTE.finditer(tag)))

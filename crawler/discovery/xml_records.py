"""The items of a feed or sitemap one by one, from XML as the web writes it, in bounded time and memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html.entities import html5

from lxml import etree

from crawler.discovery.reading import MAX_MARKS_BEFORE_RECORD

PIECE = 64 * 1024
MARKS = (b"<", b"=", b"&")
CDATA = b"<![CDATA["
CDATA_END = b"]]>"
NUMBER = rb"#0{0,20}(\d{1,7});|#[xX]0{0,20}([0-9a-fA-F]{1,6});"
NUMBERED = re.compile(b"&(?:" + NUMBER + b")")
STRAY_AMPERSAND = re.compile(
    b"&(?!(?:amp|lt|gt|quot|apos);)(?:" + NUMBER + rb"|([A-Za-z][A-Za-z0-9]{0,31});)?"
)
# A record that stands where records belong: below the root, or below a channel below the root.
MAX_RECORD_DEPTH = 2


class TooComplex(Exception):
    """More markup than any feed has, in one item or between two."""


def records(
    xml: bytes, names: tuple[str, ...], on_damage: Callable[[], None] = lambda: None
) -> Iterator[etree._Element]:
    """Yield the closed elements of these local names, in any namespace, in the order of their ends.

    `xml` is UTF-8 and starts with its root element. An element is gone when the next is yielded; one
    whose end is missing is not yielded, since its last text may be cut. `on_damage` is called at the end
    where the XML is broken, so that elements may be missing. Raises `TooComplex`.
    """
    parser = etree.XMLPullParser(
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    marks = 0
    is_in_cdata = False
    for piece in pieces(xml):
        marks += sum(map(piece.count, MARKS))
        if marks > MAX_MARKS_BEFORE_RECORD:
            raise TooComplex(f"more than {MAX_MARKS_BEFORE_RECORD} tags and attributes in or before one item")
        mended, is_in_cdata = with_known_entities(piece, is_in_cdata)
        parser.feed(mended)
        for _, element in parser.read_events():
            yield element
            if is_in_place(element):
                forget(element)
                marks = 0
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.feed_error_log):
        raise TooComplex("nested too deep, or a text of 10 MB")
    if any(error.domain != etree.ErrorDomains.NAMESPACE for error in parser.feed_error_log):
        on_damage()


def pieces(xml: bytes) -> Iterator[bytes]:
    """Yield the XML in parts that end with a `>`, so that no mark, reference or CDATA sign is cut."""
    start = 0
    while start < len(xml):
        end = xml.find(b">", start + PIECE) + 1 or len(xml)
        yield xml[start:end]
        start = end


def is_in_place(element: etree._Element) -> bool:
    """Whether the record stands where records belong, and not in another one that was never closed."""
    return sum(1 for _ in element.iterancestors()) <= MAX_RECORD_DEPTH


def forget(element: etree._Element) -> None:
    """Free what stands before the element, else the whole tree stays in memory; its own turn comes next."""
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def with_known_entities(piece: bytes, is_in_cdata: bool) -> tuple[bytes, bool]:
    """The XML with HTML's names of characters spelled out and lonely ampersands escaped, but for CDATA.

    libxml2 would drop `&nbsp;`, and of an address `?a=1&b=2` all that looks like an entity. Says also
    whether the piece ends within CDATA.
    """
    if b"&" not in piece and CDATA not in piece and not is_in_cdata:
        return piece, False
    head, *sections = piece.split(CDATA)
    mended = [with_entities_after_cdata(head) if is_in_cdata else STRAY_AMPERSAND.sub(spelled_out, head)]
    mended += map(with_entities_after_cdata, sections)
    ends_in_cdata = CDATA_END not in mended[-1] and (is_in_cdata or bool(sections))
    return CDATA.join(mended), ends_in_cdata


def with_entities_after_cdata(section: bytes) -> bytes:
    """The same for what starts in CDATA: its literal text untouched, but for what could not be text at all.

    A CDATA sign in a comment is taken for a real one, so what is literal here may be read as XML later.
    """
    literal, end, after = section.partition(CDATA_END)
    return NUMBERED.sub(possible, literal) + end + STRAY_AMPERSAND.sub(spelled_out, after)


def spelled_out(reference: re.Match[bytes]) -> bytes:
    """What a reference XML does not know stands for; nothing for characters XML cannot hold."""
    if name := reference[3]:
        character = html5.get(f"{name.decode()};")
        return character.encode() if character else b"&amp;" + name + b";"
    return possible(reference) if reference[1] or reference[2] else b"&amp;"


def possible(reference: re.Match[bytes]) -> bytes:
    """A numbered reference as it is, or nothing for the number of what is no character."""
    code = int(reference[1]) if reference[1] else int(reference[2], 16)
    return reference[0] if is_xml_character(code) else b""


def is_xml_character(code: int) -> bool:
    """Whether XML 1.0 can hold the character; libxml2 passes some others on as bytes that are no text."""
    if code < 0x20:
        return code in (0x9, 0xA, 0xD)
    return code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF


def local_name(element: etree._Element) -> tuple[str, str]:
    """An element's namespace (or undeclared prefix) and its name in lower case."""
    return parted_name(element.tag) if isinstance(element.tag, str) else ("", "")


@lru_cache(maxsize=1_024)
def parted_name(tag: str) -> tuple[str, str]:
    """Namespace and name of a tag; a document has few tags and many elements."""
    namespace, _, name = tag.rpartition("}")
    prefix, _, local = name.rpartition(":")
    return namespace or prefix, local.lower()


def text_of(element: etree._Element) -> str:
    """All text in the element."""
    return element.text or "" if len(element) == 0 else "".join(element.itertext())

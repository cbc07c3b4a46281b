"""An element of a page, its text and its name, read no further than a line or a name can be long. Pure.

A page may nest a thousand elements around a million letters: who asks each of them for all its text asks for
the square of the page.
"""

from __future__ import annotations

from itertools import islice

from lxml.etree import XPath
from lxml.etree import _Element as HtmlElement

__all__ = [
    "CLASS_READ",
    "ID_READ",
    "MAX_INSIDE",
    "HtmlElement",
    "brief_text",
    "has_fewer",
    "is_large",
    "name_of",
    "text_of",
]

# What holds more elements is no line, no name and no heading.
MAX_INSIDE = 400
CLASS_READ, ID_READ = 500, 100  # letters
TEXT = XPath("string()", smart_strings=False)


def text_of(node: HtmlElement) -> str:
    """All the text inside an element, as written."""
    return str(TEXT(node))  # two thirds of what `itertext` takes


def brief_text(node: HtmlElement, letters: int) -> str:
    """The text inside an element; empty when it is longer, or the element is large."""
    if is_large(node):
        return ""
    pieces: list[str] = []
    for piece in node.itertext():
        letters -= len(piece)
        if letters < 0:
            return ""
        pieces.append(piece)
    return "".join(pieces)


def is_large(node: HtmlElement) -> bool:
    """Whether an element holds more elements than any line does."""
    return next(islice(node.iterdescendants(), MAX_INSIDE, None), None) is not None


def has_fewer(node: HtmlElement, number: int) -> bool:
    """Whether an element has fewer children; `len` would count them all."""
    return next(islice(node.iterchildren(), number - 1, None), None) is None


def name_of(node: HtmlElement) -> str:
    """An element's class and id, as far as names are written by people."""
    return f"{(node.get('class') or '')[:CLASS_READ]} {(node.get('id') or '')[:ID_READ]}"

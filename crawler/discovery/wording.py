"""Texts as feeds write them to plain text: one line, no markup, no control characters."""

from __future__ import annotations

import re
from html import unescape

from crawler.discovery.reading import MAX_DATE_CHARS, MAX_TITLE_CHARS

# C0 and C1 but the white space among them, lone surrogates, and what no text file may hold.
CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,1000}>")


def plain_title(text: str | None) -> str | None:
    """The title in one line, without the HTML many feeds wrap or escape it in.

    `None` if nothing is left, or so much that it is no title.
    """
    if not text or len(text) > 10 * MAX_TITLE_CHARS:
        return None
    if "<" in text:
        text = TAG.sub("", text)
    if "&" in text:
        text = unescape(text)
    title = without_controls(text)
    return title if 0 < len(title) <= MAX_TITLE_CHARS else None


def stated_date(text: str | None) -> str | None:
    """The date as written, in one line; `None` for nothing, or for a text too long to be a date."""
    if not text or len(text) > 10 * MAX_DATE_CHARS:
        return None
    date = without_controls(text)
    return date if 0 < len(date) <= MAX_DATE_CHARS else None


def without_controls(text: str) -> str:
    """The text in one line, single spaces, without characters no store or terminal takes."""
    return " ".join(CONTROLS.sub("", text).split())

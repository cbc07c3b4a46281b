"""The short lines of a page that look like dates, and where they stand from the title. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from crawler.cleaning.elements import CLASS_READ, ID_READ, HtmlElement, has_fewer, is_large
from crawler.cleaning.gate import one_line
from crawler.cleaning.structured import GLUED

# The longest line a date is looked for in; longer ones are prose.
MIN_LINE, MAX_LINE = 6, 140
# A paragraph of this length is the article's text: dates behind it are what the article speaks of.
PROSE = 180
# Nodes looked at; a page of more is not read to its end for a date.
MAX_NODES = 20_000
# Children of an element whose whole text is still one line.
MAX_PARTS = 12
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
UNREAD = frozenset(("script", "style"))

DATEISH = re.compile(
    r"\b(?:19[89]|20[0-4])\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}:\d\d|\d\s?(?:年|월)"
    r"|\b(?:ago|сегодня|вчера|назад|бүгін|кеше|бұрын|сьогодні|вчора|today|yesterday)\b",
    re.IGNORECASE,
)
DIGIT = re.compile(r"\d")
# The words of DATEISH in small letters: that needs no search in all cases, which takes three times as long.
DAY_WORD = re.compile(r"ago|сегодня|вчера|назад|бүгін|кеше|бұрын|сьогодні|вчора|today|yesterday")
# Asked of names in small letters.
DATE_NAME = re.compile(r"date|time|publi|posted|created|submitted|author|meta\b|byline|info|дата")


@dataclass(frozen=True, slots=True)
class Seen:
    """A line with a date: where it stands from the title, and how it is marked.

    `distance` is in characters, negative before the title.
    """

    line: str
    node: HtmlElement
    distance: int
    behind_prose: bool
    marked: bool


def lines_with_dates(tree: HtmlElement, anchor: HtmlElement) -> Iterator[Seen]:
    """Yield the short lines that look like dates, with their distance from the title or text (`anchor`).

    Those before it are held back until its place is known.
    """
    title = set(anchor.iter()) if anchor.tag in HEADINGS else set()
    before: list[Seen] = []
    position = 0
    here: int | None = None
    prose = False
    body = tree.find("body")
    for node in islice((body if body is not None else tree).iter(), MAX_NODES):
        if node is anchor:
            here = position
            yield from (replace(seen, distance=seen.distance - position) for seen in before)
        if node.tag in UNREAD or node in title:
            continue
        text, tail = node.text or "", node.tail or ""
        for line, owner, marked in lines_at(node, text, tail) if is_telling(node, text, tail) else ():
            if here is None:
                before.append(Seen(line, owner, position, behind_prose=False, marked=marked))
            else:
                yield Seen(line, owner, position - here, behind_prose=prose, marked=marked)
        position += (len(text) if len(text) > 1 else 0) + (len(tail) if len(tail) > 1 else 0)
        if here is not None and not prose:
            prose = len(text) > PROSE or len(tail) > PROSE


def is_telling(node: HtmlElement, text: str, tail: str) -> bool:
    """Whether an element is worth a look at its name: two in five hold nothing like a date, or too much."""
    return (
        0 < len(node) < MAX_PARTS
        or node.tag == "time"
        or (len(text) >= MIN_LINE and names_day(text))
        or looks_dated(tail)
    )


def lines_at(node: HtmlElement, text: str, tail: str) -> Iterator[tuple[str, HtmlElement, bool]]:
    """Yield the lines an element's text and the text behind it may be, whose they are, if that is marked."""
    marked = is_marked(node)
    if line := line_of(node, text, marked=marked):
        yield line, node, marked
    if looks_dated(tail):
        parent = node.getparent()
        is_read_whole = parent is None or (is_marked(parent) and has_fewer(parent, MAX_PARTS))
        if not is_read_whole and (line := line_in(parent, tail)):
            yield line, parent, False


def is_marked(node: HtmlElement) -> bool:
    """Whether tag, class or id say that an element holds a date."""
    if node.tag == "time":
        return True
    return is_date_name((node.get("class") or "")[:CLASS_READ], (node.get("id") or "")[:ID_READ])


@lru_cache(maxsize=4096)
def is_date_name(*names: str) -> bool:
    """Whether a class or id is given to dates; few pages have more than some hundred of them."""
    return any(DATE_NAME.search(name.lower()) for name in names)


def line_of(node: HtmlElement, text: str, *, marked: bool) -> str | None:
    """The line of an element that may be a date: its stamp, all its text when it is marked, else its own."""
    if node.tag == "time" and (stamp := node.get("datetime")) and len(stamp) >= 8 and DATEISH.search(stamp):
        return one_line(stamp)
    if marked and has_fewer(node, MAX_PARTS):
        return date_line(spoken_briefly(node))
    return line_in(node, text) if looks_dated(text) else None


def line_in(node: HtmlElement, text: str) -> str | None:
    """A piece of an element's text as a line, the whole of it where that is one."""
    line = date_line(one_line(text))
    if line is None:
        return None
    whole = date_line(spoken_briefly(node)) if has_fewer(node, MAX_PARTS // 2) else None
    return whole if whole and not is_glued(line, whole) else line


def looks_dated(text: str) -> bool:
    """Whether a text is no longer than a line and may hold a date."""
    if not MIN_LINE <= len(text) <= 2 * MAX_LINE:
        return False
    return names_day(text) and DATEISH.search(text) is not None


def names_day(text: str) -> bool:
    """Whether a text holds a digit or a word for a day; most hold neither, told in a third of the time."""
    if text.isspace():
        return False
    return DIGIT.search(text) is not None or DAY_WORD.search(text.lower()) is not None


def date_line(line: str) -> str | None:
    """The line when it is short and may hold a date."""
    return line if MIN_LINE <= len(line) <= MAX_LINE and DATEISH.search(line) else None


def spoken_briefly(node: HtmlElement) -> str:
    """The text of an element as `spoken` has it; empty when it is longer than a line, however long."""
    if has_fewer(node, 1):
        return one_line(node.text or "")
    if is_large(node):
        return ""
    room = 2 * MAX_LINE
    texts: list[str] = []
    for text in node.itertext():
        room -= len(text.strip())
        if room < 0:
            return ""
        texts.append(text)
    return one_line(GLUED.sub(" ", "\0".join(texts)).replace("\0", ""))


def is_glued(line: str, whole: str) -> bool:
    """Whether a line stands in a longer one without a space before it: "News24" on "13 Jan 2020"."""
    before, found, _ = whole.partition(line)
    return bool(found) and before[-1:].isalnum()

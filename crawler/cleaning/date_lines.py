"""The short lines of a page that look like dates, and where they stand from the title. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

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

DATEISH = re.compile(
    r"\b(?:19[89]|20[0-4])\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}:\d\d|\d\s?(?:年|월)"
    r"|\b(?:ago|сегодня|вчера|назад|бүгін|кеше|бұрын|сьогодні|вчора|today|yesterday)\b",
    re.IGNORECASE,
)
DATE_NAME = re.compile(
    r"date|time|publi|posted|created|submitted|author|meta\b|byline|info|дата", re.IGNORECASE
)


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
    title = set(anchor.iter()) if anchor.tag in HEADINGS else {anchor}
    before: list[Seen] = []
    position = 0
    here: int | None = None
    prose = False
    body = tree.find("body")
    for node in islice((body if body is not None else tree).iter(), MAX_NODES):
        if node is anchor:
            here = position
            yield from (replace(seen, distance=seen.distance - position) for seen in before)
        if node.tag in ("script", "style") or (node in title and anchor.tag in HEADINGS):
            continue
        marked = is_marked(node)
        if line := line_of(node, marked=marked):
            if here is None:
                before.append(Seen(line, node, position, behind_prose=False, marked=marked))
            else:
                yield Seen(line, node, position - here, behind_prose=prose, marked=marked)
        for text in (node.text, node.tail):
            if text and len(text) > 1:
                position += len(text)
                prose = prose or (here is not None and len(text) > PROSE)


def is_marked(node: HtmlElement) -> bool:
    """Whether tag, class or id say that an element holds a date."""
    if node.tag == "time":
        return True
    name = f"{node.get('class') or ''} {node.get('id') or ''}"
    return len(name) > 1 and is_date_name(name)


@lru_cache(maxsize=4096)
def is_date_name(name: str) -> bool:
    """Whether a class or id is given to dates; few pages have more than some hundred of them."""
    return DATE_NAME.search(name) is not None


def line_of(node: HtmlElement, *, marked: bool) -> str | None:
    """The line of an element that may be a date: its stamp, its own text, all its text when it is marked."""
    if node.tag == "time" and (stamp := node.get("datetime")) and len(stamp) >= 8 and DATEISH.search(stamp):
        return one_line(stamp)
    if marked and len(node) < MAX_PARTS:
        return date_line(spoken_briefly(node))
    for text in (node.text, *[child.tail for child in node]):
        if not text or not MIN_LINE <= len(text) <= 2 * MAX_LINE or not DATEISH.search(text):
            continue
        if line := date_line(one_line(text)):
            whole = date_line(spoken_briefly(node)) if len(node) < MAX_PARTS / 2 else None
            return whole if whole and not is_glued(line, whole) else line
    return None


def date_line(line: str) -> str | None:
    """The line when it is short and may hold a date."""
    return line if MIN_LINE <= len(line) <= MAX_LINE and DATEISH.search(line) else None


def spoken_briefly(node: HtmlElement) -> str:
    """The text of an element as `spoken` has it; empty when it is longer than a line, however long."""
    if len(node) == 0:
        return one_line(node.text or "")
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

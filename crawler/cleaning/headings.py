"""What a heading of a page says: its own line, without kickers, subtitles and counters set into it. Pure."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from crawler.cleaning.candidates import Candidate
from crawler.cleaning.elements import CLASS_READ, HtmlElement, brief_text, has_fewer
from crawler.cleaning.gate import one_line
from crawler.cleaning.structured import GLUED

MAX_KICKER = 100
# Elements of a heading that are looked at: an `<h1>` nobody closed holds the whole page.
MAX_PARTS = 60
KICKER = re.compile(
    r"kicker|over-?line|dachzeile|eyebrow|top-?line|roof-?line|top-?title|title-?header|sub-?head(?:line|ing)"
    r"|over-?title|super-?title|pre-?title|spitzmarke|pre-?head|strapline|h1-?small",
    re.IGNORECASE,
)
BESIDE = re.compile(r"sub-?title|sub-?line|secondary|comments?-number|source|date|categor", re.IGNORECASE)
BESIDE_TAGS = frozenset(("small", "sup", "time"))
UNSEEN = frozenset(("script", "style", "noscript", "template", "button", "svg"))
MARKS = " -\u2013\u2014|/"

MAX_READ = 5_000  # letters of a heading; a longer one is none


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's title, all of its text, and the kicker set into it, if one is."""

    node: HtmlElement
    title: str
    whole: str
    kicker: str | None = None


@dataclass(frozen=True, slots=True)
class Named(Candidate):
    """A name the page gives itself, with the heading it stands in, if it stands in one."""

    heading: Heading | None = None


def read_heading(node: HtmlElement) -> Heading:
    """What a heading says.

    A kicker that a colon joins to the title is the beginning of one sentence and stays: so papers mean it
    that set the colon for screen readers alone.
    """
    if has_fewer(node, 1) or not brief_text(node, MAX_READ):
        line = one_line(node.text or "") if has_fewer(node, 1) else ""
        return Heading(node, line, line)
    whole = shown_text(node, ())
    apart = set(set_apart(node))
    if not apart:
        return Heading(node, whole, whole)
    marks = {mark for mark in islice(node.iter("span"), MAX_PARTS) if is_mark(mark)}
    title = shown_text(node, apart | marks).strip(MARKS)
    kickers = (
        one_line(brief_text(part, MAX_READ))
        for part in apart
        if KICKER.search((part.get("class") or "")[:CLASS_READ])
    )
    kicker = next((line for line in kickers if 1 < len(line) <= MAX_KICKER), None)
    return Heading(node, title or whole, whole, kicker if title else None)


def is_mark(node: HtmlElement) -> bool:
    """Whether an element holds nothing but what stands between two parts of a heading."""
    return has_fewer(node, 1) and (node.text or "").strip() in MARKS.split()


def set_apart(node: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements of a heading that are no part of its title."""
    for part in islice(node.iterdescendants(), MAX_PARTS):
        name = (part.get("class") or "")[:CLASS_READ]
        if part.tag in BESIDE_TAGS or KICKER.search(name) or BESIDE.search(name):
            behind = part.getnext()
            after = (part.tail or "").strip() or (
                "" if behind is None else one_line(brief_text(behind, MAX_READ))
            )
            if not after.startswith(":") and not one_line(brief_text(part, MAX_READ)).endswith(":"):
                yield part


def shown_text(node: HtmlElement, without: Container[HtmlElement]) -> str:
    """The text of an element on one line, without some elements in it and what no reader sees."""
    return one_line(GLUED.sub(" ", "".join(texts(node, without))).replace("\0", ""))


def texts(node: HtmlElement, without: Container[HtmlElement]) -> Iterator[str]:
    """Yield the texts of an element, NUL where one element ends and the next begins; at any depth."""
    yield node.text or ""
    waiting = list(reversed(node))
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
            continue
        waiting.append(part.tail or "")
        if part.tag in UNSEEN or part in without:
            yield " "
            continue
        waiting.append("\0")
        waiting += reversed(part)
        yield "\0" + (part.text or "")


def leads_home(node: HtmlElement) -> bool:
    """Whether all a heading shows is a link to the front page: it names the site."""
    said = one_line(brief_text(node, MAX_READ))
    for link in islice(node.iter("a"), MAX_PARTS):
        href = (link.get("href") or "").strip()
        if href and not href.startswith("#") and len(one_line(brief_text(link, MAX_READ))) >= 0.8 * len(said):
            return is_front(href)
    return False


def is_front(href: str) -> bool:
    """Whether an address is a site's front page."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return parts.scheme in ("", "http", "https") and parts.path in ("", "/") and not parts.query

"""The lines readers see that sign an article: marked ones, "By …" below the title, a name set alone. Pure."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

from lxml import etree

from crawler.cleaning.elements import CLASS_READ, HtmlElement, is_large, name_of, text_of
from crawler.cleaning.gate import one_line
from crawler.cleaning.names import LABEL, LEADING, ROLE, is_label, names_in, reads_like_a_name
from crawler.cleaning.structured import Stated

MARKS = (
    *("author", "byline", "writer", "autor", "auteur", "contributor", "username", "posted[-_]by", "creator"),
    *("submitted", "signature"),
)
# Both cases of a first letter spelled out: `[Aa]uthor|…` takes up to five times as long.
MARK = re.compile("|".join(spelled for mark in MARKS for spelled in (mark, mark.capitalize())))
# The elements that are ever given to a name.
NAMING_TAGS = (
    *("a", "span", "div", "p", "address", "li", "h2", "h3", "h4", "h5", "h6", "strong", "b", "cite"),
    *("section", "em", "i", "small", "td", "dd", "footer"),
)
SURE_MARK = re.compile(r"author|byline", re.IGNORECASE)
PEN_PAGE = re.compile(r"/(?:authors?|autor(?:en|es)?|auteurs?)(?:/|$)", re.IGNORECASE)
TEXTS = etree.XPath("descendant::text()[not(parent::script or parent::style)]", smart_strings=False)
ALL_TEXTS = etree.XPath("descendant::text()", smart_strings=False)
# Texts below the title, and at the text's end, that are looked at.
MAX_TEXTS, MAX_LAST = 40, 12
# A line below the title that is longer is the text: what stands behind it signs nothing.
PROSE, MAX_LINE = 400, 80
BEFORE_DATE = re.compile(
    r"^(?P<name>[^\W\d_][^|\u2022\u00b7\d]{4,50}?)\s*[|\u2022\u00b7]\s*(?:$|\d|[^\W\d_]+ \d)"
)
# Asked of names in small letters: to search in all cases takes ten times as long.
ELSEWHERE = re.compile(
    r"comment(?!s?-number)|sidebar|related|recommend|popular|widget(?<!elementor-widget)|most-"
    r"|footer(?<!entry-footer)(?<!post-footer)(?<!article-footer)(?<!card-footer)"
)
JOINT = re.compile(r"^(?:and|und|et|y|e|и|және|og|och|en|&|,|;|/|\||\u2022|\u00b7)$", re.IGNORECASE)
# Texts of an element that are read: a box about an author begins with the name.
MAX_PARTS = 12
MIN_NAME = 3
# How many marked elements are kept, and how many of these and of links are read.
MAX_MARKED, MAX_READ = 60, 12


@dataclass(frozen=True, slots=True)
class Line:
    """The names a line signs with, and the element they stand in, if it is marked."""

    names: tuple[str, ...]
    node: HtmlElement | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """The elements a page marks as naming an author, and its links to a writer's page; no teasers'."""

    named: tuple[HtmlElement, ...]
    linked: tuple[HtmlElement, ...]


def marks_of(tree: HtmlElement, *, heading: HtmlElement | None, container: HtmlElement | None) -> Marks:
    """What marks an author, by one walk over the tree.

    `heading` shows the title, `container` holds the text: what stands in an article of neither is a teaser.
    """
    known: dict[str | None, bool] = {None: False, "": False}
    named: list[HtmlElement] = []
    linked: list[HtmlElement] = []
    for node in tree.iter(*NAMING_TAGS):
        if node.tag == "a":
            if node.get("rel") == "author":
                named.append(node)
            elif leads_to_pen(node.get("href")):
                linked.append(node)
        name = node.get("class")
        if name not in known:
            known[name] = MARK.search(name[:CLASS_READ]) is not None
        if known[name]:
            named.append(node)
    own = own_articles(heading, container)
    return Marks(
        tuple(node for node in dict.fromkeys(named[:MAX_MARKED]) if not in_margin(node, own)),
        tuple(node for node in linked[:MAX_READ] if not in_margin(node, own)),
    )


def leads_to_pen(href: str | None) -> bool:
    """Whether an address is a writer's page; nearly none is, told by three letters in a tenth of the time."""
    return href is not None and "aut" in href.lower() and PEN_PAGE.search(href) is not None


def bylines(
    marks: Marks, stated: Stated, *, heading: HtmlElement | None, container: HtmlElement | None
) -> Iterator[Line]:
    """Yield the lines that sign the article, the best marked first."""
    for node in (*sorted(marks.named, key=how_marked)[:MAX_READ], *marks.linked):
        if names := leading_names(parts_of(node)):
            yield Line(names, node)
    for title in [heading] if heading is not None else stated.headings[:1]:
        yield from signed_lines(islice(texts_below(title), MAX_TEXTS))
    if container is not None:
        yield from signatures(container)


def texts_below(node: HtmlElement) -> Iterator[str]:
    """Yield the texts that follow an element on the page, each on one line."""
    for up in (node, *node.iterancestors()):
        if up.tag in ("body", "html"):
            return
        if up.tail and (line := one_line(up.tail)):
            yield line
        for behind in up.itersiblings():
            if behind.tag not in ("script", "style"):
                yield from filter(None, map(one_line, behind.itertext()))
            if behind.tail and (line := one_line(behind.tail)):
                yield line


def own_articles(*nodes: HtmlElement | None) -> frozenset[HtmlElement]:
    """The `<article>` elements some elements stand in."""
    known = [node for node in nodes if node is not None]
    return frozenset(
        up for node in known for up in (node, *node.iterancestors("article")) if up.tag == "article"
    )


def pen_names(marks: Marks) -> Iterator[Line]:
    """Yield the single words that stand alone where an author is marked: how blogs and forums are signed."""
    for node in marks.named:
        said = [part for part in parts_of(node) if not LABEL.fullmatch(part) and not JOINT.match(part)]
        if said and how_marked(node) < 2 and is_pen_name(said[0]):
            yield Line((said[0],), node)


def is_pen_name(text: str) -> bool:
    """Whether a text is one word that somebody may call himself."""
    return 2 < len(text) <= 20 and text.isalnum() and not text.isdecimal() and not is_label(text)


def how_marked(node: HtmlElement) -> int:
    """How surely an element is said to name the author: 0 is surest."""
    if node.get("rel") == "author":
        return 0
    return 1 if SURE_MARK.search((node.get("class") or "")[:CLASS_READ]) else 2


def parts_of(node: HtmlElement) -> list[str]:
    """The first texts of an element, each on one line."""
    if is_large(node):
        return []
    texts = (one_line(text) for text in TEXTS(node))
    return list(islice(filter(None, texts), MAX_PARTS))


def leading_names(parts: list[str]) -> tuple[str, ...]:
    """The names a line or box begins with, after its label and a date; empty when it begins otherwise."""
    names: list[str] = []
    for part in parts:
        line = part.strip(" ,|:-\u2013\u2014\u2022\u00b7")
        if not line or JOINT.match(part) or (not names and (LABEL.fullmatch(line) or is_date(line))):
            continue
        found = list(names_in(part)) if len(part) < 160 else []
        if not found or not all(map(reads_like_a_name, found)) or ROLE.search(line):
            break
        names += found
    return tuple(dict.fromkeys(names))


def is_date(line: str) -> bool:
    """Whether a short line holds figures, as dates do."""
    return len(line) < 40 and any(map(str.isdigit, line))


def signed_lines(texts: Iterable[str]) -> Iterator[Line]:
    """Yield the lines between title and text that say "By …", also when the name follows by itself."""
    label = False
    for text in texts:
        if len(text) > PROSE:
            return
        if len(text) > MAX_LINE:
            continue
        dated = BEFORE_DATE.match(text)
        said = dated["name"] if dated else text if label or LEADING.match(text) else None
        names = tuple(names_in(said)) if said else ()
        if names and all(map(reads_like_a_name, names)):
            yield Line(names)
        label = LABEL.fullmatch(text.strip(" :")) is not None


def signatures(container: HtmlElement) -> Iterator[Line]:
    """Yield first and last paragraphs of a text that are nothing but names, then "Author: …" at its end."""
    paragraphs = list(container.iter("p"))
    opening = takewhile(lambda line: len(line) < PROSE / 2, islice(lines_of(paragraphs), 3))
    closing = islice(lines_of(reversed(paragraphs)), 2)
    for line in (said.strip("()[] .") for said in (*opening, *closing)):
        if len(line) < MAX_LINE and (names := tuple(names_in(line))) and all(map(reads_like_a_name, names)):
            yield Line(names)
    last = deque(filter(str.strip, ALL_TEXTS(container)), MAX_LAST)
    yield from signed_lines(filter(None, map(one_line, last)))


def lines_of(paragraphs: Iterable[HtmlElement]) -> Iterator[str]:
    """Yield the paragraphs that are not empty, each on one line."""
    return (line for node in paragraphs if len(line := one_line(text_of(node))) > MIN_NAME)


def in_margin(node: HtmlElement, own: frozenset[HtmlElement] = frozenset()) -> bool:
    """Whether an element stands in comments, a sidebar, a picture or a list of other articles.

    `own` are the `<article>` elements of the page's own article.
    """
    for level, up in enumerate((node, *islice(node.iterancestors(), 7))):
        if up.tag in ("body", "html") or up in own:
            return False
        if up.tag == "article":
            return bool(own)
        if up.tag in ("nav", "form", "figure", "figcaption") or (level and up.tag in ("aside", "footer")):
            return True
        name = name_of(up)
        if len(name) > 1 and ELSEWHERE.search(name.lower()):
            return True
    return False

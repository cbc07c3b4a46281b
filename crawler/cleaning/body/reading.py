"""One pass over the page: its boxes, its blocks of text and its pictures, in reading order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from crawler.cleaning.body.hints import HIDDEN, NAVIGATION, OFFER, PROPERTIES, ROLES, TAG_HINTS, hints_of
from crawler.cleaning.elements import HtmlElement

# Everything that is neither inline nor skipped is a block, unknown elements too.
INLINE_TAGS = frozenset(
    """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr o:p
    picture q rb rbc ruby s samp small source span strike strong sub sup time tt u var wbr
    """.split()  # noqa: SIM905 - a list literal would be a screen long
)
SKIPPED_TAGS = frozenset(
    """
    applet audio canvas datalist dialog embed frameset head iframe input map math meter noscript
    object option progress rp rt script select style svg template textarea video
    """.split()  # noqa: SIM905 - a list literal would be a screen long
)
MENU_HINTS = NAVIGATION | OFFER
BREAK = "\x1e"  # a line break; white space to Python, and never printed
RUBY_TAGS = frozenset(("ruby", "rb", "rt", "rp", "rtc"))
PICTURE_TAGS = frozenset(("img", "amp-img"))
# What is done with an element; a box where nothing else is said.
INLINE, LINE, PICTURE, SKIPPED, BOX = "inline", "line", "picture", "skipped", "box"
ROLE_OF = {
    **dict.fromkeys(INLINE_TAGS, INLINE),
    **dict.fromkeys(SKIPPED_TAGS, SKIPPED),
    **dict.fromkeys(PICTURE_TAGS, PICTURE),
    "br": LINE,
    etree.Comment: SKIPPED,
    etree.ProcessingInstruction: SKIPPED,
}
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Boxes of one paragraph, which are never the container of an article.
LEAVES = HEADINGS | {"p", "li", "td", "th", "dt", "dd", "tr", "figcaption", "summary"}
BOLD_TAGS = frozenset(("b", "strong"))
ITALIC_TAGS = frozenset(("i", "em", "cite"))
STYLED_TAGS = BOLD_TAGS | ITALIC_TAGS | {"a"}
INVISIBLE = {ord(c): None for c in "\u00ad\u200b\u2060\ufeff"}
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
STYLE_READ = 500  # letters


def role_hints(role: str) -> int:
    """The hints in a `role`."""
    return ROLES.get(role.lower(), 0)


def property_hints(name: str) -> int:
    """The hints in an `itemprop`."""
    return PROPERTIES.get(name.lower(), 0)


def style_hints(style: str) -> int:
    """The hint in a `style`; nearly none has it, told by two words in a fifth of the time."""
    said = style[:STYLE_READ].lower()
    is_hiding = ("none" in said or "hidden" in said) and HIDING_STYLE.search(said)
    return HIDDEN if is_hiding else 0


def aria_hints(said: str) -> int:
    """The hint in an `aria-hidden`."""
    return HIDDEN if said in ("true", "true\n") else 0


def hidden_hints(_: str) -> int:
    """The hint in a `hidden`, whatever it says."""
    return HIDDEN


# What attributes but `class` hint at; most elements have others, which cost one look-up each.
HINTS_IN: dict[str, Callable[[str], int]] = {
    **dict.fromkeys(("id", "data-testid", "data-component"), hints_of),
    "role": role_hints,
    "itemprop": property_hints,
    "style": style_hints,
    "aria-hidden": aria_hints,
    "hidden": hidden_hints,
}


@dataclass(slots=True)
class Style:
    """How a run of text is set: inside which link, bold, in italics."""

    href: str | None = None
    bold: bool = False
    italic: bool = False


class Setting(NamedTuple):
    """In which list, item (of a list, or cell of a table), table, row, quote and figure something stands.

    The numbers of their boxes, the innermost of each kind; -1 for none.
    """

    list: int = -1
    item: int = -1
    table: int = -1
    row: int = -1
    quote: int = -1
    figure: int = -1


PLACES = {
    "ul": "list", "ol": "list", "li": "item", "td": "item", "th": "item", "table": "table", "tr": "row",
    "blockquote": "quote", "figure": "figure",
}  # fmt: skip
SETTING_OF = {tag: Setting._fields.index(place) for tag, place in PLACES.items()}
NOWHERE = Setting()


@dataclass(slots=True)
class Box:
    """An element that holds blocks: those from `first` to before `end`, in the boxes up to `last_box`.

    `name` is its class as written.
    """

    element: HtmlElement
    tag: str
    name: str
    parent: int
    hints: int
    first: int
    setting: Setting
    end: int = 0
    last_box: int = 0


@dataclass(slots=True)
class Block:
    """One paragraph's worth of text, as printed.

    `weight` is its length in letters, a Chinese, Japanese or Korean one counting two and a half.
    """

    index: int
    box: int
    tag: str
    text: str
    runs: list[tuple[str, Style | None]]
    weight: float
    link_share: float
    bold_share: float
    italic_share: float
    links: int


@dataclass(slots=True)
class Picture:
    """An `img` and where it stands: before the block numbered `before`, in `box`, inside the link `href`."""

    element: HtmlElement
    box: int
    before: int
    href: str | None


@dataclass(slots=True)
class Reading:
    """All that the page shows."""

    boxes: list[Box]
    blocks: list[Block]
    pictures: list[Picture]


class Reader:
    """Walks a tree once, without recursion, and never changes it."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.blocks: list[Block] = []
        self.pictures: list[Picture] = []
        self.runs: list[tuple[str, Style | None]] = []
        self.box = -1
        self.style: Style | None = None

    def read(self, root: HtmlElement) -> Reading:  # noqa: C901 - one loop, for speed: see below
        """All that the tree under `root` shows.

        The hottest loop of all: a sixth of what reading a page costs. What is asked of every element stands
        in it; what is asked of few is a method. A stack of iterators takes less than `iterwalk`: clean() 1 %.
        """
        outside: list[tuple[Iterator[HtmlElement], HtmlElement, str, Style | None]] = []
        children = iter((root,))
        role_of = ROLE_OF.get
        while True:
            node = next(children, None)
            if node is not None:
                style = self.style
                tag = node.tag
                role = role_of(tag, BOX)
                if role is not INLINE:
                    role = self.enter(role, tag, node)
                elif tag in STYLED_TAGS:
                    self.set_style(tag, node)
                if role is not SKIPPED:
                    text = node.text
                    if text and (not text.isspace() or (self.runs and tag not in RUBY_TAGS)):
                        self.runs.append((text, self.style))
                    if len(node):
                        outside.append((children, node, role, style))
                        children = iter(node)
                        continue
            elif outside:
                children, node, role, style = outside.pop()
                tag = node.tag
            else:
                return Reading(self.boxes, self.blocks, self.pictures)
            if role is BOX:
                self.close_box()
            self.style = style
            text = node.tail
            if text and (not text.isspace() or (self.runs and tag not in RUBY_TAGS)):
                self.runs.append((text, style))

    def enter(self, role: str, tag: str, node: HtmlElement) -> str:
        """Enter a box, a break or a picture; what is done with it, SKIPPED when its inside is never read."""
        if role is BOX:
            return BOX if self.open_box(tag, node) else SKIPPED
        if role is LINE:
            self.break_line()
        elif role is PICTURE:
            href = self.style.href if self.style is not None else None
            self.pictures.append(Picture(node, self.box, len(self.blocks) + bool(self.runs), href))
        return role

    def set_style(self, tag: str, node: HtmlElement) -> None:
        """Enter an element that sets its text: a link, bold, italics."""
        style = self.style or PLAIN
        if tag == "a":
            href = node.get("href")
            if href is not None:
                self.style = Style(href, style.bold, style.italic)
        elif tag in BOLD_TAGS:
            self.style = Style(style.href, True, style.italic)
        else:
            self.style = Style(style.href, style.bold, True)

    def break_line(self) -> None:
        """A line break; the second in a row ends the paragraph."""
        for text, _ in reversed(self.runs):
            if text is BREAK:
                self.flush()
                return
            if not text.isspace():
                break
        self.runs.append((BREAK, None))

    def open_box(self, tag: str, node: HtmlElement) -> bool:
        """Enter an element that holds blocks; false where it is a menu, which is passed over."""
        name, hints = attribute_hints(node)
        hints |= TAG_HINTS.get(tag, 0)
        if hints & MENU_HINTS == NAVIGATION and is_menu(node):
            return False
        if self.runs:
            self.flush()
        number = len(self.boxes)
        setting = self.boxes[self.box].setting if number else NOWHERE
        if tag in SETTING_OF:
            place = SETTING_OF[tag]  # `_replace` takes thrice as long
            setting = Setting._make((*setting[:place], number, *setting[place + 1 :]))
        self.boxes.append(Box(node, tag, name, self.box, hints, len(self.blocks), setting))
        self.box = number
        return True

    def close_box(self) -> None:
        """Leave an element that holds blocks, its tail still to be read."""
        if self.runs:
            self.flush()
        box = self.boxes[self.box]
        box.end = len(self.blocks)
        box.last_box = len(self.boxes) - 1
        self.box = box.parent

    def flush(self) -> None:
        """End the running text as a block of the innermost box."""
        runs, self.runs = self.runs, []
        text = printed(runs[0][0] if len(runs) == 1 else "".join([text for text, _ in runs]))
        if not text:
            return
        weight = float(len(text))
        if not text.isascii() and max(text[::16]) >= "\u3040":
            weight += 1.5 * len(WIDE.findall(text))
        box = self.boxes[self.box]
        tag = box.tag
        if box.parent >= 0 and self.boxes[box.parent].tag in HEADINGS:
            tag = self.boxes[box.parent].tag
        self.blocks.append(Block(len(self.blocks), self.box, tag, text, runs, weight, *shares_of(runs)))


PLAIN = Style()
UNSTYLED = (0.0, 0.0, 0.0, 0)


def shares_of(runs: list[tuple[str, Style | None]]) -> tuple[float, float, float, int]:
    """The shares of the letters of runs of text that are in links, bold, in italics; how many links."""
    if len(runs) == 1 and runs[0][1] is None:
        return UNSTYLED
    size = link = bold = italic = links = 0
    href = None
    for piece, style in runs:
        length = len(piece)
        if length < 80 and piece.isspace():
            continue
        size += length
        if style is not None:
            if style.href is not None:
                link += length
                if style.href != href:
                    links += 1
                    href = style.href
            if style.bold:
                bold += length
            if style.italic:
                italic += length
    share = 1.0 / (size or 1)
    return link * share, bold * share, italic * share, links


def attribute_hints(node: HtmlElement) -> tuple[str, int]:
    """An element's class as written, and the hints in its attributes."""
    hints = 0
    own = ""
    for name, value in node.items():
        if name == "class":
            own = value
            hints |= hints_of(value)
        elif name in HINTS_IN:
            hints |= HINTS_IN[name](value)
    return own, hints


def is_menu(node: HtmlElement) -> bool:
    """Whether an element named a menu is one: no title in it, and hardly a paragraph."""
    telling = node.iter("h1", "article", "main", "p")
    return all(inner.tag == "p" and count < 5 for count, inner in enumerate(telling))


def printed(text: str) -> str:
    """The text as a page prints it: white space run together, lines kept where `br` broke them."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    if BREAK in text:
        return "\n".join(line for part in text.split(BREAK) if (line := printed(part)))
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return " ".join(CONTROLS.sub("", line.translate(INVISIBLE)).split())

"""The chosen blocks as plain text and as small safe HTML, which say the same."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import nh3

from archive.records import Image
from crawler.cleaning.body.addresses import absolute
from crawler.cleaning.body.pictures import Shown
from crawler.cleaning.body.reading import BREAK, HEADINGS, Block, Reading, Style, printed

ALLOWED = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "a", "em", "strong", "br", "table", "tr", "th",
    "td",     "figure", "figcaption", "img",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
CLEANER = nh3.Cleaner(
    tags=ALLOWED, attributes=ATTRIBUTES, url_schemes={"http", "https"}, link_rel="nofollow noopener"
)
LONGEST = 20_000  # letters of a paragraph
NAMES = {"h1": "h2", "h2": "h2", "h3": "h3"}


def plain_text(reading: Reading, blocks: Sequence[Block]) -> str:
    """Paragraphs separated by blank lines; a list or a table is one paragraph, an item or a row a line."""
    parts: list[str] = []
    group = within = (-1, -1)
    for block in blocks:
        box = reading.boxes[block.box]
        where = box.setting
        here, now = (where.table, where.list), (where.row, where.item)
        table = where.table >= 0
        mark = "- " if where.list >= 0 and where.item >= 0 and not table else ""
        text = block.text.replace("\n", " ") if table else block.text
        if here != (-1, -1) and here == group:
            if now == within:
                parts.append((" " if table else "\n") + text)
            else:
                parts.append((" | " if table and now[0] == within[0] else "\n") + mark + text)
        else:
            parts.append(("\n\n" if parts else "") + mark + text)
        group, within = here, now
    return "".join(parts)


def safe_html(reading: Reading, blocks: Sequence[Block], shown: Sequence[Shown], base: str) -> str:
    """The same as small HTML, pictures where they stand; nothing in it runs or leaves http(s)."""
    out = Markup()
    waiting = list(reversed(shown))
    for block in blocks:
        box = reading.boxes[block.box]
        while waiting and waiting[-1].before <= block.index:
            out.within(())
            out.parts.append(figure(waiting.pop().image))
        out.within(surroundings(reading, block))
        is_heading = block.tag in HEADINGS and box.setting.table < 0
        name = NAMES.get(block.tag, "h4") if is_heading else "p"
        out.parts += [f"<{name}>{inner}</{name}>" for inner in pieces_of(block, base)]
    out.within(())
    out.parts += [figure(picture.image) for picture in reversed(waiting)]
    return CLEANER.clean("".join(out.parts))


def pieces_of(block: Block, base: str) -> list[str]:
    """The block's inside; one too long for any paragraph in pieces of plain text.

    The sanitiser's time grows with the square of a text's length: 400,000 times "a &" in one take it 5 s.
    """
    if len(block.text) <= LONGEST:
        return [inline(block, base)]
    return [
        escape(block.text[at : at + LONGEST], quote=False).replace("\n", "<br>")
        for at in range(0, len(block.text), LONGEST)
    ]


class Markup:
    """Writes elements, opening and closing the ones around as the text goes in and out of them."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.open: tuple[tuple[str, int], ...] = ()

    def within(self, wanted: tuple[tuple[str, int], ...]) -> None:
        shared = 0
        for here, there in zip(self.open, wanted, strict=False):
            if here != there:
                break
            shared += 1
        self.parts += [f"</{name}>" for name, _ in reversed(self.open[shared:])]
        self.parts += [f"<{name}>" for name, _ in wanted[shared:]]
        self.open = wanted


def surroundings(reading: Reading, block: Block) -> tuple[tuple[str, int], ...]:
    """The elements kept around a block, outermost first, each with the number of its box."""
    where = reading.boxes[block.box].setting
    around = [("blockquote", where.quote)] if where.quote >= 0 else []
    if where.table >= 0 and where.row >= 0 and where.item >= 0:
        cell = "th" if reading.boxes[where.item].tag == "th" else "td"
        return (*around, ("table", where.table), ("tr", where.row), (cell, where.item))
    if where.list >= 0 and where.item >= 0:
        around += [(reading.boxes[where.list].tag, where.list), ("li", where.item)]
    return tuple(around)


def inline(block: Block, base: str) -> str:
    """The block's text with its links, emphasis and line breaks."""
    if all(style is None for _, style in block.runs):
        return escape(block.text, quote=False).replace("\n", "<br>")
    parts: list[str] = []
    merged: list[tuple[str, Style | None]] = []
    for text, style in block.runs:
        if merged and merged[-1][1] == style:
            merged[-1] = (merged[-1][0] + text, style)
        else:
            merged.append((text, style))
    for text, style in merged:
        lines = [escape(spaced(line), quote=False) for line in text.split(BREAK)]
        plain = "<br>".join(lines)
        parts.append(plain if style is None or not plain.strip() else set_in(plain, style, base))
    return "".join(parts).strip().removesuffix("<br>").removeprefix("<br>").strip()


def spaced(text: str) -> str:
    """The text as printed, with one space where it begins or ends with white space."""
    core = printed(text)
    if not core:
        return " " if text else ""
    return (" " if text[0].isspace() else "") + core + (" " if text[-1].isspace() else "")


def set_in(text: str, style: Style, base: str) -> str:
    """The text in the elements of its style."""
    if style.italic:
        text = f"<em>{text}</em>"
    if style.bold:
        text = f"<strong>{text}</strong>"
    if style.href is not None and (url := absolute(style.href, base)):
        text = f'<a href="{escape(url)}">{text}</a>'
    return text


def figure(image: Image) -> str:
    """A picture with its caption and credit."""
    told = ". ".join(part.rstrip(".") for part in (image.caption, image.credit) if part)
    caption = f"<figcaption>{escape(told)}</figcaption>" if told else ""
    return f'<figure><img src="{escape(image.url)}" alt="{escape(image.alt or "")}">{caption}</figure>'

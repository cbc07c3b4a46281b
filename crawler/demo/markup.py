"""The few marks a manuscript's text may carry: blocks, and links to other articles of the paper. Pure.

Blocks are separated by a blank line. `## ` opens a sub-heading, `- ` a list item, `> ` a quotation,
`| ` a table row (the first row is the head); everything else is a paragraph. `[words](@id)` links to
the article with that id.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

MARKS = {"## ": "heading", "- ": "list", "> ": "quote", "| ": "table"}
SHELLS = {
    "paragraph": Markup("<p>{}</p>"),
    "heading": Markup("<h2>{}</h2>"),
    "quote": Markup("<blockquote><p>{}</p></blockquote>"),
    "list": Markup("<ul>{}</ul>"),
    "item": Markup("<li>{}</li>"),
    "table": Markup("<table><thead>{}</thead><tbody>{}</tbody></table>"),
    "row": Markup("<tr>{}</tr>"),
    "head cell": Markup("<th>{}</th>"),
    "cell": Markup("<td>{}</td>"),
    "link": Markup('<a href="{}">{}</a>'),
}
LINK = re.compile(r"\[([^\]\n]+)\]\(@([a-z0-9-]+)\)")


@dataclass(frozen=True, slots=True)
class Block:
    """One block of text; `lines` are a list's items, a table's rows, otherwise one line."""

    kind: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The block as a reader would type it: no marks, one line per item or row, cells with ` | `."""
        return "\n".join(LINK.sub(r"\1", line) for line in self.lines)


def read_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a manuscript's text, in order."""
    return tuple(read_block(part) for part in text.strip().split("\n\n") if part.strip())


def read_block(part: str) -> Block:
    """One block; lines of a paragraph or quotation that were broken for reading are joined."""
    lines = [line.strip() for line in part.strip().splitlines()]
    for mark, kind in MARKS.items():
        if not lines[0].startswith(mark):
            continue
        unmarked = tuple(line.removeprefix(mark).removesuffix(" |").strip() for line in lines)
        return Block(kind, unmarked) if kind in ("list", "table") else Block(kind, (" ".join(unmarked),))
    return Block("paragraph", (" ".join(lines),))


def linked_ids(blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """The ids of the articles the running text links to, in order."""
    return tuple(found[2] for block in blocks for line in block.lines for found in LINK.finditer(line))


def block_html(block: Block, address_of: Callable[[str], str]) -> Markup:
    """The block as HTML; `address_of` gives the address of an article by its id."""
    if block.kind == "list":
        items = (SHELLS["item"].format(line_html(line, address_of)) for line in block.lines)
        return SHELLS["list"].format(Markup().join(items))
    if block.kind == "table":
        head, *rows = block.lines
        cells = Markup().join(row_html(row, "cell", address_of) for row in rows)
        return SHELLS["table"].format(row_html(head, "head cell", address_of), cells)
    return SHELLS[block.kind].format(line_html(block.lines[0], address_of))


def row_html(row: str, cell: str, address_of: Callable[[str], str]) -> Markup:
    """One table row, its cells in the shell of that name."""
    cells = (SHELLS[cell].format(line_html(text, address_of)) for text in row.split(" | "))
    return SHELLS["row"].format(Markup().join(cells))


def line_html(line: str, address_of: Callable[[str], str]) -> Markup:
    """The line with everything escaped but its links."""
    done, html = 0, Markup()
    for found in LINK.finditer(line):
        html += escape(line[done : found.start()])
        html += SHELLS["link"].format(address_of(found[2]), found[1])
        done = found.end()
    return html + escape(line[done:])

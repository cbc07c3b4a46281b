"""What was seen and where, before anyone chooses. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crawler.cleaning.elements import HtmlElement, text_of
from crawler.cleaning.gate import one_line
from crawler.sources.selectors import compiled


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value as the page wrote it, and where it stood."""

    value: str
    evidence: str


def selected(tree: HtmlElement, selector: str | None) -> Iterator[HtmlElement | str]:
    """Yield what a profile's selector finds: elements, or strings for an XPath that asks for text.

    CSS, or XPath when it starts with `/` or `(`. A selector that cannot be read finds nothing here: reading
    the profile has refused it before.
    """
    if not selector:
        return
    try:
        find = compiled(selector)
    except ValueError:
        return
    yield from find(tree)


def selected_lines(tree: HtmlElement, selector: str | None) -> Iterator[str]:
    """Yield what a profile's selector finds as lines: a machine-readable attribute before the text."""
    for found in selected(tree, selector):
        if line := one_line(found if isinstance(found, str) else said_by(found)):
            yield line


def said_by(node: HtmlElement) -> str:
    """What an element says for machines, else for readers."""
    return str(node.get("datetime") or node.get("content") or text_of(node))

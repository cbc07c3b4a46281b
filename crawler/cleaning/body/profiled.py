"""What a source's profile points at: elements of the page by CSS or XPath."""

from __future__ import annotations

from collections.abc import Mapping

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from archive.records import Problem
from crawler.cleaning.body.reading import Box


def selected(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """The elements a selector matches: CSS, or XPath when it begins with `/` or `(`.

    Raises ValueError for a selector that cannot be read.
    """
    try:
        found = (
            tree.xpath(selector)
            if selector.startswith(("/", "("))
            else CSSSelector(selector, translator="html")(tree)
        )
    except (etree.XPathError, SelectorError) as error:
        raise ValueError(f"{selector!r} cannot be read: {error}") from error
    return [node for node in found if isinstance(node, HtmlElement)] if isinstance(found, list) else []


class Profiled:
    """Finds the boxes a profile names, and notes where it no longer fits the page."""

    def __init__(self, tree: HtmlElement, boxes: list[Box], selectors: Mapping[str, str] | None) -> None:
        self.tree = tree
        self.boxes = boxes
        self.selectors = selectors or {}
        self.problems: list[Problem] = []
        self.numbers: dict[HtmlElement, int] = {}

    def elements(self, field: str) -> list[HtmlElement]:
        """The elements of a field, none when the profile has no selector for it."""
        selector = self.selectors.get(field)
        if not selector:
            return []
        try:
            found = selected(self.tree, selector)
        except ValueError as error:
            self.problems.append(Problem("selector_unreadable", f"{field}: {error}"))
            return []
        if not found:
            self.vanished(field)
        return found

    def vanished(self, field: str) -> None:
        """Note that a selector found nothing."""
        self.problems.append(
            Problem("field_vanished", f"{field}: {self.selectors[field]!r} matched nothing on this page")
        )

    def boxes_of(self, field: str) -> list[int]:
        """The numbers of the boxes of a field that hold text, outermost only, in page order."""
        found = self.elements(field)
        if not found:
            return []
        if not self.numbers:
            self.numbers = {box.element: number for number, box in enumerate(self.boxes)}
        numbers = sorted({number for node in found if (number := self.box_around(node)) is not None})
        outer: list[int] = []
        for number in numbers:
            box = self.boxes[number]
            if box.end > box.first and not (outer and number <= self.boxes[outer[-1]].last_box):
                outer.append(number)
        if not outer:
            self.vanished(field)
        return outer

    def box_around(self, node: HtmlElement) -> int | None:
        """The number of the innermost box around an element, itself included."""
        above: HtmlElement | None = node
        while above is not None:
            if above in self.numbers:
                return self.numbers[above]
            above = above.getparent()
        return None

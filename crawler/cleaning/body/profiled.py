"""What is known of a source's pages: elements a profile points at, or that were learned of earlier ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from archive.records import Problem
from crawler.cleaning.body.opening import squashed
from crawler.cleaning.body.reading import Block, Box
from crawler.cleaning.elements import HtmlElement
from crawler.sources.profile import Boilerplate, Layout
from crawler.sources.selectors import compiled


def selected(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """The elements a selector matches: CSS, or XPath when it begins with `/` or `(`.

    Raises ValueError for a selector that cannot be read.
    """
    return [node for node in compiled(selector)(tree) if isinstance(node, HtmlElement)]


class Profiled:
    """Finds the boxes a profile or a learned layout names, and notes where these no longer fit the page.

    The profile's own selectors win. A learned place of what not every article has may be missing.
    """

    def __init__(
        self,
        tree: HtmlElement,
        boxes: list[Box],
        selectors: Mapping[str, str] | None,
        learned: Layout | None = None,
    ) -> None:
        self.tree = tree
        self.boxes = boxes
        self.own = selectors or {}
        self.learned = learned or Layout()
        self.selectors = {**self.learned.fields, **self.own}
        self.problems: list[Problem] = []
        self.numbers: dict[HtmlElement, int] = {}

    def is_learned(self, field: str) -> bool:
        """Whether a field's place was learned, and is not named by the profile itself."""
        return field in self.learned.fields and field not in self.own

    def elements(self, field: str) -> list[HtmlElement]:
        """The elements of a field, none when nobody has a selector for it."""
        selector = self.selectors.get(field)
        return self.matched(field, selector) if selector else []

    def matched(self, field: str, selector: str) -> list[HtmlElement]:
        """The elements a field's selector matches; a problem where it cannot be read or finds nothing."""
        try:
            found = selected(self.tree, selector)
        except ValueError as error:
            self.problems.append(Problem("selector_unreadable", f"{field}: {error}"))
            return []
        if not found:
            self.vanished(field)
        return found

    def vanished(self, field: str) -> None:
        """Note that a selector found nothing, where it should have."""
        if field == "body" or not self.is_learned(field):
            self.note(field, "matched nothing on this page")

    def note(self, field: str, what: str) -> None:
        """Note that a field's selector no longer fits the page."""
        said = "learned " if self.is_learned(field) else ""
        self.problems.append(Problem("field_vanished", f"{field}: {said}{self.selectors[field]!r} {what}"))

    def boxes_of(self, field: str) -> list[int]:
        """The numbers of the boxes of a field that hold text, outermost only, in page order."""
        found = self.elements(field)
        outer = [n for n in self.outermost(found) if self.boxes[n].end > self.boxes[n].first]
        if found and not outer:
            self.vanished(field)
        return outer

    def outermost(self, nodes: Iterable[HtmlElement]) -> list[int]:
        """The numbers of the boxes around elements, without those inside another of them, in page order."""
        numbers = sorted({number for node in nodes if (number := self.box_around(node)) is not None})
        outer: list[int] = []
        for number in numbers:
            if not (outer and number <= self.boxes[outer[-1]].last_box):
                outer.append(number)
        return outer

    def box_around(self, node: HtmlElement) -> int | None:
        """The number of the innermost box around an element, itself included."""
        if not self.numbers:
            self.numbers = {box.element: number for number, box in enumerate(self.boxes)}
        above: HtmlElement | None = node
        while above is not None:
            if above in self.numbers:
                return self.numbers[above]
            above = above.getparent()
        return None

    def boilerplate(self, blocks: Sequence[Block], said: Boilerplate) -> set[int]:
        """The numbers of those blocks that stand in elements to drop, or say what the site repeats."""
        found = repeated(blocks, said.texts)
        for selector in said.drop:
            for node in self.droppable(selector):
                box = self.boxes[self.numbers[node]]
                found.update(range(box.first, box.end))
        return found & {block.index for block in blocks}

    def droppable(self, selector: str) -> list[HtmlElement]:
        """The elements to drop that are boxes: an inline one shares its paragraph with the text."""
        try:
            found = selected(self.tree, selector)
        except ValueError as error:
            self.problems.append(Problem("selector_unreadable", f"boilerplate.drop: {error}"))
            return []
        return [node for node in found if self.box_around(node) is not None and node in self.numbers]


def repeated(blocks: Iterable[Block], texts: Iterable[str]) -> set[int]:
    """The numbers of the blocks that say one of the texts, or begin as one that ends in dots does."""
    whole = {squashed(text) for text in texts if not text.endswith("\u2026")}
    begun = tuple(squashed(text) for text in texts if text.endswith("\u2026"))
    if not whole and not begun:
        return set()
    said = {block.index: squashed(block.text) for block in blocks}
    return {index for index, words in said.items() if words in whole or (begun and words.startswith(begun))}

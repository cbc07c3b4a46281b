"""One kept page as the generic reading sees it: its fields, and each block of text kept or left out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from archive.records import Page, Problem
from crawler.cleaning.body.opening import squashed
from crawler.cleaning.body.profiled import selected
from crawler.cleaning.body.reading import HEADINGS, Box, Reader
from crawler.cleaning.document import Unreadable, read_document
from crawler.cleaning.elements import HtmlElement
from crawler.cleaning.reading import parts_of, read_page
from crawler.sources.profile import Source

LEAST_BODY_CHARS = 300  # a shorter text tells little of where texts stand


@dataclass(frozen=True, slots=True)
class Told:
    """A block of the page: what it says squashed to its letters, and whether it was kept as text."""

    index: int
    box: int
    text: str
    words: str
    weight: float
    is_heading: bool
    in_table: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A page and what was read from it without help of a layout; `container` is the number of a box."""

    page: Page
    tree: HtmlElement
    values: Mapping[str, Any]
    boxes: list[Box]
    blocks: tuple[Told, ...]
    container: int
    numbers: Mapping[HtmlElement, int]
    found: dict[str, list[HtmlElement]] = field(default_factory=dict)

    @property
    def kept(self) -> list[Told]:
        """The blocks of the article."""
        return [block for block in self.blocks if block.kept]

    def matches(self, selector: str) -> list[HtmlElement]:
        """The elements a selector finds, asked once."""
        if selector not in self.found:
            self.found[selector] = selected(self.tree, selector)
        return self.found[selector]

    def blocks_in(self, node: HtmlElement) -> tuple[Told, ...]:
        """The blocks inside an element; none for one that is no box of its own."""
        number = self.numbers.get(node)
        return self.blocks[self.boxes[number].first : self.boxes[number].end] if number is not None else ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says field by field, what was doubted, its tree and the element of its text."""

    values: Mapping[str, Any]
    problems: tuple[Problem, ...]
    tree: HtmlElement
    container: HtmlElement | None


def said_by(page: Page, profile: Source | None) -> Said | None:
    """What a page says as a profile reads it; `None` for bytes no page can be made of."""
    document = read_document(page.body, content_type=page.content_type)
    if isinstance(document, Unreadable):
        return None
    reading = read_page(document, page.url, now=page.fetched_at, profile=profile, found=())
    parts = parts_of(reading)
    return Said(
        values={name: value for part in parts for name, value in part.values.items()},
        problems=tuple(problem for part in parts for problem in part.problems),
        tree=document.tree,
        container=reading.body.container,
    )


def observe(page: Page, profile: Source) -> Seen | None:
    """The page as it is read without a learned layout; `None` for what is no article with a text."""
    told = said_by(page, replace(profile, learned=None))
    if told is None or told.container is None or told.values["article_type"] == "not_article":
        return None
    values, container = told.values, told.container
    if len(values["body"]) < LEAST_BODY_CHARS:
        return None
    reading = Reader().read(told.tree)
    numbers = {box.element: number for number, box in enumerate(reading.boxes)}
    place = reading.boxes[numbers[container]]
    inside = {squashed(block.text) for block in reading.blocks[place.first : place.end]}
    said = paragraphs(values["body"])
    blocks = []
    for block in reading.blocks:
        words = squashed(block.text)
        lines = {line for text in block.text.split("\n") if (line := squashed(text))}
        # What stands outside and says the same is a teaser.
        is_here = place.first <= block.index < place.end or words not in inside
        blocks.append(
            Told(
                index=block.index,
                box=block.box,
                text=block.text,
                words=words,
                weight=block.weight,
                is_heading=block.tag in HEADINGS,
                in_table=reading.boxes[block.box].setting.table >= 0,
                kept=is_here and bool(lines) and lines <= said,
            )
        )
    return Seen(page, told.tree, values, reading.boxes, tuple(blocks), numbers[container], numbers)


def paragraphs(body: str) -> set[str]:
    """What the paragraphs, items and cells of a text say, squashed."""
    return {
        words for line in body.split("\n") for part in (line, *line.split(" | ")) if (words := squashed(part))
    }

"""Every block of a page as the body finder judged it: for a person who asks why a text was kept or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.cleaning.body import hints as known_hints
from crawler.cleaning.body.choosing import Choice, choose, named
from crawler.cleaning.body.hints import ASIDE, BODY, BOILERPLATE, LEAD
from crawler.cleaning.body.opening import title_place
from crawler.cleaning.body.profiled import Profiled
from crawler.cleaning.body.reading import Block, Reader
from crawler.cleaning.body.scoring import Weighed, weigh

HINT_NAMES = {
    value: name.lower()
    for name, value in vars(known_hints).items()
    if name.isupper() and isinstance(value, int) and value.bit_count() == 1
}
MOSTLY_LINKS = 0.5
PATH_BOXES = 6


@dataclass(frozen=True, slots=True)
class JudgedBlock:
    """One paragraph's worth of text and what became of it.

    `path` leads to it from outside in; `score` says from 0 to 1 how much it reads like an article's text,
    `None` where nobody asked; `why` is in words.
    """

    text: str
    tag: str
    path: str
    score: float | None
    kept: bool
    why: str


def judged_blocks(
    tree: HtmlElement,
    *,
    title: str | None = None,
    lead_stated: str | None = None,
    selectors: Mapping[str, str] | None = None,
) -> tuple[JudgedBlock, ...]:
    """All blocks of a page in reading order; those kept are the ones `read_body` makes the text of.

    Takes what `read_body` takes, for the same page.
    """
    reading = Reader().read(tree)
    weighed = weigh(reading, title_place(reading, title))
    profiled = Profiled(tree, reading.boxes, selectors)
    choice = choose(
        weighed,
        title=title,
        lead_stated=lead_stated,
        containers=profiled.boxes_of("body"),
        leads=profiled.boxes_of("lead"),
    )
    kept = {block.index for block in choice.blocks}
    opening = {block.index for block in choice.standfirst}
    return tuple(
        JudgedBlock(
            text=block.text,
            tag=block.tag,
            path=path_to(weighed, block),
            score=score_of(weighed, block),
            kept=block.index in kept,
            why=why_kept(weighed, block, opening)
            if block.index in kept
            else why_dropped(weighed, choice, block),
        )
        for block in reading.blocks
    )


def path_to(weighed: Weighed, block: Block) -> str:
    """The innermost boxes around a block, from outside in: `article > div.text > p`."""
    steps: list[str] = []
    number = block.box
    while number >= 0 and len(steps) < PATH_BOXES:
        steps.append(named(weighed.reading.boxes[number]))
        number = weighed.reading.boxes[number].parent
    return " > ".join(reversed(steps))


def score_of(weighed: Weighed, block: Block) -> float:
    """How much of a block's length counts as an article's text, 0 to 1."""
    worth = weighed.worth[block.index + 1] - weighed.worth[block.index]
    return round(min(1.0, max(0.0, worth / (block.weight or 1.0))), 2)


def why_kept(weighed: Weighed, block: Block, opening: set[int]) -> str:
    """What speaks for a block that was kept."""
    if block.index in opening:
        return "opens the article"
    said = names_of(weighed.hints_at(block) & (BODY | LEAD))
    return f"in the article's box, named {said}" if said else "in the article's box"


def why_dropped(weighed: Weighed, choice: Choice, block: Block) -> str:
    """What speaks against a block that was not kept."""
    if choice.container < 0:
        return choice.evidence
    if choice.title is not None and block.index == choice.title.index:
        return "the title"
    if said := names_of(weighed.hints_at(block) & (BOILERPLATE | ASIDE)):
        return f"named {said}"
    box = weighed.reading.boxes[choice.container]
    if not box.first <= block.index < box.end:
        return "outside the article's box"
    if choice.title is not None and block.index < choice.title.index:
        return "above the title"
    return "mostly links" if block.link_share > MOSTLY_LINKS else "reads like no text of the article"


def names_of(found: int) -> str:
    """Hints in words, as the vocabulary of class names calls them."""
    return ", ".join(name for value, name in HINT_NAMES.items() if found & value)

"""Every block of a page as the body finder judged it: for a person who asks why a text was kept or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crawler.cleaning.body.choosing import SURE, Choice, named
from crawler.cleaning.body.features import Clues
from crawler.cleaning.body.finding import NO_BOILERPLATE, prepared
from crawler.cleaning.body.hints import ASIDE, BODY, BOILERPLATE, HINT_NAMES, LEAD
from crawler.cleaning.body.known import known_choice
from crawler.cleaning.body.reading import HEADINGS, Block
from crawler.cleaning.body.scoring import Weighed
from crawler.cleaning.elements import HtmlElement
from crawler.sources.profile import Boilerplate, Layout

MOSTLY_LINKS = 0.5
PATH_BOXES = 6


@dataclass(frozen=True, slots=True)
class JudgedBlock:
    """One paragraph's worth of text and what became of it.

    `path` leads to it from outside in; `score` is how surely the learned model holds it for the article's, 0
    to 1, `None` where it was not asked; `why` is in words.
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
    clues: Clues | None = None,
    selectors: Mapping[str, str] | None = None,
    boilerplate: Boilerplate = NO_BOILERPLATE,
    learned: Layout | None = None,
) -> tuple[JudgedBlock, ...]:
    """All blocks of a page in reading order; those kept are the ones `read_body` makes the text of.

    Takes what `read_body` takes, for the same page.
    """
    decider, profiled = prepared(
        tree, title=title, lead_stated=lead_stated, clues=clues, selectors=selectors, learned=learned
    )
    weighed = decider.weighed
    choice = known_choice(decider, profiled, boilerplate, title=title, lead_stated=lead_stated)
    named_body = profiled.boxes_of("body")
    scores = decider.scores([] if profiled.is_learned("body") else named_body) if decider.is_scored else None
    kept = {block.index for block in choice.blocks}
    opening = {block.index for block in choice.standfirst}
    return tuple(
        JudgedBlock(
            text=block.text,
            tag=block.tag,
            path=path_to(weighed, block),
            score=None if scores is None else round(scores[block.index], 2),
            kept=block.index in kept,
            why=why_kept(weighed, choice.container, block, opening)
            if block.index in kept
            else why_dropped(weighed, choice, block, None if scores is None else scores[block.index]),
        )
        for block in weighed.reading.blocks
    )


def path_to(weighed: Weighed, block: Block) -> str:
    """The innermost boxes around a block, from outside in: `article > div.text > p`."""
    steps: list[str] = []
    number = block.box
    while number >= 0 and len(steps) < PATH_BOXES:
        steps.append(named(weighed.reading.boxes[number]))
        number = weighed.reading.boxes[number].parent
    return " > ".join(reversed(steps))


def why_kept(weighed: Weighed, container: int, block: Block, opening: set[int]) -> str:
    """What speaks for a block that was kept."""
    if block.index in opening:
        return "opens the article"
    said = names_of(weighed.hints_at(block) & (BODY | LEAD))
    box = weighed.reading.boxes[container]
    place = "in the article's box" if box.first <= block.index < box.end else "beside the article's box"
    return f"{place}, named {said}" if said else place


def why_dropped(weighed: Weighed, choice: Choice, block: Block, score: float | None) -> str:
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
    if block.link_share > MOSTLY_LINKS:
        return "mostly links"
    if score is not None and score >= SURE:
        return "a heading nothing follows" if block.tag in HEADINGS else "says itself that it is no text"
    return "reads like no text of the article"


def names_of(found: int) -> str:
    """Hints in words, as the vocabulary of class names calls them."""
    return ", ".join(name for name, value in HINT_NAMES.items() if found & value)

"""How much each block looks like running text, and which hints about its boxes can be trusted.

This is the step a learned model can take over: everything it needs is in the reading and in `Weighed`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from crawler.cleaning.body.hints import (
    ADVERT,
    ASIDE,
    BODY,
    BOILERPLATE,
    BYLINE,
    CAPTION,
    COMMENTS,
    FEED,
    FORM,
    FURNITURE,
    HIDDEN,
    LEAD,
    NAVIGATION,
    OFFER,
    PLEA,
    RELATED,
    SHARE,
    TAGS,
)
from crawler.cleaning.body.reading import HEADINGS, Block, Box, Reading

SENTENCE_ENDS = frozenset(".!?…。！？؟۔։।:;»”\"'’)")
DOUBTFUL = BOILERPLATE | ASIDE
# These name other texts than the article, which may well be the longer ones.
STUBBORN = COMMENTS | RELATED | FEED
# These are said of parts of an article as well, most of all of what a subscription opens.
SOFT = PLEA | HIDDEN | ADVERT | SHARE | TAGS | BYLINE | FURNITURE | NAVIGATION
# A box named so is made of links, or it is misnamed.
LINKING = NAVIGATION | RELATED | OFFER | FEED
# What may stand in a figure without being its caption.
UNCAPTIONED = frozenset(("blockquote", "table", "pre"))
# What share of the page's text a box may hold before a hint against it is taken for a slip of naming.
DOUBTED_FROM = 0.6
SOFTLY_DOUBTED_FROM = 0.35
LINKLESS = 300.0  # letters of running text without links that no box of links holds
MOST_TITLES = 20
WHOLE = frozenset(("html", "body", "main"))
CELLS = frozenset(("li", "td", "th", "dd", "dt"))
LONG = 80.0
SHORT = 25.0


@dataclass(slots=True)
class Weighed:
    """A reading, the hints that hold inside each box, and running sums of text and worth over its blocks.

    `teasers` are the numbers of the blocks that tell of another page.
    """

    reading: Reading
    hints: list[int]
    prose: list[float]
    worth: list[float]
    teasers: set[int]

    def hints_at(self, block: Block) -> int:
        """The trusted hints of all boxes around a block."""
        return self.hints[block.box]

    def prose_in(self, box: Box) -> float:
        """How much running text stands inside a box."""
        return self.prose[box.end] - self.prose[box.first]


def weigh(reading: Reading, title: int = 0) -> Weighed:
    """Tell running text from the rest, block by block; `title` is the number of the title's block.

    Text above the title is seldom the article's, so it adds little to what holds it.
    """
    blocks = reading.blocks
    sentences = [prose_of(block) for block in blocks]
    prose = [0.0, *accumulate(sentences)]
    hints = trusted_hints(reading, prose)
    teasers = teasers_in(reading, sentences)
    values = [worth_of(block, hints[block.box], sentences[block.index], teasers) for block in blocks]
    values[:title] = [value if value < 0 else 0.2 * value for value in values[:title]]
    return Weighed(reading, hints, prose, [0.0, *accumulate(values)], teasers)


def prose_of(block: Block) -> float:
    """The weight of a block that reads like sentences, else nothing."""
    if block.link_share > 0.4 or block.weight < SHORT or block.tag in HEADINGS:
        return 0.0
    if block.weight < LONG and block.text[-1] not in SENTENCE_ENDS:
        return 0.0
    return block.weight * (1.0 - block.link_share)


def trusted_hints(reading: Reading, prose: list[float]) -> list[int]:
    """For each box the hints of itself and all around it, but those the page's own text speaks against."""
    essential = boxes_around_the_text(reading, prose)
    linked = [0.0, *accumulate(block.weight * block.link_share for block in reading.blocks)]
    whole = [0.0, *accumulate(block.weight for block in reading.blocks)]
    trusted: list[int] = []
    for number, box in enumerate(reading.boxes):
        above = trusted[box.parent] if box.parent >= 0 else 0
        if box.tag in UNCAPTIONED:
            above &= ~CAPTION
        own = box.hints
        if own & DOUBTFUL:
            inside = prose[box.end] - prose[box.first]
            few_links = linked[box.end] - linked[box.first] < 0.1 * (whole[box.end] - whole[box.first])
            if number in essential or box.tag in WHOLE:
                own &= ~DOUBTFUL
            elif box.tag not in ("nav", "footer"):
                own &= ~doubted(box, above, inside / (prose[-1] or 1.0))
                own &= ~LINKING if inside > LINKLESS and few_links else -1
        trusted.append(above | (settled(own) if own & SETTLING else own))
    return trusted


def doubted(box: Box, above: int, share: float) -> int:
    """The hints of a box that cannot be true, given the share of the page's text that it holds."""
    if share > DOUBTED_FROM:
        return DOUBTFUL & ~COMMENTS
    if share > SOFTLY_DOUBTED_FROM:
        return DOUBTFUL & ~STUBBORN
    if box.hints & BODY and share > 0.2:
        return DOUBTFUL & ~(HIDDEN | COMMENTS)
    return SOFT if above & BODY and share > 0.1 else 0


SETTLING = OFFER | LEAD


def settled(own: int) -> int:
    """The hints of one box without those that another of them explains."""
    if own & OFFER:
        own &= ~(NAVIGATION | LEAD)
    if own & LEAD and not own & (CAPTION | TAGS | FORM):
        own &= ~(RELATED | BYLINE)
    return own


def boxes_around_the_text(reading: Reading, prose: list[float]) -> set[int]:
    """The boxes no hint can speak against: those around a title with much text, or around a named body."""
    boxes = reading.boxes
    essential: set[int] = set()
    titles = [block.box for block in reading.blocks if block.tag == "h1"][:MOST_TITLES]
    for number in titles:
        essential.update(n for n in boxes_around(boxes, number) if holds(boxes[n], prose, 0.08))
    for box in boxes:
        if box.hints & BODY and not box.hints & BOILERPLATE and holds(box, prose, 0.3):
            for number in boxes_around(boxes, box.parent):
                if number in essential or box.tag in WHOLE:
                    break
                essential.add(number)
    return essential


def boxes_around(boxes: list[Box], number: int) -> Iterator[int]:
    """The numbers of a box and of those around it, inside out."""
    while number >= 0:
        yield number
        number = boxes[number].parent


def holds(box: Box, prose: list[float], share: float) -> bool:
    """Whether a box holds more than a share of the page's running text."""
    return prose[box.end] - prose[box.first] > share * prose[-1]


def teasers_in(reading: Reading, sentences: list[float]) -> set[int]:
    """The numbers of blocks that tell of another page: a short text under a heading that is all link."""
    teasers: set[int] = set()
    heading = -9
    for block in reading.blocks:
        if block.tag in HEADINGS:
            names_other = block.link_share > 0.9 and block.weight >= SHORT and block.tag != "h1"
            heading = block.index if names_other else -9
        elif block.index - heading <= 4 and sentences[block.index]:
            if block.weight <= 400:
                teasers.add(block.index)
            heading = -9
    return teasers


def worth_of(block: Block, hints: int, prose: float, teasers: set[int]) -> float:
    """What a block adds to a container: text of sentences adds, links and scraps take away."""
    if hints & BOILERPLATE:
        return -0.05 * block.weight
    if block.tag in HEADINGS:
        return 0.0 if block.link_share < 0.5 else -0.5 * block.weight
    if prose:
        if block.index in teasers:
            return -0.3 * prose
        if hints & ASIDE:
            return 0.1 * prose
        return prose if block.weight >= LONG else 0.7 * prose
    if block.link_share > 0.4:
        return -0.7 * block.weight
    return 0.1 * block.weight if block.tag in CELLS else -0.4 * block.weight

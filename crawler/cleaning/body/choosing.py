"""Which of the page's blocks are the article: the container, what to leave out of it, what opens it."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.cleaning.body.hints import BODY
from crawler.cleaning.body.opening import LONGEST_TITLE, squashed, standfirst, title_block
from crawler.cleaning.body.reading import LEAVES, Block, Box
from crawler.cleaning.body.scoring import Weighed
from crawler.cleaning.body.strays import without_loose_headings, without_strays


@dataclass(slots=True)
class Choice:
    """The article's blocks in order, the box they stand in, its standfirst, and the title's block."""

    blocks: list[Block]
    container: int
    standfirst: list[Block]
    title: Block | None
    evidence: str


def choose(
    weighed: Weighed, *, title: str | None, lead_stated: str | None, containers: list[int], leads: list[int]
) -> Choice:
    """The blocks of the article; `containers` and `leads` are boxes someone named, empty to look for them."""
    boxes, blocks = weighed.reading.boxes, weighed.reading.blocks
    found = containers or best_container(weighed)
    if not found:
        return Choice([], -1, [], None, "no running text")
    numbers = numbers_in(boxes, found)
    heading = title_block(weighed, title, numbers[0], numbers[-1] + 1)
    said = {squashed(title or ""), squashed(heading.text if heading else "")} - {""}
    start = start_of_text(weighed, heading, numbers)
    inside = [blocks[n] for n in numbers if n >= start and not says_again(blocks[n], said)]
    kept = without_loose_headings(without_strays(weighed, found[0], inside))
    if leads:
        opening = [blocks[n] for n in numbers_in(boxes, leads)]
    else:
        opening = standfirst(weighed, heading, kept, lead_stated, said, is_named=bool(containers))
    opened = {block.index for block in opening}
    kept = opening + [block for block in kept if block.index not in opened]
    evidence = "profile body selector" if containers else f"blocks in {named(boxes[found[0]])}"
    return Choice(kept, found[0], opening, heading, evidence)


def numbers_in(boxes: list[Box], numbers: list[int]) -> list[int]:
    """The numbers of the blocks in boxes that hold some and do not overlap, in order."""
    return [block for number in numbers for block in range(boxes[number].first, boxes[number].end)]


def start_of_text(weighed: Weighed, heading: Block | None, numbers: list[int]) -> int:
    """The number of the first block that may be text: after the title, unless much text stands above it."""
    first, last = numbers[0], numbers[-1]
    if heading is None or not first <= heading.index <= last:
        return first
    above = weighed.prose[heading.index] - weighed.prose[first]
    is_title = above <= 0.2 * (weighed.prose[last + 1] - weighed.prose[first])
    return heading.index + 1 if is_title else first


def says_again(block: Block, said: set[str]) -> bool:
    """Whether a block repeats the title."""
    return block.weight <= LONGEST_TITLE and squashed(block.text) in said


def named(box: Box) -> str:
    """A box as a person would point at it: `div.entry-content`."""
    names = (box.element.get("class") or "")[:80].split()[:2]
    return ".".join([box.tag, *names])


def best_container(weighed: Weighed) -> list[int]:
    """The box whose blocks are worth most together, the innermost of equals; empty when none holds text."""
    best, worth = -1, 0.0
    for number, box in enumerate(weighed.reading.boxes):
        if box.tag in LEAVES:
            continue
        value = weighed.worth_of(box)
        if box.hints & BODY:
            value *= 1.1
        if value > 0 and value >= worth:
            best, worth = number, value
    return [best] if best >= 0 else []

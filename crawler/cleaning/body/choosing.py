"""Which of the page's blocks are the article: by rules alone, or by the scores a model gave them.

`choose` is the rules: the container, what to leave out of it, what opens it. `choose_scored` keeps what the
model is sure enough of and settles what no block can know alone: how sure is enough on this page, lists,
headings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from crawler.cleaning.body.features import PHRASED, look_of
from crawler.cleaning.body.hints import BODY
from crawler.cleaning.body.opening import LONGEST_TITLE, says_so, set_apart, squashed, standfirst, title_block
from crawler.cleaning.body.reading import LEAVES, Block, Box
from crawler.cleaning.body.scoring import SHORT, Weighed
from crawler.cleaning.body.strays import without_asides, without_loose_headings, without_strays

# How sure the model must be of a block. Found on five folds by domain, as the shares below: newspapers 0.9695
# -> 0.9746, general articles 0.952 -> 0.954, Russian and tagDiv pages unchanged, against one bound for all
# pages.
SURE = 0.55
# Where the model doubts the page as a whole, this share of what it gives the page's own text is enough.
SURE_SHARE = 0.6
LEAST_SURE = 0.2
# A page on which the model is as sure as this of so many blocks has its article where the rules see it.
CERTAIN, CERTAIN_BLOCKS = 0.9, 3
# Text of less than this is none of the page's own, whatever else there is.
DOUBTED = 0.15
# What stands like a teaser under a heading that links elsewhere must convince: nothing is lost by it on five
# folds, and fewer teasers are kept where they are all a page has but a short article.
TEASER_SURE = 0.7
# In a box a profile names as the body little is no text of it.
NAMED_SHARE = 0.5
# A container that holds less than this of the kept text is not the text's.
HELD = 0.8
# A list whose items reach less than this share of the bound on the mean is out as a whole; between, each item
# stands for itself. Found with the bounds above.
LIST_DOUBTED = 0.8
LEAD_AT_MOST, LEAD_BLOCKS = 1200, 2  # letters, paragraphs: more is a text whose box is named so


@dataclass(slots=True)
class Choice:
    """The article's blocks in order, the box they stand in, its standfirst, and the title's block."""

    blocks: list[Block]
    container: int
    standfirst: list[Block]
    title: Block | None
    evidence: str


NOTHING = Choice([], -1, [], None, "no running text")


def choose(
    weighed: Weighed, *, title: str | None, lead_stated: str | None, containers: list[int], leads: list[int]
) -> Choice:
    """The blocks of the article; `containers` and `leads` are boxes someone named, empty to look for them."""
    boxes, blocks = weighed.reading.boxes, weighed.reading.blocks
    found = containers or best_container(weighed)
    if not found:
        return NOTHING
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
    if block.weight > LONGEST_TITLE:
        return False
    if len(block.text) < PHRASED:
        head = look_of(block.text).head  # known already, and it tells nearly all of them
        if not any(title.startswith(head) for title in said):
            return False
    return squashed(block.text) in said


def named(box: Box) -> str:
    """A box as a person would point at it: `div.entry-content`."""
    names = (box.element.get("class") or "")[:80].split()[:2]
    return ".".join([box.tag, *names])


def best_container(weighed: Weighed) -> list[int]:
    """The box whose blocks are worth most together, the innermost of equals; empty when none holds text."""
    best, worth = -1, 0.0
    sums = weighed.worth
    for number, box in enumerate(weighed.reading.boxes):
        value = sums[box.end] - sums[box.first]
        if value <= 0 or box.tag in LEAVES:  # nine in ten
            continue
        if box.hints & BODY:
            value *= 1.1
        if value >= worth:
            best, worth = number, value
    return [best] if best >= 0 else []


def choose_scored(
    weighed: Weighed,
    scores: Sequence[float],
    *,
    title: str | None,
    lead_stated: str | None,
    container: int,
    containers: list[int],
    leads: list[int],
    settle: bool = True,
) -> Choice:
    """The blocks of the article by what a model gives each, 0 to 1.

    `container` is the box that rules hold for the article's; `containers` and `leads` are boxes someone
    named, empty when nobody did. Without `settle` each block stands for itself.
    """
    boxes, blocks = weighed.reading.boxes, weighed.reading.blocks
    kept = likely_blocks(weighed, scores, container, containers, settle=settle)
    if not kept:
        return NOTHING
    heading = title_block(weighed, title, kept[0].index, kept[-1].index + 1)
    said = {squashed(title or ""), squashed(heading.text if heading else "")} - {""}
    kept = [block for block in kept if not says_again(block, said)]
    number = containers[0] if containers else holder(boxes, kept, container)
    if settle:
        kept = without_loose_headings(without_asides(weighed, number, kept))
    if sum(block.weight for block in kept) < SHORT:
        return NOTHING
    summary = [blocks[n] for n in numbers_in(boxes, leads)]
    printed = {block.index for block in summary}
    if settle and not containers and not leads:
        summary = likeliest(standfirst(weighed, heading, kept, lead_stated, said, is_named=True), scores)
        printed = {block.index for block in summary if scores[block.index] >= LEAST_SURE}
    kept = [block for block in summary if block.index in printed] + [
        block for block in kept if block.index not in printed
    ]
    opening = summary
    if not leads and not is_stated(summary, lead_stated):
        first = 0 if summary else boxes[number].first
        opening = joined(summary, opened_by(weighed, kept, first, lead_stated))
    evidence = "profile body selector" if containers else f"learned block model in {named(boxes[number])}"
    return Choice(kept, number, opening, heading, evidence)


def likeliest(summary: Sequence[Block], scores: Sequence[float]) -> list[Block]:
    """The blocks of a summary that are at least half as sure as its surest: others are named so by chance."""
    least = max((scores[block.index] for block in summary), default=0.0) / 2
    return [block for block in summary if scores[block.index] >= least]


def is_stated(summary: Sequence[Block], lead_stated: str | None) -> bool:
    """Whether a summary on the page is the one its head states."""
    stated = squashed(lead_stated or "")[:80]
    return any(says_so(block, 0, squashed(block.text), stated) for block in summary)


def joined(one: Sequence[Block], other: Sequence[Block]) -> list[Block]:
    """The blocks of both, each once, in order."""
    return sorted({block.index: block for block in (*one, *other)}.values(), key=lambda block: block.index)


def likely_blocks(
    weighed: Weighed, scores: Sequence[float], container: int, containers: list[int], *, settle: bool
) -> list[Block]:
    """The blocks the model is sure enough of; in boxes someone named only theirs, and sooner."""
    boxes, blocks = weighed.reading.boxes, weighed.reading.blocks
    enough = SURE
    if settle:
        enough = sure_enough(blocks, scores, boxes[container] if container >= 0 else None)
        scores = settled_lists(weighed, scores, enough)
    if containers:
        return [blocks[n] for n in numbers_in(boxes, containers) if scores[n] >= NAMED_SHARE * enough]
    teasers = weighed.teasers if settle else ()
    return [
        block
        for block in blocks
        if scores[block.index] >= (max(enough, TEASER_SURE) if block.index in teasers else enough)
    ]


def sure_enough(blocks: Sequence[Block], scores: Sequence[float], container: Box | None) -> float:
    """The score from which on a block of this page is kept.

    It follows the score that half of the likely text in the container reaches. The rest of a page, teasers
    and comments, may be as long as the article: it counts where the model is certain of hardly any block.
    """
    everywhere = list(zip(scores, (block.weight for block in blocks), strict=True))
    inside = everywhere[container.first : container.end] if container is not None else everywhere
    is_certain = sum(score >= CERTAIN for score in scores) >= CERTAIN_BLOCKS
    halves = [half_reached(inside), *([] if is_certain else [half_reached(everywhere)])]
    return min(SURE, max(LEAST_SURE, SURE_SHARE * min(halves)))


def half_reached(judged: Iterable[tuple[float, float]]) -> float:
    """The score that half of the likely text reaches, of scores and weights; 1 when there is none."""
    likely = sorted((pair for pair in judged if pair[0] > DOUBTED), reverse=True)
    half = sum(weight for _, weight in likely) / 2
    held = 0.0
    for score, weight in likely:
        held += weight
        if held >= half:
            return score
    return 1.0


def settled_lists(weighed: Weighed, scores: Sequence[float], enough: float) -> list[float]:
    """The scores with each list's items judged together: a list is the article's as a whole, or is not."""
    boxes, blocks = weighed.reading.boxes, weighed.reading.blocks
    lists: defaultdict[int, list[int]] = defaultdict(list)
    for block in blocks:
        if (number := boxes[block.box].setting.list) >= 0:
            lists[number].append(block.index)
    settled = list(scores)
    for items in lists.values():
        if len(items) > 1:
            mean = mean_score(items, blocks, scores)
            for item in items:
                if mean >= enough:
                    settled[item] = max(settled[item], enough)
                elif mean < enough * LIST_DOUBTED:
                    settled[item] = min(settled[item], mean)
    return settled


def mean_score(items: Iterable[int], blocks: Sequence[Block], scores: Sequence[float]) -> float:
    """The mean score of some blocks, longer ones counting more."""
    total = weights = 0.0
    for item in items:
        weight = sqrt(blocks[item].weight)
        total += weight * scores[item]
        weights += weight
    return total / weights


def holder(boxes: list[Box], kept: Sequence[Block], container: int) -> int:
    """The container, if it holds most of the kept text; else a box around the longest block that does."""
    whole = sum(block.weight for block in kept)
    number = container
    if kept and (number < 0 or held_in(boxes[number], kept) < HELD * whole):
        number = max(kept, key=lambda block: block.weight).box
    while number > 0 and (boxes[number].tag in LEAVES or held_in(boxes[number], kept) < HELD * whole):
        number = boxes[number].parent
    return number


def held_in(box: Box, kept: Sequence[Block]) -> float:
    """How much of the kept text stands in a box."""
    return sum(block.weight for block in kept if box.first <= block.index < box.end)


def opened_by(weighed: Weighed, kept: Sequence[Block], first: int, lead_stated: str | None) -> list[Block]:
    """The first of the kept blocks, where they are the article's summary.

    They stand above the text's own box (before the block numbered `first`), are named a summary, or are set
    apart and say what the page's head does.
    """
    stated = squashed(lead_stated or "")[:80]
    opening: list[Block] = []
    for block, after in pairwise(kept):
        is_above = block.index < first
        is_apart = set_apart(weighed, block, after)
        words = squashed(block.text) if is_apart else ""
        if not is_above and not says_so(block, weighed.hints_at(block), words, stated if is_apart else ""):
            break
        opening.append(block)
    size = sum(block.weight for block in opening)
    return opening if size <= LEAD_AT_MOST and len(opening) <= LEAD_BLOCKS else []

"""How an article opens: the block that prints its title, and the summary above the text."""

from __future__ import annotations

import re

from crawler.cleaning.body.hints import ASIDE, BOILERPLATE, LEAD
from crawler.cleaning.body.phrases import ADDRESSES_READER, CAPTION_START
from crawler.cleaning.body.reading import HEADINGS, Block, Reading
from crawler.cleaning.body.scoring import LONG, SENTENCE_ENDS, SHORT, Weighed

WORDS = re.compile(r"\w+")
LONGEST_TITLE = 300  # letters
TITLE_AT_LEAST = 15
STATED_AT_LEAST = 30  # letters: fewer may be the start of anything


def squashed(text: str) -> str:
    """Letters and digits alone, in one case: equal for two spellings of the same words."""
    return "".join(WORDS.findall(text.casefold()))


def title_place(reading: Reading, title: str | None) -> int:
    """The number of the block that prints the title for sure, else 0."""
    wanted = squashed(title or "")
    headings = [block for block in reading.blocks if block.tag in HEADINGS]
    same = [block for block in headings if wanted and squashed(block.text) == wanted]
    first = [block for block in headings if block.tag == "h1"]
    if same:
        return min(same, key=lambda block: (block.tag != "h1", block.index)).index
    return first[0].index if len(first) == 1 else 0


def title_block(weighed: Weighed, title: str | None, first: int, end: int) -> Block | None:
    """The block that prints the title: one that says it, else the last `h1` above the text."""
    blocks = weighed.reading.blocks
    wanted = squashed(title or "")
    near = [b for b in blocks[: min(end, first + 12)] if b.weight <= LONGEST_TITLE] if wanted else []
    alike = [b for b in near if squashed(b.text) == wanted]
    if alike:
        return min(alike, key=lambda b: (b.tag != "h1", b.tag not in HEADINGS, b.index))
    text = next((i for i in range(first, end) if weighed.prose[i + 1] - weighed.prose[i] >= LONG), first)
    headings = [b for b in blocks[: max(text, first + 1)] if b.tag == "h1" and b.weight <= LONGEST_TITLE]
    if headings:
        return headings[-1]
    return next((b for b in near if b.tag in HEADINGS and is_part(squashed(b.text), wanted)), None)


def is_part(one: str, other: str) -> bool:
    """Whether one of two texts holds the other, which is long enough to tell: a title with its kicker."""
    return min(len(one), len(other)) >= TITLE_AT_LEAST and (one in other or other in one)


def standfirst(
    weighed: Weighed,
    heading: Block | None,
    kept: list[Block],
    lead_stated: str | None,
    said: set[str],
    *,
    is_named: bool,
) -> list[Block]:
    """The blocks between title and text that print the article's summary.

    When the text's box `is_named` by someone, what merely reads like a summary stays out.
    """
    if heading is None or not kept:
        return []
    printed = {squashed(block.text) for block in kept[:4]}
    stated = squashed(lead_stated or "")[:80]
    found = []
    for block in weighed.reading.blocks[heading.index + 1 : kept[0].index]:
        words = squashed(block.text)
        if words in said or words in printed or block.link_share > 0.4:
            continue
        hints = weighed.hints_at(block)
        if says_so(block, hints, words, stated) or (not is_named and reads_like_one(block, hints)):
            found.append(block)
            printed.add(words)
    return found


def says_so(block: Block, hints: int, words: str, stated: str) -> bool:
    """Whether a block is the article's summary by name, or because the page's head repeats it."""
    if len(stated) >= STATED_AT_LEAST and words.startswith(stated[: max(STATED_AT_LEAST, len(stated) - 10)]):
        return True
    return bool(hints & LEAD) and block.weight >= SHORT and is_told(block, hints)


def set_apart(weighed: Weighed, first: Block, second: Block) -> bool:
    """Whether the first block is no paragraph like the second: another element, place or class."""
    one, other = weighed.reading.boxes[first.box], weighed.reading.boxes[second.box]
    return (
        first.tag != second.tag
        or one.parent != other.parent
        or one.element.get("class") != other.element.get("class")
    )


def reads_like_one(block: Block, hints: int) -> bool:
    """Whether a block is a sentence that nothing speaks against."""
    return (
        not hints & ASIDE
        and block.weight >= LONG
        and block.text[-1] in SENTENCE_ENDS
        and is_told(block, hints)
    )


def is_told(block: Block, hints: int) -> bool:
    """Whether a block is neither boilerplate nor a caption nor a word to the reader."""
    return not (hints & BOILERPLATE or CAPTION_START.match(block.text) or ADDRESSES_READER.match(block.text))

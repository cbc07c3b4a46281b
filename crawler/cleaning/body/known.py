"""The article's blocks where something is known of the source: its place, and what is no part of it.

What a person wrote into a profile is obeyed. What was learned is believed as far as the page bears it out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from archive.numbers_said import counted
from archive.records import Problem
from crawler.cleaning.body.choosing import Choice, numbers_in
from crawler.cleaning.body.deciding import Decider
from crawler.cleaning.body.profiled import Profiled
from crawler.cleaning.body.reading import Block, Box
from crawler.cleaning.body.strays import without_loose_headings
from crawler.sources.profile import Boilerplate

# A learned place that holds less than this share of what is found elsewhere, or fewer letters, is the place
# of something else. A short report under which readers write long comments holds a fifth.
HOLDS_AT_LEAST = 0.2
LETTERS_AT_LEAST = 200.0
# What was learned as boilerplate and is more than this share of a text is the text.
DROPS_AT_MOST = 0.5


def known_choice(
    decider: Decider,
    profiled: Profiled,
    boilerplate: Boilerplate,
    *,
    title: str | None,
    lead_stated: str | None,
) -> Choice:
    """The blocks of the article, without what its source is known to repeat."""
    leads = profiled.boxes_of("lead")
    is_learned = profiled.is_learned("lead")
    reading = decider.weighed.reading
    find = partial(decider.choose, title=title, lead_stated=lead_stated, leads=[] if is_learned else leads)
    choice = placed_choice(find, reading.boxes, profiled)
    if is_learned and choice.blocks:
        choice = with_lead(choice, [reading.blocks[n] for n in numbers_in(reading.boxes, leads)])
    choice = without(choice, profiled.boilerplate(choice.blocks, boilerplate))
    return without_learned(choice, profiled)


def placed_choice(find: Callable[..., Choice], boxes: Sequence[Box], profiled: Profiled) -> Choice:
    """The blocks where the profile says; those of a learned place where what is found stands elsewhere."""
    places = profiled.boxes_of("body")
    if not places or not profiled.is_learned("body"):
        return find(containers=places)
    choice = find(containers=[])
    if not is_elsewhere(boxes, choice, places):
        return choice
    there = find(containers=places)
    if weight(there.blocks) < max(LETTERS_AT_LEAST, HOLDS_AT_LEAST * weight(choice.blocks)):
        profiled.note("body", "holds little of this page's text")
        return choice
    return replace(there, evidence="learned body selector")


def with_lead(choice: Choice, lead: list[Block]) -> Choice:
    """The choice with a learned opening summary: marked where it was kept, put before the text otherwise."""
    kept = {block.index for block in choice.blocks}
    if lead and all(block.index in kept for block in lead):
        return replace(choice, standfirst=lead)
    if lead and lead[-1].index < choice.blocks[0].index:
        return replace(choice, blocks=lead + choice.blocks, standfirst=lead)
    return choice


def is_elsewhere(boxes: Sequence[Box], choice: Choice, places: Sequence[int]) -> bool:
    """Whether the chosen container neither holds nor stands in one of the places."""
    one = choice.container
    return not choice.blocks or not any(
        one <= place <= boxes[one].last_box or place <= one <= boxes[place].last_box for place in places
    )


def without_learned(choice: Choice, profiled: Profiled) -> Choice:
    """The choice without what was learned to be boilerplate, unless that is most of it."""
    numbers = profiled.boilerplate(choice.blocks, profiled.learned.boilerplate)
    if weight([block for block in choice.blocks if block.index in numbers]) <= DROPS_AT_MOST * weight(
        choice.blocks
    ):
        left = without(choice, numbers)
        said = f"{choice.evidence}, without {counted(len(numbers), 'block')} of learned boilerplate"
        return replace(left, evidence=said) if numbers else left
    profiled.problems.append(
        Problem("boilerplate_doubted", "most of the text is what was learned to be boilerplate: kept")
    )
    return choice


def without(choice: Choice, numbers: set[int]) -> Choice:
    """The choice without these blocks, and without headings that nothing follows any more."""
    if not numbers:
        return choice
    return replace(
        choice,
        blocks=without_loose_headings([block for block in choice.blocks if block.index not in numbers]),
        standfirst=[block for block in choice.standfirst if block.index not in numbers],
    )


def weight(blocks: Sequence[Block]) -> float:
    """How much text blocks hold together."""
    return sum(block.weight for block in blocks)

"""From a parsed page to the article's text, lead, pictures and links: `read_body`, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.records import Image, Link, Problem
from crawler.cleaning.body.addresses import base_of
from crawler.cleaning.body.choosing import LEAD_AT_MOST, Choice
from crawler.cleaning.body.deciding import Decider, Judge
from crawler.cleaning.body.features import Clues
from crawler.cleaning.body.hints import LEAD
from crawler.cleaning.body.known import known_choice
from crawler.cleaning.body.likeness import likeness
from crawler.cleaning.body.markup import plain_text, safe_html
from crawler.cleaning.body.opening import set_apart, squashed, title_place
from crawler.cleaning.body.pictures import pictures_of
from crawler.cleaning.body.profiled import Profiled
from crawler.cleaning.body.reading import HEADINGS, Block, Reader
from crawler.cleaning.body.scoring import Weighed, weigh
from crawler.cleaning.body.shape import shape_of
from crawler.cleaning.body.zones import Links, inline_links, profiled_links, related_links, source_links
from crawler.cleaning.elements import HtmlElement
from crawler.sources.profile import Boilerplate, Layout

BOLD = 0.9
LEAD_AT_LEAST = 40  # letters
LEAD_OF_AT_LEAST = 3  # paragraphs
NO_BOILERPLATE = Boilerplate()


@dataclass(frozen=True, slots=True)
class Body:
    """What a page says as an article; `text` is empty when it says nothing.

    `text` has paragraphs separated by a blank line, `html` says the same in a small safe subset; `lead` is
    the opening summary as printed, `None` when there is none; `is_article` judges by the text's own shape,
    0 to 1; `evidence` says how it was found; `shape` is what the page looks like around it.
    """

    text: str
    html: str
    lead: str | None
    images: tuple[Image, ...]
    links: tuple[Link, ...]
    container: HtmlElement | None
    is_article: float
    evidence: str
    problems: tuple[Problem, ...]
    shape: Mapping[str, float]


def read_body(
    tree: HtmlElement,
    *,
    base_url: str,
    title: str | None = None,
    lead_stated: str | None = None,
    clues: Clues | None = None,
    selectors: Mapping[str, str] | None = None,
    boilerplate: Boilerplate = NO_BOILERPLATE,
    learned: Layout | None = None,
    judge: Judge = "both",
) -> Body:
    """Find the article on a page; the tree stays as it is.

    `lead_stated` is what the page's head says of it (og:description); `clues` is all the page states that
    tells its text from the rest. `selectors` are a profile's "body", "lead", "related" and "image": one that
    no longer matches is passed over and becomes a problem "field_vanished". `boilerplate` is what the profile
    says is no text, `learned` what earlier pages of the source taught.
    """
    decider, profiled = prepared(
        tree,
        title=title,
        lead_stated=lead_stated,
        clues=clues,
        selectors=selectors,
        learned=learned,
        judge=judge,
    )
    weighed = decider.weighed
    reading = weighed.reading
    choice = known_choice(decider, profiled, boilerplate, title=title, lead_stated=lead_stated)
    if not choice.blocks:
        problems = (*profiled.problems, Problem("body_empty", choice.evidence))
        shape = shape_of(weighed, ())
        return Body("", "", None, (), (), None, 0.0, choice.evidence, problems, shape)
    base = base_of(tree, base_url)
    start = choice.title.index if choice.title is not None else choice.blocks[0].index - 1
    shown = pictures_of(weighed, choice, start, base, profiled.elements("image"))
    return Body(
        text=plain_text(reading, choice.blocks),
        html=safe_html(reading, choice.blocks, shown, base),
        lead=lead_of(weighed, choice, lead_stated),
        images=tuple(picture.image for picture in shown),
        links=links_of(weighed, choice, start, base, base_url, profiled.boxes_of("related")),
        container=reading.boxes[choice.container].element,
        is_article=likeness(weighed, choice.container, choice.blocks),
        evidence=choice.evidence,
        problems=tuple(profiled.problems),
        shape=shape_of(weighed, choice.blocks),
    )


def prepared(
    tree: HtmlElement,
    *,
    title: str | None,
    lead_stated: str | None,
    clues: Clues | None,
    selectors: Mapping[str, str] | None,
    learned: Layout | None,
    judge: Judge = "both",
) -> tuple[Decider, Profiled]:
    """Who decides on the page's blocks, and where its source is known to show what; as `read_body` is asked.

    Who gives no `clues` knows no more than title and summary.
    """
    reading = Reader().read(tree)
    weighed = weigh(reading, title_place(reading, title))
    known = clues or Clues(title=title or "", leads=(lead_stated,) if lead_stated else ())
    return Decider(weighed, known, judge), Profiled(tree, reading.boxes, selectors, learned)


def links_of(
    weighed: Weighed, choice: Choice, start: int, base: str, page_url: str, related: Sequence[int]
) -> tuple[Link, ...]:
    """The article's links; a profile's word on related ones wins over what is found."""
    links = Links(base, page_url)
    inline_links(links, choice.blocks)
    source_links(
        links, weighed, range(max(start, 0), min(choice.blocks[-1].index + 12, len(weighed.reading.blocks)))
    )
    if related:
        profiled_links(links, weighed, related)
    else:
        related_links(links, weighed, choice.container, choice.blocks)
    return tuple(links.found.values())


def lead_of(weighed: Weighed, choice: Choice, lead_stated: str | None) -> str | None:
    """The standfirst above the text, or a first paragraph set apart as one; `None` when there is none."""
    if choice.standfirst:
        return "\n\n".join(block.text for block in choice.standfirst)
    if len(choice.blocks) < LEAD_OF_AT_LEAST:
        return None
    first, second = choice.blocks[0], choice.blocks[1]
    if not LEAD_AT_LEAST <= first.weight <= LEAD_AT_MOST:
        return None
    is_repeated = bool(lead_stated) and squashed(first.text) == squashed(lead_stated or "")
    if is_repeated and set_apart(weighed, first, second):
        return first.text
    is_bold = first.tag not in HEADINGS and first.bold_share >= BOLD and second.bold_share < BOLD
    return first.text if is_bold or is_named_lead(weighed, first, second) else None


def is_named_lead(weighed: Weighed, first: Block, second: Block) -> bool:
    """Whether the first block stands in a box named a lead, and the second does not."""
    return bool(weighed.hints_at(first) & LEAD) and not weighed.hints_at(second) & LEAD

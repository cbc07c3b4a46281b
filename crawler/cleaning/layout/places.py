"""Where the pages of one source show each field: selectors that find what each page says. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from crawler.cleaning.body.addresses import absolute, base_of
from crawler.cleaning.body.opening import squashed
from crawler.cleaning.candidates import said_by
from crawler.cleaning.dates import read_moment
from crawler.cleaning.elements import HtmlElement, text_of
from crawler.cleaning.gate import one_line
from crawler.cleaning.layout.naming import selectors
from crawler.cleaning.layout.observing import Seen
from crawler.cleaning.names import names_in
from crawler.sources.profile import Source

# A selector must do on two pages, and on this share of the pages that have the field. A title, a date and a
# text stand on every page, so a place that misses some of them is not the place.
LEAST_AGREEING = 2
LEAST_SHARE = {"title": 0.8, "published_at": 0.8, "body": 0.8}
LEAST_SHARE_ELSE = 0.34
OUTVOTING = 5  # pages that agree on the place of the text for each that may put it elsewhere
MOST_DESIGNS = 3  # a paper has a page for news, one for columns, and an old one
HOLDS = 0.97  # how much of the text its element must hold; the standfirst may stand above
CLOSE = 0.9  # how much of its element a text should be; a wider one is taken where none is so close
NODES_TRIED = 6
MOST_INSIDE = 3  # elements in a byline or a date, an icon and a label
SHORT = 60  # letters of a byline or a date

Place = Callable[[Seen, Source], Iterator[HtmlElement]]
Verdict = Callable[[Seen, Source, list[HtmlElement]], bool]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned of a field: a selector or `None`, on how many of the pages that say it they agree."""

    field: str
    selector: str | None
    agrees: int
    of: int
    reason: str = ""


def place_of(field: str, seen: Sequence[Seen], profile: Source) -> Lesson:
    """The selector of a field that finds on most pages what they say, and on none something else.

    Pages of different designs may need one each: they are joined by commas.
    """
    nodes_of, says = FIELDS[field]
    having = [page for page in seen if has(page, field)]
    least = min(LEAST_AGREEING, len(seen))
    if len(having) < least:
        return Lesson(field, None, 0, len(having), "one page alone says it" if having else "no page says it")
    proposed = Counter(
        selector
        for page in having
        for selector in dict.fromkeys(
            selector for node in islice(nodes_of(page, profile), NODES_TRIED) for selector in selectors(node)
        )
    )
    order = {selector: place for place, selector in enumerate(proposed)}
    fits: dict[str, set[int]] = {}
    for selector, times in proposed.items():
        wrong = may_differ(field, len(seen))
        fit = agreeing(selector, seen, profile, says, wrong=wrong) if times >= least else set()
        if fit and is_telling(field, [seen[number] for number in fit]):
            fits[selector] = fit
    share = LEAST_SHARE.get(field, LEAST_SHARE_ELSE)
    close = {selector: fit for selector, fit in fits.items() if is_close(field, selector, seen)}
    for choice in (close, fits):
        chosen, covered = joined(choice, order, least)
        if chosen and len(covered) >= share * len(having):
            return Lesson(field, ", ".join(chosen), len(covered), len(having))
    if not chosen:
        why = "no selector finds it on two pages and nothing else on others"
        return Lesson(field, None, 0, len(having), why)
    return Lesson(field, None, len(covered), len(having), f"{', '.join(chosen)} finds it on too few")


def joined(fits: Mapping[str, set[int]], order: Mapping[str, int], least: int) -> tuple[list[str], set[int]]:
    """The fewest selectors that together fit most pages, each adding `least` or more, and those pages."""
    chosen: list[str] = []
    covered: set[int] = set()
    while fits and len(chosen) < MOST_DESIGNS:
        best = max(fits, key=lambda selector: (len(fits[selector] - covered), -order[selector]))
        if len(fits[best] - covered) < least:
            break
        chosen.append(best)
        covered |= fits[best]
    return chosen, covered


def agreeing(
    selector: str, seen: Sequence[Seen], profile: Source, says: Verdict, *, wrong: int = 0
) -> set[int]:
    """The numbers of the pages where a selector finds what they say; none when more than `wrong` differ."""
    fit = set()
    for number, page in enumerate(seen):
        if found := page.matches(selector):
            if says(page, profile, found):
                fit.add(number)
            elif wrong:
                wrong -= 1
            else:
                return set()
    return fit


def may_differ(field: str, pages: int) -> int:
    """On how many pages the place of a field may be another: there the generic reading may have erred."""
    return pages // OUTVOTING if field == "body" else 0


def is_telling(field: str, pages: Sequence[Seen]) -> bool:
    """Whether finding a field on these pages tells anything.

    What is the same on all of them may be an item of a menu, and the day of the visit looks right on the day
    of publication.
    """
    if field == "published_at" and all(map(is_fresh, pages)):
        return False
    if field in ("section", "authors", "tags") and len(pages) > 1:
        return any(page.values[field] != pages[0].values[field] for page in pages)
    return True


def is_fresh(page: Seen) -> bool:
    """Whether a page was fetched about the day it was published: there the day of the visit looks right."""
    day = page.values["published_date"]
    return day is not None and abs((page.page.fetched_at.date() - day).days) <= 1


def is_close(field: str, selector: str, seen: Sequence[Seen]) -> bool:
    """Whether an element holds hardly more than the text; of other fields every element is as good."""
    if field != "body":
        return True
    inside = [block for page in seen for node in page.matches(selector) for block in page.blocks_in(node)]
    return sum(b.weight for b in inside if b.kept) >= CLOSE * sum(b.weight for b in inside)


def has(page: Seen, field: str) -> bool:
    """Whether a page says a field at all."""
    if field == "related":
        return len(related(page.values)) >= 2
    return bool(page.values.get(field))


def related(values: Mapping[str, Any]) -> set[str]:
    """Where an article's related links lead."""
    return {link.url for link in values["links"] if link.zone == "related"}


def title_nodes(page: Seen, profile: Source) -> Iterator[HtmlElement]:
    """Yield the elements that print the title, headings first."""
    words = squashed(page.values["title"])
    alike = [block for block in page.blocks if block.words == words]
    for block in sorted(alike, key=lambda block: not block.is_heading):
        yield page.boxes[block.box].element


def says_title(page: Seen, profile: Source, found: list[HtmlElement]) -> bool:
    """Whether the first element prints the title."""
    return squashed(said_by(found[0])) == squashed(page.values["title"] or "")


def date_nodes(page: Seen, profile: Source) -> Iterator[HtmlElement]:
    """Yield the elements that say the day of publication: with a time for machines, then the smallest."""
    day = page.values["published_date"]
    short = [node for node in page.tree.iter() if says_a_day(node, day)]
    for node in sorted(short, key=lambda node: (not node.get("datetime"), len(text_of(node)))):
        if day in days_said(page, profile, node):
            yield node


def says_a_day(node: HtmlElement, day: date) -> bool:
    """Whether a small element may say this day: cheap, before anything is read."""
    if node.tag in ("script", "style", "title", "meta", "html", "body", "head"):
        return False
    stated = node.get("datetime") or node.get("content")
    if stated:
        return str(day.year) in stated
    if not is_small(node):
        return False
    text = text_of(node)
    return len(text) < 200 and str(day.day) in text and len(one_line(text)) <= SHORT


def is_small(node: HtmlElement) -> bool:
    """Whether an element holds hardly more than text: asked first, for to read nested ones costs a square."""
    return len(node) <= MOST_INSIDE and not any(map(len, node))


def days_said(page: Seen, profile: Source, node: HtmlElement) -> set[date]:
    """The day an element says: as written, and on the publisher's clock."""
    moment = read_moment(
        one_line(said_by(node)),
        now=page.page.fetched_at.astimezone(UTC),
        zone=ZoneInfo(profile.timezone),
        languages=profile.languages or tuple(filter(None, [page.values["language"]])),
    )
    if moment is None:
        return set()
    return {moment.at.date(), moment.at.astimezone(ZoneInfo(profile.timezone)).date()}


def says_date(page: Seen, profile: Source, found: list[HtmlElement]) -> bool:
    """Whether the first element says the day of publication."""
    return page.values["published_date"] in days_said(page, profile, found[0])


def author_nodes(page: Seen, profile: Source) -> Iterator[HtmlElement]:
    """Yield the elements that print the name of one who signed, and nothing more."""
    names = {squashed(author.name) for author in page.values["authors"]}
    for node in page.tree.iter(
        "a", "span", "div", "p", "li", "address", "strong", "b", "em", "i", "h4", "h5"
    ):
        if is_small(node) and len(text := text_of(node)) <= 2 * SHORT and squashed(text) in names:
            yield node


def says_authors(page: Seen, profile: Source, found: list[HtmlElement]) -> bool:
    """Whether the elements name those who signed, and nobody else."""
    names = {squashed(author.name) for author in page.values["authors"]}
    said = {squashed(name) for node in found[:10] for name in names_in(one_line(text_of(node)))}
    return bool(names) and said - {""} == names


def line_nodes(page: Seen, words: set[str]) -> Iterator[HtmlElement]:
    """Yield the links and spans that say one of these words and nothing more."""
    for node in page.tree.iter("a", "span", "li", "div", "p"):
        if is_small(node) and len(text := text_of(node)) <= 2 * SHORT and squashed(text) in words:
            yield node


def section_nodes(page: Seen, profile: Source) -> Iterator[HtmlElement]:
    """Yield the elements that print the section."""
    return line_nodes(page, {squashed(page.values["section"])})


def says_section(page: Seen, profile: Source, found: list[HtmlElement]) -> bool:
    """Whether the first element prints the section."""
    return squashed(text_of(found[0])) == squashed(page.values["section"] or "")


def tag_nodes(page: Seen, profile: Source) -> Iterator[HtmlElement]:
    """Yield the elements that print one of the tags."""
    return line_nodes(page, {squashed(tag) for tag in page.values["tags"]})


def says_tags(page: Seen, profile: Source, found: list[HtmlElement]) -> bool:
    """Whether the elements print the tags, and nothing else."""
    tags = {squashed(tag) for tag in page.values["tags"]}
    return bool(tags) and {squashed(text_of(node)) for node in found} == tags


def lead_nodes(page: Seen, profile: Source) -> Iterator[HtmlElement]:
    """Yield the element of the opening summary."""
    words = squashed(page.values["lead"])
    return (page.boxes[block.box].element for block in page.blocks if block.kept and block.words == words)


def says_lead(page: Seen, profile: Source, found: list[HtmlElement]) -> bool:
    """Whether the elements print the opening summary, and nothing else."""
    if not all(node in page.numbers for node in found):
        return False
    said = "".join(block.words for node in found for block in page.blocks_in(node))
    return said == squashed(page.values["lead"] or "") != ""


def body_nodes(page: Seen, profile: Source) -> Iterator[HtmlElement]:
    """Yield the element the text stands in, and those right around it."""
    node: HtmlElement | None = page.boxes[page.container].element
    while node is not None and node.tag not in ("body", "html"):
        yield node
        node = node.getparent()


def says_body(page: Seen, profile: Source, found: list[HtmlElement]) -> bool:
    """Whether there is one such element and it holds the text, the standfirst apart."""
    if len(found) != 1:
        return False
    lead = squashed(page.values["lead"] or "")
    kept = [block for block in page.kept if block.words != lead]
    inside = sum(block.weight for block in page.blocks_in(found[0]) if block.kept and block.words != lead)
    return inside >= HOLDS * sum(block.weight for block in kept) and inside > 0


def related_nodes(page: Seen, profile: Source) -> Iterator[HtmlElement]:
    """Yield the closest element around all related links, and those right around it."""
    wanted = related(page.values)
    base = base_of(page.tree, page.page.url)
    links = [link for link in page.tree.iter("a") if leads_to(link, base) in wanted]
    if not links:
        return
    node = links[0]
    while node is not None and node.tag not in ("body", "html"):
        if wanted <= {leads_to(link, base) for link in node.iter("a")}:
            yield node
        node = node.getparent()


def says_related(page: Seen, profile: Source, found: list[HtmlElement]) -> bool:
    """Whether the links of the elements are the related ones, no others, and stand in none of the text."""
    if any(block.kept for node in found for block in page.blocks_in(node)):
        return False
    base = base_of(page.tree, page.page.url)
    said = {leads_to(link, base) for node in found for link in node.iter("a")}
    return len(said) >= 1 and said - {None} == related(page.values)


def leads_to(link: HtmlElement, base: str) -> str | None:
    """The web address a link leads to."""
    href = link.get("href")
    return absolute(href, base) if href else None


FIELDS: dict[str, tuple[Place, Verdict]] = {
    "title": (title_nodes, says_title),
    "published_at": (date_nodes, says_date),
    "body": (body_nodes, says_body),
    "lead": (lead_nodes, says_lead),
    "authors": (author_nodes, says_authors),
    "section": (section_nodes, says_section),
    "tags": (tag_nodes, says_tags),
    "related": (related_nodes, says_related),
}

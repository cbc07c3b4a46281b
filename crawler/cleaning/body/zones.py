"""The article's links: in its text, offered for further reading, and named as its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from archive.records import Link
from crawler.cleaning.body.addresses import absolute, key_of
from crawler.cleaning.body.hints import (
    ADVERT,
    AUTHOR,
    BYLINE,
    COMMENTS,
    FEED,
    FORM,
    FURNITURE,
    NAVIGATION,
    OFFER,
    PLEA,
    RELATED,
    SHARE,
    SIDE,
    TAGS,
)
from crawler.cleaning.body.phrases import (
    LEADS_TO_LIST,
    OFFERS_FEED,
    OFFERS_MORE,
    READ_ON_END,
    SOURCE_START,
)
from crawler.cleaning.body.reading import HEADINGS, Block, printed
from crawler.cleaning.body.scoring import Weighed

ELSEWHERE = ADVERT | AUTHOR | COMMENTS | FEED | FORM | FURNITURE | NAVIGATION | PLEA | SHARE | SIDE
NO_ARTICLE = re.compile(
    r"/(?:tags?|teg|category|categories|rubric|rubrik|ressort|author|authors|avtor|user|users|search|topics?|hashtag"
    r"|themen?|themes?|temas?|sujets?|schlagwort|dossiers?|special|impressum|jobs?|stellenanzeigen|vakansii)"
    r"/[^/]*/?$",
    re.I,
)
# Second names of a host under which many sites live.
SHARED_NAMES = frozenset(("com", "co", "org", "net", "gov", "edu", "ac", "or", "ne", "go"))
MOST_RELATED = 30
MOST_OFFERED = 400
MOST_INLINE = 500
SHORT_TITLE = 20
LONGEST_TEASER = 250
LONGEST_OFFER = 40
NEAR = 15  # how many blocks below the text an offer may stand that shares no box with it


class Links:
    """Collects links, each address once in a zone with the longest text it has there.

    What the text links to may be offered for further reading as well; a source is only that.
    """

    def __init__(self, base: str, page_url: str) -> None:
        self.base = base
        self.page_url = page_url
        self.own = key_of(page_url)
        self.found: dict[tuple[str, bool], Link] = {}

    def add(self, href: str, text: str, zone: str) -> None:
        url = absolute(href, self.base)
        if url is None:
            return
        key = key_of(url)
        if key == self.own:
            return
        place = (key, zone == "related")
        known = self.found.get(place)
        if known is None or (known.zone == zone and len(text) > len(known.text)):
            self.found[place] = Link(url, text, zone)


def anchors(block: Block) -> Iterator[tuple[str, str]]:
    """The block's links with their texts, in order; pieces of one link count as one."""
    href: str | None = None
    pieces: list[str] = []
    for text, style in block.runs:
        now = style.href if style is not None else None
        if now != href:
            if href is not None:
                yield href, printed("".join(pieces))
            href, pieces = now, []
        pieces.append(text)
    if href is not None:
        yield href, printed("".join(pieces))


def inline_links(links: Links, blocks: Iterable[Block]) -> None:
    """The links of the running text; those of a credit line name a source."""
    count = 0
    for block in blocks:
        if not block.links:
            continue
        zone = "source" if SOURCE_START.match(block.text) else "inline"
        for href, text in anchors(block):
            if text and count < MOST_INLINE:
                links.add(href, text, zone)
                count += 1


def source_links(links: Links, weighed: Weighed, span: range) -> None:
    """The links of credit lines that are no running text."""
    for index in span:
        block = weighed.reading.blocks[index]
        if block.links and block.weight < 200 and SOURCE_START.match(block.text):
            for href, text in anchors(block):
                if text:
                    links.add(href, text, "source")


def related_links(links: Links, weighed: Weighed, container: int, kept: Sequence[Block]) -> None:
    """What the article offers to read next: boxes that are headed or named so, in it or right below it."""
    in_text = {block.index for block in kept}
    offered: dict[int, None] = {}
    for index in offered_blocks(weighed, container, kept[0].index, kept[-1].index):
        if index not in in_text:
            offered[index] = None
        if len(offered) > MOST_OFFERED:
            break
    found = []
    for index in offered:
        block = weighed.reading.blocks[index]
        if weighed.hints[block.box] & ~weighed.hints[container] & ELSEWHERE:
            continue
        if weighed.hints[block.box] & (TAGS | BYLINE) and block.tag not in HEADINGS and block.weight <= 40:
            continue
        found += [(href, text) for href, text in anchors(block) if is_title(text) and not is_no_article(href)]
    found = own_or_all(found, links)
    longest = max((len(text) for _, text in found), default=0)
    for href, text in found[:MOST_RELATED]:
        if len(text) >= SHORT_TITLE or longest < SHORT_TITLE:
            links.add(href, text, "related")


def is_title(text: str) -> bool:
    """Whether a link's text may be a title: not «Mehr zum Thema …», which leads to a list."""
    return bool(text) and not (len(text) <= LONGEST_OFFER and LEADS_TO_LIST.match(text))


def own_or_all(found: list[tuple[str, str]], links: Links) -> list[tuple[str, str]]:
    """The links to the page's own site; all of them where none leads there.

    Beside a site's own offers others are advertisements, or came with a text from another paper.
    """
    home = home_of(absolute(links.page_url, "") or "")
    own = [
        (href, text) for href, text in found if home_of(absolute(href, links.base) or links.page_url) == home
    ]
    return own or found


def home_of(url: str) -> str:
    """The site an address belongs to, subdomains and all: its host's last two names, three in `.co.uk`."""
    names = (urlsplit(url).hostname or "").split(".")
    return ".".join(names[-3:] if names[-2:-1] and names[-2] in SHARED_NAMES else names[-2:])


def is_no_article(href: str) -> bool:
    """Whether an address lists articles rather than being one."""
    try:
        path = urlsplit(href).path
    except ValueError:
        return True
    return path in ("", "/") or bool(NO_ARTICLE.search(path))


def offered_blocks(weighed: Weighed, container: int, first: int, last: int) -> Iterator[int]:
    """The numbers of blocks in boxes of related articles, headed or named so.

    `first` and `last` are the numbers of the text's outer blocks.
    """
    blocks = weighed.reading.blocks
    end = scope_end(weighed, container)
    for index in range(first, len(blocks)):
        if index > last + NEAR and index >= end:
            break
        block = blocks[index]
        if weighed.hints[block.box] & ELSEWHERE & ~weighed.hints[container]:
            continue
        hints = weighed.hints[block.box] & ~weighed.hints[container]
        is_inside = first < index < last
        if hints & OFFER or (hints & RELATED and is_inside) or (is_inside and is_teaser(block)):
            yield index
        elif block.weight < 250 and OFFERS_MORE.match(block.text) and not OFFERS_FEED.match(block.text):
            if block.links:
                yield index
            if block.weight <= 70:
                yield from range(index + 1, end_of_offer(weighed, container, index))


def is_teaser(block: Block) -> bool:
    """Whether a block is the title of another article with a word to read on: «… Подробнее»."""
    return (
        bool(block.links)
        and SHORT_TITLE < block.weight < LONGEST_TEASER
        and block.link_share > 0.5
        and READ_ON_END.search(block.text[-30:]) is not None
    )


def scope_end(weighed: Weighed, container: int) -> int:
    """Where the largest box around the text that is not the whole page ends."""
    boxes = weighed.reading.boxes
    number = container
    while boxes[number].parent >= 0 and boxes[boxes[number].parent].tag not in ("body", "html"):
        number = boxes[number].parent
    return boxes[number].end


def end_of_offer(weighed: Weighed, container: int, index: int) -> int:
    """Where the box headed by a block ends: the innermost box with more in it, if that is mostly links."""
    boxes, blocks = weighed.reading.boxes, weighed.reading.blocks
    number = blocks[index].box
    for _ in range(4):
        if number < 0 or number == container:
            break
        box = boxes[number]
        if box.end - index >= 120:
            break
        if box.end > index + 1:
            linked = sum(b.weight * b.link_share for b in blocks[index + 1 : box.end])
            whole = sum(b.weight for b in blocks[index + 1 : box.end])
            if linked > 0.4 * whole:
                return box.end
            break
        number = box.parent
    end = index + 1
    while (
        end < len(blocks)
        and end < index + 20
        and blocks[end].link_share > 0.6
        and blocks[end].weight > SHORT_TITLE
    ):
        end += 1
    return end


def profiled_links(links: Links, weighed: Weighed, related: Iterable[int]) -> None:
    """The links in the boxes a profile names."""
    for number in related:
        box = weighed.reading.boxes[number]
        for block in weighed.reading.blocks[box.first : box.end][:MOST_RELATED]:
            for href, text in anchors(block):
                if text:
                    links.add(href, text, "related")

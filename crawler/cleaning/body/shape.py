"""What a page looks like around the text chosen from it: plain counts and shares, no judgement."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.cleaning.body.hints import AUTHOR, BODY, BYLINE, COMMENTS, RELATED
from crawler.cleaning.body.reading import HEADINGS, Block, Reading
from crawler.cleaning.body.scoring import Weighed

SENTENCE_ENDS = frozenset('.!?…。！？؟۔։।»”"')
LONG = 80  # letters of a paragraph that is no scrap
TITLE = 35  # letters of a link that may be a title
SHORT = 60  # letters of a line that may be a date
LINKED = 0.8
YEAR = re.compile(r"\b20[0-4]\d\b")
REPEATED = frozenset(("article", "li", "div", "section"))
ZONES = {"body": BODY, "byline": BYLINE, "author": AUTHOR, "related": RELATED, "comments": COMMENTS}


def shape_of(weighed: Weighed, kept: Sequence[Block]) -> dict[str, float]:
    """Figures of a page and of the blocks `kept` as its text, by their names: one pass over each."""
    page, page_weight, page_linked = page_figures(weighed)
    text, weight, linked = text_figures(weighed.reading, kept)
    return {
        **page,
        **text,
        "share of the page": weight / page_weight,
        "share of what is no link": (weight - linked) / (page_weight - page_linked + 1),
    }


def page_figures(weighed: Weighed) -> tuple[dict[str, float], float, float]:
    """Figures of the whole page, the weight of its text, and how much of that is links."""
    reading, trusted = weighed.reading, weighed.hints
    weight = linked = 0.0
    links = titles = headings = linked_headings = years = 0
    in_hints: dict[int, float] = {}
    for block in reading.blocks:
        size, share = block.weight, block.link_share
        weight += size
        hints = trusted[block.box]
        in_hints[hints] = in_hints.get(hints, 0.0) + size
        if share:
            linked += size * share
            links += block.links
            titles += share > LINKED and size > TITLE
        if block.tag in HEADINGS:
            headings += 1
            linked_headings += share > LINKED
        elif size < SHORT and "20" in block.text:
            years += YEAR.search(block.text) is not None
    weight = weight or 1.0
    figures = {
        "letters of the page": weight,
        "blocks": len(reading.blocks),
        "links": links,
        "share of links": linked / weight,
        "links that may be titles": titles,
        "headings": headings,
        "linked headings": linked_headings,
        "years beside": years,
        **box_figures(reading),
    }
    for name, flag in ZONES.items():
        inside = sum(size for hints, size in in_hints.items() if hints & flag)
        figures[f"share in boxes named {name}"] = inside / weight
    return figures, weight, linked


def box_figures(reading: Reading) -> dict[str, float]:
    """Figures of a page's boxes; `siblings` of one kind stand side by side, each with more than a line."""
    articles = buttons = most = 0
    beside: dict[tuple[int, str], int] = {}
    for box in reading.boxes:
        tag = box.tag
        if tag in REPEATED:
            articles += tag == "article"
            if box.end - box.first > 1:
                place = box.parent, tag
                beside[place] = count = beside.get(place, 0) + 1
                most = max(most, count)
        elif tag == "button":
            buttons += 1
    return {"boxes": len(reading.boxes), "siblings": most, "articles": articles, "buttons": buttons}


def text_figures(reading: Reading, kept: Sequence[Block]) -> tuple[dict[str, float], float, float]:
    """Figures of the chosen text, its weight, and how much of that is links."""
    weight = linked = in_paragraphs = in_lists = longest = 0.0
    paragraphs = long_ones = sentences = 0
    for block in kept:
        size = block.weight
        weight += size
        linked += size * block.link_share
        if block.tag in HEADINGS:
            continue
        paragraphs += 1
        long_ones += size >= LONG
        sentences += block.text[-1] in SENTENCE_ENDS
        longest = max(longest, size)
        if block.tag == "p":
            in_paragraphs += size
        if reading.boxes[block.box].setting.list >= 0:
            in_lists += size
    whole = weight or 1.0
    figures = {
        "letters": weight,
        "paragraphs": paragraphs,
        "long paragraphs": long_ones,
        "longest paragraph": longest,
        "letters a paragraph": weight / (len(kept) or 1),
        "share of links in the text": linked / whole,
        "share of the text in paragraphs": in_paragraphs / whole,
        "share of the text in lists": in_lists / whole,
        "share of sentences": sentences / (paragraphs or 1),
    }
    return figures, weight, linked

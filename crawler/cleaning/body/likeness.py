"""How much a text is like an article, judged by its shape alone."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log

from crawler.cleaning.body.reading import HEADINGS, Block
from crawler.cleaning.body.scoring import Weighed


def likeness(weighed: Weighed, container: int, blocks: Sequence[Block]) -> float:
    """From 0 to 1: long paragraphs that hold most of the page's text speak for it, links against it."""
    text = sum(block.weight for block in blocks)
    if not text:
        return 0.0
    paragraphs = [block for block in blocks if block.tag not in HEADINGS]
    prose = sum(weighed.prose[block.index + 1] - weighed.prose[block.index] for block in paragraphs)
    linked = sum(block.weight * block.link_share for block in blocks) / text
    share = prose / (weighed.prose[-1] or 1.0)
    mean = text / len(blocks)
    score = -7.0 + 0.8 * log(1.0 + prose) + 1.5 * share + 0.008 * min(mean, 200.0) - 6.0 * linked
    return round(1.0 / (1.0 + exp(-score)), 3)

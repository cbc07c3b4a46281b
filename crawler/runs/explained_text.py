"""Why an article says what it says, as lines for a terminal. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import click

from crawler.cleaning.body.judging import JudgedBlock
from crawler.cleaning.explaining import Explained, Explanation

LONGEST = 120  # characters of a value or a block: enough to know it again
NEAREST = 3  # of the boxes around a block
WIDTH = 24  # of the column that says where something stood


def report(explanation: Explanation, name: str) -> Iterator[str]:
    """Yield the lines: each field with winner and losers, the problems, the page's blocks.

    `name` is the page's as given. Marks are words and signs, so that nothing is lost without colour.
    """
    yield click.style(name, bold=True)
    for field in explanation.fields:
        yield from field_lines(field)
    problems = explanation.article.problems
    yield ""
    yield click.style(f"problems: {len(problems) or 'none'}", bold=True)
    for problem in problems:
        yield f"  {problem.code}: {problem.detail}" if problem.detail else f"  {problem.code}"
    kept = sum(block.kept for block in explanation.blocks)
    yield ""
    yield click.style(f"blocks: {kept} of {len(explanation.blocks)} kept", bold=True)
    for block in explanation.blocks:
        yield from block_lines(block)


def field_lines(field: Explained) -> Iterator[str]:
    """Yield a field's value with where it came from, then everything that was seen for it."""
    evidence = f" [{field.evidence}]" if field.evidence else ""
    said = shortened(field.value) if field.value is not None else "the page does not say"
    yield f"{click.style(field.name, bold=True)}{evidence}: {said}"
    for seen in field.candidates:
        line = f"  {'+' if seen.won else '-'} {seen.evidence:<{WIDTH}} {shortened(seen.value)}"
        yield line if seen.won else click.style(line, dim=True)


def block_lines(block: JudgedBlock) -> Iterator[str]:
    """Yield a block's mark, score, tag and text, then why and where it stands."""
    score = f"{block.score:.2f}" if block.score is not None else " -  "
    line = f"  {'+' if block.kept else '-'} {score} {block.tag:<10} {shortened(block.text)}"
    boxes = block.path.split(" > ")
    why = f"{' ' * 20}{block.why}: {' > '.join(boxes[-NEAREST:])}"
    yield line if block.kept else click.style(line, dim=True)
    yield click.style(why, dim=True)


def shortened(text: str) -> str:
    """A text on one line, cut at a word where it is long."""
    return textwrap.shorten(text, LONGEST, placeholder=" …") or text[:LONGEST]

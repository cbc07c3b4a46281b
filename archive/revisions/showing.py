"""Rewordings for people and for programs; what a page wrote never steers a terminal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

import click

from archive.changes import Passage, Piece, word_counts
from archive.revisions.reading import Rewording
from archive.terminal import STEERING, terminal_safe

BY = {
    "publisher": "changed by the publisher",
    "recleaned": "the same page, read better by us; no edit of the publisher",
}
Mark = Callable[[str], str]
PLAIN: dict[str, Mark] = {
    "same": lambda text: text,
    "removed": lambda text: f"[-{text}-]",
    "added": lambda text: f"{{+{text}+}}",
}
COLOURED: dict[str, Mark] = {
    "same": lambda text: text,
    "removed": lambda text: click.style(text, fg="red", strikethrough=True),
    "added": lambda text: click.style(text, fg="green", underline=True),
}
FOLDED = "…"  # stands for paragraphs that are the same


def rewording_lines(one: Rewording, *, colours: bool) -> Iterator[str]:
    """One rewording in full: when, by whom, and each changed paragraph with its words marked."""
    stated = f", changed {minute_of(one.modified_at)} as the page says" if one.modified_at else ""
    yield f"{one.number}  seen {minute_of(one.seen_at)}  {BY.get(one.cause, one.cause)}{stated}"
    for field, found in one.fields:
        yield f"  {field}:"
        yield from (f"    {line}" for line in passage_lines(found, COLOURED if colours else PLAIN))


def passage_lines(found: Sequence[Passage], marks: dict[str, Mark]) -> Iterator[str]:
    """The changed paragraphs of a text, the others folded away."""
    folded = False
    for passage in found:
        if not passage.same:
            yield "".join(marked(piece, marks) for piece in passage.pieces)
        elif not folded:
            yield FOLDED
        folded = passage.same


def marked(piece: Piece, marks: dict[str, Mark]) -> str:
    """A piece in its mark, the space around it outside."""
    text = STEERING.sub(" ", piece.text)
    inner = text.strip()
    if not inner:
        return text
    begin = text.index(inner)
    return text[:begin] + marks[piece.fate](inner) + text[begin + len(inner) :]


def summary_line(one: Rewording, *, colours: bool) -> str:
    """One rewording in a line: when, by whom, how many words went and came, which article."""
    counts = counts_of(one)
    title = terminal_safe(one.title or "(no title)")
    parts = [
        minute_of(one.seen_at),
        terminal_safe(one.cause),
        f"-{counts['removed']} +{counts['added']} words",
        str(one.article_id),
        terminal_safe(one.source),
        click.style(title, bold=True) if colours else title,
        terminal_safe(one.url),
    ]
    return "  ".join(parts)


def rewording_json(one: Rewording) -> str:
    """A rewording as a line of JSON; paragraphs that are the same are left out."""
    changed = {field: [changed_json(p) for p in found if not p.same] for field, found in one.fields}
    counts = counts_of(one)
    words = {fate: counts[fate] for fate in ("removed", "added")}
    return json.dumps(asdict(one) | {"fields": changed, "words": words}, ensure_ascii=False)


def changed_json(passage: Passage) -> list[dict[str, str]]:
    """A changed paragraph in pieces."""
    return [asdict(piece) for piece in passage.pieces]


def counts_of(one: Rewording) -> Counter[str]:
    """How many words of title, lead and body are the same, went and came."""
    return sum((word_counts(found) for _, found in one.fields), Counter())


def minute_of(moment: str) -> str:
    """A time of ours to the minute, UTC."""
    return f"{moment[:10]} {moment[11:16]}Z"

"""What changed between two wordings, paragraph by paragraph and word by word. Pure and bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\S+\s*")
# Beyond this many words on both sides a changed paragraph is shown whole: comparing grows with the product.
MAX_WORDS = 3_000
MAX_PARAGRAPHS = 2_000
ALIKE = (
    0.5  # paragraphs that share fewer of their words are two: shown as a change, each word would alternate
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text and what became of it: "same", "removed" or "added"."""

    fate: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of paragraphs: `same` and folded away, or changed, in pieces."""

    same: bool
    pieces: tuple[Piece, ...]


def passages(old: list[str], new: list[str]) -> Iterator[Passage]:
    """The two wordings laid beside each other."""
    old, new = old[:MAX_PARAGRAPHS], new[:MAX_PARAGRAPHS]
    matcher = SequenceMatcher(None, [alike(p) for p in old], [alike(p) for p in new], autojunk=False)
    for fate, i1, i2, j1, j2 in matcher.get_opcodes():
        if fate == "equal":
            yield Passage(True, tuple(Piece("same", paragraph) for paragraph in new[j1:j2]))
        else:
            yield from changed(old[i1:i2], new[j1:j2])


def changed(old: list[str], new: list[str]) -> Iterator[Passage]:
    """Changed paragraphs: as many as both sides have word by word, the rest as wholes."""
    for before, after in zip(old, new, strict=False):
        yield Passage(False, tuple(word_pieces(before, after)))
    paired = min(len(old), len(new))
    yield from (Passage(False, (Piece("removed", paragraph),)) for paragraph in old[paired:])
    yield from (Passage(False, (Piece("added", paragraph),)) for paragraph in new[paired:])


def word_pieces(old: str, new: str) -> Iterator[Piece]:
    """One paragraph's change, word by word."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    matcher = SequenceMatcher(None, [w.strip() for w in before], [w.strip() for w in after], autojunk=False)
    if len(before) + len(after) > MAX_WORDS or matcher.ratio() < ALIKE:
        yield Piece("removed", old)
        yield Piece("added", new)
        return
    for fate, i1, i2, j1, j2 in matcher.get_opcodes():
        if fate == "equal":
            yield Piece("same", "".join(after[j1:j2]))
            continue
        if i1 < i2:
            yield Piece("removed", "".join(before[i1:i2]))
        if j1 < j2:
            yield Piece("added", "".join(after[j1:j2]))


def alike(paragraph: str) -> str:
    """A paragraph as it is compared: spacing makes no difference."""
    return " ".join(paragraph.split())

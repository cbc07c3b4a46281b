"""What changed between two texts, paragraph by paragraph, then word by word. Pure, exact and bounded.

Nothing is lost in between: `before` and `after` give both texts back from what was found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.matching import common_runs

FIELDS = ("title", "lead", "body")
# A word with what is written into it ("из-за", "2,5", "10.03.2026"), or a mark of punctuation.
WORD = re.compile(r"\w+(?:[-’'.,:/]\w+)*|[^\w\s]")
# Paragraphs that share fewer of their words are two: shown as one, each word would alternate.
ALIKE = 0.5
# So many pairs of changed paragraphs are compared to find which became which: 2,500 sets take 5 ms.
MOST_PAIRS = 2_500


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text and what became of it: "same", "removed" or "added"."""

    fate: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph: `same` in both texts, or what was taken out of it and put in, in pieces.

    One that is only in the earlier text has no piece but "removed" ones, one that is new only "added" ones.
    """

    same: bool
    pieces: tuple[Piece, ...]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, list[Passage]]]:
    """Title, lead and body of two wordings, only those that differ; `None` is an empty text."""
    pairs = ((name, old[name] or "", new[name] or "") for name in FIELDS)
    return [(name, list(passages(paragraphs(a), paragraphs(b)))) for name, a, b in pairs if a != b]


def paragraphs(text: str) -> list[str]:
    """What blank lines separate; joined by them it is the text again."""
    return text.split("\n\n") if text else []


def passages(old: Sequence[str], new: Sequence[str]) -> Iterator[Passage]:
    """The paragraphs of two texts laid beside each other, in their order."""
    i = j = 0
    for at_old, at_new, size in (*common_runs(old, new), (len(old), len(new), 0)):
        yield from changed(old[i:at_old], new[j:at_new])
        yield from (Passage(True, (Piece("same", text),)) for text in old[at_old : at_old + size])
        i, j = at_old + size, at_new + size


def changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Passage]:
    """Paragraphs that are not the same: those that became others word by word, the rest as wholes."""
    i = j = 0
    for at_old, at_new in (*alike(old, new), (len(old), len(new))):
        yield from (Passage(False, (Piece("removed", text),)) for text in old[i:at_old])
        yield from (Passage(False, (Piece("added", text),)) for text in new[j:at_new])
        if at_old < len(old):
            yield Passage(False, tuple(word_pieces(old[at_old], new[at_new])))
        i, j = at_old + 1, at_new + 1


def alike(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Which paragraph became which, in order: the pairs that share most words in all.

    Of very many, those at the same place.
    """
    if len(old) * len(new) > MOST_PAIRS:
        return [(place, place) for place in range(min(len(old), len(new)))]
    before, after = [set(WORD.findall(t)) for t in old], [set(WORD.findall(t)) for t in new]
    # best[i][j]: the most likeness in all between old[i:] and new[j:].
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    shared = [[likeness(a, b) for b in after] for a in before]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            together = shared[i][j] and shared[i][j] + best[i + 1][j + 1]
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if shared[i][j] and best[i][j] == shared[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def likeness(one: set[str], other: set[str]) -> float:
    """The share of words two paragraphs have in common; 0 below ALIKE."""
    share = 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
    return share if share >= ALIKE else 0.0


def word_pieces(old: str, new: str) -> Iterator[Piece]:
    """One paragraph's change, word by word; as a whole when little of it stayed."""
    before, after = gapped_words(old), gapped_words(new)
    runs = common_runs([word for _, word in before], [word for _, word in after])
    kept = sum(size for _, _, size in runs) - 1  # the end is always common
    if 2 * kept < ALIKE * (len(before) + len(after) - 2):
        yield Piece("removed", old)
        yield Piece("added", new)
        return
    yield from joined(fated(before, after, runs))


def gapped_words(text: str) -> list[tuple[str, str]]:
    """Each word with the space before it; last the space at the end, with no word."""
    found, end = [], 0
    for word in WORD.finditer(text):
        found.append((text[end : word.start()], word[0]))
        end = word.end()
    return [*found, (text[end:], "")]


def fated(
    before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]], runs: Iterable[tuple[int, int, int]]
) -> Iterator[Piece]:
    """Words and the spaces before them with what became of each."""
    i = j = 0
    for at_old, at_new, size in runs:
        yield from (Piece("removed", gap + word) for gap, word in before[i:at_old])
        yield from (Piece("added", gap + word) for gap, word in after[j:at_new])
        i, j = at_old + size, at_new + size
        for (old_gap, word), (new_gap, _) in zip(before[at_old:i], after[at_new:j], strict=True):
            if old_gap != new_gap:
                yield Piece("removed", old_gap)
                yield Piece("added", new_gap)
                yield Piece("same", word)
            else:
                yield Piece("same", new_gap + word)


def joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces with neighbours of one fate as one; of a change what was removed first."""
    texts = {"same": "", "removed": "", "added": ""}
    for piece in (*pieces, Piece("same", "")):
        if piece.fate == "same" and (texts["removed"] or texts["added"]):
            yield from (Piece(fate, text) for fate, text in texts.items() if text)
            texts = dict.fromkeys(texts, "")
        elif piece.fate != "same" and texts["same"]:
            yield Piece("same", texts["same"])
            texts["same"] = ""
        texts[piece.fate] += piece.text
    if texts["same"]:
        yield Piece("same", texts["same"])


def before(found: Iterable[Passage]) -> str:
    """The earlier text, from what was found."""
    return text_of(found, "removed")


def after(found: Iterable[Passage]) -> str:
    """The later text, from what was found."""
    return text_of(found, "added")


def text_of(found: Iterable[Passage], side: str) -> str:
    """The text of one side."""
    wanted = {"same", side}
    kept = ([p.text for p in passage.pieces if p.fate in wanted] for passage in found)
    return "\n\n".join("".join(texts) for texts in kept if texts)


def word_counts(found: Iterable[Passage]) -> Counter[str]:
    """How many words of two texts are "same", "removed" and "added"."""
    counts: Counter[str] = Counter()
    for passage in found:
        for piece in passage.pieces:
            counts[piece.fate] += len(piece.text.split())
    return counts

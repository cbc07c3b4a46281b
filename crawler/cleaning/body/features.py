"""What the body model is told of each block: itself, its boxes, its like, its neighbours, its place on the
page.

A feature is a column of numbers, one for each block of the page, in the order of `NAMES`. All that can be is
reckoned for the whole page at once: a page has some hundred and fifty blocks, and parsing it takes 1 to 2 ms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from crawler.cleaning.body.hints import ASIDE, BODY, BOILERPLATE, HINT_NAMES, LEAD  # fmt: skip
from crawler.cleaning.body.opening import squashed
from crawler.cleaning.body.phrases import (
    ADDRESSES_READER,
    CAPTION_START,
    CREDIT_END,
    ENDS_ARTICLE,
    OFFERS_FEED,
    OFFERS_MORE,
    READ_ALSO_PREFIX,
    SOURCE_START,
)
from crawler.cleaning.body.reading import Reading
from crawler.cleaning.body.scoring import LONG, SENTENCE_ENDS, Weighed

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Number = TypeVar("Number", np.int64, np.float64)

FLAGS = np.array(list(HINT_NAMES.values()), dtype=np.int64)[:, None]
TAG_KINDS = {
    "p": 1, "li": 2, "h1": 3, "h2": 4, "h3": 5, "h4": 6, "h5": 6, "h6": 6, "td": 7, "th": 7, "blockquote": 8,
    "dd": 9, "dt": 9, "figcaption": 10, "pre": 11, "div": 12, "section": 13, "article": 14, "main": 15,
    "aside": 16, "header": 17, "footer": 18, "figure": 19, "label": 20, "button": 20, "form": 20, "ul": 21,
    "ol": 21, "nav": 22, "body": 23,
}  # fmt: skip
HEADING_KINDS = (3, 6)
# What short texts that are none of the article's begin with.
PHRASES = (
    OFFERS_MORE, OFFERS_FEED, ENDS_ARTICLE, ADDRESSES_READER, CAPTION_START, SOURCE_START, READ_ALSO_PREFIX,
)  # fmt: skip
# Longer texts tell, whatever they begin with.
PHRASED = 250  # letters
HEAD = 48  # letters of a block that are compared with what the page states
TELLING = 12  # letters: fewer are alike by chance
# On pages with more blocks none is looked for in the text the page states: it would cost their square.
COMPARED = 1_500  # blocks
UP = 6  # boxes around a block
WINDOWS = (3, 8)  # blocks
FAR = 99.0  # blocks; further is as far

MARKS = ("ends sentence", "ends colon", "starts upper", "starts digit", "starts mark", "credit")
MARK_BITS = np.arange(len(MARKS), dtype=np.int64)[:, None]
OWN = (
    "weight", "words", "link share", "bold share", "italic share", "links", "tag", "sentences", "commas",
    "lines", "repeated", "phrases", *MARKS, "is title", "is lead", "stated", "log weight", "word length",
    "sentence length", "commas per word",
)  # fmt: skip
LEVELS = ("blocks", "text", "prose", "prose share", "linked", "tag of box", "called", "place")
GROUPS = ("list", "table", "class", "path")
NEIGHBOURLY = (
    "log weight", "link share", "tag", "ends sentence", "bold share", "phrases", "is title",
    "class text", "path text", "depth", "boilerplate",
)  # fmt: skip
NAMES = (
    *OWN,
    *(f"in {name}" for name in HINT_NAMES),
    "boilerplate", "aside", "depth",
    *(f"{name} {step}" for name in LEVELS for step in range(UP)),
    "in list", "in table", "in quote", "in figure", "in item",
    *(f"{group} {name}" for group in GROUPS for name in ("count", "text", "mean", "linked", "ends")),
    "in container", "before container", "after container", "place in container", "container depth",
    "container text", "boxes apart", "branch text", "branch linked", "branch blocks", "branch tag",
    "branch called", "below container",
    *(f"{name} {step}" for step in ("-1", "+1", "-2", "+2") for name in NEIGHBOURLY),
    "prose before", "prose after", "index", "blocks on page", "prose on page",
    *(f"{name}{reach}" for reach in WINDOWS for name in ("prose -", "prose +", "linked -", "linked +")),
    "since heading", "until heading", "since prose", "until prose", "since title",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clues:
    """What the page states of its article beside the text itself, each empty where it does not say.

    `title` and `leads` are its name and its summaries, `text` the whole of it (JSON-LD's articleBody).
    """

    title: str = ""
    leads: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Boxes:
    """The page's boxes as arrays, one entry a box; `own` names the box of each block.

    `name` numbers the boxes' elements by tag and class, `path` by that and the parent's.
    """

    own: Ints
    parent: Ints
    first: Ints
    end: Ints
    depth: Ints
    tag: Floats
    hints: Ints
    called: Floats
    name: Ints
    path: Ints


def block_features(weighed: Weighed, clues: Clues, container: int) -> Floats:
    """The features of all blocks: a row for each of `NAMES`, a column for each block.

    `container` is the number of the box that holds the article by the rules, -1 when there is none.
    """
    reading = weighed.reading
    if not reading.blocks:
        return np.zeros((len(NAMES), 0), dtype=np.float32)
    own = of_blocks(reading, clues)
    boxes = of_boxes(reading)
    running = Running(own)
    groups = in_groups(own, boxes, reading)
    nearby = around(boxes, running, weighed)
    parts = (
        own,
        nearby,
        groups,
        by_container(boxes, running, container),
        in_order(own, groups, nearby, running),
    )
    return np.concatenate(parts)


def column(name: str) -> int:
    """Where a feature of a block's own stands in `of_blocks`."""
    return OWN.index(name)


WEIGHT, LINKED, TAG, ENDS, TITLE = map(column, ("weight", "link share", "tag", "ends sentence", "is title"))


class Running:
    """Running sums over the blocks, zero first: letters, letters in links, letters of running text."""

    def __init__(self, own: Floats) -> None:
        weight, share = own[WEIGHT], own[LINKED]
        # A paragraph is at least as long as a line, and no list of links.
        self.is_prose = (share < 0.4) & (weight >= LONG)
        self.text = summed(weight)
        self.linked = summed(weight * share)
        self.prose = summed(weight * self.is_prose)


def summed(values: Floats) -> Floats:
    """Running sums, one more than values, the first 0."""
    sums = np.zeros(len(values) + 1, dtype=np.float32)
    np.cumsum(values, out=sums[1:])
    return sums


def of_blocks(reading: Reading, clues: Clues) -> Floats:
    """What each block says of itself, a row for each of OWN."""
    blocks = reading.blocks
    texts = [block.text for block in blocks]
    seen = Counter(texts)
    looks = [look_of(text) if len(text) < PHRASED else long_look_of(text) for text in texts]
    told = [
        (
            block.weight,
            text.count(" ") + 1,
            block.link_share,
            block.bold_share,
            block.italic_share,
            block.links,
            TAG_KINDS.get(block.tag, 0),
            text.count(". ") + text.count("? ") + (0 if text.isascii() else text.count("。")),
            text.count(","),
            text.count("\n"),
            seen[text],
            look.phrases,
            look.marks,
        )
        for block, text, look in zip(blocks, texts, looks, strict=True)
    ]
    counted = table(told, np.float64)
    marks = (counted[-1].astype(np.int64) >> MARK_BITS) & 1
    heads = [look.head for look in looks]
    stated = np.array(
        [
            said_in_title(texts, heads, clues.title),
            said_first(heads, [squashed(lead) for lead in clues.leads]),
            said_within(heads, squashed(clues.text)),
        ],
        dtype=np.float32,
    )
    weight, words, sentences, commas = counted[[0, 1, 7, 8]]
    reckoned = np.stack((np.log1p(weight), weight / words, weight / (sentences + 1.0), commas / words))
    return np.concatenate((counted[:-1], marks, stated, reckoned), dtype=np.float32, casting="unsafe")


class Look(NamedTuple):
    """How a text begins and ends: first letters squashed, MARKS as flags, how many phrases it is like."""

    head: str
    marks: int
    phrases: int

    @property
    def is_credit(self) -> bool:
        """Whether the text ends like a credit."""
        return bool(self.marks >> MARKS.index("credit") & 1)


def long_look_of(text: str) -> Look:
    """The look of a long text, which tells, whatever it begins with."""
    first, last = text[0], text[-1]
    marks = (
        (last in SENTENCE_ENDS)
        | (last in ":：") << 1
        | first.isupper() << 2
        | first.isdigit() << 3
        | (not first.isalnum()) << 4
    )
    return Look(squashed(text[:HEAD]), marks, 0)


@lru_cache(maxsize=16384)
def look_of(text: str) -> Look:
    """The look of a short text. Remembered: most short texts of a page stand on every page of its site."""
    head, marks, _ = long_look_of(text)
    phrases = sum(pattern.match(text) is not None for pattern in PHRASES)
    return Look(head, marks | (CREDIT_END.search(text) is not None) << 5, phrases)


def said_in_title(texts: Sequence[str], heads: Sequence[str], title: str) -> list[bool]:
    """Which blocks are the title, but for marks and case."""
    wanted, size = squashed(title[:HEAD]), len(title)
    return [
        bool(wanted) and head == wanted and abs(len(text) - size) <= 0.15 * size
        for text, head in zip(texts, heads, strict=True)
    ]


def said_first(heads: Sequence[str], said: Sequence[str]) -> list[bool]:
    """Which blocks begin like one of the texts a page states (squashed), or the other way round."""
    told = [text for text in said if len(text) >= TELLING]
    begun = {text[:TELLING] for text in told}
    return [
        head[:TELLING] in begun and any(text.startswith(head) or head.startswith(text) for text in told)
        for head in heads
    ]


def said_within(heads: Sequence[str], said: str) -> list[float]:
    """1 where the beginning stands in the text the page states (squashed), 0 elsewhere; -1 without one."""
    if not said or len(heads) > COMPARED:
        return [-1.0] * len(heads)
    return [float(head in said) if len(head) >= TELLING else 0.5 for head in heads]


def of_boxes(reading: Reading) -> Boxes:
    """The boxes of a reading as arrays."""
    boxes = reading.boxes
    depth: list[int] = []
    for box in boxes:
        depth.append(depth[box.parent] + 1 if depth else 0)
    names: dict[tuple[str, str], int] = {}
    number = names.setdefault
    told = [
        (box.parent, box.first, box.end, box.hints, number((box.tag, box.name), len(names))) for box in boxes
    ]
    parent, first, end, hints, name = table(told, np.int64)
    parent = np.maximum(parent, 0)
    _, path = np.unique(name * len(names) + name[parent], return_inverse=True)
    return Boxes(
        own=np.array([block.box for block in reading.blocks], dtype=np.int64),
        parent=parent,
        first=first,
        end=end,
        depth=np.array(depth, dtype=np.int64),
        tag=np.array([TAG_KINDS.get(box.tag, 0) for box in boxes], dtype=np.float32),
        hints=hints,
        called=called(hints),
        name=name,
        path=path,
    )


def table(rows: Sequence[tuple[float, ...]], kind: type[Number]) -> NDArray[Number]:
    """Rows of numbers as an array, a row for each of their columns; `np.array` takes twice as long."""
    numbers = np.fromiter(chain.from_iterable(rows), dtype=kind, count=len(rows) * len(rows[0]))
    return numbers.reshape(len(rows), -1).T


def called(hints: Ints) -> Floats:
    """One number for what a box is called: body 2, lead 1, nothing 0, boilerplate -1, both kinds -0.5."""
    good = 2.0 * ((hints & BODY) != 0) + ((hints & LEAD) != 0)
    bad = (hints & (BOILERPLATE | ASIDE)) != 0
    return np.where(bad, np.where(good > 0, -0.5, -1.0), good).astype(np.float32)


def around(boxes: Boxes, running: Running, weighed: Weighed) -> Floats:
    """What the boxes around each block are called and hold."""
    trusted = np.array(weighed.hints, dtype=np.int64)[boxes.own]
    every = with_those_above(boxes)[boxes.own]
    numbers = np.empty((UP, len(boxes.own)), dtype=np.int64)
    numbers[0] = boxes.own
    for step in range(1, UP):
        numbers[step] = boxes.parent[numbers[step - 1]]
    first, end = boxes.first[numbers], boxes.end[numbers]
    text = running.text[end] - running.text[first]
    prose = running.prose[end] - running.prose[first]
    linked = running.linked[end] - running.linked[first]
    return np.concatenate(
        (
            (every & FLAGS) != 0,
            ((trusted & BOILERPLATE) != 0)[None],
            ((trusted & ASIDE) != 0)[None],
            boxes.depth[boxes.own][None],
            end - first,
            text / max(running.text[-1], 1.0),
            prose / max(running.prose[-1], 1.0),
            prose / (text + 1.0),
            linked / (text + 1.0),
            boxes.tag[numbers],
            boxes.called[numbers],
            (np.arange(len(boxes.own)) - first) / np.maximum(end - first, 1),
        ),
        dtype=np.float32,
    )


def with_those_above(boxes: Boxes) -> Ints:
    """The hints of each box and of all around it."""
    found = boxes.hints.tolist()
    for number, above in enumerate(boxes.parent.tolist()):
        found[number] |= found[above]
    return np.array(found, dtype=np.int64)


def in_groups(own: Floats, boxes: Boxes, reading: Reading) -> Floats:
    """In what setting each block stands; what the blocks of its list, table, class and path are together."""
    settings = [reading.boxes[block.box].setting for block in reading.blocks]
    where = table(settings, np.int64)
    lists, item, tables, _, quote, figure = where
    weight = own[WEIGHT]
    rows = [(lists >= 0), (tables >= 0), (quote >= 0), (figure >= 0), (item >= 0)]
    for group in (lists + 1, tables + 1, boxes.name[boxes.own], boxes.path[boxes.own]):
        count = np.bincount(group)
        text = np.bincount(group, weight)
        linked = np.bincount(group, weight * own[LINKED])
        ends = np.bincount(group, own[ENDS])
        many = np.maximum(count, 1)
        rows += [
            count[group],
            (text / max(text.sum(), 1.0))[group],
            (text / many)[group],
            (linked / (text + 1.0))[group],
            (ends / many)[group],
        ]
    return np.array(rows, dtype=np.float32)


def by_container(boxes: Boxes, running: Running, container: int) -> Floats:
    """Where each block stands to the box that the rules hold for the article's."""
    size = len(boxes.own)
    index = np.arange(size)
    first, end = (int(boxes.first[container]), int(boxes.end[container])) if container >= 0 else (0, 0)
    inside = (index >= first) & (index < end)
    held = max(float(running.text[end] - running.text[first]), 1.0)
    apart = np.zeros(size, dtype=np.float32)
    number = container
    while number > 0:
        apart += (index < boxes.first[number]) | (index >= boxes.end[number])
        number = int(boxes.parent[number])
    child = children_of(boxes, container)[boxes.own]
    known = child >= 0
    start, stop = boxes.first[child], boxes.end[child]
    part = running.text[stop] - running.text[start]
    depth = int(boxes.depth[container]) if container >= 0 else 0
    return np.stack(
        (
            inside,
            np.maximum(first - index, 0),
            np.maximum(index - end + 1, 0),
            np.where(inside, (running.text[:-1] - running.text[first]) / held, -1.0),
            np.full(size, depth),
            np.full(size, held / max(float(running.text[-1]), 1.0)),
            apart,
            np.where(known, part / held, -1.0),
            np.where(known, (running.linked[stop] - running.linked[start]) / (part + 1.0), -1.0),
            np.where(known, stop - start, -1),
            np.where(known, boxes.tag[child], -1.0),
            np.where(known, boxes.called[child], 0.0),
            np.where(known, boxes.depth[boxes.own] - depth, -1),
        ),
        dtype=np.float32,
        casting="unsafe",
    )


def children_of(boxes: Boxes, container: int) -> Ints:
    """For each box the child of the container that holds it, -1 outside of these."""
    found = [-1] * len(boxes.parent)
    if container >= 0:
        parents = boxes.parent.tolist()
        for number in range(container + 1, len(parents)):
            above = parents[number]
            if above == container:
                found[number] = number
            elif above > container:
                found[number] = found[above]
    return np.array(found, dtype=np.int64)


def in_order(own: Floats, groups: Floats, nearby: Floats, running: Running) -> Floats:
    """What stands before and after each block, near and far."""
    size = own.shape[1]
    index = np.arange(size)
    like = np.stack([*own[list(OWN_NEIGHBOURLY)], *groups[list(LIKE)], *nearby[list(NEAR)]])
    total = max(float(running.prose[-1]), 1.0)
    rows = [
        running.prose[:-1] / total,
        (running.prose[-1] - running.prose[1:]) / total,
        index / size,
        np.full(size, size),
        np.full(size, total),
    ]
    for reach in WINDOWS:
        low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, size)
        after = index + 1
        rows += [
            running.prose[index] - running.prose[low],
            running.prose[high] - running.prose[after],
            (running.linked[index] - running.linked[low]) / (running.text[index] - running.text[low] + 1.0),
            (running.linked[high] - running.linked[after]) / (running.text[high] - running.text[after] + 1.0),
        ]
    heading = (own[TAG] >= HEADING_KINDS[0]) & (own[TAG] <= HEADING_KINDS[1])
    rows += [
        since(heading, index),
        since(heading[::-1], index)[::-1],
        since(running.is_prose, index),
        since(running.is_prose[::-1], index)[::-1],
        since_first(own[TITLE], index),
    ]
    shifts = [shifted(like, step) for step in (1, -1, 2, -2)]
    return np.concatenate((*shifts, np.array(rows, dtype=np.float32)))


OWN_NEIGHBOURLY = tuple(map(column, NEIGHBOURLY[:7]))
LIKE = (5 + 2 * 5 + 1, 5 + 3 * 5 + 1)  # "class text" and "path text" in `in_groups`
NEAR = (len(HINT_NAMES) + 2, len(HINT_NAMES))  # "depth" and "boilerplate" in `around`


def shifted(rows: Floats, step: int) -> Floats:
    """The values of the neighbours `step` before (after, when negative); -1 where there is none."""
    moved = np.full_like(rows, -1.0)
    if step > 0:
        moved[:, step:] = rows[:, :-step]
    else:
        moved[:, :step] = rows[:, -step:]
    return moved


def since(marks: NDArray[np.bool_], index: Ints) -> Ints:
    """How many blocks ago the last mark was, FAR when it is further."""
    last = np.maximum.accumulate(np.where(marks, index, -int(FAR)))
    return np.minimum(index - last, int(FAR))


def since_first(marks: Floats, index: Ints) -> Ints:
    """How many blocks ago the first mark was (negative before it); -FAR when there is none."""
    found = np.flatnonzero(marks)
    if not len(found):
        return np.full(len(index), -int(FAR))
    return np.clip(index - found[0], -50, 2 * int(FAR))

"""What the pages of one source repeat inside their texts, and what always surrounds these. Pure.

Only what the generic reading keeps, or might, is worth a line: headings of boxes it leaves out by itself
still tell it where these begin.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from crawler.cleaning.body.opening import squashed
from crawler.cleaning.layout.naming import class_mark
from crawler.cleaning.layout.observing import Seen, Told
from crawler.sources.errors import Unfit
from crawler.sources.profile import Boilerplate
from crawler.sources.values import repeated_text

LEAST_LETTERS = 12  # squashed; shorter texts are answers, cries and cells
SURE_SHARE = 0.5  # repeated on so many of the pages it is the site's, wherever it stands
OWN_BOX_SHARE = 0.25  # on so many it is when it stands in a box of its own
EDGE_SHARE = 0.34  # on so many it is when it opens or ends the text
LIKELY_PAGES = 2
SURE_OF_PLAIN = 3  # pages a plain paragraph must stand on when there are that many
EDGE = 2  # blocks at either end of a text where a paper speaks for itself
EDGE_LETTERS = 32  # "The investigation goes on." ends many an article and belongs to each
OUTVOTED = 3.0  # times more text left out than kept, before an element is always left out
SHARE_OF_TEXT = 0.3  # what holds more of any page's text than this is no insert
MOST_DROPPED = 12  # selectors: each costs a look through the page
MOST_TEXTS = 40
LONGEST_TEXT = 600  # letters; longer ones are named by how they begin
BYLINE_LETTERS = 120
REST_OF_BYLINE = 24  # letters beside names: "von", "Foto:", "Текст подготовила"
WORD = re.compile(r"\w{4,}")


@dataclass(slots=True)
class Vote:
    """What became of the blocks of one kind of element, page by page."""

    kept: dict[int, list[Told]] = field(default_factory=lambda: defaultdict(list))
    left: dict[int, list[Told]] = field(default_factory=lambda: defaultdict(list))
    too_large: bool = False

    @property
    def pages(self) -> set[int]:
        """The pages that have such an element."""
        return {*self.kept, *self.left}


@dataclass(frozen=True, slots=True)
class Repeated:
    """A text that several pages share: as printed on the first, and on how many of them."""

    text: str
    pages: int


def boilerplate_of(seen: Sequence[Seen]) -> tuple[Boilerplate, tuple[Repeated, ...]]:
    """What to leave out of the texts of these pages and their like, with how often each text was seen."""
    texts = repeated_texts(seen)
    words = {squashed(one.text) for one in texts}
    drop = list(islice(dropped(seen, words), MOST_DROPPED))
    said = tuple(dict.fromkeys(filter(can_be_written, (shortened(one.text) for one in texts[:MOST_TEXTS]))))
    return Boilerplate(drop=tuple(drop), texts=said), texts


def shortened(text: str) -> str:
    """The text on one line; of a long one how it begins."""
    line = " ".join(text.split())
    line = "".join(letter for letter in line if letter.isprintable()).rstrip("\u2026. ") or line
    if len(line) <= LONGEST_TEXT:
        return line
    head = line[:LONGEST_TEXT]
    end = head.rfind(" ", LONGEST_TEXT // 2)
    return (head[:end] if end > 0 else head) + "\u2026"


def can_be_written(text: str) -> bool:
    """Whether a profile may say it: rows of dots and dashes fit too many paragraphs."""
    try:
        return bool(repeated_text(text))
    except Unfit:
        return False


def repeated_texts(seen: Sequence[Seen]) -> tuple[Repeated, ...]:
    """The paragraphs that unrelated pages share, those on most pages first."""
    printed: dict[str, dict[int, Told]] = defaultdict(dict)
    for number, page in enumerate(seen):
        for block in page.blocks:
            if not block.in_table and len(block.words) >= LEAST_LETTERS:
                known = printed[block.words].get(number)
                if known is None or (block.kept and not known.kept):
                    printed[block.words][number] = block
    usual = [usual_path(page) for page in seen]
    edges = [edge_of(page) for page in seen]
    opened = {number: headings_with_text(page, printed) for number, page in enumerate(seen)}
    found = []
    for words, places in printed.items():
        kept = {number: block for number, block in places.items() if block.kept}
        if not kept or any(words in opened[number] for number in kept):
            continue
        alike = {path_of(seen[number], block) for number, block in kept.items()}
        # Left out elsewhere at another place it is a teaser of the one article that says it.
        there = [n for n, block in places.items() if block.kept or path_of(seen[n], block) in alike]
        count = len(unrelated(there, seen))
        if count < SURE_OF_PLAIN and any(words == squashed(page.values["lead"] or "") for page in seen):
            continue
        in_own_box = all(path_of(seen[number], block) != usual[number] for number, block in kept.items())
        at_edge = len(words) >= EDGE_LETTERS and all(words in edges[number] for number in kept)
        if count >= least_pages(len(seen), in_own_box=in_own_box, at_edge=at_edge):
            found.append(Repeated(next(iter(kept.values())).text, count))
    return tuple(sorted(found, key=lambda one: -one.pages))


def least_pages(of: int, *, in_own_box: bool, at_edge: bool) -> float:
    """On how many unrelated pages a text must stand: papers repeat a story's background too."""
    if in_own_box:
        return max(LIKELY_PAGES, OWN_BOX_SHARE * of)
    if at_edge:
        return max(LIKELY_PAGES, EDGE_SHARE * of)
    return max(min(SURE_OF_PLAIN, of), SURE_SHARE * of)


def unrelated(places: Iterable[int], seen: Sequence[Seen]) -> list[int]:
    """Those of the pages that tell different stories: no two share half of the words of a title."""
    chosen: list[int] = []
    for number in places:
        mine = title_words(seen[number])
        if all(len(mine & title_words(seen[other])) < 2 for other in chosen):
            chosen.append(number)
    return chosen


def title_words(page: Seen) -> set[str]:
    """The beginnings of the longer words of a page's title: endings bend."""
    return {word[:6] for word in WORD.findall((page.values["title"] or "").casefold())}


def usual_path(page: Seen) -> tuple[str, ...]:
    """Where most of a page's text stands inside its container."""
    weights: dict[tuple[str, ...], float] = defaultdict(float)
    for block in page.kept:
        weights[path_of(page, block)] += block.weight
    return max(weights, key=lambda path: weights[path], default=())


def path_of(page: Seen, block: Told) -> tuple[str, ...]:
    """The boxes around a block up to the container, by tag and class."""
    return tuple(
        f"{box.tag}.{box.element.get('class') or ''}" for box in (page.boxes[n] for n in around(page, block))
    )


def around(page: Seen, block: Told) -> Iterator[int]:
    """Yield the numbers of the boxes around a block, inside out, without the container."""
    number = block.box
    while number >= 0 and number != page.container:
        yield number
        number = page.boxes[number].parent


def edge_of(page: Seen) -> set[str]:
    """What the first and the last blocks of a text say."""
    kept = page.kept
    return {block.words for block in (*kept[:EDGE], *kept[-EDGE:])}


def headings_with_text(page: Seen, printed: dict[str, dict[int, Told]]) -> set[str]:
    """The headings that open text no other page has: «Background» belongs to the article."""
    kept = page.kept
    return {
        block.words
        for block, after in pairwise(kept)
        if block.is_heading and len(printed.get(after.words, {})) < 2
    }


def dropped(seen: Sequence[Seen], repeated: set[str]) -> Iterator[str]:
    """Yield the selectors of elements that never hold text of the article, by what it would save."""
    votes = votes_of(seen)
    found = {
        mark: sum(block.weight for blocks in vote.kept.values() for block in blocks)
        for mark, vote in votes.items()
        if not vote.too_large and len(vote.pages) >= LIKELY_PAGES and is_insert(vote, seen, repeated)
    }
    hit: set[tuple[int, int]] = set()
    for mark in sorted(found, key=lambda mark: (-found[mark], mark)):
        mine = {(number, block.index) for number, blocks in votes[mark].kept.items() for block in blocks}
        if mine - hit:
            hit |= mine
            yield mark


def votes_of(seen: Sequence[Seen]) -> dict[str, Vote]:
    """Kept and left-out blocks inside each kind of element within the containers."""
    votes: dict[str, Vote] = defaultdict(Vote)
    for number, page in enumerate(seen):
        whole = sum(block.weight for block in page.kept) or 1.0
        inside: dict[str, float] = defaultdict(float)
        place = page.boxes[page.container]
        for block in page.blocks[place.first : place.end]:
            for mark in {mark for box in around(page, block) for mark in class_marks(page, box)}:
                side = votes[mark].kept if block.kept else votes[mark].left
                side[number].append(block)
                inside[mark] += block.weight * block.kept
        for mark, weight in inside.items():
            votes[mark].too_large |= weight > SHARE_OF_TEXT * whole
    return votes


def class_marks(page: Seen, number: int) -> Iterator[str]:
    """Yield the selectors of a box by its classes; without a class there is nothing to tell it by."""
    box = page.boxes[number]
    for token in (box.element.get("class") or "").split()[:8]:
        if mark := class_mark(box.tag, token):
            yield mark


def is_insert(vote: Vote, seen: Sequence[Seen], repeated: set[str]) -> bool:
    """Whether elements of a kind hold no text: mostly left out, or always the site's words or a byline."""
    kept = [(number, block) for number, blocks in vote.kept.items() for block in blocks]
    if not kept:
        return False
    if len(vote.kept) >= LIKELY_PAGES and all(
        block.words in repeated or is_byline(block, seen[number]) for number, block in kept
    ):
        return any(block.words not in repeated for _, block in kept)
    only_left = set(vote.left) - set(vote.kept)
    left = sum(block.weight for blocks in vote.left.values() for block in blocks)
    is_mostly_left = len(only_left) >= max(LIKELY_PAGES, 2 * len(vote.kept))
    return is_mostly_left and left >= OUTVOTED * sum(block.weight for _, block in kept)


def is_byline(block: Told, page: Seen) -> bool:
    """Whether a short block says who wrote it and when, and hardly a word more."""
    names = [squashed(author.name) for author in page.values["authors"]]
    rest = block.words
    if len(rest) > BYLINE_LETTERS or not any(name and name in rest for name in names):
        return False
    for name in names:
        rest = rest.replace(name, "")
    return sum(letter.isalpha() for letter in rest) <= REST_OF_BYLINE

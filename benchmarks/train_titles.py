"""How `crawler.cleaning.title_traits` learned which of a page's names is its title.

    python benchmarks/train_titles.py [--shared DIR]

Prints what share of titles is right on domains left out, four folds of them, then the weights learned from
all.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit
from zlib import crc32

from corpora import pages_of, shared_folder

from crawler.cleaning.document import Document, read_document
from crawler.cleaning.structured import read_stated, squeezed
from crawler.cleaning.title_traits import WEIGHTS, traits
from crawler.cleaning.titles import ballot, title_candidates

FOLDS = 4
# A corpus named three times counts three times: newspapers are what is read here.
CORPORA = (*("fundus",) * 3, "wcxb-dev", "kz", "newspaper4k", "postlight", "trafilatura")

# The traits of a page's names and whether each is the title; the page's fold.
Choice = tuple[list[tuple[dict[str, float], bool]], int]


def main() -> int:
    """Print the weights anew; 0 also when there are no corpora."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", help="the folder that holds corpora/ and tools/")
    shared = shared_folder(parser.parse_args().shared)
    if shared is None:
        print("no corpora of real pages here: nothing trained")
        return 0
    choices = [(corpus, choice) for corpus in CORPORA for choice in title_choices(shared, corpus)]
    right: Counter[str] = Counter()
    for fold in range(FOLDS):
        weights = fitted([choice for _, choice in choices if choice[1] != fold and is_open(choice)])
        for name, (rivals, place) in choices:
            if place == fold and rivals:
                right[name] += max(rivals, key=lambda rival: weighed(weights, rival[0]))[1]
    for name, pages in Counter(name for name, _ in choices).items():
        print(f"{name}: {right[name] / pages:.1%} right of {pages} on domains left out")
    found = fitted([choice for _, choice in choices if is_open(choice)])
    for name, weight in sorted(found.items(), key=lambda item: -abs(item[1])):
        print(f'    "{name}": {weight:.2f},')
    return 0


def title_choices(shared: Path, corpus: str) -> Iterator[Choice]:
    """Yield the choice each article of a corpus with a known title offers."""
    for page in pages_of(shared, corpus):
        document = read_document(page.raw())
        if not page.is_article or not page.truth.get("title") or not isinstance(document, Document):
            continue
        stated = read_stated(document, page.url)
        rivals = ballot(title_candidates(document.tree, stated, selector=None, found=()))
        told = squeezed(page.truth["title"])
        host = ".".join((urlsplit(page.url).hostname or "").split(".")[-2:])
        yield (
            [(traits(said, rivals, stated), squeezed(said[0].value) == told) for said in rivals],
            crc32(host.encode()) % FOLDS,
        )


def is_open(choice: Choice) -> bool:
    """Whether a page offers both the title and something else."""
    return len({right for _, right in choice[0]}) == 2


def fitted(choices: Sequence[Choice], *, rounds: int = 400, held_back: float = 1.5) -> dict[str, float]:
    """Weights that make the right names likeliest among their rivals: a conditional logit, by gradient."""
    names = sorted(
        {name for rivals, _ in choices for rival, _ in rivals for name in rival if name in WEIGHTS}
    )
    weights = dict.fromkeys(names, 0.0)
    for turn in range(rounds):
        slope = {name: -held_back * weight for name, weight in weights.items()}
        for rivals, _ in choices:
            odds = [math.exp(weighed(weights, rival)) for rival, _ in rivals]
            whole, good = sum(odds), sum(o for o, (_, right) in zip(odds, rivals, strict=True) if right)
            for chance, (rival, right) in zip(odds, rivals, strict=True):
                pull = (chance / good if right else 0.0) - chance / whole
                for name, value in rival.items():
                    if name in slope:
                        slope[name] += pull * value
        rate = 4.0 / len(choices) / (1 + turn / 100)
        weights = {name: weight + rate * slope[name] for name, weight in weights.items()}
    return weights


def weighed(weights: Mapping[str, float], row: Mapping[str, float]) -> float:
    """The sum of a row's values by their weights."""
    return sum(weights.get(name, 0.0) * value for name, value in row.items())


if __name__ == "__main__":
    sys.exit(main())

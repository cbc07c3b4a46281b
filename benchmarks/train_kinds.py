"""How `crawler.cleaning.likelihood` learned which pages are articles, and how well it tells strange sites.

    python benchmarks/train_kinds.py [CORPORA] [--folds N] [--write]

Without --write it only measures: every page is told by trees that saw no page of its domain. With --write it
learns from all pages and writes crawler/cleaning/likelihood.json. To be run again whenever what the traits
build on has changed (the body finder, dates, authors): it reads every page with the code as it is.

CORPORA is the folder of all corpora: each a folder with `truth.jsonl` (id, url, page_type; no page_type means
article) and `pages/<id>.html.gz`, or, for lists of articles, `index.jsonl` with the site beside the address.
MAIN has pages of all kinds and is what F1 is measured on; the news corpora are almost all articles, and show
what share of real news would be lost.
"""

from __future__ import annotations

import gzip
import json
import math
import os
import random
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zlib import crc32

import click

from crawler.cleaning import likelihood
from crawler.cleaning.document import Document, read_document
from crawler.cleaning.likelihood import forest_of, traits
from crawler.cleaning.reading import people_part, read_of, read_page, text_part, time_part

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 1, tzinfo=UTC)
MAIN = "wcxb-dev"
NEWS = ("fundus", "kz", "kz-synthetic", "newspaper4k", "postlight", "trafilatura")
LISTS = "kz-lists"
# How much a page of each corpus counts: those of articles alone teach no difference, lists are few.
WEIGHT = {MAIN: 1.0, LISTS: 3.0}
OTHER_WEIGHT = 0.5

DEPTH = 4  # of `likelihood.Tree`
ROUNDS, RATE, BINS = 160, 0.12, 24
HELD_BACK = 4.0  # L2 penalty of what a leaf adds
LEAST_IN_LEAF = 3.0  # sum of p (1 - p) below which a leaf adds nothing
TRAITS_A_TREE, PAGES_A_TREE = 0.35, 0.7


@dataclass(frozen=True, slots=True)
class Sample:
    """A page's traits, whether it is an article, and where it comes from."""

    corpus: str
    page: str
    fold: int
    figures: Mapping[str, float]
    is_article: bool

    @property
    def weight(self) -> float:
        """How much it counts in learning."""
        return WEIGHT.get(self.corpus, OTHER_WEIGHT)


@click.command(help=__doc__)
@click.argument("corpora", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--folds", default=5, show_default=True, type=click.IntRange(min=2))
@click.option("--write", is_flag=True, help="Learn from all pages and write likelihood.json")
def main(corpora: Path | None, folds: int, write: bool) -> None:
    shared = Path(os.environ.get("MURAGAT_SHARED") or HERE.parent.parent / "shared")
    folder = corpora or shared / "corpora"
    if not folder.is_dir():
        click.echo(f"no corpora of real pages at {folder}: nothing learned")
        return
    samples = list(all_samples(folder, folds))
    if write:
        likelihood.LEARNED.write_text(written(learned(samples)), encoding="utf-8")
        click.echo(f"wrote {likelihood.LEARNED}")
        return
    told: list[tuple[Sample, float]] = []
    for fold in range(folds):
        forest = forest_of(learned([sample for sample in samples if sample.fold != fold]))
        told += [(sample, forest.total(sample.figures)) for sample in samples if sample.fold == fold]
    report(told)


def all_samples(folder: Path, folds: int) -> Iterator[Sample]:
    """Yield every page of the corpora that can be read, once."""
    for corpus in (MAIN, *NEWS, LISTS):
        for page, url, is_article in told_pages(folder / corpus):
            path = next((folder / corpus / "pages").glob(f"{page}.*"))
            document = read_document(gzip.decompress(path.read_bytes()))
            if isinstance(document, Document):
                yield Sample(corpus, page, fold_of(url, folds), figures_of(document, url), is_article)


def told_pages(corpus: Path) -> Iterator[tuple[str, str, bool]]:
    """Yield each page's id, its address, and whether it is an article."""
    if (corpus / "index.jsonl").exists():
        for line in (corpus / "index.jsonl").read_bytes().splitlines():
            row = json.loads(line)
            if row["kind"] != "rss":
                path = row["url"]
                yield row["id"], path if "//" in path else f"https://{row['site']}{path or '/'}", False
        return
    for line in (corpus / "truth.jsonl").read_bytes().splitlines():
        row = json.loads(line)
        is_article = row.get("page_type", "article") == "article"
        yield row["id"], row.get("url") or "https://example.org/a", is_article


def figures_of(document: Document, url: str) -> dict[str, float]:
    """A page's traits as cleaning reads them."""
    reading = read_page(document, url, now=NOW, profile=None, found=())
    read = read_of(reading, text_part(reading), time_part(reading), people_part(reading))
    return {name: float(value) for name, value in traits(reading.page, read).items()}


def fold_of(url: str, folds: int) -> int:
    """The fold of a page: all pages of a domain fall in one."""
    domain = ".".join((urlsplit(url).hostname or "").split(".")[-2:])
    return crc32(domain.encode()) % folds


def learned(samples: Sequence[Sample]) -> dict[str, object]:
    """The trees that tell these pages apart, as `likelihood.json` holds them: boosted by Newton steps.

    Each tree asks the same DEPTH questions of every page, so that it can be read as a table.
    """
    chance = random.Random(20)
    names = list(samples[0].figures)
    bounds = {name: bounds_of([sample.figures[name] for sample in samples]) for name in names}
    bins = {name: [bisect_left(bounds[name], s.figures[name]) for s in samples] for name in names}
    asked = [name for name in names if bounds[name]]
    totals = [0.0] * len(samples)
    trees: list[dict[str, object]] = []
    for _ in range(ROUNDS):
        slopes, curves = slopes_of(samples, totals, chance)
        some = chance.sample(asked, int(TRAITS_A_TREE * len(asked)))
        leaves = [0] * len(samples)
        questions: list[tuple[str, float]] = []
        for _ in range(DEPTH):
            name, place = best_question(some, bins, bounds, leaves, slopes, curves)
            questions.append((name, bounds[name][place]))
            leaves = [2 * leaf + (row > place) for leaf, row in zip(leaves, bins[name], strict=True)]
        adds = leaf_values(leaves, slopes, curves)
        totals = [total + adds[leaf] for total, leaf in zip(totals, leaves, strict=True)]
        trees.append({"asks": questions, "adds": adds})
    used = sorted({name for tree in trees for name, _ in tree["asks"]}, key=names.index)  # type: ignore[attr-defined]
    return {"names": used, "trees": trees}


def bounds_of(values: Sequence[float]) -> list[float]:
    """Where questions about a trait may part its values: halfway between neighbours, evenly filled."""
    ordered = sorted(values)
    found = set()
    for step in range(1, BINS):
        place = step * len(ordered) // BINS
        low, high = ordered[place - 1], ordered[place]
        if low == high:
            place = bisect_left(ordered, high)
            low = ordered[place - 1] if place else high
        if low != high:
            found.add(float(f"{(low + high) / 2:.4g}"))
    return sorted(found)


def slopes_of(
    samples: Sequence[Sample], totals: Sequence[float], chance: random.Random
) -> tuple[list[float], list[float]]:
    """How each page pulls, and how firmly; the pages not drawn for this tree do not."""
    slopes, curves = [], []
    for sample, total in zip(samples, totals, strict=True):
        weight = sample.weight if chance.random() < PAGES_A_TREE else 0.0
        likely = 1 / (1 + math.exp(-total))
        slopes.append(weight * (sample.is_article - likely))
        curves.append(weight * likely * (1 - likely))
    return slopes, curves


def best_question(
    names: Sequence[str],
    bins: Mapping[str, Sequence[int]],
    bounds: Mapping[str, Sequence[float]],
    leaves: Sequence[int],
    slopes: Sequence[float],
    curves: Sequence[float],
) -> tuple[str, int]:
    """The trait and the number of the bound that part the pages of all leaves best."""
    found = {
        (name, place): value
        for name in names
        for place, value in enumerate(gains(bins[name], len(bounds[name]), leaves, slopes, curves))
    }
    return max(found, key=found.__getitem__)


def gains(
    bins: Sequence[int], bounds: int, leaves: Sequence[int], slopes: Sequence[float], curves: Sequence[float]
) -> list[float]:
    """What a question at each bound of one trait would gain in all leaves together."""
    width = bounds + 1
    count = max(leaves) + 1
    pulls, holds = [0.0] * (count * width), [0.0] * (count * width)
    for leaf, place, slope, curve in zip(leaves, bins, slopes, curves, strict=True):
        at = leaf * width + place
        pulls[at] += slope
        holds[at] += curve
    found = [0.0] * bounds
    for start in range(0, count * width, width):
        pull, hold = sum(pulls[start : start + width]), sum(holds[start : start + width])
        left_pull = left_hold = 0.0
        for place in range(bounds):
            left_pull += pulls[start + place]
            left_hold += holds[start + place]
            found[place] += gain(left_pull, left_hold) + gain(pull - left_pull, hold - left_hold)
    return found


def gain(pull: float, hold: float) -> float:
    """How much one leaf's own value would help."""
    return pull * pull / (hold + HELD_BACK) if hold >= LEAST_IN_LEAF else 0.0


def leaf_values(leaves: Sequence[int], slopes: Sequence[float], curves: Sequence[float]) -> list[float]:
    """What each leaf adds."""
    pull: defaultdict[int, float] = defaultdict(float)
    hold: defaultdict[int, float] = defaultdict(float)
    for leaf, slope, curve in zip(leaves, slopes, curves, strict=True):
        pull[leaf] += slope
        hold[leaf] += curve
    return [
        round(RATE * pull[leaf] / (hold[leaf] + HELD_BACK), 4) if hold[leaf] >= LEAST_IN_LEAF else 0.0
        for leaf in range(2**DEPTH)
    ]


def written(found: Mapping[str, object]) -> str:
    """What was learned as text: one tree a line."""
    trees = found["trees"]
    assert isinstance(trees, list)
    lines = ",\n".join(json.dumps(tree) for tree in trees)
    return f'{{"names": {json.dumps(found["names"])}, "trees": [\n{lines}\n]}}\n'


def report(told: Sequence[tuple[Sample, float]]) -> None:
    """Print how well pages of strange domains were told."""
    main_pages = [(sample, total) for sample, total in told if sample.corpus == MAIN]
    seen = Counter((sample.is_article, total >= 0) for sample, total in main_pages)
    click.echo(f"{MAIN}: F1 {f1(seen):.4f}, {dict(seen)}")
    for shift in (-1.0, -0.5, -0.25, 0.25, 0.5, 1.0):
        moved = Counter((sample.is_article, total + shift >= 0) for sample, total in main_pages)
        click.echo(f"  with {shift:+.2f} more mercy: F1 {f1(moved):.4f}")
    for corpus in (*NEWS, LISTS):
        rows = [(sample, total) for sample, total in told if sample.corpus == corpus]
        wrong = [sample.page for sample, total in rows if sample.is_article != (total >= 0)]
        click.echo(f"{corpus}: {len(wrong)} of {len(rows)} wrong: {' '.join(wrong[:12])}")


def f1(seen: Mapping[tuple[bool, bool], int]) -> float:
    """F1 of articles from counts of (is one, was told to be one)."""
    right = seen.get((True, True), 0)
    return 2 * right / (2 * right + seen.get((True, False), 0) + seen.get((False, True), 0))


if __name__ == "__main__":
    main()

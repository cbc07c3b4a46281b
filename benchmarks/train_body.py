"""Train the model that tells an article's blocks, and measure it on domains it has not seen.

    python benchmarks/train_body.py [--shared DIR] [--only-measure]

Pages with their truth are those of the corpora beside this project (--shared, MURAGAT_SHARED or ../shared).
For each of five folds of domains a model is trained on the other four and scored on it, as rules, model and
both; the models are kept in benchmarks/folds/, so that anyone can score again without training. Then the
model that ships is trained on all. Needs catboost: `pip install -e '.[train]'`. Takes about ten minutes on
two cores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from corpora import Page, pages_of, scorer, shared_folder
from labels import kept_blocks
from lxml.html import HtmlElement
from numpy.typing import NDArray
from unseen import FOLDS, KEPT, fold_file, fold_of, unseen_model

from crawler.cleaning.body import Clues, finding, read_body
from crawler.cleaning.body.choosing import best_container
from crawler.cleaning.body.deciding import Judge
from crawler.cleaning.body.features import NAMES, Floats, block_features
from crawler.cleaning.body.model import WEIGHTS, judged_by
from crawler.cleaning.body.opening import squashed, title_place
from crawler.cleaning.body.reading import Reader
from crawler.cleaning.body.scoring import weigh
from crawler.cleaning.document import Document, read_document
from crawler.cleaning.openings import lead_stated
from crawler.cleaning.reading import clues_of
from crawler.cleaning.structured import read_stated
from crawler.cleaning.titles import read_title

HERE = Path(__file__).parent
FIXES = HERE / "label_fixes.json"
SHIPPED = Path(finding.__file__).parent / WEIGHTS
# Newspaper pages with hand-written truth count double; those whose truth is another extractor's output half.
CORPORA = {"fundus": 2.0, "kz": 2.0, "wcxb-dev": 1.0, "newspaper4k": 0.5, "readability": 0.5}
TREES, DEPTH, RATE = 300, 6, 0.1
# A block is the article's when the truth holds at least this share of it.
KEPT_SHARE = 0.5
# All blocks of a page weigh as much together as those of any other; a long one more than a short one.
LEAST = 3.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One page: its features × blocks, which blocks the truth keeps, how much each counts."""

    fold: int
    columns: Floats
    kept: NDArray[np.bool_]
    weights: Floats


def main() -> int:
    """Measure, train and write; 0 also when there are no corpora."""
    given = parsed_arguments()
    shared = shared_folder(given.shared)
    if shared is None:
        print("no corpora of real pages here: nothing trained")
        return 0
    samples = [sample for name in CORPORA for sample in samples_of(shared, name)]
    print(
        f"{len(samples)} pages, {sum(sample.kept.size for sample in samples)} blocks, {len(NAMES)} features"
    )
    if not given.only_measure:
        KEPT.mkdir(exist_ok=True)
        for fold in range(FOLDS):
            write(trained([sample for sample in samples if sample.fold != fold]), fold_file(fold))
            print(f"fold {fold} trained", flush=True)
        write(trained(samples), SHIPPED)
    measure(shared)
    return 0


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", help="the folder that holds corpora/ and tools/")
    parser.add_argument("--only-measure", action="store_true", help="score the kept models, train none")
    return parser.parse_args()


def articles(shared: Path, corpus: str) -> Iterator[Page]:
    """Yield the articles of a corpus whose body is known."""
    return (page for page in pages_of(shared, corpus) if page.is_article and page.truth.get("body"))


def samples_of(shared: Path, corpus: str) -> Iterator[Sample]:
    """Yield what can be learned from each page of a corpus."""
    fixes = json.loads(FIXES.read_text(encoding="utf-8"))
    for page in articles(shared, corpus):
        fix = fixes.get(f"{corpus}/{page.id}", {})
        if not fix.get("skip") and (sample := sample_of(page, fix)) is not None:
            yield sample


def sample_of(page: Page, fix: Mapping[str, Any]) -> Sample | None:
    """What can be learned from a page, `None` when it has no blocks."""
    asked = asked_of(page)
    if asked is None:
        return None
    reading = Reader().read(asked.tree)
    if not reading.blocks:
        return None
    weighed = weigh(reading, title_place(reading, asked.clues.title))
    container = next(iter(best_container(weighed)), -1)
    texts = [block.text for block in reading.blocks]
    weights = np.sqrt(np.array([block.weight for block in reading.blocks], dtype=np.float32)) + LEAST
    return Sample(
        fold=fold_of(page),
        columns=block_features(weighed, asked.clues, container),
        kept=fixed(np.array(kept_blocks(texts, page.truth["body"])) >= KEPT_SHARE, texts, fix),
        weights=CORPORA[page.corpus] * 100 * weights / weights.sum(),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A parsed page and what it states of itself, as the body finder is asked with."""

    tree: HtmlElement
    base: str
    lead: str | None
    clues: Clues


def asked_of(page: Page) -> Asked | None:
    """What `read_page` asks the body finder with; `None` for a page no tree is made of."""
    document = read_document(page.raw())
    if not isinstance(document, Document):
        return None
    stated = read_stated(document, page.url)
    title = read_title(document.tree, stated, selector=None, found=())
    return Asked(document.tree, stated.base, lead_stated(stated), clues_of(stated, title))


def fixed(kept: NDArray[np.bool_], texts: Sequence[str], fix: Mapping[str, Any]) -> NDArray[np.bool_]:
    """The labels with what the page proves wrong set right: see label_fixes.json."""
    marks = [mark_of(text) for text in texts]
    for number, mark in enumerate(marks):
        if mark in fix.get("keep", ()):
            kept[number] = True
        elif mark in fix.get("drop", ()):
            kept[number] = False
    return kept


def mark_of(text: str) -> str:
    """A short name for a block's text that does not tell it: pages belong to their publishers."""
    return hashlib.blake2b(squashed(text).encode(), digest_size=6).hexdigest()


def trained(samples: Iterable[Sample]) -> dict[str, Any]:
    """A model of some pages as `BlockModel` keeps it."""
    from catboost import CatBoostClassifier  # only who trains needs it

    chosen = list(samples)
    classifier = CatBoostClassifier(
        iterations=TREES, depth=DEPTH, learning_rate=RATE, l2_leaf_reg=5, border_count=64, rsm=0.4,
        random_seed=1, thread_count=2, verbose=0, allow_writing_files=False,
    )  # fmt: skip
    classifier.fit(
        np.concatenate([sample.columns.T for sample in chosen]),
        np.concatenate([sample.kept for sample in chosen]),
        sample_weight=np.concatenate([sample.weights for sample in chosen]),
    )
    return as_arrays(classifier)


def as_arrays(classifier: Any) -> dict[str, Any]:
    """A trained classifier's trees as arrays."""
    with Passing() as file:
        classifier.save_model(str(file), format="json")
        told = json.loads(file.read_text(encoding="utf-8"))
    trees = told["oblivious_trees"]
    scale, (start,) = told["scale_and_bias"]
    features = np.zeros((DEPTH, len(trees)), dtype=np.int16)
    borders = np.full((DEPTH, len(trees)), np.inf, dtype=np.float32)
    answers = np.zeros((len(trees), 1 << DEPTH), dtype=np.float32)
    for number, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"]):
            features[level, number] = split["float_feature_index"]
            borders[level, number] = split["border"]
        answers[number, : len(tree["leaf_values"])] = [scale * value for value in tree["leaf_values"]]
    return {
        "names": np.array(NAMES), "features": features, "borders": borders,
        "answers": answers.astype(np.float16), "start": np.float32(start),
    }  # fmt: skip


class Passing:
    """A file for as long as it is needed."""

    def __enter__(self) -> Path:
        self.path = KEPT / f"training-{os.getpid()}.json"
        return self.path

    def __exit__(self, *error: object) -> None:
        self.path.unlink(missing_ok=True)


def write(arrays: dict[str, Any], file: Path) -> None:
    """Keep a model; the same model gives the same bytes."""
    with file.open("wb") as opened:
        np.savez_compressed(opened, **arrays)


def measure(shared: Path) -> None:
    """Print shingle F1 and the share of exactly right texts of each way, by the models of the folds."""
    ways: tuple[Judge, ...] = ("rules", "model", "both")
    print(f"{'':12}" + "".join(f"{way:>16}" for way in ways))
    for corpus in CORPORA:
        shown = [scored(shared, corpus, way) for way in ways]
        print(f"{corpus:12}" + "".join(f"{f1:10.4f} {exact:4.0%} " for f1, exact in shown), flush=True)


def scored(shared: Path, corpus: str, way: Judge) -> tuple[float, float]:
    """Shingle F1 and the share of exactly right texts of one way on a corpus."""
    score = scorer(shared)
    pairs = []
    exact = 0
    for page in articles(shared, corpus):
        told, body = page.truth["body"], body_by(page, way)
        pairs.append(score.page_pr(score.shingle_counts(told, body)))
        exact += score.TOKEN.findall(told) == score.TOKEN.findall(body)
    return score.macro(pairs)[0], exact / max(len(pairs), 1)


def body_by(page: Page, way: Judge) -> str:
    """The body that is found on a page by a model that has not seen its publisher."""
    asked = asked_of(page)
    if asked is None:
        return ""
    with judged_by(unseen_model(page)):
        return read_body(
            asked.tree,
            base_url=asked.base,
            title=asked.clues.title,
            lead_stated=asked.lead,
            clues=asked.clues,
            judge=way,
        ).text


if __name__ == "__main__":
    sys.exit(main())

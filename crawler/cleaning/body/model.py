"""The learned judge of blocks: how surely each is the article's, by a few hundred small trees.

The trees are oblivious ones: all nodes of a level ask the same question, so a tree is as many questions as it
is deep and a table of answers, and a page's blocks go down all trees at once. `make train` makes the weights
anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np
from numpy.typing import NDArray

from crawler.cleaning.body.features import NAMES, Floats

WEIGHTS = "weights.npz"
# Blocks judged at a time: bounds what a page of many blocks takes in memory (300 trees: 5 MB).
AT_ONCE = 2_048


@dataclass(frozen=True, slots=True)
class BlockModel:
    """Trees of one depth, at most 8.

    `features` and `borders` (depth × trees) are what each level asks: is the feature above the border;
    `answers` (trees × 2**depth) are the logarithms of the odds each tree adds to `start`.
    """

    features: NDArray[np.int64]
    borders: Floats
    answers: Floats
    start: float

    def scores(self, columns: Floats) -> Floats:
        """How surely each block is the article's, 0 to 1; `columns` are features × blocks."""
        size = columns.shape[1]
        parts = [self.odds(columns[:, at : at + AT_ONCE]) for at in range(0, size, AT_ONCE)]
        odds = np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)
        return (1.0 / (1.0 + np.exp(-odds))).astype(np.float32)

    def odds(self, columns: Floats) -> Floats:
        """The logarithms of the odds of some blocks."""
        trees, leaves = self.answers.shape
        place = np.zeros((trees, columns.shape[1]), dtype=np.uint8)
        for feature, border in zip(self.features[::-1], self.borders[::-1], strict=True):
            place += place
            place += columns.take(feature, axis=0) > border[:, None]
        first = np.arange(0, trees * leaves, leaves, dtype=np.int32)[:, None]
        return self.start + self.answers.ravel().take(place + first).sum(axis=0)


def block_model() -> BlockModel:
    """The model that judges: the one that ships with the package, or the one of `judged_by`."""
    return INSTEAD.get() or shipped_model()


INSTEAD: ContextVar[BlockModel | None] = ContextVar("INSTEAD", default=None)


@contextmanager
def judged_by(model: BlockModel) -> Iterator[None]:
    """Judge by another model: pages are scored fairly only by one that has not seen their publisher."""
    token = INSTEAD.set(model)
    try:
        yield
    finally:
        INSTEAD.reset(token)


@cache
def shipped_model() -> BlockModel:
    """The model that ships with the package, read once a process."""
    return read_model(files("crawler.cleaning.body") / WEIGHTS)


def read_model(file: Traversable) -> BlockModel:
    """A model as `make train` keeps it.

    Raises RuntimeError when its features are not those of `features.NAMES`: it was trained by other code.
    """
    with file.open("rb") as opened, np.load(opened) as kept:
        if tuple(kept["names"].tolist()) != NAMES:
            raise RuntimeError(f"{file.name} was trained on other features; run `make train`")
        return BlockModel(
            features=kept["features"].astype(np.int64),
            borders=kept["borders"],
            answers=kept["answers"].astype(np.float32),
            start=float(kept["start"]),
        )

"""The body model that has not seen a page's publisher: it reads a page fairly that models learned from.

`train_body.py` keeps one model for each fold of publishers in folds/, trained on the other folds.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from zlib import crc32

from corpora import Page

from crawler.cleaning.body.model import BlockModel, read_model

FOLDS = 5
KEPT = Path(__file__).parent / "folds"


def fold_of(page: Page) -> int:
    """The fold a page's publisher falls in: all its pages, of all corpora, in the same."""
    host = (urlsplit(page.url).hostname or "").removeprefix("www.") if page.truth.get("url") else page.id
    labels = host.split(".")
    publisher = next((label for label in reversed(labels[:-1]) if len(label) > 3), labels[0])
    return crc32(publisher.encode()) % FOLDS


def fold_file(fold: int) -> Path:
    """Where the model is kept that has not seen a fold."""
    return KEPT / f"body-{fold}.npz"


@cache
def model_of(fold: int) -> BlockModel:
    """The model that has not seen a fold."""
    return read_model(fold_file(fold))


def unseen_model(page: Page) -> BlockModel:
    """The model that has not seen the page, nor any of its publisher."""
    return model_of(fold_of(page))

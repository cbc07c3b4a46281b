"""What other choices would find: how a share is measured, and how many fingerprints of how many words.

python benchmarks/copies_choices.py     two tables on 10,000 made articles, about three minutes
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
from copies import QUALITY_SIZE, Pair, compared, found_pairs, opened, save_all
from made_articles import Made, made_articles, true_pairs, true_share
from markdown_table import table

from archive.syndication import fingerprints, sharing
from archive.syndication.clusters import THRESHOLD
from archive.syndication.fingerprints import numbers_of, runs
from archive.syndication.words import words_of

Words = Sequence[str]
Share = Callable[[Words, Words], float]


def containment(size: int) -> Share:
    """Shingles of so many words: those of the text that has fewer which the other has too."""

    def share(one: Words, other: Words) -> float:
        mine, theirs = (np.unique(runs(numbers_of(text), size)) for text in (one, other))
        return len(np.intersect1d(mine, theirs)) / max(min(len(mine), len(theirs)), 1)

    return share


def passages(size: int, reach: int) -> Share:
    """Words in common passages of so many words, and so far beside them."""

    def share(one: Words, other: Words) -> float:
        with patch.multiple(sharing, PASSAGE=size, REACH=reach):
            found = sharing.shared(one, other)
        return found.share if len(one) <= len(other) else found.share_of_other

    return share


SHARES = {
    "shingles of 5 words": containment(5),
    "shingles of 3 words": containment(3),
    "words in passages of 5": passages(5, 0),
    "words in passages of 3": passages(3, 0),
    "… and of 5, up to 8 words beside": passages(5, 8),
    "… and of 3, up to 3 words beside": passages(3, 3),
    "… and of 3, up to 8 words beside": passages(3, 8),
}
FINGERPRINTS = [(24, 4), (32, 4), (48, 3), (48, 4), (48, 5)]


def share_rows(articles: list[Made]) -> Iterator[list[str]]:
    """How near each way of measuring a share comes to what was really taken."""
    texts = [words_of(made.text) for made in articles]
    true = {(a, b): true_share(articles[a], articles[b]) for a, b in true_pairs(articles, 0.3)}
    reached = {pair for pair, share in true.items() if share >= THRESHOLD}
    for name, share in SHARES.items():
        measured = {(a, b): share(texts[a], texts[b]) for a, b in true}
        found = compared({pair for pair, one in measured.items() if one >= THRESHOLD}, reached)
        error = mean(abs(measured[pair] - true[pair]) for pair in true)
        yield [name, f"{found.recall:.3f}", f"{found.precision:.3f}", f"{error:.3f}"]


def fingerprint_rows(articles: list[Made], true: set[Pair]) -> Iterator[list[str]]:
    """What is found, and what saving costs, with so many fingerprints of so many words."""
    for most, words in FINGERPRINTS:
        with TemporaryDirectory() as folder, patch.multiple(fingerprints, MOST=most, FOUND_BY=words):
            db, store = opened(Path(folder), "choice")
            with closing(db):
                seconds = save_all(db, store, 0, articles)
                found = compared(found_pairs(db, len(articles), THRESHOLD), true)
        cost = f"{1000 * mean(seconds):.2f} ms"
        yield [f"{most} of {words} words", f"{found.recall:.3f}", f"{found.precision:.3f}", cost]


def main() -> None:
    """Print both tables."""
    articles = made_articles(QUALITY_SIZE)
    true = true_pairs(articles, THRESHOLD)
    print(table("share", share_rows(articles), ["recall", "precision", "mean error"]) + "\n")
    print(table("fingerprints", fingerprint_rows(articles, true), ["recall", "precision", "CPU an article"]))


if __name__ == "__main__":
    main()

"""A text to a few numbers by which its copies are found, however long the archive. Pure.

A fingerprint stands for four successive words. Of all of a text's, every one is kept, or every second,
fourth, eighth …, so that at most `MOST` are: which ones, only the words decide, so two texts that share a
passage keep the same ones of it. Measured in benchmarks/copies.py, chosen in docs/decisions/copies.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from archive.syndication.article_fingerprints import BYTES

Numbers = NDArray[np.uint64]

# A change of what is below needs a migration that has every article taken in anew (table `uncompared`).
FOUND_BY = 4  # words a fingerprint stands for
MOST = 48
LEAST_WORDS = 30  # shorter texts (flashes, captions) agree by accident
ODD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio: spreads neighbours apart
BITS_NOT_KEPT = np.uint64(64 - 8 * BYTES)


def numbers_of(words: Sequence[str]) -> Numbers:
    """A number for each word of a text."""
    return np.fromiter(map(word_number, words), dtype=np.uint64, count=len(words))


@lru_cache(maxsize=1 << 14)
def word_number(word: str) -> int:
    """A number for a word, the same in every program and on every machine."""
    return crc32(word.encode("utf-8", "surrogatepass"))


def runs(numbers: Numbers, size: int) -> Numbers:
    """A number for each `size` successive words, in the text's order; none of a shorter text."""
    count = max(len(numbers) - size + 1, 0)
    mixed = np.zeros(count, dtype=np.uint64)
    for offset in range(size):
        mixed = (mixed ^ numbers[offset : offset + count]) * ODD
        mixed ^= mixed >> np.uint64(29)
    return mixed


def fingerprints(words: Sequence[str]) -> bytes:
    """A text's fingerprints, `BYTES` each, in ascending order; none of a text under `LEAST_WORDS` words."""
    if len(words) < LEAST_WORDS:
        return b""
    kept = np.unique(runs(numbers_of(words), FOUND_BY))
    step = 1
    while len(kept) > MOST and step < 1 << int(BITS_NOT_KEPT):
        step *= 2
        kept = kept[kept % np.uint64(step) == 0]
    # The bits that chose are not kept: they say nothing more.
    whole = np.unique(kept >> BITS_NOT_KEPT).astype(">u8")
    return whole.view(np.uint8).reshape(-1, 8)[:, 8 - BYTES :].tobytes()

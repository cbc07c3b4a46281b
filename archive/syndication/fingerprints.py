"""A text to a few numbers by which its copies are found, however long the archive. Pure.

A fingerprint stands for four successive words. Of all of a text's, every one is kept, or every second,
fourth, eighth …, so that at most `MOST` are: which ones, only the words decide, so two texts that share a
passage keep the same ones of it. Measured in benchmarks/copies.py, chosen in docs/decisions/copies.md.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]

# A change of what is below needs a migration that has every article taken in anew (table `uncompared`).
FOUND_BY = 4  # words a fingerprint stands for
MOST = 48
BYTES = 6  # of a fingerprint; in 40 million of them one in seven million names another text by accident
LEAST_WORDS = 30  # shorter texts (flashes, captions) agree by accident
WORD = re.compile(r"\w+")
SOFT_HYPHENS = re.compile("[\u00ad\u200b-\u200d\u2060]")
ODD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio: spreads neighbours apart
BITS_NOT_KEPT = np.uint64(64 - 8 * BYTES)


@dataclass(frozen=True, slots=True)
class Text:
    """A text's words as copies are compared by, and a number for each."""

    words: list[str]
    numbers: Numbers

    @classmethod
    def of(cls, text: str) -> Self:
        """The text, from its characters."""
        words = words_of(text)
        return cls(words, np.fromiter(map(word_number, words), dtype=np.uint64, count=len(words)))


@lru_cache(maxsize=1 << 14)
def word_number(word: str) -> int:
    """A number for a word, the same in every program and on every machine."""
    return crc32(word.encode("utf-8", "surrogatepass"))


def words_of(text: str) -> list[str]:
    """The words and numbers of a text as copies are compared by: case, ё, hyphenation make no difference."""
    plain = unicodedata.normalize("NFKC", SOFT_HYPHENS.sub("", text)).casefold().replace("ё", "е")
    return WORD.findall(plain)


def runs(numbers: Numbers, size: int) -> Numbers:
    """A number for each `size` successive words, in the text's order; none of a shorter text."""
    count = max(len(numbers) - size + 1, 0)
    mixed = np.zeros(count, dtype=np.uint64)
    for offset in range(size):
        mixed = (mixed ^ numbers[offset : offset + count]) * ODD
        mixed ^= mixed >> np.uint64(29)
    return mixed


def fingerprints(text: Text) -> bytes:
    """The text's fingerprints, `BYTES` each, in ascending order; none of a text under `LEAST_WORDS` words."""
    if len(text.words) < LEAST_WORDS:
        return b""
    kept = np.unique(runs(text.numbers, FOUND_BY))
    step = 1
    while len(kept) > MOST and step < 1 << int(BITS_NOT_KEPT):
        step *= 2
        kept = kept[kept % np.uint64(step) == 0]
    # The bits that chose are not kept: they say nothing more.
    whole = np.unique(kept >> BITS_NOT_KEPT).astype(">u8")
    return whole.view(np.uint8).reshape(-1, 8)[:, 8 - BYTES :].tobytes()

"""What is kept of an article's text to find its copies by."""

from __future__ import annotations

from dataclasses import dataclass

from archive.syndication.words import words_of

BYTES = 6  # of a fingerprint; in 40 million of them one in seven million names another text by accident


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """How many words a text has, and its fingerprints, `BYTES` each, in ascending order."""

    words: int
    hashes: bytes

    @property
    def count(self) -> int:
        """How many fingerprints they are; none of a short text."""
        return len(self.hashes) // BYTES


def fingerprints_of(text: str) -> Fingerprints:
    """The fingerprints of a text."""
    from archive.syndication.fingerprints import fingerprints  # a crawl's main process does without numpy

    words = words_of(text)
    return Fingerprints(len(words), fingerprints(words))

"""How many of something, for an English sentence."""

from __future__ import annotations


def counted(count: int, noun: str, nouns: str | None = None) -> str:
    """So many of something: 1 article, 1,234 articles; `nouns` is a plural that is not the noun with s."""
    return f"{count:,} {noun if count == 1 else nouns or f'{noun}s'}"

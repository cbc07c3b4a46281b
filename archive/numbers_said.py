"""How many of something, for an English sentence."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """So many of something: 1 article, 1,234 articles."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"

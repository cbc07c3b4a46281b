"""Lists of words the rules must know, one file each: comments, then words between spaces."""

from __future__ import annotations

from importlib.resources import files


def words(name: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(word for line in lines(name) for word in line)


def lines(name: str) -> list[list[str]]:
    """The words of a list, line by line."""
    text = (files(__package__) / f"{name}.txt").read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if not line.startswith("#")]

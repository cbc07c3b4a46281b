"""Texts of others on a terminal: they must not steer it."""

from __future__ import annotations

import re

# C0 and C1 controls, marks that turn the direction of writing, line separators.
STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def terminal_safe(text: str) -> str:
    """The text in one line, without characters that move a cursor or turn the direction of writing."""
    return re.sub(r" +", " ", STEERING.sub(" ", text)).strip()

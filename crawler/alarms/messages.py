"""What is said of sources whose state changed, for people and for programs. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archive.numbers_said import counted

MOST_SHOWN = 50  # sources in a letter: of more, the machine itself is likely ill


@dataclass(frozen=True, slots=True)
class Change:
    """A source whose state is not the one a channel was told last; `evidence` is empty for a well one."""

    source: str
    name: str
    state: str
    was: str
    since: str
    evidence: tuple[str, ...] = ()


TEST = Change("test", "Test", "well", "well", "", ("This is a test of alarms; no source is concerned.",))


def subject(changes: Sequence[Change]) -> str:
    """The message in a line."""
    if changes == [TEST]:
        return "Muragat: a test of alarms"
    if len(changes) == 1:
        return f"Muragat: {one_line(changes[0].source)} is {state_of(changes[0])}"
    bad = sum(change.state != "well" for change in changes)
    return f"Muragat: {counted(bad, 'source')} worse or silent, {len(changes) - bad} well again"


def text(changes: Sequence[Change]) -> str:
    """The message for a person, a paragraph for each source."""
    told = "\n\n".join(paragraph(change) for change in changes[:MOST_SHOWN])
    more = len(changes) - MOST_SHOWN
    return told + (f"\n\n… and {more} more: muragat status" if more > 0 else "") + "\n"


def paragraph(change: Change) -> str:
    """One source."""
    if change is TEST:
        return TEST.evidence[0]
    head = f"{one_line(change.name)} ({change.source}) is {state_of(change)} since {change.since}."
    return "\n".join([head, *(f"  {one_line(sentence)}" for sentence in change.evidence)])


def state_of(change: Change) -> str:
    """The state in words."""
    return "well again" if change.state == "well" else change.state


def record(change: Change) -> dict[str, Any]:
    """One source for a program."""
    if change is TEST:
        return {"test": True, "text": TEST.evidence[0]}
    names = ("source", "name", "state", "was", "since")
    return {name: getattr(change, name) for name in names} | {"evidence": list(change.evidence)}


def body(changes: Sequence[Change]) -> bytes:
    """The message for a webhook: `text` for chat programs, `changes` for others."""
    told = {
        "subject": subject(changes),
        "text": f"{subject(changes)}\n\n{text(changes)}",
        "changes": [record(one) for one in changes],
    }
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")


def line(change: Change, told_at: str) -> str:
    """One source as a line of a file."""
    return json.dumps({"told_at": told_at, **record(change)}, ensure_ascii=False) + "\n"


def one_line(words: str) -> str:
    """Words without line breaks or control characters: some come from other people's pages."""
    return "".join(letter if letter.isprintable() else " " for letter in words)

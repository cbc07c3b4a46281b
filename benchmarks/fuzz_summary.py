"""What fuzzing prints: each failure as it comes, then how many of what kind, and the slowest three."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from typing import Protocol


class Ended(Protocol):
    """What became of one spoiled input; `failed` is empty where nothing went wrong."""

    @property
    def case(self) -> str:
        """SEED:NUMBER, which `--only` takes to make it again."""

    @property
    def ways(self) -> tuple[str, ...]:
        """How it was spoiled."""

    @property
    def kind(self) -> str:
        """What the summary counts it as."""

    @property
    def seconds(self) -> float:
        """Of CPU, or by the clock for what hung."""

    @property
    def failed(self) -> str:
        """What went wrong, for people."""


def summarized(all_ended: Iterable[Ended], what: str) -> int:
    """Print failures and a summary, "so many spoiled `what`"; returns how many failed."""
    started = time.monotonic()
    tally: Counter[str] = Counter()
    slowest: list[Ended] = []
    failures = 0
    for ended in all_ended:
        tally[ended.kind] += 1
        slowest = sorted([*slowest, ended], key=lambda one: -one.seconds)[:3]
        if ended.failed:
            failures += 1
            told = f"{ended.case} {ended.kind} {'+'.join(ended.ways)} {ended.seconds:.2f} s: {ended.failed}"
            print(told, flush=True)
    print(f"{tally.total()} spoiled {what} in {time.monotonic() - started:.0f} s: {failures} failed")
    print("  " + ", ".join(f"{count} {kind}" for kind, count in tally.most_common()))
    for ended in slowest:
        print(f"  {ended.seconds:.2f} s of CPU for {ended.case} ({'+'.join(ended.ways)})")
    return failures

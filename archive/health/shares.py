"""Whether a share fell beyond chance, and which runs are *now* and which *before*. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from math import sqrt

from archive.health.history import Measured

Z = 2.576  # 99 %: a source is judged many times a day
RECENT = timedelta(days=7)


def upper_bound(hits: int, of: int) -> float:
    """The largest share (0 to 1) that `hits` in `of` trials still allow, at 99 % (Wilson)."""
    return wilson(hits, of, +1) if of > 0 else 1.0


def lower_bound(hits: int, of: int) -> float:
    """The smallest share that `hits` in `of` trials still allow, at 99 % (Wilson)."""
    return wilson(hits, of, -1) if of > 0 else 0.0


def wilson(hits: int, of: int, sign: int) -> float:
    """One end of Wilson's interval of a share."""
    share, z2 = min(max(hits / of, 0.0), 1.0), Z * Z
    centre = share + z2 / (2 * of)
    spread = Z * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return min(max((centre + sign * spread) / (1 + z2 / of), 0.0), 1.0)


def now_and_before(
    runs: Sequence[Measured], at: datetime, count: Callable[[Measured], int], enough: int
) -> tuple[list[Measured], list[Measured]]:
    """The latest runs that together count `enough`, or else those of the last week, and all before them.

    The first list is empty where the week has not even half of that: then there is nothing to judge.
    """
    now: list[Measured] = []
    total = 0
    for place in range(len(runs) - 1, -1, -1):
        run = runs[place]
        if at - run.started_at > RECENT:
            break
        now.append(run)
        total += count(run)
        if total >= enough:
            break
    if 2 * total < enough:
        return [], list(runs)
    return now[::-1], list(runs[: len(runs) - len(now)])


def total(runs: Iterable[Measured], count: Callable[[Measured], int]) -> int:
    """A count of several runs together."""
    return sum(count(run) for run in runs)


def percent(hits: int, of: int) -> str:
    """A share as people write it."""
    return f"{100 * hits / of:.0f} %" if of else "0 %"

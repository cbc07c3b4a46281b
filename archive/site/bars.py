"""Bar charts as plain geometry, drawn as SVG by the template: zero is the baseline, a gap no zero. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 0.2  # of a bar's place


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in the chart's own units; `value` is `None` where nothing is known, and nothing is drawn."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: float | None
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in a box of `width` by `height`; `top` is the value at its upper edge, never 0."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    top: float

    @property
    def first(self) -> str:
        return self.bars[0].label if self.bars else ""

    @property
    def last(self) -> str:
        return self.bars[-1].label if self.bars else ""


def chart_of(
    values: Sequence[tuple[str, float | None]],
    *,
    width: int = 600,
    height: int = 120,
    top: float | None = None,
    partial_last: bool = False,
) -> Chart:
    """A bar for each labelled value, left to right; charts that share a `top` can be compared.

    `partial_last` says that the last one is not over yet.
    """
    highest = top or nice_top(max((value for _, value in values if value), default=0))
    place = width / max(len(values), 1)
    bars = []
    for number, (label, value) in enumerate(values):
        tall = height * min((value or 0) / highest, 1)
        x, wide = round(number * place, 2), round(place * (1 - GAP), 2)
        last = partial_last and number == len(values) - 1
        bars.append(Bar(x, round(height - tall, 2), wide, round(tall, 2), label, value, last))
    return Chart(width, height, tuple(bars), highest)


def nice_top(highest: float) -> float:
    """The least of 1, 2, 5, 10, 20 … that is not below a value."""
    step = 1.0
    while True:
        for factor in (1, 2, 5):
            if step * factor >= highest:
                return step * factor
        step *= 10

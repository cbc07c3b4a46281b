"""How many columns of a table a terminal has room for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table

Headings = Sequence[str]
WIDEST = 1_000  # columns of a terminal


def fitting(layouts: Sequence[Headings], make: Callable[[Headings], Table], screen: Console) -> Headings:
    """The first of these layouts whose table fits, from wide ones to narrow ones; else the last."""
    options = screen.options.update(width=WIDEST)
    fit = (one for one in layouts if screen.measure(make(one), options=options).maximum <= screen.width)
    return next(fit, layouts[-1])

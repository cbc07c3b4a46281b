"""Tables as Markdown, which a terminal shows as well as a README."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(corner: str, rows: Iterable[Sequence[str]], columns: Sequence[str]) -> str:
    """A Markdown table."""
    lines = [[corner, *columns], ["---"] * (len(columns) + 1), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)

"""What is said beside the output, so that this can go on into a file or another program."""

from __future__ import annotations

from rich.console import Console


def say_aside(line: str) -> None:
    """Say a line on standard error, as it stands and unwrapped."""
    Console(stderr=True, soft_wrap=True).print(line, markup=False, highlight=False)

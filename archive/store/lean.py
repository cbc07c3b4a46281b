"""Loading a library without what it would load only because that happens to be installed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module


def load_without(name: str, unwanted: Sequence[str]) -> None:
    """Import a module as if these were not installed; those that are loaded already stay at its hand.

    They can be imported afterwards by whoever needs them.
    """
    hidden = [one for one in unwanted if one not in sys.modules]
    for one in hidden:
        sys.modules[one] = None  # type: ignore[assignment]  # its import fails as of what is missing
    try:
        import_module(name)
    finally:
        for one in hidden:
            del sys.modules[one]

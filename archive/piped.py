"""Commands in a pipe."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from archive.exits import Exit


class PipedCommand(click.Command):
    """A command whose reader may leave: `muragat export --to - | head` ends quietly."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # What is still to be flushed at exit goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(Exit.DONE)
        return answer

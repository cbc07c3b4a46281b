"""Exit codes: one per cause, the same for every command."""

from __future__ import annotations

from enum import IntEnum

from archive.errors import ArchiveBusy, ArchiveError, PortTaken, ToolMissing


class Exit(IntEnum):
    """What a script may branch on; README.md explains them."""

    DONE = 0
    BUG = 1
    WRONG_USE = 2
    PROFILE = 3
    SOURCES_FAILED = 4
    BUSY = 5
    STORAGE = 6
    PORT_TAKEN = 7
    TOOL_MISSING = 8
    INTERRUPTED = 130


def exit_for(error: ArchiveError) -> Exit:
    """The code of an archive's error."""
    if isinstance(error, PortTaken):
        return Exit.PORT_TAKEN
    if isinstance(error, ToolMissing):
        return Exit.TOOL_MISSING
    return Exit.BUSY if isinstance(error, ArchiveBusy) else Exit.STORAGE

"""Errors of the archive's half. A class says what the caller can do next; ids are attributes."""

from __future__ import annotations


class ArchiveError(Exception):
    """The archive cannot do what was asked. The message is one line: where, what, what to do."""


class NotAnArchive(ArchiveError):
    """The folder or file is no Muragat archive, is damaged, or belongs to a newer version."""


class ArchiveBusy(ArchiveError):
    """Another process holds the archive or its database; try again when it has ended."""


class StorageFull(ArchiveError):
    """The disk is full or cannot be written; nothing kept so far is lost."""


class NoRoom(StorageFull):
    """The disk has no room for what was to be written; the same may be tried again when there is some."""


class PageDamaged(ArchiveError):
    """A kept page is not what was received any more; the others can be read."""

    def __init__(self, message: str, *, page_id: int) -> None:
        super().__init__(message)
        self.page_id = page_id


class PortTaken(ArchiveError):
    """Another program listens there: choose another port."""


class ToolMissing(ArchiveError):
    """What was asked needs a library that is not installed; the message names the command that adds it."""

"""The archive's lock: one crawl, or one rebuilding of what a crawl writes, at a time."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from archive.errors import ArchiveBusy
from archive.store.disk import storage_error
from archive.store.folder import ArchiveFolder


def held(folder: ArchiveFolder) -> FileLock:
    """The archive's lock, held; raises ArchiveBusy when another crawl has it."""
    busy = f"{folder.path}: another crawl holds this archive; wait for it to end"
    return held_file(folder.lock, busy)


def held_file(path: Path, busy: str) -> FileLock:
    """A lock at a path, held; raises ArchiveBusy with the words `busy` when another process has it."""
    lock = FileLock(path, timeout=0, is_singleton=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise ArchiveBusy(busy) from error
    except OSError as error:
        raise storage_error(error, path) from error
    return lock

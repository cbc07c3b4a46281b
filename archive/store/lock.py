"""The archive's lock: one crawl, or one rebuilding of what a crawl writes, at a time."""

from __future__ import annotations

from filelock import FileLock, Timeout

from archive.errors import ArchiveBusy
from archive.store.disk import storage_error
from archive.store.folder import ArchiveFolder


def held(folder: ArchiveFolder) -> FileLock:
    """The archive's lock, held; raises ArchiveBusy when another crawl has it."""
    lock = FileLock(folder.lock, timeout=0, is_singleton=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise ArchiveBusy(f"{folder.path}: another crawl holds this archive; wait for it to end") from error
    except OSError as error:
        raise storage_error(error, folder.lock) from error
    return lock

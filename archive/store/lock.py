"""The archive's lock: one crawl, or one rebuilding of what a crawl writes, at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from archive.errors import ArchiveBusy
from archive.store.connection import is_busy, named_errors
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


@contextmanager
def unused(folder: ArchiveFolder, busy: str) -> Iterator[None]:
    """Nobody else reads the archive or writes to it; raises ArchiveBusy with the words `busy` where one does.

    Asked of SQLite: whoever has news.db open, a server too that answers nobody just now, holds a shared lock
    of the kernel's on it as long as it lives, and only where there is none this connection gets it alone.
    Nobody waits for it.
    """
    with closing(sqlite3.connect(folder.news, timeout=0)) as connection, named_errors(folder.news):
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError as error:
            if is_busy(error):
                raise ArchiveBusy(busy) from error
            raise
        yield

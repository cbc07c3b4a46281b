"""Several works in one transaction: one commit for all of them, each done whole or not at all.

A commit costs 0.3 to 0.5 ms of CPU, and FTS5 writes out what it collected at each: for one article a tenth of
what keeping it takes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.errors import ArchiveBusy, ArchiveError, NoRoom
from archive.store.archive import Archive
from archive.store.connection import named, transaction

Work = Callable[[Archive], Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What a work answered, or the `error` it raised."""

    answer: Any = None
    error: Exception | None = None


def kept_together(archive: Archive, works: Sequence[Work]) -> list[Done]:
    """Do works that write pages.db and nothing else; on return what they wrote is on disk."""
    are_kept = False
    try:
        done = together(archive, works, archive.pages.db, archive.folder.pages, nullcontext())
        are_kept = not any(one.error for one in done)
    finally:
        if not are_kept:
            # A dictionary made in what was taken back is on no disk: what it packs could not be read.
            archive.pages.dictionaries.forget_all()
    return done


def written_together(archive: Archive, works: Sequence[Work]) -> list[Done]:
    """Do works that write news.db and nothing else; on return what they wrote is on disk.

    Pages that they refused are taken out of pages.db afterwards; where that cannot be done now, it is tried
    again after the next works, for these are written and must not be done twice.
    """
    index = archive.articles.index.brought_up_once()
    done = together(archive, works, archive.news, archive.folder.news, index)
    with suppress(ArchiveError):
        archive.forget_refused(now=datetime.now(UTC))
    return done


def together(
    archive: Archive, works: Sequence[Work], db: Database, path: Path, within: AbstractContextManager[None]
) -> list[Done]:
    """Do works in one transaction of one file; a work that raises takes back what it did, and no more.

    Where the transaction as a whole fails, as on a full disk or a locked file, nothing was written: then an
    ArchiveError is raised, and all of them may be done again.
    """
    with transaction(db, path), within:
        return [done(archive, work, db, path) for work in works]


def done(archive: Archive, work: Work, db: Database, path: Path) -> Done:
    """One work of a transaction. Raises what it raised where that ends all of them."""
    db.conn.execute("SAVEPOINT work")
    try:
        answer = work(archive)
    except Exception as error:
        if not db.conn.in_transaction or is_for_all(error, path):
            raise
        db.conn.execute("ROLLBACK TO work")
        db.conn.execute("RELEASE work")
        return Done(error=named(error, path) if isinstance(error, sqlite3.DatabaseError) else error)
    db.conn.execute("RELEASE work")
    return Done(answer)


def is_for_all(error: Exception, path: Path) -> bool:
    """Whether an error is no one work's: there is no room, or another program has locked the file."""
    met = named(error, path) if isinstance(error, sqlite3.DatabaseError) else error
    return isinstance(met, (NoRoom, ArchiveBusy))

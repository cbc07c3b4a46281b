"""Repairs of the files themselves, before an archive can be opened: what SQLite keeps beside the rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from sqlite_utils.migrations import Migrations

from archive.health.findings import Finding, Remedy
from archive.raw.migrations import migrations as page_migrations
from archive.store.connection import (
    APPLICATION_ID,
    PAGES_APPLICATION_ID,
    named_errors,
    open_to_write,
    transaction,
)
from archive.store.folder import ArchiveFolder
from archive.store.migrations import migrations as news_migrations
from archive.store.salvage import salvage
from archive.store.schema import remake

Told = Callable[[str], None]
# Their rows come from the articles' pages; made again they are empty until those are read again.
READ_FROM_PAGES = {"links", "images"}


def mend_files(folder: ArchiveFolder, faults: Sequence[Finding], told: Told) -> None:
    """Make the files sound if they are not, and note it where links and pictures must be read again.

    Of several kinds of damage the deepest is made good, for the others may be its shadows; the next audit
    tells. The archive's lock must be held.
    """
    was_noted, empty = folder.unread_links.exists(), False
    folder.unread_links.touch()  # first: killed in between, they are read again in vain, never forgotten
    for path, migrations, mark in files(folder):
        mine = [one.remedy for one in faults if one.check.startswith(path.name)]
        if Remedy.FILE in mine:
            salvaged = salvage(path, migrations, application_id=mark)
            told(f"{path.name}: {salvaged}")
            empty = empty or not READ_FROM_PAGES.isdisjoint(salvaged.lost)
        elif Remedy.SCHEMA in mine:
            with closing(open_to_write(path, migrations, application_id=mark)) as db:
                made = remake(db, path, migrations)
            told(f"{path.name}: made again: {', '.join(map(str, made))}")
            empty = empty or any(one.name in READ_FROM_PAGES for one in made)
        elif Remedy.INDEXES in mine:
            mend_indexes(path, migrations, mark, told)
    if not (empty or was_noted):
        folder.unread_links.unlink()


def files(folder: ArchiveFolder) -> Iterator[tuple[Path, Migrations, int]]:
    """Both files with their migrations and marks."""
    yield folder.news, news_migrations, APPLICATION_ID
    yield folder.pages, page_migrations, PAGES_APPLICATION_ID


def mend_indexes(path: Path, migrations: Migrations, mark: int, told: Told) -> None:
    """Make all indexes again from their tables; where two rows have one key, a person must choose."""
    with closing(open_to_write(path, migrations, application_id=mark)) as db, named_errors(path):
        try:
            with transaction(db, path):
                db.conn.execute("REINDEX")
        except sqlite3.IntegrityError as error:
            told(f"{path.name}: indexes not made again: {error}; take out one of the two rows")
        else:
            told(f"{path.name}: indexes made again from their tables")


def is_about_files(faults: Sequence[Finding]) -> bool:
    """Whether a file must be made good before its rows can be."""
    return any(one.remedy in (Remedy.FILE, Remedy.SCHEMA, Remedy.INDEXES) for one in faults)

"""Another archive, open to be taken from: read only, both files as they were at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.errors import NotAnArchive
from archive.raw.migrations import migrations as page_migrations
from archive.raw.pages import PageStore
from archive.store.connection import (
    APPLICATION_ID,
    PAGES_APPLICATION_ID,
    named_errors,
    open_to_read,
    snapshot,
)
from archive.store.folder import ArchiveFolder
from archive.store.migrations import migrations as news_migrations
from archive.store.schema import applied_names

CHUNK = 1_000  # rows that are read, and written, at a time
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Other:
    """The archive that is taken from. Nobody who writes to it meanwhile changes what is read."""

    folder: ArchiveFolder
    news: Database
    pages: PageStore

    def rows(self, query: str, values: Sequence[object] | Mapping[str, object] = ()) -> list[Row]:
        """The rows of a question to its news.db."""
        return list(self.news.query(query, values))  # type: ignore[arg-type]

    def chunks(
        self, query: str, values: Sequence[object] | Mapping[str, object] = (), size: int = CHUNK
    ) -> Iterator[list[Row]]:
        """The same, some at a time: memory does not grow with the archive."""
        cursor = self.news.conn.execute(query, values)
        names = [column[0] for column in cursor.description]
        while rows := cursor.fetchmany(size):
            yield [dict(zip(names, row, strict=True)) for row in rows]

    def count(self, table: str) -> int:
        """How many rows a table of its news.db has."""
        return int(self.news.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@contextmanager
def opened_other(folder: ArchiveFolder) -> Iterator[Other]:
    """Another archive, open for reading; raises NotAnArchive for what cannot be taken from."""
    for path in (folder.news, folder.pages):
        if not path.is_file():
            raise NotAnArchive(f"{path}: not there; an archive is taken in whole, news.db and pages.db")
    with closing(open_to_read(folder.news)) as news, closing(open_to_read(folder.pages)) as pages:
        refuse(news, folder, "news.db", news_migrations, APPLICATION_ID)
        refuse(pages, folder, "pages.db", page_migrations, PAGES_APPLICATION_ID)
        # A page is kept before what is read from it, so its file is looked at last.
        with snapshot(news, folder.news), snapshot(pages, folder.pages):
            for db in (news, pages):
                db.conn.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the moment is now
            yield Other(folder, news, PageStore(pages, folder.pages))


def refuse(
    db: Database, folder: ArchiveFolder, name: str, migrations: Migrations, application_id: int
) -> None:
    """Raise NotAnArchive for a file of another kind, or of another version than this one."""
    path = folder.path / name
    with named_errors(path):
        (stated,) = db.conn.execute("PRAGMA application_id").fetchone()
        applied = applied_names(db, migrations)
    if stated != application_id:
        raise NotAnArchive(f"{path}: not the {name} of an archive; restore it or name another")
    known = [one.name for one in migrations._migrations]
    if newer := sorted(applied - set(known)):
        raise NotAnArchive(f"{path}: made by a newer version ({newer[-1]}); upgrade muragat to take it in")
    if any(name not in applied for name in known):
        raise NotAnArchive(
            f"{path}: made by an earlier version, and a source is never changed; bring it up to date first: "
            f"muragat reindex --archive {folder.path}"
        )

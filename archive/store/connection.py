"""One way to open the archive's databases, one way to write to them, one name for each failure."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.errors import ArchiveBusy, ArchiveError, NoRoom, NotAnArchive, StorageFull
from archive.numbers_said import counted
from archive.store.disk import full_place
from archive.store.folder import ArchiveFolder

# In the files' headers, so that we know our own: "MRGT" for news.db, "MRGP" for pages.db.
APPLICATION_ID = 0x4D524754
PAGES_APPLICATION_ID = 0x4D524750
OURS = {APPLICATION_ID, PAGES_APPLICATION_ID}
# 32 MB saved nothing at 60,000 articles (1.54 and 1.56 ms CPU an article for its copies), and memory grew
# in a crawl until they were full.
CACHE_KB = 8_000
LOG_BYTES_KEPT = 64 * 1024 * 1024  # a log that a long reader made grow is cut to that when it is used anew
BUSY_TIMEOUT_SECONDS = 90.0  # a backup or a long reader may hold the file for a minute
BUSY_CODES = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# What SQLite says of the disk, and what to do about it.
DISK_REMEDIES = {
    sqlite3.SQLITE_FULL: "make room",
    sqlite3.SQLITE_READONLY: "make it writable, then run again",
    sqlite3.SQLITE_CANTOPEN: "look at its rights and at how many files may be open (`ulimit -n`)",
    sqlite3.SQLITE_IOERR: "look at the system's log (dmesg) and at what a file may hold (`ulimit -f`)",
}
RESTORE = "restore it or name another folder"
DAMAGE_CODES = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}


def open_to_write(
    path: Path,
    migrations: Migrations,
    *,
    application_id: int = APPLICATION_ID,
    busy_timeout: float = BUSY_TIMEOUT_SECONDS,
    synchronous: str = "NORMAL",
    cache_kb: int = CACHE_KB,
) -> Database:
    """Open the database at `path`, made or brought to the newest schema first.

    `synchronous` says what a commit waits for: FULL for the disk itself, NORMAL for the system to have it.
    The connection may pass between threads but must be used by one at a time. Raises an ArchiveError
    that names the file and the cause.
    """
    with named_errors(path):
        connection = sqlite3.connect(path, timeout=busy_timeout, check_same_thread=False)
    try:
        with named_errors(path):
            refuse_foreign(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES_KEPT}")
            connection.execute("PRAGMA foreign_keys = ON")
            # Fingerprints are written at random places: with SQLite's own 2 MB their pages are written
            # out and read back within one batch (1.8 ms CPU an article instead of 1.5 at 60,000).
            connection.execute(f"PRAGMA cache_size = -{cache_kb}")
            # Its own mark first: a process killed while making the file must not leave a stranger's.
            if not connection.execute("PRAGMA application_id").fetchone()[0]:
                connection.execute(f"PRAGMA application_id = {application_id}")
            db = Database(connection)
            migrate(db, migrations, path)
            return db
    except BaseException:
        connection.close()
        raise


def open_to_read(path: Path, *, busy_timeout: float = BUSY_TIMEOUT_SECONDS) -> Database:
    """Open an existing database of an archive for reading only; raises NotAnArchive when it is none."""
    if not path.is_file():
        raise none_there(ArchiveFolder(path.parent), path)
    uri = reading_uri(path)
    with named_errors(path):
        connection = sqlite3.connect(uri, uri=True, timeout=busy_timeout, check_same_thread=False)
    try:
        with named_errors(path):
            refuse_foreign(connection, path)
            if not connection.execute("PRAGMA application_id").fetchone()[0]:
                raise NotAnArchive(f"{path}: an empty file is no archive; crawl into another folder")
    except BaseException:
        connection.close()
        raise
    return Database(connection)


def none_there(folder: ArchiveFolder, path: Path) -> NotAnArchive:
    """What to say of a folder without such a file: that it is none, or holds several archives, where so."""
    if folder.path.is_file():
        return folder.is_a_file()
    if path != folder.news or not (parts := [part.path.name for part in folder.parts()]):
        return NotAnArchive(f"{path}: no archive here; crawl into it first or name another with --archive")
    named = f"{', '.join(parts[:3])}{' …' if parts[3:] else ''}"
    return NotAnArchive(
        f"{folder.path}: {counted(len(parts), 'archive')} in one folder ({named}); name one, as with "
        f"--archive {folder.path / parts[-1]}. `browse`, `search WORDS` and plain `status` read all"
    )


def reading_uri(path: Path) -> str:
    """The address under which SQLite opens the file for reading only, also to be attached.

    Even a reader of a file in WAL mode writes: the index of the log, beside the file. Where the folder
    forbids that and no log waits to be read, nobody is writing either, and the file is read as it lies.
    """
    uri = f"{path.resolve().as_uri()}?mode=ro"
    log = path.with_name(f"{path.name}-wal")
    if os.access(path.parent, os.W_OK, effective_ids=os.access in os.supports_effective_ids) or log.exists():
        return uri
    return f"{uri}&immutable=1"


def refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    """Raise NotAnArchive when the file is a database of something else."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE tbl_name != '_sqlite_migrations'"
    ).fetchone()
    if tables and application_id not in OURS:
        raise NotAnArchive(f"{path}: a database, but no Muragat archive; name another folder with --archive")


def migrate(db: Database, migrations: Migrations, path: Path) -> None:
    """Bring the schema up to date, each migration in one transaction; refuse what a newer version made."""
    known = {migration.name for migration in migrations._migrations}
    newer = [m.name for m in migrations.applied(db) if m.name not in known]
    if newer:
        raise NotAnArchive(f"{path}: made by a newer version ({newer[-1]}); upgrade muragat to open it")
    migrations.apply(db)


@contextmanager
def transaction(db: Database, path: Path) -> Iterator[None]:
    """Write everything inside together or not at all, waiting for other writers first.

    Inside another transaction it is a part of that one.
    """
    with named_errors(path):
        if db.conn.in_transaction:
            with part(db.conn):
                yield
            return
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.conn.commit()
        except BaseException:
            # Also after a commit that failed: left open, it would swallow every later transaction.
            if db.conn.in_transaction:
                db.conn.rollback()
            raise


@contextmanager
def part(connection: sqlite3.Connection) -> Iterator[None]:
    """Take back what is done inside when that fails, and leave the rest of the transaction as it is."""
    connection.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        # A full disk ends the whole transaction, its savepoints with it.
        if connection.in_transaction:
            connection.execute("ROLLBACK TO part")
            connection.execute("RELEASE part")
        raise
    connection.execute("RELEASE part")


@contextmanager
def snapshot(db: Database, path: Path) -> Iterator[None]:
    """Read everything inside as it was at one moment, whoever writes meanwhile."""
    with named_errors(path):
        db.conn.execute("BEGIN")
        try:
            yield
        finally:
            if db.conn.in_transaction:
                db.conn.rollback()


def selected(db: Database, query: str, arguments: Sequence[Any]) -> list[dict[str, Any]]:
    """The rows a SELECT finds, by column; its columns have different names.

    In plain SQL: sqlite-utils makes a savepoint for what might be no SELECT (30 of 40 microseconds).
    """
    found = db.conn.execute(query, arguments)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def inserted(db: Database, table: str, row: Mapping[str, Any]) -> int:
    """Insert one row and return its rowid.

    In plain SQL: sqlite-utils asks for the table's columns and keys first, and makes a savepoint (0.15 ms).
    """
    key = db.conn.execute(insertion(table, tuple(row)), tuple(row.values())).lastrowid
    assert key is not None, "an INSERT has a rowid"
    return key


def insert_all(db: Database, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that have the same columns in the same order."""
    if rows:
        statement = insertion(table, tuple(rows[0]))
        db.conn.executemany(statement, [tuple(row.values()) for row in rows])


def upsert(db: Database, table: str, row: Mapping[str, Any], pk: str) -> None:
    """Insert a row, or set these columns of the one that has its key."""
    db.conn.execute(upsertion(table, tuple(row), pk), tuple(row.values()))


@cache
def insertion(table: str, columns: tuple[str, ...]) -> str:
    """The statement that inserts a row with these columns."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


@cache
def upsertion(table: str, columns: tuple[str, ...], pk: str) -> str:
    """The statement that inserts a row with these columns or sets them."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name != pk)
    return f"{insertion(table, columns)} ON CONFLICT ({pk}) DO UPDATE SET {changes}"


@contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, once, at the border."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise named(error, path) from error
    except UnicodeDecodeError as error:
        # A flipped bit in the schema: SQLite quotes it, and Python cannot read what it quotes.
        raise NotAnArchive(f"{path}: no readable database ({error.reason}); {RESTORE}") from error


def is_busy(error: Exception) -> bool:
    """Whether an error of SQLite says that another program has the file locked."""
    return cause_of(error) in BUSY_CODES


def cause_of(error: Exception) -> int:
    """SQLite's code of an error: the low byte is the cause, the others its shade; 0 for errors of others.

    https://www.sqlite.org/rescode.html
    """
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def named(error: sqlite3.DatabaseError, path: Path) -> ArchiveError:
    """The ArchiveError that says what to do about an error of SQLite."""
    cause = cause_of(error)
    if cause in BUSY_CODES:
        return ArchiveBusy(f"{path}: another program has locked it; try again when it has ended")
    if cause in DISK_REMEDIES:
        return disk_error(error, path)
    if cause in DAMAGE_CODES:
        return NotAnArchive(f"{path}: no readable database ({error}); {RESTORE}")
    return ArchiveError(f"{path}: {error}")


def disk_error(error: sqlite3.DatabaseError, path: Path) -> StorageFull:
    """The error that says what is wrong with the disk.

    A full one shows as SQLITE_FULL only when the log or the file itself grows, and else as an error of
    input and output: the index of the log, a new file, the temporary files.
    """
    place = full_place(path)
    if place or cause_of(error) == sqlite3.SQLITE_FULL:
        said = f"the disk of {place} is full" if place else str(error)
        return NoRoom(f"{path}: cannot be written ({said}); make room, then run again")
    name = getattr(error, "sqlite_errorname", "")
    said = f"{error}, {name}" if cause_of(error) == sqlite3.SQLITE_IOERR and name else str(error)
    return StorageFull(f"{path}: cannot be written ({said}); {DISK_REMEDIES[cause_of(error)]}")

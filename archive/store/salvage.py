"""A damaged database into a new file: every row that can still be read, and none is asked for twice.

Indexes, triggers and the search index are made anew; a table is read past its indexes, and around what is
damaged in it from both ends and by the rows its indexes name. The damaged file is kept beside the new one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.numbers_said import counted
from archive.store.connection import named_errors, open_to_write, reading_uri
from archive.store.schema import without_triggers

TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'articles_fts%' "
    "AND name NOT LIKE 'sqlite_%' AND name <> '_sqlite_migrations'"
)


@dataclass
class Salvage:
    """What came out: rows by table, rows that could not be read by table, and where the old file lies."""

    damaged: Path
    rows: dict[str, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        lost = ", ".join(f"{count} of {table}" for table, count in self.lost.items())
        said = f"{counted(sum(self.rows.values()), 'row')} read into a new file"
        return f"{said}{f', not readable: {lost}' if lost else ''}; the damaged file is {self.damaged.name}"


def salvage(path: Path, migrations: Migrations, *, application_id: int) -> Salvage:
    """Put a new file in the place of a damaged one, with every row that can be read.

    The archive's lock must be held. Killed at any moment, either the damaged file or the whole new one is
    in its place. Raises NotAnArchive when not even the list of tables can be read.
    """
    empty_log(path)
    fresh = path.with_name(f"{path.name}.remade")
    for leftover in with_log(fresh):
        leftover.unlink(missing_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    result = Salvage(path.with_name(f"{path.name}.damaged-{stamp}"))
    with closing(open_to_write(fresh, migrations, application_id=application_id)) as db, named_errors(path):
        copy_tables(db, path, result)
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    put_in_place(fresh, path, result.damaged)
    return result


def with_log(path: Path) -> tuple[Path, Path, Path]:
    """A database with its write-ahead log and that log's index."""
    return path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def empty_log(path: Path) -> None:
    """Bring what waits in the write-ahead log into the file, as far as SQLite still can."""
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")  # opens a file that is cut short
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def copy_tables(db: Database, path: Path, result: Salvage) -> None:
    """Copy all rows of the damaged file that have a place in the new one."""
    db.conn.execute("PRAGMA foreign_keys = OFF")
    # Attached, the damaged file would make the new one's commits fail.
    with closing(sqlite3.connect(reading_uri(path), uri=True)) as old:
        old.execute("PRAGMA writable_schema = ON")  # opens a file that is cut short
        old.text_factory = lambda kept: kept.decode("utf-8", "surrogateescape")
        here = {row[0] for row in old.execute(TABLES)}
        with db.atomic():
            triggers = without_triggers(db)
            for (table,) in db.conn.execute(TABLES).fetchall():
                if table in here:
                    Copying(db.conn, old, table).run(result)
            for sql in triggers.values():
                db.conn.execute(sql)


class Copying:
    """One table on its way from the damaged file into the new one."""

    def __init__(self, new: sqlite3.Connection, old: sqlite3.Connection, table: str) -> None:
        self.new, self.old, self.table = new, old, table
        info = new.execute(f"PRAGMA table_info({table})").fetchall()
        there = {row[1] for row in old.execute(f"PRAGMA table_info({table})")}
        self.columns = ", ".join(row[1] for row in info if row[1] in there)
        self.key = ["rowid"] if has_rowid(new, table) else [str(row[1]) for row in by_key(info)]

    def run(self, result: Salvage) -> None:
        """Copy the table at once if it is whole, else row by row."""
        try:
            result.rows[self.table] = self.all_rows()
        except sqlite3.DatabaseError:
            copied, lost = self.each_row()
            result.rows[self.table] = copied
            if lost:
                result.lost[self.table] = lost

    def all_rows(self) -> int:
        """Copy all rows; returns how many; raises DatabaseError at the first that cannot be read or kept."""
        self.new.execute(f"DELETE FROM {self.table}")
        rows = self.old.execute(f"SELECT {self.columns} FROM {self.table} NOT INDEXED")
        return sum(self.put(row) for row in rows)

    def each_row(self) -> tuple[int, int]:
        """Copy each row by itself; returns how many were, and how many that are named could not be."""
        self.new.execute(f"DELETE FROM {self.table}")
        where = " AND ".join(f"{name} = ?" for name in self.key)
        query = f"SELECT {self.columns} FROM {self.table} NOT INDEXED WHERE {where}"
        copied = lost = 0
        for values in dict.fromkeys(self.keys()):
            try:
                copied += sum(self.put(row) for row in self.old.execute(query, values).fetchall())
            except (sqlite3.DatabaseError, UnicodeEncodeError):
                lost += 1
        return copied, lost

    def put(self, row: tuple[object, ...]) -> int:
        """Put one row into the new file."""
        marks = ", ".join("CAST(? AS TEXT)" if is_broken(value) else "?" for value in row)
        values = [as_kept(value) for value in row]
        return self.new.execute(
            f"INSERT INTO {self.table} ({self.columns}) VALUES ({marks})", values
        ).rowcount

    def keys(self) -> Iterator[tuple[object, ...]]:
        """The keys of all rows that can be found: from the first on, from the last back, by each index."""
        names = ", ".join(self.key)
        for direction in ("ASC", "DESC"):
            order = ", ".join(f"{name} {direction}" for name in self.key)
            yield from self.readable(f"SELECT {names} FROM {self.table} NOT INDEXED ORDER BY {order}")
        for row in self.readable(f"PRAGMA index_list({self.table})"):
            yield from self.readable(f"SELECT {names} FROM {self.table} INDEXED BY {row[1]}")

    def readable(self, query: str) -> Iterator[tuple[object, ...]]:
        """A query's rows up to the first that cannot be read."""
        with suppress(sqlite3.DatabaseError):
            yield from self.old.execute(query)


def has_rowid(connection: sqlite3.Connection, table: str) -> bool:
    """Whether the rows of a table have a number of their own."""
    try:
        connection.execute(f"SELECT rowid FROM {table} LIMIT 0")
    except sqlite3.OperationalError:
        return False
    return True


def by_key(info: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """The primary key's rows of PRAGMA table_info, in the key's order."""
    return sorted((row for row in info if row[5]), key=lambda row: str(row[5]))


def is_broken(value: object) -> bool:
    """Whether a text has bytes that are no letters: those are copied as they are."""
    return isinstance(value, str) and any("\udc80" <= letter <= "\udcff" for letter in value)


def as_kept(value: object) -> object:
    """A value as SQLite takes it."""
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) and is_broken(value) else value


def put_in_place(fresh: Path, path: Path, damaged: Path) -> None:
    """Put the new file in the old one's place in one step; the old one keeps another name."""
    for old, kept in zip(with_log(path)[:2], with_log(damaged)[:2], strict=True):
        if old.exists() and old.stat().st_size:
            keep_as(old, kept)
    for log in with_log(path)[1:]:
        log.unlink(missing_ok=True)
    os.replace(fresh, path)
    for log in with_log(fresh)[1:]:
        log.unlink(missing_ok=True)


def keep_as(old: Path, kept: Path) -> None:
    """A second name for a file, or a copy where the disk knows no second names."""
    try:
        os.link(old, kept)
    except OSError:
        shutil.copy2(old, kept)

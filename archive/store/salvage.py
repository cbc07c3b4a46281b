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
        said = f"{sum(self.rows.values())} rows read into a new file"
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
    db.conn.execute("PRAGMA writable_schema = ON")
    db.conn.execute("ATTACH DATABASE ? AS old", [reading_uri(path)])
    here = {row[0] for row in db.conn.execute(TABLES.replace("sqlite_master", "old.sqlite_master", 1))}
    triggers = without_triggers(db)
    for (table,) in db.conn.execute(TABLES).fetchall():
        if table in here:
            with db.atomic():
                copy_table(db, table, result)
    for sql in triggers.values():
        db.conn.execute(sql)
    db.conn.commit()
    db.conn.execute("DETACH DATABASE old")
    db.conn.execute("PRAGMA writable_schema = OFF")


def copy_table(db: Database, table: str, result: Salvage) -> None:
    """Copy one table: at once if it is whole, else row by row."""
    columns = ", ".join(shared_columns(db, table))
    into = f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM old.{table} NOT INDEXED"
    db.conn.execute(f"DELETE FROM main.{table}")
    try:
        with db.atomic():
            result.rows[table] = db.conn.execute(into).rowcount
    except sqlite3.DatabaseError:
        copied, lost = copy_rows(db, table, into)
        result.rows[table] = copied
        if lost:
            result.lost[table] = lost


def shared_columns(db: Database, table: str) -> list[str]:
    """The columns that a table has in both files, in the new one's order."""
    names = [
        [row[1] for row in db.conn.execute(f"PRAGMA {schema}.table_info({table})")]
        for schema in ("main", "old")
    ]
    return [name for name in names[0] if name in names[1]]


def copy_rows(db: Database, table: str, into: str) -> tuple[int, int]:
    """Copy each row by itself; returns how many were copied, and how many that are named could not be."""
    key = key_of(db, table)
    where = " AND ".join(f"{name} = ?" for name in key)
    copied = lost = 0
    for values in dict.fromkeys(keys(db, table, key)):
        try:
            with db.atomic():
                copied += db.conn.execute(f"{into} WHERE {where}", values).rowcount
        except sqlite3.DatabaseError:
            lost += 1
    return copied, lost


def key_of(db: Database, table: str) -> list[str]:
    """What names a row: its rowid, or in a table without one its primary key."""
    info = db.conn.execute(f"PRAGMA main.table_info({table})").fetchall()
    try:
        db.conn.execute(f"SELECT rowid FROM main.{table} LIMIT 0")
    except sqlite3.OperationalError:
        return [row[1] for row in sorted(info, key=lambda row: row[5]) if row[5]]
    return ["rowid"]


def keys(db: Database, table: str, key: list[str]) -> Iterator[tuple[object, ...]]:
    """The keys of all rows that can be found: from the first on, from the last back, and by each index."""
    names = ", ".join(key)
    for direction in ("ASC", "DESC"):
        order = ", ".join(f"{name} {direction}" for name in key)
        yield from readable(db, f"SELECT {names} FROM old.{table} NOT INDEXED ORDER BY {order}")
    for row in db.conn.execute(f"PRAGMA old.index_list({table})").fetchall():
        yield from readable(db, f"SELECT {names} FROM old.{table} INDEXED BY {row[1]}")


def readable(db: Database, query: str) -> Iterator[tuple[object, ...]]:
    """A query's rows up to the first that cannot be read."""
    with suppress(sqlite3.DatabaseError):
        yield from db.conn.execute(query)


def put_in_place(fresh: Path, path: Path, damaged: Path) -> None:
    """Put the new file in the old one's place in one step; the old one keeps another name."""
    for old, kept in zip(with_log(path)[:2], with_log(damaged)[:2], strict=True):
        if old.exists():
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

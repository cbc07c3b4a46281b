"""Checks of the files themselves: are they whole, and made of what our migrations make?"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.health.findings import Finding, Remedy, found
from archive.numbers_said import counted
from archive.raw.migrations import migrations as page_migrations
from archive.store.connection import is_busy
from archive.store.folder import ArchiveFolder
from archive.store.migrations import migrations as news_migrations
from archive.store.schema import SchemaObject, applied_names, differences

PROBLEMS_SHOWN = 20
STEPS = "steps of the schema not taken yet"
RECOVER = "restore a backup, or `sqlite3 {file} .recover | sqlite3 new.db`"
# What SQLite says of an index that does not fit its table: such an index is made again.
ABOUT_AN_INDEX = re.compile(
    r"row \d+ missing from index|wrong # of entries in index|non-unique entry in index"
)
# Whose rows name articles: the check of rows without an article counts them.
OF_ARTICLES = "articles"


def file_findings(db: Database, folder: ArchiveFolder) -> Iterator[Finding]:
    """SQLite's own checks of both files, their length, and their schema."""
    for schema, path, migrations in (
        ("main", folder.news, news_migrations),
        ("raw", folder.pages, page_migrations),
    ):
        yield length(path)
        yield from schema_findings(db, schema, path.name, migrations)
        yield from integrity(db, schema, path.name)


def length(path: Path) -> Finding:
    """The file is as long as its first page says; not known while a log waits beside it."""
    check = f"{path.name} is not cut short"
    log = path.with_name(f"{path.name}-wal")
    if not path.is_file() or (log.is_file() and log.stat().st_size):
        return Finding(check, "damaged")
    with path.open("rb") as file:
        short = max(0, stated_length(file.read(100)) - path.stat().st_size)
    detail = f"{counted(short, 'byte')} missing at its end; {RECOVER.format(file=path.name)}"
    return Finding(check, "damaged", int(short > 0), "", detail, remedy=Remedy.FILE)


def stated_length(head: bytes) -> int:
    """The length of a database by the first 100 bytes of it; 0 where they do not say.

    https://www.sqlite.org/fileformat.html#in_header_database_size
    """
    if head[24:28] != head[92:96]:
        return 0
    size = int.from_bytes(head[16:18], "big")
    return int.from_bytes(head[28:32], "big") * (65536 if size == 1 else size)


def schema_findings(db: Database, schema: str, name: str, migrations: Migrations) -> Iterator[Finding]:
    """Tables, indexes, triggers and views are those our migrations make."""
    made = differences(db, migrations, schema)
    yield objects_found(f"{name}: tables, indexes and triggers are there", "lost", made.missing)
    tables = [one for one in made.changed if one.kind == "table"]
    rest = [one for one in made.changed if one.kind != "table"]
    yield objects_found(f"{name}: indexes and triggers are as we make them", "damaged", rest)
    yield found(
        f"{name}: tables are as we make them",
        "damaged",
        tables,
        Remedy.NONE,
        hint="another program changed them; undo that, or restore a backup",
    )
    yield from schema_notes(db, schema, name, migrations, made.foreign)


def schema_notes(
    db: Database, schema: str, name: str, migrations: Migrations, foreign: Sequence[SchemaObject]
) -> Iterator[Finding]:
    """What is worth knowing of a schema, where there is something."""
    if foreign:
        yield found(f"{name}: not of Muragat's making", "note", foreign, Remedy.NONE)
    if waiting := {one.name for one in migrations._migrations} - applied_names(db, migrations, schema):
        check, hint = f"{name}: {STEPS}", "the next crawl takes them"
        yield found(check, "note", sorted(waiting), Remedy.NONE, hint=hint)


def objects_found(check: str, kind: str, objects: Sequence[SchemaObject]) -> Finding:
    """A finding about what can be made again."""
    return found(check, kind, objects, Remedy.SCHEMA)


def integrity(db: Database, schema: str, name: str) -> Iterator[Finding]:
    """PRAGMA integrity_check, told apart by what makes it good, and foreign_key_check."""
    problems = integrity_problems(db, schema)
    indexes = [one for one in problems if ABOUT_AN_INDEX.match(one)]
    rest = [one for one in problems if one not in indexes]
    yield found(f"{name} is whole", "damaged", rest, Remedy.FILE, hint=RECOVER.format(file=name))
    yield found(f"{name}: indexes fit their tables", "damaged", indexes, Remedy.INDEXES)
    try:
        strays = db.conn.execute(f"PRAGMA {schema}.foreign_key_check").fetchall()
    except sqlite3.OperationalError:
        strays = []  # a table is not there, which is a finding of its own
    strays = [row for row in strays if row[2] != OF_ARTICLES]
    detail = f"{strays[0][0]} names a missing row of {strays[0][2]}" if strays else ""
    check = f"{name}: every row that is named exists"
    remedy = Remedy.BODIES if schema == "raw" else Remedy.NONE  # a page whose body is not there
    yield Finding(check, "lost", len(strays), "", detail, remedy=remedy)


def integrity_problems(db: Database, schema: str) -> list[str]:
    """What PRAGMA integrity_check says, line by line; nothing of a sound file."""
    try:
        rows = db.conn.execute(f"PRAGMA {schema}.integrity_check({PROBLEMS_SHOWN})").fetchall()
    except sqlite3.DatabaseError as error:
        if is_busy(error):
            raise
        return [str(error)]
    lines = [line for row in rows for line in str(row[0]).splitlines()]
    return [line for line in lines if line != "ok" and not line.startswith("***")]

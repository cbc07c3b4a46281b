"""Is a database's schema what our migrations make, and what is missing made again."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.store.connection import transaction

# What SQLite makes for itself, and the search index: that is made anew by other means.
OWN = re.compile(r"sqlite_|articles_fts|_sqlite_migrations")
QUERY = "SELECT type, name, tbl_name, sql FROM {schema}.sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"


@dataclass(frozen=True, slots=True)
class SchemaObject:
    """A table, index, trigger or view: `kind` is which, `table` is what it belongs to."""

    kind: str
    name: str
    table: str
    sql: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def says(self) -> str:
        """Its SQL without comments, quotes and spacing: a renamed table is written with quotes."""
        plain = re.sub(r"--[^\n]*", " ", self.sql)
        return re.sub(r"\s+", "", plain.replace('"', "")).casefold()


@dataclass(frozen=True, slots=True)
class SchemaDifferences:
    """What is not there, what is otherwise than we make it, and what is not of our making."""

    missing: tuple[SchemaObject, ...]
    changed: tuple[SchemaObject, ...]
    foreign: tuple[SchemaObject, ...]


def objects(db: Database, schema: str = "main") -> dict[str, SchemaObject]:
    """What a database is made of, by name, in the order it was made."""
    rows = db.conn.execute(QUERY.format(schema=schema))
    return {row[1]: SchemaObject(*row) for row in rows if not OWN.match(row[1])}


def expected(migrations: Migrations, applied: set[str]) -> dict[str, SchemaObject]:
    """What a new database is made of, by the migrations that were `applied`."""
    with closing(sqlite3.connect(":memory:")) as connection:
        fresh = Database(connection)
        later = [one.name for one in migrations._migrations if one.name not in applied]
        migrations.apply(fresh, stop_before=later)
        return objects(fresh)


def applied_names(db: Database, migrations: Migrations, schema: str = "main") -> set[str]:
    """The names of the migrations a database has gone through; all of them where it does not say."""
    query = f"SELECT name FROM {schema}._sqlite_migrations WHERE migration_set = ?"
    try:
        names = {row[0] for row in db.conn.execute(query, [migrations.name])}
    except sqlite3.OperationalError:
        names = set()
    return names or {one.name for one in migrations._migrations}


def differences(db: Database, migrations: Migrations, schema: str = "main") -> SchemaDifferences:
    """How a database's schema differs from what the migrations it went through make."""
    ours, here = expected(migrations, applied_names(db, migrations, schema)), objects(db, schema)
    return SchemaDifferences(
        missing=tuple(one for name, one in ours.items() if name not in here),
        changed=tuple(one for name, one in ours.items() if name in here and here[name].says != one.says),
        foreign=tuple(one for name, one in here.items() if name not in ours),
    )


def remake(db: Database, path: Path, migrations: Migrations) -> tuple[SchemaObject, ...]:
    """Make again what is missing, and indexes, triggers and views that are otherwise; returns those.

    A table that is otherwise stays as it is: only its owner knows what the other columns are for.
    """
    found = differences(db, migrations)
    renewed = tuple(one for one in found.changed if one.kind != "table")
    with transaction(db, path):
        for one in renewed:
            db.conn.execute(f'DROP {one.kind} "{one.name}"')
        made = tuple(in_order(found.missing + renewed))
        for one in made:
            db.conn.execute(one.sql)
    return made


def in_order(found: tuple[SchemaObject, ...]) -> Iterator[SchemaObject]:
    """Tables first: the rest is about them."""
    return iter(sorted(found, key=lambda one: one.kind != "table"))


def without_triggers(db: Database) -> Mapping[str, str]:
    """Take out all triggers, so that rows can be copied as they are; returns their SQL by name."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    triggers: dict[str, Any] = dict(db.conn.execute(query).fetchall())
    for name in triggers:
        db.conn.execute(f'DROP TRIGGER "{name}"')
    return triggers

"""Several archives of one site, filled as crawls fill them, and all that an archive holds, to be compared."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.health.audit import audit_archive
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from crawler.cli import cli
from tests.store.conftest import NOON, SITE, SOURCE, Desk

# What an index is made of on disk depends on how many steps made it; what SQLite counted, on when.
INNER = re.compile(r"articles_fts|sqlite_|_sqlite_migrations")
CLOCKS = {"search_indexes": "made_at", "takedowns": "done_at"}


@contextmanager
def desk_at(path: Path, *, source: str = SOURCE, home: str = f"{SITE}/") -> Iterator[Desk]:
    """An archive at a place, open to be written to, with a run of its source."""
    folder = ArchiveFolder(path)
    with Archive(folder, busy_timeout=0.05) as archive:
        archive.sources.save(
            source, name="Степь", home=home, languages=["ru"], timezone="Asia/Almaty", region=None
        )
        yield Desk(archive, folder, archive.runs.begin(source, started_at=NOON, version="test"))


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Make an archive called so, filled by functions of its desk; returns its folder."""

    def made(name: str, *fill: Callable[[Desk], Any], **options: Any) -> Path:
        with desk_at(tmp_path / name, **options) as desk:
            for one in fill:
                one(desk)
        return tmp_path / name

    return made


def merged(into: Path, *parts: Path, code: int = 0) -> Result:
    """Merge as a user does."""
    done = CliRunner().invoke(cli, ["merge", *map(str, parts), "--archive", str(into)])
    assert done.exit_code == code, (done.output, done.exception)
    return done


def rows(path: Path, query: str, *values: Any, file: str = "news.db") -> list[tuple[Any, ...]]:
    """What one of an archive's files answers."""
    with closing(sqlite3.connect(f"file:{path / file}?mode=ro", uri=True)) as connection:
        return connection.execute(query, values).fetchall()


def dump(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of an archive, but for how an index lies on disk, and what a clock said."""
    found = {}
    for file in ("news.db", "pages.db"):
        with closing(sqlite3.connect(f"file:{path / file}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                if not INNER.match(table):
                    held = map(dict, connection.execute(f"SELECT * FROM {table}"))
                    clock = CLOCKS.get(table)
                    told = [{n: v for n, v in row.items() if n != clock} for row in held]
                    found[table] = sorted(told, key=repr)
    return found


def faults(path: Path) -> list[str]:
    """What an audit of every page and text finds wrong."""
    return [str(one) for one in audit_archive(ArchiveFolder(path), full=True) if one.is_fault]

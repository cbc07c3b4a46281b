"""An archive's file under the hands of somebody who knows no rules."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def tampering(path: Path) -> Iterator[sqlite3.Connection]:
    """The file without its triggers and rules while somebody changes it; they are there again afterwards."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        listed = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        triggers = db.execute(listed).fetchall()
        for trigger, _, _ in triggers:
            db.execute(f"DROP TRIGGER {trigger}")
        yield db
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for _, table, sql in triggers:
            if table in tables:  # with its table a trigger goes too
                db.execute(sql)
        db.commit()

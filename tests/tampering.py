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
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for trigger, _ in triggers:
            db.execute(f"DROP TRIGGER {trigger}")
        yield db
        for _, sql in triggers:
            db.execute(sql)
        db.commit()

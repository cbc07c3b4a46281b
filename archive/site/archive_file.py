"""Which of the files Datasette serves are archives of ours, if any."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

APPLICATION_ID = 0x4D524754  # what archive/store writes into the file's header
SNAPSHOT_TABLE = "snapshot"  # stands in published files only, and says when they were made

found: WeakKeyDictionary[Any, tuple[str, ...]] = WeakKeyDictionary()


def archive_name(datasette: Any) -> str | None:
    """The name of the archive that the reading room shows, the first one; `None` when none is served.

    A plugin is loaded wherever it is installed: without an archive it must leave Datasette as it was.
    """
    return next(iter(archive_names(datasette)), None)


def archive_names(datasette: Any) -> tuple[str, ...]:
    """The names of all served databases that are archives; of those after the first only tables are shown."""
    if datasette not in found:
        files = {name: db.path for name, db in datasette.databases.items() if db.path}
        found[datasette] = tuple(name for name, path in files.items() if is_archive(Path(path)))
    return found[datasette]


def is_archive(path: Path) -> bool:
    """Whether the file is a Muragat archive's news.db.

    SQLite is asked, not the file's header: during a first crawl the header may still be in the WAL.
    """
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return False
    try:
        return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)
    except sqlite3.Error:
        return False
    finally:
        connection.close()

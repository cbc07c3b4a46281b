"""Which of the files Datasette serves is an archive of ours, if any."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

APPLICATION_ID = 0x4D524754  # what archive/store writes into the file's header
SNAPSHOT_TABLE = "snapshot"  # stands in published files only, and says when they were made

found: WeakKeyDictionary[Any, str | None] = WeakKeyDictionary()


def archive_name(datasette: Any) -> str | None:
    """The name of the served database that is an archive, `None` when none is.

    A plugin is loaded wherever it is installed: without an archive it must leave Datasette as it was.
    """
    if datasette not in found:
        files = {name: db.path for name, db in datasette.databases.items() if db.path}
        found[datasette] = next((name for name, path in files.items() if is_archive(Path(path))), None)
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

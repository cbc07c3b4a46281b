"""A published file that is served: told from a living one, and watched for a newer one in its place."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Any

from archive.site.archive_file import SNAPSHOT_TABLE
from archive.site.headers import App

LOOK_SECONDS = 2.0  # between two looks at the file: one `stat` for all requests of two seconds
Made = tuple[int, int, int]


def is_snapshot(path: Path) -> bool:
    """Whether the file was made by `muragat publish`, and so is never written to again."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        asked = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return connection.execute(asked, [SNAPSHOT_TABLE]).fetchone() is not None


def inspected(path: Path, name: str) -> dict[str, Any]:
    """What Datasette would read a whole immutable file for, as its publisher wrote it down."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(f"SELECT name, rows FROM {SNAPSHOT_TABLE}_counts").fetchall()
        (made_at,) = connection.execute(f"SELECT made_at FROM {SNAPSHOT_TABLE}").fetchone()
    mark = "".join(char for char in made_at if char.isdigit()).ljust(20, "0")
    tables = {table: {"count": count} for table, count in rows}
    return {name: {"hash": mark[-6:] + mark, "size": path.stat().st_size, "tables": tables}}


def made(path: Path) -> Made | None:
    """Which file lies at a path: other after a rename over it; `None` in the moment there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns


class NewestSnapshot:
    """Answers from the file that lies at the path now, opened anew when another was renamed over it.

    Answers under way end on the old file, which the system keeps until it is let go.
    """

    def __init__(self, path: Path, opened: Callable[[Path], App]) -> None:
        self.path, self.opened = path, opened
        self.made = made(path)
        self.app = opened(path)
        self.looked_at = monotonic()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            self.look_again()
        await self.app(scope, receive, send)

    def look_again(self) -> None:
        """Look at the file unless that was done a moment ago."""
        if monotonic() - self.looked_at >= LOOK_SECONDS:
            self.look()

    def look(self) -> None:
        """Open the file anew if it is another one, whole and published; else keep what is open."""
        self.looked_at = monotonic()
        found = made(self.path)
        if found is None or found == self.made:
            return
        try:
            if is_snapshot(self.path):
                self.app, self.made = self.opened(self.path), found
        except sqlite3.Error:  # no database: what is open goes on
            return

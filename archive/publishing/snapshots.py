"""A snapshot of an archive, to be shown to the world: one file that nobody changes, whole or not there."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import NotAnArchive, StorageFull
from archive.site.archive_file import SNAPSHOT_TABLE
from archive.store.connection import named_errors, open_to_read

# What is the operator's own: whom alarms tell, which process has what in hand, what is still to be asked.
PRIVATE = ("alarms_told", "leases", "frontier")
READ_ONLY = 0o444
MARKS = f"""
CREATE TABLE {SNAPSHOT_TABLE} (made_at TEXT NOT NULL);
CREATE TABLE {SNAPSHOT_TABLE}_counts (name TEXT PRIMARY KEY, rows INTEGER NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What a snapshot holds; days are those of publication, `None` of an archive without dated articles.

    `taken_down` counts addresses, of which it holds hashes.
    """

    path: Path
    bytes: int
    made_at: datetime
    articles: int
    sources: int
    wordings: int
    taken_down: int
    first_day: str | None
    last_day: str | None


def publish(news: Path, target: Path, *, now: datetime | None = None) -> Held:
    """Write a snapshot of `news` to `target`, over an earlier one if there is one; readers of that go on.

    The living archive may be crawled into meanwhile: the snapshot is what it held when this began. It is made
    beside `target`, checked as a whole, and takes its place by a rename. Raises NotAnArchive or StorageFull;
    what was at `target` is then as it was.
    """
    refuse_other(news, target)
    made_at = now or datetime.now(UTC)
    with beside(target) as draft:
        copy(news, draft)
        held = finished(draft, target, made_at)
        os.replace(draft, target)
        settled(target.parent)
    return held


def refuse_other(news: Path, target: Path) -> None:
    """Raise NotAnArchive where the snapshot would replace what is no snapshot of Muragat."""
    if not target.exists():
        return
    if target.is_dir():
        raise NotAnArchive(f"{target}: a folder stands where the snapshot would; name another file")
    if target.samefile(news):
        raise NotAnArchive(
            f"{target}: this is the archive itself, which its snapshot does not replace; name another file"
        )
    with closing(open_to_read(target)) as old:
        if SNAPSHOT_TABLE not in old.table_names():
            raise NotAnArchive(f"{target}: an archive that is no snapshot is not replaced; name another file")


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """A name for a file beside `target`, which is taken away again if it is still there at the end."""
    draft = target.with_name(f"{target.name}.{os.getpid()}.making")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        yield draft
    except OSError as error:
        raise StorageFull(f"{target}: cannot be written ({error.strerror or error})") from error
    finally:
        for name in (draft, Path(f"{draft}-journal")):
            name.unlink(missing_ok=True)


def copy(news: Path, draft: Path) -> None:
    """Copy the archive as it is at this moment, without what is the operator's own."""
    with closing(open_to_read(news)) as db, named_errors(draft):
        db.conn.execute("VACUUM INTO ?", [str(draft)])
    with closing(sqlite3.connect(draft)) as connection, named_errors(draft):
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA secure_delete = ON")  # no second VACUUM: what goes is overwritten
        known = tables(connection)
        for table in PRIVATE:
            if table in known:
                connection.execute(f"DELETE FROM {table}")
        if "takedowns" in known:  # that a number was taken down is said; who asked, and why, is not
            connection.execute("UPDATE takedowns SET url = '', reason = '', asked_by = '', page_ids = '[]'")
        if "takedown_addresses" in known:  # by the hash archives served beside it know what to bar too
            connection.execute("UPDATE takedown_addresses SET url_key = ''")
        connection.commit()


def finished(draft: Path, target: Path, made_at: datetime) -> Held:
    """Mark the copy as a snapshot, count what it holds, check it, and make it one that nobody writes to."""
    with closing(sqlite3.connect(draft)) as connection, named_errors(draft):
        connection.executescript(MARKS)
        connection.execute(f"INSERT INTO {SNAPSHOT_TABLE} VALUES (?)", [made_at.isoformat()])
        counts = {name: count(connection, name) for name in tables(connection)}
        connection.executemany(f"INSERT INTO {SNAPSHOT_TABLE}_counts VALUES (?, ?)", counts.items())
        connection.execute("PRAGMA optimize = 0x10002")  # statistics of all tables, for the planner
        connection.commit()
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
        if sound != "ok":
            raise NotAnArchive(f"{target}: the copy is damaged ({sound}); run `muragat audit`")
        days = connection.execute("SELECT min(published_date), max(published_date) FROM articles").fetchone()
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    draft.chmod(READ_ONLY)
    size = draft.stat().st_size
    articles, sources, wordings = (counts[table] for table in ("articles", "sources", "revisions"))
    taken_down = counts.get("takedown_addresses", 0)
    return Held(target, size, made_at, articles, sources, wordings, taken_down, *days)


def tables(connection: sqlite3.Connection) -> list[str]:
    """The names of all tables, those within the search index too."""
    asked = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    return [name for (name,) in connection.execute(asked)]


def count(connection: sqlite3.Connection, table: str) -> int:
    """How many rows a table has."""
    (rows,) = connection.execute(f"SELECT count(*) FROM [{table}]").fetchone()
    return int(rows)


def settled(folder: Path) -> None:
    """Have the rename itself outlive a loss of power, where the system can."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

"""The write-ahead logs beside the databases: how large they are, and whether someone keeps them so."""

from __future__ import annotations

from pathlib import Path

MIB = 1024 * 1024
# A crawl's log stays at 4 MiB, for SQLite copies it into the file by itself, and one that grew is cut to
# LOG_BYTES_KEPT. Only what reads, without an end, what was written before keeps it growing.
LONG_LOG_BYTES = 256 * MIB


def log_of(path: Path) -> Path:
    """The write-ahead log of a database."""
    return path.with_name(f"{path.name}-wal")


def log_bytes(path: Path) -> int:
    """The size of a database's log; 0 for none."""
    try:
        return log_of(path.resolve()).stat().st_size
    except OSError:
        return 0


def long_log(path: Path, most_bytes: int = LONG_LOG_BYTES) -> str | None:
    """What is to be said of a log that is larger than it should be, or `None`."""
    size = log_bytes(path)
    if size <= most_bytes:
        return None
    return (
        f"{log_of(path)} has grown to {size // MIB} MiB: a program has been reading {path.name} for long "
        "(a backup, Datasette, sqlite3?), and the log shrinks when that has ended; nothing is lost"
    )

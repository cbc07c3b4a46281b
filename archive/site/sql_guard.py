"""What no SQL on an archive may call, whoever wrote it: functions no time limit can stop."""

from __future__ import annotations

import sqlite3

# printf('%.*c', 900000000, 'x') ran 32 s: the limit interrupts between two steps, never within one.
DENIED = frozenset({"printf", "format", "zeroblob", "randomblob", "load_extension"})
# No row of an archive is as long; hex() and replace() of more took 1.96 GB.
MOST_BYTES = 32_000_000
# Who wished an article away, why, and where it stood, is nobody's business.
UNREAD = {("takedowns", name) for name in ("url", "reason", "asked_by")}


def guard(connection: sqlite3.Connection) -> None:
    """Refuse such functions on a connection, and values longer than any article."""
    connection.set_authorizer(allowed)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)


def allowed(action: int, table: str | None, function: str | None, *where: str | None) -> int:
    """SQLite's question whether a statement may do something; all but to call or read what is denied."""
    # A column without a name is a row that is only counted, as Datasette does with every table.
    is_closed = table == "takedown_addresses" and function
    if action == sqlite3.SQLITE_READ and (is_closed or (table, function) in UNREAD):
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and (function or "").lower() in DENIED:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK

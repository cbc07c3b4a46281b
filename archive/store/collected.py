"""What was taken home from other machines, so that nothing is taken in twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from archive.store.columns import utc
from archive.store.connection import transaction

ATTEMPTS = """
CREATE TABLE attempts (
    id TEXT PRIMARY KEY,            -- one worker's attempt at a job
    job TEXT NOT NULL,              -- the job; a killed attempt is followed by another
    source TEXT NOT NULL REFERENCES sources(id),
    run_id INTEGER NOT NULL REFERENCES runs(id),  -- the run it is in the books
    begun_at TEXT NOT NULL,         -- UTC: when its first message came home
    taken INTEGER NOT NULL          -- how many of its messages are kept; an earlier one is left out
) WITHOUT ROWID"""

ATTEMPT_PAGES = """
CREATE TABLE attempt_pages (
    attempt TEXT NOT NULL REFERENCES attempts(id),
    number INTEGER NOT NULL,        -- what the worker called the page
    page_id INTEGER NOT NULL,       -- pages.id in pages.db
    PRIMARY KEY (attempt, number)
) WITHOUT ROWID"""

COLLECTED = (ATTEMPTS, ATTEMPT_PAGES)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt as the books have it: messages up to number `taken` are kept."""

    id: str
    job: str
    source: str
    run_id: int
    begun_at: str
    taken: int = 0


class CollectedStore:
    """The attempts of other machines."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path

    def attempt(self, attempt_id: str) -> Attempt | None:
        """An attempt under way, or `None`."""
        row = next(iter(self.db.query("SELECT * FROM attempts WHERE id = ?", [attempt_id])), None)
        return Attempt(**row) if row else None

    def begin(self, attempt: Attempt) -> None:
        """Note that an attempt began; part of the caller's transaction."""
        row = (attempt.id, attempt.job, attempt.source, attempt.run_id, attempt.begun_at, attempt.taken)
        with transaction(self.db, self.path):
            self.db.conn.execute("INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?)", row)

    def note(self, attempt_id: str, taken: int) -> None:
        """Note up to which message an attempt is kept; part of the transaction that keeps it."""
        with transaction(self.db, self.path):
            self.db.conn.execute("UPDATE attempts SET taken = ? WHERE id = ?", [taken, attempt_id])

    def note_page(self, attempt_id: str, number: int, page_id: int) -> None:
        """Note under which id a worker's page is kept here."""
        with transaction(self.db, self.path):
            self.db.conn.execute(
                "INSERT OR REPLACE INTO attempt_pages VALUES (?, ?, ?)", [attempt_id, number, page_id]
            )

    def page(self, attempt_id: str, number: int) -> int | None:
        """The id here of a worker's page, or `None`."""
        query = "SELECT page_id FROM attempt_pages WHERE attempt = ? AND number = ?"
        row = self.db.conn.execute(query, [attempt_id, number]).fetchone()
        return row[0] if row else None

    def forget_before(self, moment: datetime) -> None:
        """Forget attempts whose first message came before then: no message of theirs can come any more."""
        with transaction(self.db, self.path):
            old = "SELECT id FROM attempts WHERE begun_at < ?"
            self.db.conn.execute(f"DELETE FROM attempt_pages WHERE attempt IN ({old})", [utc(moment)])
            self.db.conn.execute("DELETE FROM attempts WHERE begun_at < ?", [utc(moment)])

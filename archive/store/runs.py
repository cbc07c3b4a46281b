"""The books of every crawl: runs, requests, problems. Counts are exact even of a killed run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from archive.records import Outcome, Refusal, Visit
from archive.store.columns import json_text, utc
from archive.store.connection import inserted, transaction

COUNTED_AS = {
    Outcome.NEW: "new",
    Outcome.REVISED: "revised",
    Outcome.UNCHANGED: "unchanged",
    Outcome.NOT_MODIFIED: "unchanged",
    Outcome.REJECTED: "rejected",
    Outcome.GONE: "gone",
    Outcome.FAILED: "failed",
}
DETAIL_CHARS = 500


class RunStore:
    """Begins and ends runs, and enters each request and problem under its run."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path

    def begin(self, source: str, *, started_at: datetime, version: str) -> int:
        """Open the books of a run; a run of the source that never ended is marked as killed."""
        with transaction(self.db, self.path):
            self.db.conn.execute(
                "UPDATE runs SET status = 'killed' WHERE source = ? AND status = 'running'", [source]
            )
            row = {"source": source, "started_at": utc(started_at), "status": "running", "version": version}
            run_id = inserted(self.db, "runs", row)
            self.db.conn.execute(
                "UPDATE sources SET first_crawled_at = coalesce(first_crawled_at, ?), last_crawled_at = ? "
                "WHERE id = ?",
                [utc(started_at), utc(started_at), source],
            )
        return run_id

    def end(
        self, run_id: int, *, status: str, reason: str | None, ended_at: datetime, seconds: float
    ) -> None:
        """Close the books: `status` is done, stopped or failed; `seconds` is how long the run took."""
        with transaction(self.db, self.path):
            self.db.conn.execute(
                "UPDATE runs SET status = ?, reason = ?, ended_at = ?, seconds = ? WHERE id = ?",
                [status, reason, utc(ended_at), round(seconds, 3), run_id],
            )

    def enter(self, run_id: int, source: str, visit: Visit, outcome: Outcome) -> None:
        """Enter one request and add it to the run's counts."""
        counted = COUNTED_AS.get(outcome) if visit.kind == "article" else None
        add = f", {counted} = {counted} + 1" if counted else ""
        with transaction(self.db, self.path):
            inserted(
                self.db,
                "fetches",
                {
                    "run_id": run_id,
                    "source": source,
                    "url": visit.url,
                    "kind": visit.kind,
                    "status": visit.status,
                    "outcome": str(outcome),
                    "reason": visit.reason,
                    "fetched_at": utc(visit.fetched_at),
                    "seconds": round(visit.seconds, 3),
                    "bytes": visit.bytes,
                    "page_id": visit.page_id,
                },
            )
            self.db.conn.execute(
                f"UPDATE runs SET requests = requests + 1, bytes = bytes + ?{add} WHERE id = ?",
                [visit.bytes, run_id],
            )

    def refuse(
        self, run_id: int, source: str, stage: str, refusals: Iterable[Refusal], *, now: datetime
    ) -> int:
        """Keep a row for each address that could not be used; the same one again only counts up.

        Returns how many were not known before.
        """
        fresh = 0
        with transaction(self.db, self.path):
            for refusal in refusals:
                cursor = self.db.conn.execute(
                    "INSERT INTO problems (source, run_id, stage, url, code, detail, times, "
                    "first_seen_at, last_seen_at) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?) "
                    "ON CONFLICT (source, url, code) DO UPDATE SET times = times + 1, "
                    "run_id = excluded.run_id, detail = excluded.detail, "
                    "last_seen_at = excluded.last_seen_at RETURNING times",
                    [
                        *(source, run_id, stage, storable(refusal.url), refusal.code),
                        *(storable(refusal.detail)[:DETAIL_CHARS], utc(now), utc(now)),
                    ],
                )
                fresh += cursor.fetchone()[0] == 1
        return fresh

    def overlook(
        self, run_id: int, source: str, host: str, faults: Sequence[str], *, reason: str, now: datetime
    ) -> None:
        """Enter that a host's certificate was accepted for all its `faults`, as its profile says."""
        row = {"run_id": run_id, "source": source, "host": host, "faults": json_text(list(faults))}
        with transaction(self.db, self.path):
            self.db.table("tls_exceptions").upsert(
                row | {"reason": reason, "noted_at": utc(now)}, pk=("run_id", "host")
            )

    def was_answered(self, run_id: int) -> bool:
        """Whether any server gave any answer in this run, and be it an error."""
        query = "SELECT 1 FROM fetches WHERE run_id = ? AND status IS NOT NULL LIMIT 1"
        return self.db.conn.execute(query, [run_id]).fetchone() is not None

    def counts(self, run_id: int) -> dict[str, float]:
        """The run's counts by column name, with its bytes and seconds."""
        columns = (*dict.fromkeys(COUNTED_AS.values()), "requests", "bytes", "seconds")
        row = next(iter(self.db.query("SELECT * FROM runs WHERE id = ?", [run_id])))
        return {name: row[name] or 0 for name in columns}

    def reasons(self, run_id: int) -> dict[str, int]:
        """Why addresses were rejected or failed in this run, and how many had come back: code to how many."""
        rows = self.db.query(
            "SELECT code, count(*) AS n FROM problems WHERE run_id = :run GROUP BY code UNION ALL "
            "SELECT reason, count(*) FROM fetches WHERE run_id = :run AND reason IN ('came_back', 'view') "
            "GROUP BY reason ORDER BY n DESC",
            {"run": run_id},
        )
        return {row["code"]: row["n"] for row in rows}


def storable(text: str) -> str:
    """The text without what SQLite refuses or a terminal obeys: lone surrogates and control characters."""
    whole = text.encode("utf-8", "replace").decode()
    return "".join(character if character.isprintable() else " " for character in whole)

"""What crawls did since somebody began to watch: counts that only grow, from the archive's own books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.store.columns import moment_of

COUNTED = ("new", "revised")


@dataclass(slots=True)
class SourceCounts:
    """Of one source: articles by what became of them, crawls by status, their seconds, failures by reason."""

    articles: Counter[str] = field(default_factory=Counter)
    crawls: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, other: SourceCounts) -> None:
        """Count another's into this one."""
        self.articles += other.articles
        self.crawls += other.crawls
        self.failures += other.failures
        self.seconds += other.seconds


class RunCounts:
    """Reads only what is new: the runs before the first that has not ended are summed up once."""

    def __init__(self, after_run: int) -> None:
        """Count the runs with a higher id."""
        self.reached = after_run
        self.summed: dict[str, SourceCounts] = {}

    def read(self, db: Database) -> dict[str, SourceCounts]:
        """The counts of each source up to now."""
        runs = list(db.query("SELECT * FROM runs WHERE id > ? ORDER BY id", [self.reached]))
        first_open = next((run["id"] for run in runs if run["status"] == "running"), None)
        ended = [run for run in runs if first_open is None or run["id"] < first_open]
        add_all(self.summed, counted(db, ended))
        self.reached = ended[-1]["id"] if ended else self.reached
        total: dict[str, SourceCounts] = {}
        add_all(total, self.summed)
        add_all(total, counted(db, runs[len(ended) :]))
        return total


def add_all(into: dict[str, SourceCounts], more: Mapping[str, SourceCounts]) -> None:
    """Count every source's into its own."""
    for source, counts in more.items():
        into.setdefault(source, SourceCounts()).add(counts)


def counted(db: Database, runs: Iterable[Mapping[str, Any]]) -> dict[str, SourceCounts]:
    """The counts of some runs, by source."""
    by_source: dict[str, SourceCounts] = {}
    for run in runs:
        one = SourceCounts(
            articles=Counter({name: run[name] for name in COUNTED}),
            crawls=Counter({run["status"]: 1}),
            failures=failures_of(db, run["id"]),
            seconds=run["seconds"] or 0.0,
        )
        by_source.setdefault(run["source"], SourceCounts()).add(one)
    return by_source


def failures_of(db: Database, run_id: int) -> Counter[str]:
    """How many requests of a run gave nothing, by reason."""
    rows = db.query(
        "SELECT coalesce(reason, outcome) AS why, count(*) AS n FROM fetches "
        "WHERE run_id = ? AND outcome IN ('failed', 'rejected') GROUP BY why",
        [run_id],
    )
    return Counter({row["why"]: row["n"] for row in rows})


def last_run(db: Database) -> int:
    """The highest id of a run; 0 for none."""
    (newest,) = db.conn.execute("SELECT max(id) FROM runs").fetchone()
    return newest or 0


def last_success(db: Database, source: str) -> datetime | None:
    """When the last crawl of a source that was done ended, or `None`."""
    row = db.conn.execute(
        "SELECT ended_at FROM runs WHERE source = ? AND status = 'done' AND ended_at IS NOT NULL "
        "ORDER BY started_at DESC LIMIT 1",
        [source],
    ).fetchone()
    return moment_of(row[0]) if row else None

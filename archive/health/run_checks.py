"""What the books say of runs: nothing here is a fault, some of it worth knowing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sqlite_utils import Database

from archive.health.findings import Finding

Check = Callable[[], Finding | Iterable[Finding]]


def run_checks(db: Database) -> Iterator[tuple[str, Check]]:
    """The checks of runs and of what they have in hand, by name."""
    yield "addresses in hand", lambda: taken_addresses(db)
    yield "runs", lambda: endless_runs(db)


def taken_addresses(db: Database) -> Finding:
    """Addresses a run took in hand: of one that has ended they wait for the next crawl of their source."""
    (taken,) = db.conn.execute(
        "SELECT count(*) FROM frontier WHERE taken_by IS NOT NULL "
        "AND taken_by NOT IN (SELECT id FROM runs WHERE status = 'running')"
    ).fetchone()
    (held,) = db.conn.execute("SELECT count(*) FROM frontier WHERE taken_by IS NOT NULL").fetchone()
    detail = f"{held - taken} of a run that goes on or was killed, {taken} of ended ones" if held else ""
    return Finding("addresses in hand", "note", held, "", detail)


def endless_runs(db: Database) -> Finding:
    """Runs that never ended: they go on, or were killed; the next crawl of their source marks those."""
    runs, last = db.conn.execute(
        "SELECT count(*), max((SELECT max(fetched_at) FROM fetches f WHERE f.run_id = r.id)) "
        "FROM runs r WHERE status = 'running'"
    ).fetchone()
    detail = f"going on or killed; last heard of at {last or 'no time'}"
    return Finding("runs without an end", "note", runs, "", detail)

"""How each source is doing, told by the archive's own books."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.health.holders import holder_state
from archive.store.columns import utc
from archive.store.connection import open_to_read, snapshot
from archive.store.folder import ArchiveFolder
from archive.store.schedule import lease_of
from archive.store.write_ahead import log_bytes, long_log

# Of each source, by time: a run of an archive that was merged into this one may have a higher number.
NEWEST_RUNS = (
    "SELECT (SELECT r.id FROM runs r WHERE r.source = s.id ORDER BY r.started_at DESC, r.id DESC LIMIT 1) "
    "FROM sources s"
)
RUN_COUNTS = ("new", "revised", "unchanged", "rejected", "gone", "failed")


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest run of a source; `status` is running, done, stopped, failed or killed.

    `bytes` were received in `requests`, after decompression; `version` is Muragat's.
    """

    started_at: str
    ended_at: str | None
    status: str
    reason: str | None
    seconds: float | None
    requests: int
    bytes: int
    version: str
    counts: Mapping[str, int]
    problems: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """The last verdict on a source: `state` is new, well, worse or silent, `why` the evidence in words.

    `since` is when it was first judged so, `judged_at` when last; `None` for a source not judged yet.
    """

    state: str = "new"
    why: str = ""
    since: str | None = None
    judged_at: str | None = None
    reasons: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentStatus:
    """A feed, sitemap or listing of the profile, as it last was; the columns of `documents`."""

    kind: str
    url: str
    named: int
    read_at: str | None
    changed_at: str | None
    failing_since: str | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source: `undated` of its `articles` have no date; `waiting` addresses are still to be asked.

    `visits_due` known articles are to be looked at again now, the next one after them at `next_visit_at`.
    `tls_exceptions` are what its last run overlooked in a certificate, each with the profile's reason.
    Its next crawl is due at `due_at`, every `interval_seconds`; `None` where no schedule was made yet.
    `state` is waiting, due, crawling, hangs or killed, as in `muragat schedule list`; `None` where no crawl
    of it was begun here: only its profile, if it has one, says whether it ever will be.
    """

    id: str
    name: str
    articles: int
    undated: int
    newest_published: str | None
    newest_first_seen_at: str | None
    waiting: int
    visits_due: int
    next_visit_at: str | None
    last_run: LastRun | None
    health: SourceHealth = SourceHealth()
    tls_exceptions: tuple[str, ...] = ()
    due_at: str | None = None
    interval_seconds: int | None = None
    state: str | None = None
    documents: tuple[DocumentStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class ArchiveStatus:
    """The whole archive; `bytes` maps a file's name to its size, its write-ahead log counted in.

    `notes` is what a person should know of the files themselves.
    """

    folder: str
    sources: tuple[SourceStatus, ...]
    articles: int
    waiting: int
    pages: int | None
    bytes: Mapping[str, int]
    notes: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether no source is worse or silent."""
        return all(source.health.state in ("new", "well") for source in self.sources)


def archive_status(folder: ArchiveFolder) -> ArchiveStatus:
    """Read the books; raises an ArchiveError when that is impossible. `pages` is `None` without pages.db."""
    db = open_to_read(folder.news)
    try:
        with snapshot(db, folder.news):
            sources = source_statuses(db)
    finally:
        db.close()
    return ArchiveStatus(
        folder=str(folder.path),
        sources=tuple(sources),
        articles=sum(source.articles for source in sources),
        waiting=sum(source.waiting for source in sources),
        pages=page_count(folder.pages),
        bytes={path.name: size_on_disk(path) for path in (folder.news, folder.pages)},
        notes=tuple(note for path in (folder.news, folder.pages) if (note := long_log(path))),
    )


def source_statuses(db: Database) -> list[SourceStatus]:
    """Every source of the archive, by id. Articles are counted by the day counts, not one by one."""
    counts = by_source(
        db,
        "SELECT source, sum(articles) AS articles, max(nullif(day, '')) AS newest, "
        "sum(CASE day WHEN '' THEN articles ELSE 0 END) AS undated "
        "FROM daily_counts WHERE articles > 0 GROUP BY source",
    )
    waiting = by_source(db, "SELECT source, count(*) AS n FROM frontier GROUP BY source")
    visits = by_source(
        db,
        "SELECT source, sum(next_visit_at <= :now) AS due, "
        "min(CASE WHEN next_visit_at > :now THEN next_visit_at END) AS next FROM addresses "
        "WHERE next_visit_at IS NOT NULL GROUP BY source",
        {"now": utc(datetime.now(UTC))},
    )
    runs, health, overlooked = last_runs(db), verdicts(db), tls_exceptions(db)
    turns, documents = next_turns(db), documents_of(db)
    states = states_of(db, turns)
    return [
        SourceStatus(
            id=row["id"],
            name=row["name"],
            articles=counts.get(row["id"], {}).get("articles", 0),
            undated=counts.get(row["id"], {}).get("undated", 0),
            newest_published=counts.get(row["id"], {}).get("newest"),
            newest_first_seen_at=row["first_seen_at"],
            waiting=waiting.get(row["id"], {}).get("n", 0),
            visits_due=visits.get(row["id"], {}).get("due", 0),
            next_visit_at=visits.get(row["id"], {}).get("next"),
            last_run=runs.get(row["id"]),
            health=health.get(row["id"], SourceHealth()),
            tls_exceptions=overlooked.get(row["id"], ()),
            due_at=turns.get(row["id"], {}).get("due_at"),
            interval_seconds=turns.get(row["id"], {}).get("interval_seconds"),
            state=states.get(row["id"]),
            documents=documents.get(row["id"], ()),
        )
        for row in db.query(
            "SELECT id, name, (SELECT first_seen_at FROM articles WHERE source = s.id "
            "ORDER BY first_seen_at DESC LIMIT 1) AS first_seen_at FROM sources s ORDER BY id"
        )
    ]


def last_runs(db: Database) -> dict[str, LastRun]:
    """The newest run of each source, with its problems by code, the most frequent first."""
    problems: dict[int, dict[str, int]] = {}
    for row in db.query(
        f"SELECT run_id, code, count(*) AS n FROM problems WHERE run_id IN ({NEWEST_RUNS}) "
        "GROUP BY run_id, code ORDER BY n DESC, code"
    ):
        problems.setdefault(row["run_id"], {})[row["code"]] = row["n"]
    return {
        row["source"]: LastRun(
            started_at=row["started_at"],
            ended_at=row["ended_at"],
            status=row["status"],
            reason=row["reason"],
            seconds=row["seconds"],
            requests=row["requests"],
            bytes=row["bytes"],
            version=row["version"],
            counts={name: row[name] for name in RUN_COUNTS},
            problems=problems.get(row["id"], {}),
        )
        for row in db.query(f"SELECT * FROM runs WHERE id IN ({NEWEST_RUNS})")
    }


def tls_exceptions(db: Database) -> dict[str, tuple[str, ...]]:
    """What the newest run of each source overlooked in certificates; none in an older version's archive."""
    if not db.table("tls_exceptions").exists():
        return {}
    found: dict[str, tuple[str, ...]] = {}
    query = (
        "SELECT DISTINCT source, faults, reason FROM tls_exceptions "
        f"WHERE run_id IN ({NEWEST_RUNS}) ORDER BY source, faults"
    )
    for source, faults, reason in db.conn.execute(query):
        said = f"{', '.join(json.loads(faults))} ({reason})"
        found[source] = (*found.get(source, ()), said)
    return found


def verdicts(db: Database) -> dict[str, SourceHealth]:
    """The last verdict on each source; none from an archive that an older version crawled last."""
    if not db.table("source_health").exists():
        return {}
    return {row["source"]: health_of(row) for row in db.query("SELECT * FROM source_health")}


def next_turns(db: Database) -> dict[str, dict[str, Any]]:
    """When each source is crawled next; nothing from an archive that an older version crawled last."""
    if not db.table("schedule").exists():
        return {}
    return by_source(db, "SELECT source, due_at, interval_seconds FROM schedule")


def states_of(db: Database, turns: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What is with each source that a crawl was begun of: its lease comes first, then its plan."""
    now = datetime.now(UTC)
    found = {}
    if db.table("expectations").exists():  # kept when a crawl begins, by no import
        found = {row["source"]: "due" for row in db.query("SELECT source FROM expectations")}
    found |= {source: "due" if turn["due_at"] <= utc(now) else "waiting" for source, turn in turns.items()}
    if db.table("leases").exists():
        found |= {row["source"]: holder_state(lease_of(row), now) for row in db.query("SELECT * FROM leases")}
    return found


def documents_of(db: Database) -> dict[str, tuple[DocumentStatus, ...]]:
    """The documents of each source by kind and address; those a profile does not name any more stay out."""
    found: dict[str, tuple[DocumentStatus, ...]] = {}
    if not db.table("documents").exists():
        return found
    for row in db.query(
        "SELECT d.* FROM documents d JOIN expectations e ON e.source = d.source WHERE EXISTS "
        "(SELECT 1 FROM json_each(e.documents) named WHERE named.value = d.url) "
        "ORDER BY d.source, d.kind, d.url"
    ):
        names = ("kind", "url", "named", "read_at", "changed_at", "failing_since", "failure")
        found[row["source"]] = (
            *found.get(row["source"], ()),
            DocumentStatus(**{name: row[name] for name in names}),
        )
    return found


def health_of(row: Mapping[str, str]) -> SourceHealth:
    """A row of `source_health` as it is told."""
    reasons = json.loads(row["reasons"])
    why = " ".join(reason["evidence"] for reason in reasons)
    return SourceHealth(row["state"], why, row["since"], row["judged_at"], tuple(reasons))


def by_source(
    db: Database, query: str, values: Mapping[str, object] | None = None
) -> dict[str, dict[str, Any]]:
    """A query's rows by their source."""
    return {row["source"]: row for row in db.query(query, dict(values or {}))}


def page_count(path: Path) -> int | None:
    """How many pages are kept, or `None` where there is no file of pages."""
    if not path.is_file():
        return None
    db = open_to_read(path)
    try:
        with snapshot(db, path):
            return int(db.conn.execute("SELECT count(*) FROM pages").fetchone()[0])
    finally:
        db.close()


def size_on_disk(path: Path) -> int:
    """The bytes of a database and of its write-ahead log; 0 for none."""
    return (path.stat().st_size if path.is_file() else 0) + log_bytes(path)

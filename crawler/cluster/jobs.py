"""A job: crawl one source, with all that the archive at home knows of what is to be asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlite_utils import Database

from archive.store.columns import utc
from archive.store.folder import ArchiveFolder
from archive.store.takedowns import TakedownStore
from crawler.runs.options import CrawlOptions
from crawler.sources.layouts import layout_path
from crawler.sources.profile import Source
from crawler.sources.writing import profile_text

# A job is one message: what does not fit waits at home for the next.
MOST_WAITING = 2_000
MOST_DOCUMENTS = 2_000
WAITING = """
SELECT f.* FROM frontier f
WHERE f.source = :source AND (f.not_before IS NULL OR f.not_before <= :now)
ORDER BY f.kind = 'article', f.why = 'revisit', f.id LIMIT :most"""
# As `Frontier.offer_visits` puts them on the list; here nothing is written.
DUE_VISITS = """
SELECT url_hash, source, kind, url, 'revisit' AS why, NULL AS root, 0 AS step, found, :now AS found_at
FROM addresses WHERE source = :source AND article_id IS NOT NULL AND next_visit_at <= :now
AND url_hash NOT IN (SELECT url_hash FROM frontier WHERE source = :source)
ORDER BY next_visit_at LIMIT :most"""
# The same of an archive that is complete but for them: an earlier month's.
LEFT_THERE = """
SELECT f.* FROM frontier f JOIN addresses a USING (url_hash)
WHERE f.source = :source AND a.article_id IS NOT NULL AND (f.not_before IS NULL OR f.not_before <= :now)
ORDER BY f.id LIMIT :most"""
WAITS = "SELECT host, url, status, retry_after, asked_at, until FROM waits WHERE until > :now"
SITES = "SELECT * FROM site_reservations WHERE checked_at > :since"
SITES_SINCE = timedelta(days=1)  # as long as a site's own word is taken for known
DOCUMENTS = """
SELECT * FROM addresses WHERE source = :source AND kind IN ('feed', 'sitemap', 'listing')
ORDER BY checked_at DESC LIMIT :most"""
KNOWN = "SELECT * FROM addresses WHERE url_hash IN (SELECT value FROM json_each(:hashes))"


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to crawl a source as the archive at home would.

    `files` are the profile and the learned layout as texts, by their names in the folder `sources`;
    `waiting` are rows of `frontier`, `known` those of `addresses` for them and for the source's documents;
    `articles` are the `url_hash`es at which an article is known, `barred` those that were taken down.
    `quiet` are rows of `waits` that are not over, `sites` rows of `site_reservations` still good.
    What comes goes into the archive's part `part`, or `None`: there are no parts; of the addresses in
    `elsewhere`, by `url_hash`, into the part where their article is.
    """

    id: str
    source: str
    files: Mapping[str, str]
    waiting: tuple[Mapping[str, Any], ...]
    known: tuple[Mapping[str, Any], ...]
    articles: tuple[int, ...]
    barred: tuple[int, ...] = ()
    quiet: tuple[Mapping[str, Any], ...] = ()
    sites: tuple[Mapping[str, Any], ...] = ()
    part: str | None = None
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    allow_private: bool = False
    limit: int | None = None
    since: str | None = None


def job_for(
    folder: ArchiveFolder,
    db: Database,
    source: Source,
    options: CrawlOptions,
    now: datetime,
    *,
    part: str | None = None,
    earlier: Mapping[str, Database] | None = None,
) -> Job:
    """The job of a source whose turn has come; reads only.

    `part` names the archive among several, `earlier` has those before it, whose articles are still looked at.
    """
    said = {"source": source.id, "now": utc(now), "since": utc(now - SITES_SINCE)}
    waiting = list(db.query(WAITING, said | {"most": MOST_WAITING}))
    budget = source.pace.visits_per_crawl
    waiting += due_visits(db, said, min(budget, MOST_WAITING - len(waiting)))
    documents = list(db.query(DOCUMENTS, said | {"most": MOST_DOCUMENTS}))
    known = {row["url_hash"]: row for row in (*documents, *known_rows(db, waiting))}
    elsewhere: dict[str, str] = {}
    barred = set(TakedownStore(db, folder.news).hashes())
    for name, other in (earlier or {}).items():
        barred |= TakedownStore(other, folder.news).hashes()
        taken = {row["url_hash"] for row in waiting}
        room = min(budget, MOST_WAITING) - len(elsewhere)
        visits = list(other.query(LEFT_THERE, said | {"most": max(room, 0)}))
        visits += due_visits(other, said, room - len(visits))
        visits = [row for row in visits if row["url_hash"] not in taken]
        waiting += visits
        known |= {row["url_hash"]: row for row in known_rows(other, visits)}
        elsewhere |= {str(row["url_hash"]): name for row in visits}
    return Job(
        id=uuid4().hex,
        source=source.id,
        files=files_of(folder, source),
        waiting=tuple(waiting),
        known=tuple(known.values()),
        articles=tuple(key for key, row in known.items() if row["article_id"]),
        barred=tuple(sorted(barred)),
        quiet=tuple(db.query(WAITS, said)),
        sites=tuple(db.query(SITES, said)),
        part=part,
        elsewhere=elsewhere,
        allow_private=options.allow_private,
        limit=options.limit,
        since=options.since.isoformat() if options.since else None,
    )


def due_visits(db: Database, said: Mapping[str, Any], most: int) -> list[dict[str, Any]]:
    """The articles whose time to be looked at has come, at most so many."""
    return list(db.query(DUE_VISITS, {**said, "most": max(most, 0)}))


def known_rows(db: Database, waiting: Sequence[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """What is known of the addresses on a list."""
    return db.query(KNOWN, {"hashes": json.dumps([row["url_hash"] for row in waiting])})


def files_of(folder: ArchiveFolder, source: Source) -> dict[str, str]:
    """The texts that make the source on another machine: its profile, and its layout where it has one."""
    files = {f"{source.id}.toml": profile_text(source)}
    layout = layout_path(folder.sources, source.id)
    if layout.is_file():
        files[layout.relative_to(folder.sources).as_posix()] = layout.read_text(encoding="utf-8")
    return files


def seen_hashes(db: Database, source: str) -> Iterable[Sequence[int]]:
    """The `url_hash`es of the source's asked addresses, some thousands at a time."""
    cursor = db.conn.execute("SELECT url_hash FROM addresses WHERE source = ?", [source])
    while rows := cursor.fetchmany(5_000):
        yield [row[0] for row in rows]

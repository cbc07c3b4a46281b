"""A job: crawl one source, with all that the archive at home knows of what is to be asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
    """

    id: str
    source: str
    files: Mapping[str, str]
    waiting: tuple[Mapping[str, Any], ...]
    known: tuple[Mapping[str, Any], ...]
    articles: tuple[int, ...]
    barred: tuple[int, ...] = ()
    allow_private: bool = False
    limit: int | None = None
    since: str | None = None


def job_for(folder: ArchiveFolder, db: Database, source: Source, options: CrawlOptions, now: datetime) -> Job:
    """The job of a source whose turn has come; reads only."""
    said = {"source": source.id, "now": utc(now)}
    waiting = list(db.query(WAITING, said | {"most": MOST_WAITING}))
    budget = min(source.pace.visits_per_crawl, MOST_WAITING - len(waiting))
    waiting += db.query(DUE_VISITS, said | {"most": max(budget, 0)})
    documents = list(db.query(DOCUMENTS, said | {"most": MOST_DOCUMENTS}))
    hashes = json.dumps([row["url_hash"] for row in waiting])
    known = {row["url_hash"]: row for row in (*documents, *db.query(KNOWN, {"hashes": hashes}))}
    return Job(
        id=uuid4().hex,
        source=source.id,
        files=files_of(folder, source),
        waiting=tuple(waiting),
        known=tuple(known.values()),
        articles=tuple(key for key, row in known.items() if row["article_id"]),
        barred=tuple(TakedownStore(db, folder.news).hashes()),
        allow_private=options.allow_private,
        limit=options.limit,
        since=options.since.isoformat() if options.since else None,
    )


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

"""The schema of pages.db, step by step."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("muragat-pages")

DICTIONARIES = """
CREATE TABLE dictionaries (
    id INTEGER PRIMARY KEY,         -- never deleted: bodies cannot be read without theirs
    source TEXT NOT NULL,
    made_at TEXT NOT NULL,          -- UTC
    body BLOB NOT NULL              -- an earlier page of the source, zstd
)"""

BODIES = """
CREATE TABLE bodies (
    sha256 BLOB PRIMARY KEY,        -- of the body as received
    dictionary_id INTEGER REFERENCES dictionaries(id),
    length INTEGER NOT NULL,        -- bytes before compression
    zstd BLOB NOT NULL
) WITHOUT ROWID"""

PAGES = """
CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,             -- article or robots
    requested_url TEXT NOT NULL,    -- as asked for
    url TEXT NOT NULL,              -- after redirects
    url_hash INTEGER NOT NULL,      -- of the requested address, as in news.db
    fetched_at TEXT NOT NULL,       -- UTC
    status INTEGER NOT NULL,        -- HTTP
    headers TEXT NOT NULL,          -- JSON list of [name, value], as sent
    body_sha256 BLOB NOT NULL REFERENCES bodies(sha256)
)"""

INDEXES = [
    "CREATE INDEX pages_source ON pages (source, kind)",
    "CREATE INDEX pages_url_hash ON pages (url_hash)",
    "CREATE INDEX bodies_dictionary ON bodies (dictionary_id) WHERE dictionary_id IS NOT NULL",
]


@migrations()
def m001_pages(db: Database) -> None:
    """Pages, their bodies once each, and the dictionaries that keep them small."""
    for statement in [DICTIONARIES, BODIES, PAGES, *INDEXES]:
        db.conn.execute(statement)

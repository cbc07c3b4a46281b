"""The tables of m040_health, apart for their length: like every released migration they are never changed."""

from __future__ import annotations

RUN_HEALTH = """
CREATE TABLE run_health (
    run_id INTEGER PRIMARY KEY REFERENCES runs(id),
    source TEXT NOT NULL REFERENCES sources(id),
    asked INTEGER NOT NULL,         -- addresses of articles it asked
    errors TEXT NOT NULL,           -- JSON object: reason to how many of them were rejected or failed
    document_errors TEXT NOT NULL,  -- JSON object: the same of feeds, sitemaps, listings and robots.txt
    front_page INTEGER NOT NULL,    -- of those asked, how many led to the front page
    articles INTEGER NOT NULL,      -- new or reworded, and looked at here: 2,000 at most
    with_title INTEGER NOT NULL,    -- of these, how many have one
    with_date INTEGER NOT NULL,     -- the same
    with_body INTEGER NOT NULL,     -- the same
    with_authors INTEGER NOT NULL,  -- the same
    with_section INTEGER NOT NULL,  -- the same
    with_language INTEGER NOT NULL,  -- the same
    with_image INTEGER NOT NULL,    -- the same
    body_chars INTEGER,             -- median length of their bodies; NULL: no article
    languages TEXT NOT NULL,        -- JSON object: language to how many
    problems TEXT NOT NULL          -- JSON object: problem of cleaning to how many of the articles have it
)"""

DOCUMENTS = """
CREATE TABLE documents (
    source TEXT NOT NULL REFERENCES sources(id),
    url TEXT NOT NULL,
    kind TEXT NOT NULL,             -- feed, sitemap or listing
    read_at TEXT,                   -- UTC: when it was last read, or said to be unchanged; NULL: never
    named INTEGER NOT NULL,         -- articles it named then
    named_before INTEGER NOT NULL,  -- articles it named when it last named any
    names TEXT NOT NULL,            -- fingerprint of their addresses
    changed_at TEXT,                -- UTC: since when it names just these
    failing_since TEXT,             -- UTC: since when it cannot be read; NULL: it can
    failure TEXT,                   -- why, as a code
    PRIMARY KEY (source, url)
) WITHOUT ROWID"""

EXPECTATIONS = """
CREATE TABLE expectations (
    source TEXT PRIMARY KEY REFERENCES sources(id),
    articles_per_day_min REAL,      -- as in its profile; NULL: nothing is expected
    date_share_min REAL,            -- the same
    body_chars_min INTEGER,         -- the same
    documents TEXT NOT NULL         -- JSON list: feeds, sitemaps and listings its profile names
) WITHOUT ROWID"""

SOURCE_HEALTH = """
CREATE TABLE source_health (
    source TEXT PRIMARY KEY REFERENCES sources(id),
    state TEXT NOT NULL,            -- new, well, worse or silent
    since TEXT NOT NULL,            -- UTC: when it was first judged so
    judged_at TEXT NOT NULL,        -- UTC: end of the run it was last judged after
    reasons TEXT NOT NULL           -- JSON list of {code, state, evidence}
) WITHOUT ROWID"""

ALARMS_TOLD = """
CREATE TABLE alarms_told (
    channel TEXT NOT NULL,          -- its kind and a fingerprint: an archive may be published
    source TEXT NOT NULL REFERENCES sources(id),
    state TEXT NOT NULL,            -- what was told last: well, worse or silent
    told_at TEXT NOT NULL,          -- UTC
    PRIMARY KEY (channel, source)
) WITHOUT ROWID"""

NAMINGS = """
CREATE TABLE namings (
    url_hash INTEGER NOT NULL,      -- as in addresses
    kind TEXT NOT NULL,             -- feed, sitemap or listing: what kind of document named the article
    first_at TEXT NOT NULL,         -- UTC: when one of that kind first did
    PRIMARY KEY (url_hash, kind)
) WITHOUT ROWID"""

# What an archive knew before: which kinds of documents named an address, not when.
NAMED_BEFORE = """
INSERT OR IGNORE INTO namings (url_hash, kind, first_at)
SELECT url_hash, replace(json_extract(said.value, '$.via'), 'news ', ''), at
FROM (SELECT url_hash, found, checked_at AS at FROM addresses WHERE kind = 'article'
      UNION ALL SELECT url_hash, found, found_at FROM frontier WHERE kind = 'article') AS known,
     json_each(known.found) AS said
WHERE json_extract(said.value, '$.via') IN ('feed', 'sitemap', 'news sitemap', 'listing')"""

HEALTH = [
    *(RUN_HEALTH, DOCUMENTS, EXPECTATIONS, SOURCE_HEALTH, ALARMS_TOLD, NAMINGS, NAMED_BEFORE),
    "CREATE INDEX run_health_source ON run_health (source, run_id)",
    "CREATE INDEX articles_source_seen ON articles (source, first_seen_at)",
]

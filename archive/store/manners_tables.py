"""The tables of how sites are treated: their rules, what they asked of us, what they reserve, what was taken
down at their wish."""

from __future__ import annotations

ROBOTS = """
CREATE TABLE robots (
    id INTEGER PRIMARY KEY,         -- order of the changes
    origin TEXT NOT NULL,           -- whose robots.txt, e.g. https://news.example
    fetched_at TEXT NOT NULL,       -- UTC: the first answer that said so
    checked_at TEXT NOT NULL,       -- UTC: the last answer that said so
    status INTEGER,                 -- HTTP; NULL: no answer
    means TEXT NOT NULL,            -- what we may ask: all, part, nothing; closed: nobody knows, so nothing
    detail TEXT NOT NULL,           -- for a person: why it means that, what was odd
    body_hash TEXT,                 -- of the answer's bytes; NULL: none that was read
    page_id INTEGER,                -- pages.id in pages.db: the answer itself; NULL: not kept
    crawl_delay TEXT,               -- as written for us; NULL: none
    delay_seconds REAL,             -- of it, what we keep; NULL: the source's own delay
    ai_agents TEXT NOT NULL,        -- JSON list: crawlers of AI companies it shuts out altogether, by name
    signals TEXT                    -- Content-Signal as written for us, e.g. ai-train=no; NULL: none
)"""

WAITS = """
CREATE TABLE waits (
    id INTEGER PRIMARY KEY,
    host TEXT NOT NULL,             -- as in gaps
    url TEXT NOT NULL,              -- what was asked
    status INTEGER NOT NULL,        -- 429 or 503
    retry_after TEXT,               -- as sent; NULL: no header
    asked_at TEXT NOT NULL,         -- UTC
    until TEXT NOT NULL             -- UTC: nothing is asked of the host before
)"""

GAPS = """
CREATE TABLE gaps (
    host TEXT NOT NULL,             -- without www., with an unusual port
    day TEXT NOT NULL,              -- UTC
    from_seconds REAL NOT NULL,     -- so far or farther from the request before, but not the next step
    requests INTEGER NOT NULL,      -- how many that were
    smallest REAL NOT NULL,         -- seconds: the nearest two of them
    PRIMARY KEY (host, day, from_seconds)
) WITHOUT ROWID"""

RESERVATIONS = """
CREATE TABLE reservations (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),  -- only articles whose page says something
    reserved INTEGER NOT NULL,      -- 1: text and data mining is reserved; 0: it says that it is not
    said TEXT NOT NULL,             -- JSON list: where the page says so, as written
    policy TEXT,                    -- address of the terms it names; NULL: none
    stated_at TEXT NOT NULL         -- UTC: the page's last fetch
)"""

SITE_RESERVATIONS = """
CREATE TABLE site_reservations (
    origin TEXT PRIMARY KEY,        -- whose /.well-known/tdmrep.json, e.g. https://news.example
    checked_at TEXT NOT NULL,       -- UTC: when it was asked for last
    status INTEGER,                 -- HTTP; NULL: no answer
    rules TEXT NOT NULL,            -- JSON list of {location, reserved, policy}; empty: it says nothing
    since TEXT NOT NULL             -- UTC: since when it says so
) WITHOUT ROWID"""

TAKEDOWNS = """
CREATE TABLE takedowns (
    id INTEGER PRIMARY KEY,
    article_id INTEGER,             -- the number it had, never given again; NULL: no article was kept
    source TEXT,                    -- whose article it was; NULL: nothing was kept
    url TEXT NOT NULL,              -- as it was named
    reason TEXT NOT NULL,           -- why, in words; '' where nobody said
    asked_by TEXT NOT NULL,         -- who wished it; '' where nobody said
    page_ids TEXT NOT NULL,         -- JSON list: the pages that were taken out of pages.db
    taken_down_at TEXT NOT NULL,    -- UTC
    done_at TEXT                    -- UTC: its words are in neither file any more; NULL: it was interrupted
)"""

TAKEDOWN_ADDRESSES = """
CREATE TABLE takedown_addresses (
    url_hash INTEGER PRIMARY KEY,   -- as in addresses: never asked again
    url_key TEXT NOT NULL,
    takedown_id INTEGER NOT NULL REFERENCES takedowns(id)
)"""

MANNERS = [
    *(ROBOTS, WAITS, GAPS, RESERVATIONS, SITE_RESERVATIONS, TAKEDOWNS, TAKEDOWN_ADDRESSES),
    "CREATE INDEX robots_origin ON robots (origin, id)",
    "CREATE INDEX waits_host ON waits (host, until)",
    "CREATE INDEX takedowns_article ON takedowns (article_id) WHERE article_id IS NOT NULL",
    (
        "CREATE TRIGGER reservations_delete AFTER DELETE ON articles "
        "BEGIN DELETE FROM reservations WHERE article_id = old.id; END"
    ),
]

"""The tables of m052_network, apart for their length: as every released migration, never changed."""

from __future__ import annotations

TLS_EXCEPTIONS = """
CREATE TABLE tls_exceptions (
    run_id INTEGER NOT NULL REFERENCES runs(id),
    source TEXT NOT NULL REFERENCES sources(id),
    host TEXT NOT NULL,             -- host, with its port where that is unusual
    faults TEXT NOT NULL,           -- JSON list: expired, self_signed, unknown_issuer, wrong_name
    reason TEXT NOT NULL,           -- why its profile accepts them
    noted_at TEXT NOT NULL,         -- UTC: the first such answer of the run
    PRIMARY KEY (run_id, host)
) WITHOUT ROWID"""

TEXTS_READ = """
CREATE TABLE texts_read (
    source TEXT NOT NULL REFERENCES sources(id),
    url_hash INTEGER NOT NULL,      -- as in addresses
    url TEXT NOT NULL,
    text INTEGER NOT NULL,          -- fingerprint of the text its page showed last
    is_new INTEGER NOT NULL,        -- 1: until then no article was kept from the address
    read_at TEXT NOT NULL,          -- UTC
    PRIMARY KEY (source, url_hash)
) WITHOUT ROWID"""

DOUBTED = """
CREATE TABLE doubted (
    url_hash INTEGER PRIMARY KEY,   -- as in addresses
    source TEXT NOT NULL REFERENCES sources(id),
    text INTEGER NOT NULL,          -- as in texts_read: it has nothing of the article's own
    since TEXT NOT NULL             -- UTC: when it first stood there
)"""

CLAIMS = """
CREATE TABLE lastmod_claims (
    source TEXT NOT NULL REFERENCES sources(id),
    document TEXT NOT NULL,         -- address of the sitemap
    unchanged INTEGER NOT NULL,     -- articles it said had changed and had not, since one last had
    checked_at TEXT NOT NULL,       -- UTC
    PRIMARY KEY (source, document)
) WITHOUT ROWID"""

WITHHELD = """
CREATE TABLE withheld (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
    access TEXT NOT NULL,           -- paywalled (401, 402) or blocked (403, 451)
    status INTEGER NOT NULL,        -- what the server answered: the evidence
    since TEXT NOT NULL             -- UTC: the first such answer since its page was last shown
)"""

NETWORK = [
    TLS_EXCEPTIONS,
    TEXTS_READ,
    "CREATE INDEX texts_read_text ON texts_read (source, text)",
    "CREATE INDEX texts_read_at ON texts_read (source, read_at)",
    DOUBTED,
    CLAIMS,
    WITHHELD,
]

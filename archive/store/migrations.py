"""The schema of news.db, step by step. docs/schema.md is made from the comments below.

A migration that has been released is never changed: the next one changes what it made.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.store.collected import COLLECTED
from archive.store.count_tables import DAILY_COUNTS, MONTHLY_COUNTS, MONTHS_OF_DAYS, day_count, month_triggers
from archive.store.front_tables import FRONTS
from archive.store.health_tables import HEALTH
from archive.store.import_tables import IMPORTED, TRIGGER
from archive.store.manners_tables import MANNERS
from archive.store.network_tables import NETWORK
from archive.store.schedule_tables import LEASES, SCHEDULE

migrations = Migrations("muragat-news")

SOURCES = """
CREATE TABLE sources (
    id TEXT PRIMARY KEY,            -- as in its profile, e.g. liter_kz
    name TEXT NOT NULL,             -- for people
    home TEXT NOT NULL,             -- front page
    languages TEXT NOT NULL,        -- JSON list of two-letter codes
    timezone TEXT NOT NULL,         -- IANA name; the publisher's clock
    region TEXT,                    -- as in its profile
    first_crawled_at TEXT,          -- UTC
    last_crawled_at TEXT            -- UTC
)"""

ARTICLES = """
CREATE TABLE articles (
    id INTEGER PRIMARY KEY,         -- public, never reused; grows with publication time where it can
    source TEXT NOT NULL REFERENCES sources(id),
    url TEXT NOT NULL,              -- after redirects
    requested_url TEXT NOT NULL,    -- as asked for
    canonical_url TEXT,             -- named by the page, on the same site
    url_key TEXT NOT NULL UNIQUE,   -- what makes it the same article
    title TEXT,
    kicker TEXT,                    -- the line above the title
    lead TEXT,                      -- opening summary
    body TEXT NOT NULL,             -- plain text, blank line between paragraphs
    body_html TEXT NOT NULL,        -- small safe HTML of the same
    published_at TEXT,              -- UTC, ISO 8601; NULL: the page did not say
    published_local TEXT,           -- the same instant on the publisher's clock, with offset
    published_date TEXT,            -- the publisher's local day
    published_raw TEXT,             -- as written
    published_precision TEXT,       -- second, minute or day
    published_evidence TEXT,        -- where the date came from
    modified_at TEXT,               -- UTC; never stands in for published_at
    authors TEXT NOT NULL,          -- JSON list of {name, url}
    agency TEXT,                    -- whom the text credits
    section TEXT,                   -- the publisher's own
    breadcrumbs TEXT NOT NULL,      -- JSON list
    tags TEXT NOT NULL,             -- JSON list
    language TEXT,                  -- two letters; kk in any script
    access TEXT NOT NULL,           -- free, paywalled, unknown
    article_type TEXT NOT NULL,     -- article, live, opinion, gallery, video, advertorial
    is_article REAL NOT NULL,       -- score, 0 to 1
    evidence TEXT NOT NULL,         -- JSON object: field to where its value came from
    problems TEXT NOT NULL,         -- JSON list of {code, detail}
    cleaned_with TEXT NOT NULL,     -- cleaning version
    content_hash TEXT NOT NULL,     -- of what title, lead and body say
    page_id INTEGER NOT NULL,       -- pages.id in pages.db: the page this was read from
    revisions INTEGER NOT NULL,     -- how many wordings are known, 1 or more
    first_seen_at TEXT NOT NULL,    -- UTC, our clock
    last_seen_at TEXT NOT NULL,     -- UTC, our clock: last time the page was there
    gone_at TEXT                    -- UTC, our clock: since when it is not on the site any more
)"""

REVISIONS = """
CREATE TABLE revisions (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    number INTEGER NOT NULL,        -- 1 is the first wording seen
    cause TEXT NOT NULL,            -- first, publisher (the page changed) or recleaned (we read it better)
    seen_at TEXT NOT NULL,          -- UTC, our clock
    page_id INTEGER NOT NULL,       -- pages.id in pages.db
    cleaned_with TEXT NOT NULL,     -- cleaning version
    content_hash TEXT NOT NULL,
    modified_at TEXT,               -- UTC, as the page stated then
    title TEXT,                     -- of an earlier wording; the newest one's texts stand in articles
    lead TEXT,                      -- the same
    body TEXT,                      -- the same; the view revision_texts gives both
    body_html TEXT,                 -- the same
    UNIQUE (article_id, number)
)"""

REVISION_TEXTS = """
CREATE VIEW revision_texts AS
SELECT r.id, r.article_id, r.number, r.cause, r.seen_at, r.modified_at,
       CASE WHEN r.body IS NULL THEN a.title ELSE r.title END AS title,
       CASE WHEN r.body IS NULL THEN a.lead ELSE r.lead END AS lead,
       coalesce(r.body, a.body) AS body,
       coalesce(r.body_html, a.body_html) AS body_html
FROM revisions r JOIN articles a ON a.id = r.article_id"""

LINKS = """
CREATE TABLE links (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    position INTEGER NOT NULL,      -- order on the page, from 0
    zone TEXT NOT NULL,             -- inline, related or source
    url TEXT NOT NULL,
    url_key TEXT,                   -- to find the linked article in the archive
    text TEXT NOT NULL,
    PRIMARY KEY (article_id, position)
) WITHOUT ROWID"""

IMAGES = """
CREATE TABLE images (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    position INTEGER NOT NULL,      -- order on the page, from 0
    role TEXT NOT NULL,             -- lead or body
    url TEXT NOT NULL,
    alt TEXT,
    caption TEXT,
    credit TEXT,
    PRIMARY KEY (article_id, position)
) WITHOUT ROWID"""

RUNS = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources(id),
    started_at TEXT NOT NULL,       -- UTC
    ended_at TEXT,                  -- UTC; NULL: under way or killed
    status TEXT NOT NULL,           -- running, done, stopped, failed, killed
    reason TEXT,                    -- why it stopped or failed
    new INTEGER NOT NULL DEFAULT 0,
    revised INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    gone INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,   -- addresses that could not be fetched; tried again next time
    requests INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,    -- received, after decompression
    seconds REAL,
    version TEXT NOT NULL           -- of muragat
)"""

FETCHES = """
CREATE TABLE fetches (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs(id),
    source TEXT NOT NULL REFERENCES sources(id),
    url TEXT NOT NULL,              -- as asked for
    kind TEXT NOT NULL,             -- article, feed, sitemap, listing or robots
    status INTEGER,                 -- HTTP; NULL: no answer
    outcome TEXT NOT NULL,          -- new, revised, unchanged, not_modified, rejected, gone, failed, read
    reason TEXT,                    -- code, for rejected and failed
    fetched_at TEXT NOT NULL,       -- UTC
    seconds REAL,                   -- until the answer was complete
    bytes INTEGER NOT NULL,
    page_id INTEGER                 -- pages.id in pages.db; NULL: nothing was kept
)"""

PROBLEMS = """
CREATE TABLE problems (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources(id),
    run_id INTEGER NOT NULL REFERENCES runs(id),  -- the last that met it
    stage TEXT NOT NULL,            -- discovery, fetch or clean
    url TEXT NOT NULL,
    code TEXT NOT NULL,             -- short stable word
    detail TEXT NOT NULL,           -- for a person
    times INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL,    -- UTC
    last_seen_at TEXT NOT NULL,     -- UTC
    UNIQUE (source, url, code)
)"""

FRONTIER = """
CREATE TABLE frontier (
    id INTEGER PRIMARY KEY,         -- order found
    url_hash INTEGER NOT NULL UNIQUE,  -- 8-byte BLAKE2b of the url_key
    source TEXT NOT NULL REFERENCES sources(id),
    kind TEXT NOT NULL,             -- article, sitemap or listing
    url TEXT NOT NULL,
    why TEXT NOT NULL,              -- new, changed or revisit
    root TEXT,                      -- sitemaps and listings: the profile's document that led here
    step INTEGER NOT NULL DEFAULT 0,  -- how many documents lie between
    found TEXT NOT NULL,            -- JSON list: what feeds, sitemaps and listings said of it
    found_at TEXT NOT NULL,         -- UTC
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before TEXT,                -- UTC: leave it alone until then
    taken_by INTEGER                -- the run that has it in hand
)"""

ADDRESSES = """
CREATE TABLE addresses (
    url_hash INTEGER PRIMARY KEY,   -- 8-byte BLAKE2b of the url_key; an address with a row was fetched
    source TEXT NOT NULL REFERENCES sources(id),
    url TEXT NOT NULL,              -- as asked for
    kind TEXT NOT NULL,             -- article, feed, sitemap, listing or alias (of a visited one)
    status INTEGER,                 -- HTTP, of the last answer; NULL: none
    etag TEXT,                      -- as sent, for If-None-Match
    last_modified TEXT,             -- as sent, for If-Modified-Since
    checked_at TEXT NOT NULL,       -- UTC
    article_id INTEGER REFERENCES articles(id),  -- what was read there; NULL: no article
    found TEXT NOT NULL,            -- JSON list: what feeds, sitemaps and listings said of it
    visits INTEGER NOT NULL,        -- looks since the text last changed
    next_visit_at TEXT              -- UTC: when to look again; NULL: no more
)"""

SEARCH = """
CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, lead, body,
    content="articles", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
)"""


def search_row(row: str) -> str:
    """Statement that puts a row's text into the search index ("new") or takes it out again ("old")."""
    values = ", ".join(f"{row}.{c}" for c in ("id", "title", "lead", "body"))
    if row == "old":
        return (
            f"INSERT INTO articles_fts (articles_fts, rowid, title, lead, body) VALUES ('delete', {values});"
        )
    return f"INSERT INTO articles_fts (rowid, title, lead, body) VALUES ({values});"


def triggers() -> list[str]:
    """What keeps the search row and the day's count true in the article's own transaction, whoever writes."""
    text = "UPDATE OF title, lead, body"
    counted = "UPDATE OF published_date, source, section, language"
    into, out = search_row("new"), search_row("old")
    recount = f"{day_count('-', 'old')} {day_count('+', 'new')}"
    return [
        f"CREATE TRIGGER articles_search_insert AFTER INSERT ON articles BEGIN {into} END",
        f"CREATE TRIGGER articles_search_delete AFTER DELETE ON articles BEGIN {out} END",
        f"CREATE TRIGGER articles_search_update AFTER {text} ON articles BEGIN {out} {into} END",
        f"CREATE TRIGGER articles_count_insert AFTER INSERT ON articles BEGIN {day_count('+', 'new')} END",
        f"CREATE TRIGGER articles_count_delete AFTER DELETE ON articles BEGIN {day_count('-', 'old')} END",
        f"CREATE TRIGGER articles_count_update AFTER {counted} ON articles BEGIN {recount} END",
    ]


INDEXES = [
    "CREATE INDEX articles_source ON articles (source, published_date)",
    "CREATE INDEX articles_language ON articles (language)",
    "CREATE INDEX articles_section ON articles (section)",
    "CREATE INDEX articles_published_date ON articles (published_date)",
    "CREATE INDEX articles_published_at ON articles (published_at)",
    "CREATE INDEX articles_first_seen_at ON articles (first_seen_at)",
    "CREATE INDEX articles_content_hash ON articles (content_hash)",
    "CREATE INDEX articles_gone_at ON articles (gone_at) WHERE gone_at IS NOT NULL",
    "CREATE INDEX links_url_key ON links (url_key)",
    "CREATE INDEX runs_source ON runs (source, started_at)",
    "CREATE INDEX fetches_run ON fetches (run_id)",
    "CREATE INDEX fetches_page ON fetches (page_id) WHERE page_id IS NOT NULL",
    "CREATE INDEX frontier_source ON frontier (source)",
    # The order addresses are handed out in; a million waiting ones need no sorting.
    (
        "CREATE INDEX frontier_turn ON frontier (source, (kind = 'article'), (why = 'revisit'), id) "
        "WHERE taken_by IS NULL"
    ),
    "CREATE INDEX addresses_article ON addresses (article_id) WHERE article_id IS NOT NULL",
    "CREATE INDEX addresses_visit ON addresses (source, next_visit_at) WHERE next_visit_at IS NOT NULL",
]


@migrations()
def m001_archive(db: Database) -> None:
    """Sources, articles with revisions, links and images, runs, what is known of addresses, search."""
    tables = [SOURCES, ARTICLES, REVISIONS, REVISION_TEXTS, LINKS, IMAGES, RUNS, FETCHES, PROBLEMS]
    state = [FRONTIER, ADDRESSES, SEARCH, DAILY_COUNTS]
    for statement in [*tables, *state, *triggers(), *INDEXES]:
        db.conn.execute(statement)


# An underscore is a letter to it: @akorda_press is one name.
SEARCH_KEYS = """
CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, lead, body,
    content="articles", content_rowid="id", tokenize="unicode61 remove_diacritics 2 tokenchars '_'"
)"""

SEARCH_CHANGES = """
CREATE TABLE search_changes (
    id INTEGER PRIMARY KEY,         -- order of the changes
    article_id INTEGER NOT NULL,
    was_indexed INTEGER NOT NULL,   -- 1: the texts below are in the index; 0: the article is new
    title TEXT,                     -- as it was before
    lead TEXT,                      -- the same
    body TEXT                       -- the same
)"""

SEARCH_INDEXES = """
CREATE TABLE search_indexes (
    name TEXT PRIMARY KEY,          -- articles_fts, or articles_fts_next while it is made anew
    analysis TEXT NOT NULL,         -- version of the rules its keys were made by
    reached INTEGER,                -- articles with this id and above are in it; NULL: all are
    made_at TEXT                    -- UTC: when it was complete
) WITHOUT ROWID"""

SEARCH_WORDS = """
CREATE TABLE search_words (
    key TEXT PRIMARY KEY,           -- a word's key; in a large archive, of three articles or more; '': any
    articles INTEGER NOT NULL       -- how many had it when the list was made
) WITHOUT ROWID"""


def noting(event: str, row: str | None) -> str:
    """The trigger that notes a change of an article's texts, in plain SQL, so that any program may write."""
    columns, values = ("article_id, was_indexed", "new.id, 0")
    if row:
        columns += ", title, lead, body"
        values = f"{row}.id, 1, {row}.title, {row}.lead, {row}.body"
    note = f"INSERT INTO search_changes ({columns}) VALUES ({values});"
    name = event.split()[0].lower()
    return f"CREATE TRIGGER articles_search_{name} AFTER {event} ON articles BEGIN {note} END"


# INSERT OR REPLACE takes a row away without asking the triggers of deletions.
NOTING_REPLACED = """
CREATE TRIGGER articles_search_replace BEFORE INSERT ON articles BEGIN
    INSERT INTO search_changes (article_id, was_indexed, title, lead, body)
    SELECT id, 1, title, lead, body FROM articles WHERE id = new.id OR url_key = new.url_key;
END"""


@migrations()
def m002_search_keys(db: Database) -> None:
    """The index holds keys of words instead of words: it is emptied, and `muragat reindex` fills it."""
    for event in ("insert", "delete", "update"):
        db.conn.execute(f"DROP TRIGGER articles_search_{event}")
    db.conn.execute("DROP TABLE articles_fts")
    for statement in [SEARCH_KEYS, SEARCH_CHANGES, SEARCH_INDEXES, SEARCH_WORDS]:
        db.conn.execute(statement)
    for event, row in (("INSERT", None), ("DELETE", "old"), ("UPDATE OF title, lead, body", "old")):
        db.conn.execute(noting(event, row))
    db.conn.execute(NOTING_REPLACED)


FINGERPRINT_BYTES = 6
MOST_FINGERPRINTS = 48

ARTICLE_FINGERPRINTS = """
CREATE TABLE article_fingerprints (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    words INTEGER NOT NULL,         -- of the body, as copies are compared by
    hashes BLOB NOT NULL            -- 6 bytes each, ascending; empty for a text too short to have copies
)"""

FINGERPRINTS = """
CREATE TABLE fingerprints (
    hash BLOB NOT NULL,             -- four successive words; 6 bytes
    article_id INTEGER NOT NULL,    -- an article that has them
    PRIMARY KEY (hash, article_id)
) WITHOUT ROWID"""

COPIES = """
CREATE TABLE copies (
    article_id INTEGER NOT NULL,    -- articles.id
    other_id INTEGER NOT NULL,      -- articles.id; each pair has two rows, one from each side
    share_of_article REAL NOT NULL,  -- of its words, how much stands in the other; 0 to 1
    share_of_other REAL NOT NULL,   -- of the other's words, how much stands in the article
    common_words INTEGER NOT NULL,  -- how many words that is
    same_numbers REAL,              -- share of the fewer numbers both have; NULL: under four of them
    PRIMARY KEY (article_id, other_id)
) WITHOUT ROWID"""

UNCOMPARED = """
CREATE TABLE uncompared (
    article_id INTEGER PRIMARY KEY  -- kept by a version that looked for no copies; crawls take it in
)"""

COPY_PAIRS = """
CREATE VIEW copy_pairs AS
SELECT c.article_id, c.other_id,
       max(c.share_of_article, c.share_of_other) AS share,  -- REAL: of the two, the larger: 0.3 to 1
       c.share_of_article, c.share_of_other, c.common_words, c.same_numbers,
       a.source AS source,                       -- TEXT: of the article
       o.source AS other_source,                 -- TEXT: of the other
       a.title AS title,                         -- TEXT or NULL: of the article
       o.title AS other_title,                   -- TEXT or NULL: of the other
       a.published_at AS published_at,           -- TEXT or NULL: of the article; UTC
       o.published_at AS other_published_at,     -- TEXT or NULL: of the other; UTC
       a.agency AS agency,                       -- TEXT or NULL: whom the article credits
       o.agency AS other_agency                  -- TEXT or NULL: whom the other credits
FROM copies c JOIN articles a ON a.id = c.article_id JOIN articles o ON o.id = c.other_id"""


def hashes_of(row: str) -> str:
    """The fingerprints of a row of `article_fingerprints` ("new" or "old") as rows of `fingerprints`.

    A trigger may hold no common table expression, so the places are written out.
    """
    places, size = list(range(MOST_FINGERPRINTS)), FINGERPRINT_BYTES
    return (
        f"SELECT substr({row}.hashes, {size} * value + 1, {size}), {row}.article_id "
        f"FROM json_each('{places}') WHERE {size} * value < length({row}.hashes)"
    )


def copy_triggers() -> list[str]:
    """What keeps fingerprints and pairs as true as the articles they are of, whoever writes."""
    into = f"INSERT INTO fingerprints (hash, article_id) {hashes_of('new')};"
    out = f"DELETE FROM fingerprints WHERE (hash, article_id) IN ({hashes_of('old')});"
    unpaired = (
        "DELETE FROM copies WHERE (article_id, other_id) IN "
        "(SELECT other_id, article_id FROM copies WHERE article_id = old.article_id); "
        "DELETE FROM copies WHERE article_id = old.article_id;"
    )
    gone = (
        "DELETE FROM article_fingerprints WHERE article_id = old.id; "
        "DELETE FROM uncompared WHERE article_id = old.id;"
    )
    table = "article_fingerprints"
    return [
        f"CREATE TRIGGER fingerprints_insert AFTER INSERT ON {table} BEGIN {into} END",
        f"CREATE TRIGGER fingerprints_delete AFTER DELETE ON {table} BEGIN {out} {unpaired} END",
        f"CREATE TRIGGER articles_copies_delete AFTER DELETE ON articles BEGIN {gone} END",
    ]


@migrations()
def m010_copies(db: Database) -> None:
    """Which articles share their text; those kept before wait for a crawl or `muragat copies --fill`."""
    for statement in [ARTICLE_FINGERPRINTS, FINGERPRINTS, COPIES, UNCOMPARED, COPY_PAIRS, *copy_triggers()]:
        db.conn.execute(statement)
    db.conn.execute("INSERT INTO uncompared SELECT id FROM articles")


MISSING = """
CREATE TABLE missing (
    url_hash INTEGER PRIMARY KEY,   -- as in addresses
    source TEXT NOT NULL REFERENCES sources(id),
    since TEXT NOT NULL             -- UTC: first look that did not find it; a second one decides
)"""

NO_ARTICLES = """
CREATE TABLE no_articles (
    page_id INTEGER PRIMARY KEY,    -- pages.id in pages.db
    cleaned_with TEXT NOT NULL      -- the cleaning version that found no article in it
)"""

RECLEANINGS = """
CREATE TABLE recleanings (
    source TEXT PRIMARY KEY REFERENCES sources(id),
    scope TEXT NOT NULL,            -- fingerprint of cleaning version, profile and options
    reached INTEGER NOT NULL,       -- the last page done
    begun_at TEXT NOT NULL          -- UTC
)"""


@migrations()
def m015_rereading(db: Database) -> None:
    """What was not there at the last look, which pages hold no article, and how far a re-cleaning got."""
    newest = "CREATE INDEX revisions_seen_at ON revisions (seen_at) WHERE number > 1"
    for statement in [MISSING, NO_ARTICLES, RECLEANINGS, newest]:
        db.conn.execute(statement)


@migrations()
def m030_schedule(db: Database) -> None:
    """When each source is crawled next and why then, and who crawls it now."""
    # What a server put off is found among a million waiting addresses without reading them.
    put_off = "CREATE INDEX frontier_not_before ON frontier (source, not_before) WHERE not_before IS NOT NULL"
    for statement in [SCHEDULE, LEASES, put_off]:
        db.conn.execute(statement)


@migrations()
def m040_health(db: Database) -> None:
    """What each run measured, what is expected of a source and how it is, and which documents name what."""
    for statement in HEALTH:
        db.conn.execute(statement)


@migrations()
def m052_network(db: Database) -> None:
    """What servers do that no crawl may believe: faulty certificates, walls, claims of change, refusals."""
    for statement in NETWORK:
        db.conn.execute(statement)


@migrations()
def m053_manners(db: Database) -> None:
    """robots.txt with its history, who asked to be left alone, gaps, reservations, what was taken down."""
    for statement in MANNERS:
        db.conn.execute(statement)


@migrations()
def m054_fronts(db: Database) -> None:
    """Which article stood where on a listing, and when."""
    for statement in FRONTS:
        db.conn.execute(statement)


@migrations()
def m060_imported(db: Database) -> None:
    """Which articles came out of another archive's data set, and what that archive knew of them."""
    for statement in [IMPORTED, TRIGGER]:
        db.conn.execute(statement)


@migrations()
def m061_months(db: Database) -> None:
    """How many articles a month has, kept beside the counts by day."""
    for statement in [MONTHLY_COUNTS, *month_triggers(), MONTHS_OF_DAYS]:
        db.conn.execute(statement)


@migrations()
def m070_collected(db: Database) -> None:
    """What other machines fetched, as far as it is kept here."""
    for statement in COLLECTED:
        db.conn.execute(statement)

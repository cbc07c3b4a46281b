"""The tables of m054_fronts, apart for their length: like every released migration they are never changed."""

from __future__ import annotations

FRONT_TEASERS = """
CREATE TABLE front_teasers (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources(id),
    document TEXT NOT NULL,         -- the listing, as its profile names it
    url_hash INTEGER NOT NULL,      -- as in addresses
    url_key TEXT NOT NULL,          -- as in articles
    url TEXT NOT NULL,              -- as the listing names it
    headline TEXT,                  -- the listing's own wording, at the first look; NULL: it has no words
    block TEXT,                     -- part of the page by tag and id or class; NULL: it has no name
    first_seen_at TEXT NOT NULL     -- UTC
)"""

FRONT_LOOKS = """
CREATE TABLE front_looks (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources(id),
    document TEXT NOT NULL,         -- the listing, as its profile names it
    places TEXT NOT NULL,           -- JSON list of front_teasers.id, the top one first
    since TEXT NOT NULL,            -- UTC: the first look that saw just this
    seen_until TEXT,                -- UTC: the last look that saw it; NULL: it is so still
    until TEXT                      -- UTC: the first look that saw another order; NULL: it is so still
)"""

FRONT_PLACES = """
CREATE VIEW front_places AS
SELECT
       l.id AS look_id,                          -- INTEGER: front_looks.id
       l.source, l.document,
       p.key + 1 AS place,                       -- INTEGER: 1 is the top
       t.id AS teaser_id,                        -- INTEGER: front_teasers.id
       t.headline, t.block, t.url,
       a.id AS article_id,                       -- INTEGER or NULL: articles.id
       a.title AS title,                         -- TEXT or NULL: the article's own
       l.since,
       coalesce(l.seen_until, d.read_at) AS seen_until,  -- TEXT or NULL: UTC: the last look that saw it
       l.until
FROM front_looks l
JOIN json_each(l.places) p
JOIN front_teasers t ON t.id = p.value
LEFT JOIN documents d ON d.source = l.source AND d.url = l.document
LEFT JOIN addresses k ON k.url_hash = t.url_hash
LEFT JOIN articles a ON a.id = coalesce(k.article_id, (SELECT id FROM articles WHERE url_key = t.url_key))"""

# Added up before anything is joined: a year of one listing has a million places.
FRONT_STAYS = """
CREATE VIEW front_stays AS
SELECT s.source, s.document, s.url,
       a.id AS article_id,                       -- INTEGER or NULL: articles.id
       a.title AS title,                         -- TEXT or NULL: the article's own
       s.headline AS headline,                   -- TEXT or NULL: as it stands there now
       s.headlines AS headlines,                 -- INTEGER: wordings it had there
       s.best_place AS best_place,               -- INTEGER: 1 is the top
       s.since AS since,                         -- TEXT: UTC: the first look that saw it
       s.seen_until AS seen_until,               -- TEXT: UTC: the last look that saw it
       round(24 * s.days, 2) AS hours,           -- REAL: there, counted to the look that saw it no more
       round(24 * s.days_on_top, 2) AS hours_on_top  -- REAL: the same on place 1
FROM (
  SELECT l.source, l.document, t.url_hash, t.url_key, max(t.url) AS url,
    max(t.headline) FILTER (WHERE l.until IS NULL) AS headline,
    count(DISTINCT t.headline) AS headlines, min(p.key) + 1 AS best_place, min(l.since) AS since,
    max(l.seen) AS seen_until, sum(l.days) AS days, sum(l.days) FILTER (WHERE p.key = 0) AS days_on_top
  FROM (
    SELECT f.*, coalesce(f.seen_until, d.read_at, f.since) AS seen,
      julianday(coalesce(f.until, d.read_at, f.since)) - julianday(f.since) AS days
    FROM front_looks f LEFT JOIN documents d ON d.source = f.source AND d.url = f.document
  ) l JOIN json_each(l.places) p JOIN front_teasers t ON t.id = p.value
  GROUP BY l.source, l.document, t.url_hash
) s
LEFT JOIN addresses k ON k.url_hash = s.url_hash
LEFT JOIN articles a ON a.id = coalesce(k.article_id, (SELECT id FROM articles WHERE url_key = s.url_key))"""

FRONTS = [
    *(FRONT_TEASERS, FRONT_LOOKS, FRONT_PLACES, FRONT_STAYS),
    "CREATE INDEX front_teasers_url ON front_teasers (source, document, url_hash)",
    "CREATE INDEX front_teasers_key ON front_teasers (url_key)",
    "CREATE INDEX front_looks_since ON front_looks (source, document, since)",
    # One order stands at a time, whatever writes.
    "CREATE UNIQUE INDEX front_looks_standing ON front_looks (source, document) WHERE until IS NULL",
]

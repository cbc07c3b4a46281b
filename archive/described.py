"""What a schema says of itself: SQLite keeps the comments of a CREATE TABLE as written.

The site tells it to readers of the tables, docs/schema.md to readers of the documentation.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# The tables and views of news.db in the order a reader wants them, each with what a row of it is.
NEWS_TABLES: Mapping[str, str] = {
    "articles": "An article as it reads now.",
    "revisions": "A wording of an article: the first, and each that replaced it.",
    "revision_texts": "View: every wording of an article with its text, the present one too.",
    "links": "A link the article offers.",
    "images": "A picture the article shows.",
    "articles_fts": "The search index: keys of words of title, lead and body; rowid is articles.id.",
    "search_indexes": "By which rules the search index was made, and how far.",
    "search_changes": "A change of an article's texts that the search index does not know yet.",
    "search_words": "A word of the archive, for suggestions.",
    "copies": "Two articles that share their text, from one side.",
    "copy_pairs": "View: the same, with what the articles are; choose your own threshold of `share`.",
    "article_fingerprints": "What copies of an article are found by.",
    "fingerprints": "The same, by fingerprint.",
    "uncompared": "An article whose copies are not looked for yet.",
    "daily_counts": "How many articles a day has, by source, section and language.",
    "monthly_counts": "How many articles a month has, by source, section and language.",
    "sources": "A source, as its profile named it when it was last crawled.",
    "runs": "One crawl of one source, with its counts.",
    "fetches": "One request and what became of it; of kind tdmrep too: a site's tdmrep.json.",
    "problems": "Why an address could not be used, once for each address and reason.",
    "frontier": "An address that waits to be asked.",
    "addresses": "An address that was asked, and what is known of it.",
    "schedule": "When a source is crawled next, and why then: what `muragat schedule` learned.",
    "leases": "A source that a crawl has in hand.",
    "missing": "An article's address where nothing was at the last look.",
    "no_articles": "A kept page in which no article was found, so that it is not read again in vain.",
    "recleanings": "A re-cleaning of all pages of a source that has not ended.",
    "tls_exceptions": "A host whose faulty certificate a run overlooked, as the profile says.",
    "texts_read": "The text an address showed last: one text at many addresses is a wall.",
    "doubted": "An address whose new text has nothing of its article; it is looked at again.",
    "lastmod_claims": "A sitemap that states changes, and how many of the last ones were none.",
    "withheld": "A kept article that its site did not show at the last visit; its text stays.",
    "run_health": "What a run measured when it ended: errors, and which fields its articles have.",
    "documents": "A feed, sitemap or listing of a profile, as it last was.",
    "expectations": "What a source's profile expects and names.",
    "source_health": "Whether a source is well, and why not.",
    "alarms_told": "What a channel of alarms.toml was last told of a source.",
    "robots": "What a host's robots.txt said, a row for each change.",
    "waits": "That a server said it is busy, and until when its host is left alone.",
    "gaps": "How far apart requests to a host were on a day, counted in steps.",
    "reservations": "What an article's own page says of text and data mining.",
    "site_reservations": "What a host's tdmrep.json says of text and data mining.",
    "takedowns": "An article that was taken out for good, and why.",
    "takedown_addresses": "An address of such an article: it is never asked again.",
    "front_places": "View: an article on its place of a listing, as long as nothing there changed.",
    "front_stays": "View: how long an article was on a listing, and how high.",
    "front_looks": "The order of articles on a listing's first page, as long as it was the same.",
    "front_teasers": "An article as a listing offers it, under one headline.",
    "imported": "An article that came out of another archive's data set, not off a page.",
    "attempts": "A worker's attempt at a job of another machine, and how much of it is kept here.",
    "attempt_pages": "Under which id a worker's page is kept here.",
    "namings": "That a kind of document named an article: what is missed is estimated from it.",
}
# Where the columns of a view and of the search index come from, the nearest first.
ORIGINS = {
    "articles_fts": ("articles",),
    "revision_texts": ("revisions",),
    "copy_pairs": ("copies",),
    "front_places": ("front_teasers", "front_looks"),
    "front_stays": ("front_places", "front_teasers", "front_looks"),
}
LINE = re.compile(r"^\s+(?P<column>\w+) (?P<type>[A-Z]+)(?P<rest>[^-]*)(?:-- (?P<meaning>.*))?$")
# A column of a view that no table has says itself what it is.
VIEW_LINE = re.compile(r"^\s+.* AS (?P<column>\w+),?\s+-- (?P<type>[A-Z]+(?: or NULL)?): (?P<meaning>.*)$")
REFERENCE = re.compile(r"REFERENCES (\w+)\((\w+)\)")


@dataclass(frozen=True, slots=True)
class DescribedColumn:
    """A column as the schema tells of it."""

    name: str
    type: str
    meaning: str


def columns_of(connection: sqlite3.Connection, table: str) -> list[DescribedColumn]:
    """The columns of a table or view in their order."""
    stated: dict[str, DescribedColumn] = {}
    for origin in (table, *ORIGINS.get(table, ())):
        stated = {column.name: column for column in described_columns(connection, origin)} | stated
    return [stated[row[1]] for row in connection.execute(f"PRAGMA table_info({table})")]


def described_columns(connection: sqlite3.Connection, table: str) -> Iterator[DescribedColumn]:
    """What each line of a CREATE TABLE or CREATE VIEW says of its column."""
    (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [table]).fetchone()
    for line in sql.splitlines():
        if named := VIEW_LINE.match(line):
            yield DescribedColumn(named["column"], named["type"], named["meaning"])
        match = LINE.match(line)
        if match is None:
            continue
        said = (match["meaning"] or "").strip()
        if reference := REFERENCE.search(match["rest"]):
            said = f"{reference[1]}.{reference[2]}" + (f": {said}" if said else "")
        optional = "NOT NULL" not in match["rest"] and "PRIMARY KEY" not in match["rest"]
        yield DescribedColumn(match["column"], match["type"] + (" or NULL" if optional else ""), said)

"""Checks of what belongs to articles in news.db: links, pictures, addresses; and of rows without one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sqlite_utils import Database

from archive.health.findings import Finding, Remedy, found, listed
from archive.identity import key_or_none
from archive.numbers_said import counted

LINKS_LOOKED_AT = 2_000  # the newest, without --full
LISTS = ("links", "images")
# Tables of rows that belong to an article, and the column that names it.
BELONGING = {"revisions": "article_id", "links": "article_id", "images": "article_id"}
Check = Callable[[], Finding | Iterable[Finding]]


def link_checks(db: Database, *, full: bool) -> Iterator[tuple[str, Check]]:
    """The checks by name; each link's key is compared with `full`, else those of the newest articles."""
    yield "what belongs to articles", lambda: strays(db)
    yield "links and pictures", lambda: gaps(db)
    yield "keys of links", lambda: wrong_keys(db, full=full)
    yield "addresses", lambda: lost_articles(db)


def strays(db: Database) -> Finding:
    """Every revision, link and picture is of an article that is there."""
    parts = (
        f"SELECT DISTINCT {column} FROM {table} WHERE {column} NOT IN (SELECT id FROM articles)"
        for table, column in BELONGING.items()
    )
    check = "every revision, link and picture has its article"
    return listed(db, check, "lost", " UNION ".join(parts), remedy=Remedy.ORPHANS)


def gaps(db: Database) -> Finding:
    """An article's links and its pictures are numbered from 0 without a gap."""
    parts = (
        f"SELECT article_id FROM {table} GROUP BY article_id "
        "HAVING min(position) <> 0 OR max(position) <> count(*) - 1"
        for table in LISTS
    )
    query = f"SELECT * FROM ({' UNION '.join(parts)}) WHERE article_id IN (SELECT id FROM articles)"
    check = "no link or picture is missing between others"
    return listed(db, check, "lost", query, remedy=Remedy.READ_AGAIN)


def wrong_keys(db: Database, *, full: bool) -> Finding:
    """A link's key is that of its address: by it the linked article is found."""
    some = "" if full else f" ORDER BY article_id DESC LIMIT {LINKS_LOOKED_AT}"
    rows = db.conn.execute(f"SELECT article_id, url, url_key FROM links{some}")
    looked_at, wrong = 0, {}
    for article_id, url, key in rows:
        looked_at += 1
        if key_or_none(url) != key:
            wrong[article_id] = True
    check = "links lead where they say"
    return found(check, "damaged", list(wrong), Remedy.READ_AGAIN, counted(looked_at, "link"))


def lost_articles(db: Database) -> Finding:
    """Every article that an address led to is there."""
    query = (
        "SELECT DISTINCT article_id FROM addresses WHERE article_id IS NOT NULL "
        "AND article_id NOT IN (SELECT id FROM articles)"
    )
    return listed(db, "every article an address led to is there", "lost", query, remedy=Remedy.LOST)

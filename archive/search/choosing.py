"""Which articles a person means: what a command was told, checked against the archive."""

from __future__ import annotations

from datetime import datetime

import click
from sqlite_utils import Database

from archive.identity import url_hash, url_key
from archive.search.filters import ArticleFilter
from archive.search.functions import register
from archive.search.known import languages_of, sources_of

IN_LANGUAGE = "SELECT 1 FROM articles WHERE language = ? LIMIT 1"
BIGGEST_ID = 2**63 - 1  # beyond it SQLite has no number to compare with


def chosen_articles(
    db: Database,
    *,
    sources: tuple[str, ...] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    language: str | None = None,
    section: str | None = None,
    words: str | None = None,
) -> ArticleFilter:
    """The filter that options describe; raises click's errors for what cannot be meant.

    The connection gets what the filter's conditions call.
    """
    register(db.conn)
    for text in (*sources, language, section, words):
        if text and not text.isprintable() and any("\ud800" <= c <= "\udfff" for c in text):
            raise click.UsageError(f"{text[:40]!r} is no text")
    known = sorted(sources_of(db.conn))
    for source in sources:
        if source not in known:
            there = ", ".join(known) or "none yet"
            raise click.UsageError(f"no articles of a source {source!r} here; there are: {there}")
    if language:
        refuse_unknown_language(db, language)
    if since and until and since > until:
        raise click.UsageError(f"--since {since:%Y-%m-%d} is after --until {until:%Y-%m-%d}")
    return ArticleFilter(
        sources=sources,
        since=since.date() if since else None,
        until=until.date() if until else None,
        language=language.lower() if language else None,
        section=section,
        words=words,
    )


def refuse_unknown_language(db: Database, language: str) -> None:
    """Raise click's UsageError for a language in which nothing is written here."""
    known = languages_of(db.conn)
    # Another program may have written an article past the counts.
    if language.lower() in known or first_of(db, IN_LANGUAGE, language.lower()):
        return
    there = ", ".join(sorted(known)) or "none yet"
    raise click.UsageError(f"no articles in a language {language!r} here; there are: {there}")


def chosen_article(db: Database, named: str) -> int:
    """The id of the article a person means by its number or an address; raises click's error for none."""
    article_id = article_named(db, named)
    if article_id is None:
        raise click.UsageError(f"no article {named[:200]!r} here; name its number or its address")
    return article_id


def article_named(db: Database, named: str) -> int | None:
    """The id of the article a person means by its number or an address, or `None`."""
    if named.isdecimal() and len(named) <= len(str(BIGGEST_ID)):
        query, value = "SELECT id FROM articles WHERE id = ?", int(named)
        return first_of(db, query, value) if value <= BIGGEST_ID else None
    try:
        key = url_key(named)
    except ValueError:
        return None
    found = first_of(db, "SELECT id FROM articles WHERE url_key = ?", key)
    return found or first_of(db, "SELECT article_id FROM addresses WHERE url_hash = ?", url_hash(key))


def first_of(db: Database, query: str, value: object) -> int | None:
    """The first row's first column, or `None`."""
    row = db.conn.execute(query, [value]).fetchone()
    return row[0] if row else None

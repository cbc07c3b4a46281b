"""Kept pages to be read again: which, with what beside them, and how their new readings are written.

A page is read as in a crawl: with what feeds and sitemaps said of its address, by the clock of its fetching.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from archive.identity import url_hash, url_key
from archive.mining import page_reservation
from archive.records import Article, Found, Page
from archive.store.archive import Archive
from archive.store.columns import json_text, utc
from archive.store.connection import transaction
from archive.store.visits import next_visit

# The newest page of every address that never gave an article, as far as no article stands there now.
WITHOUT_ARTICLE = (
    "SELECT page_id, NULL AS article_id FROM "
    "(SELECT url, page_id, outcome, max(printf('%s %012d', fetched_at, page_id)) FROM fetches "
    "WHERE source = :source AND kind = 'article' AND page_id IS NOT NULL GROUP BY url) "
    "WHERE outcome = 'rejected' "
    "AND page_id NOT IN (SELECT page_id FROM articles WHERE source = :source)"
)
# What came out of another archive's data set has a record instead of a page.
OF_ARTICLES = (
    "SELECT page_id, id AS article_id FROM articles WHERE source = :source "
    "AND page_id NOT IN (SELECT page_id FROM imported)"
)
JUDGED = "SELECT page_id FROM no_articles WHERE cleaned_with = :version"
SINCE = "SELECT page_id FROM fetches WHERE page_id IS NOT NULL AND fetched_at >= :since"
NO_ARTICLE_NOW = "no_article_now"
MOST_EARLIER = 3  # pages an article was read from before, that are asked for what its newest does not state


@dataclass(frozen=True, slots=True)
class Due:
    """A kept page that waits to be read again, and the article that was read from it, if one was."""

    page_id: int
    article_id: int | None


@dataclass(frozen=True, slots=True)
class Material:
    """A page with what is needed to read it: `page` is `None` where it is damaged or missing.

    `before` has the article's columns, its links and pictures as lists of rows; `None` for a page without.
    `earlier` are the pages the article was read from before, the newest first, `None` for a damaged one.
    """

    due: Due
    page: Page | None
    found: tuple[Found, ...]
    before: dict[str, Any] | None
    earlier: tuple[Page | None, ...] = ()


def pages_due(
    archive: Archive, source: str, version: str, *, every: bool, since: date | None, after: int
) -> list[Due]:
    """The pages of a source to read again, in the order they were kept, those up to id `after` left out.

    Those the present cleaning `version` has read are left out too, unless `every` is wanted; `since` leaves
    out what was fetched before that day (UTC).
    """
    conditions = ["page_id > :after"]
    if not every:
        conditions.append(f"page_id NOT IN ({JUDGED})")
    if since:
        conditions.append(f"page_id IN ({SINCE})")
    older = OF_ARTICLES if every else f"{OF_ARTICLES} AND cleaned_with <> :version"
    values = {"source": source, "version": version, "after": after, "since": since and since.isoformat()}
    where = " AND ".join(conditions)
    rows = archive.news.query(
        f"SELECT * FROM ({older} UNION ALL {WITHOUT_ARTICLE}) WHERE {where} ORDER BY page_id", values
    )
    return [Due(row["page_id"], row["article_id"]) for row in rows]


def material(archive: Archive, due: Sequence[Due]) -> list[Material]:
    """What is needed to read these pages."""
    return [material_of(archive, one) for one in due]


def material_of(archive: Archive, due: Due) -> Material:
    """What is needed to read one page."""
    page = archive.kept_page(due.page_id)
    before = None if due.article_id is None else article_of(archive, due.article_id)
    found = archive.frontier.statements(page.requested_url) if page else ()
    return Material(due, page, found, before, earlier_pages(archive, due))


def article_of(archive: Archive, article_id: int) -> dict[str, Any]:
    """An article's columns, its links and pictures."""
    row = dict(archive.news.table("articles").get(article_id))
    for table in ("links", "images"):
        query = f"SELECT * FROM {table} WHERE article_id = ? ORDER BY position"
        row[table] = list(archive.news.query(query, [article_id]))
    return row


def earlier_pages(archive: Archive, due: Due) -> tuple[Page | None, ...]:
    """The pages that gave an article its earlier readings, the newest first."""
    if due.article_id is None:
        return ()
    addresses = archive.news.conn.execute(
        "SELECT url_hash FROM addresses WHERE article_id = ?", [due.article_id]
    )
    hashes = [row[0] for row in addresses]
    rows = archive.pages.db.conn.execute(
        f"SELECT id FROM pages WHERE url_hash IN ({', '.join('?' * len(hashes))}) AND kind = 'article' "
        "AND status = 200 AND id < ? ORDER BY id DESC LIMIT ?",
        [*hashes, due.page_id, MOST_EARLIER + 1],
    ).fetchall()
    return tuple(archive.kept_page(page_id) for (page_id,) in rows)


@dataclass(frozen=True, slots=True)
class Reading:
    """A page read again: its article, or in words why it could not be read.

    `all_read` says that what this article does not state, none of its earlier pages states either.
    """

    of: Material
    article: Article | str
    all_read: bool = True


def keep_readings(archive: Archive, source: str, readings: Iterable[Reading], *, at: datetime) -> None:
    """Write what new readings of a source's pages say, all of them or none."""
    with transaction(archive.news, archive.folder.news):
        for reading in readings:
            if isinstance(reading.article, Article):
                keep_reading(archive, source, reading, reading.article, at)


def keep_reading(archive: Archive, source: str, reading: Reading, article: Article, at: datetime) -> None:
    """Write what one new reading says: a better article, an article that was not seen before, or none."""
    one = reading.of
    if article.article_type == "not_article":
        archive.judge(one.due.page_id, article.cleaned_with)
        if one.before:
            doubt(archive, one.before, article)
    elif one.before:
        archive.articles.reread(one.before, article, at=at, all_read=reading.all_read)
        if one.page:
            said = page_reservation(one.page.headers, one.page.body)
            archive.reservations.note_page(one.before["id"], said, at=one.page.fetched_at)
    elif one.page and is_new(archive, article):
        keep_found(archive, source, one.page, one.due.page_id, article, at)
    else:  # another address of an article that is kept: none of its own
        archive.judge(one.due.page_id, article.cleaned_with)


def is_new(archive: Archive, article: Article) -> bool:
    """Whether an article is neither kept nor taken down."""
    taken_down = archive.takedown_of(article, article.requested_url) is not None
    return not taken_down and archive.articles.row(article.url_key) is None


def doubt(archive: Archive, before: dict[str, Any], article: Article) -> None:
    """Note with an article that its page reads as none now; the article stays as it is."""
    said = f"cleaning {article.cleaned_with} finds no article on its page (score {article.is_article:.2f})"
    problems = [one for one in json.loads(before["problems"]) if one.get("code") != NO_ARTICLE_NOW]
    noted = json_text([*problems, {"code": NO_ARTICLE_NOW, "detail": said}])
    archive.news.table("articles").update(before["id"], {"problems": noted})


def keep_found(
    archive: Archive, source: str, page: Page, page_id: int, article: Article, at: datetime
) -> None:
    """Keep an article that was not seen in its page before, as of when the page was fetched."""
    article_id, _ = archive.articles.save(article, source=source, page_id=page_id, seen_at=page.fetched_at)
    due = next_visit(at, archive.articles.plan_begun(article_id))
    archive.news.conn.execute(
        "UPDATE addresses SET article_id = ?, next_visit_at = ? WHERE url_hash = ?",
        [article_id, utc(due) if due else None, url_hash(url_key(page.requested_url))],
    )
    archive.news.conn.execute(
        "DELETE FROM problems WHERE source = ? AND url = ? AND stage = 'clean'", [source, page.requested_url]
    )


def reached(archive: Archive, source: str, scope: str) -> int:
    """The last page that a re-cleaning of this scope had done when it was killed; 0 for none."""
    row = archive.news.conn.execute(
        "SELECT reached FROM recleanings WHERE source = ? AND scope = ?", [source, scope]
    ).fetchone()
    return row[0] if row else 0


def note_reached(archive: Archive, source: str, scope: str, page_id: int, *, at: datetime) -> None:
    """Note how far a re-cleaning has got; part of the transaction of what it wrote."""
    row = {"source": source, "scope": scope, "reached": page_id, "begun_at": utc(at)}
    archive.news.table("recleanings").upsert(row, pk="source")


def note_ended(archive: Archive, source: str) -> None:
    """Note that all pages of a source were read again."""
    with transaction(archive.news, archive.folder.news):
        archive.news.conn.execute("DELETE FROM recleanings WHERE source = ?", [source])

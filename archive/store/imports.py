"""Articles out of another archive's data set, kept as that archive told of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from archive.records import Article, Page, Reservation, Visit
from archive.store.archive import Archive
from archive.store.columns import utc
from archive.store.connection import transaction
from archive.store.readings import columns_of

RECORD = "record"
CONTENT_TYPE = "application/json"
TAKEN = """
SELECT 1 FROM articles WHERE id = :id UNION ALL SELECT 1 FROM takedowns WHERE article_id = :id"""
MOST_ID = 2**53 - 1  # which JavaScript counts to; ids of archives stay below


@dataclass(frozen=True, slots=True)
class Record:
    """An article as a data set tells of it.

    `id` is its number in the archive it came from, `None` where it is not told; `wordings` and `edits` are
    how many that archive knew, itself counted; `reservation` is what it knew of text and data
    mining; `written` is the record as it stood in the file.
    """

    article: Article
    source: str
    written: bytes
    last_seen_at: datetime
    first_seen_at: datetime
    gone_at: datetime | None = None
    id: int | None = None
    wordings: int = 1
    edits: int = 0
    reservation: Reservation | None = None

    def of(self, source: str) -> Self:
        """The same of another source."""
        return replace(self, source=source)


def keep_record(archive: Archive, run_id: int, record: Record, *, now: datetime) -> str:
    """Keep a record and its article; returns "new", "known", "other" or "taken_down".

    An article that is kept already stays as it is, whatever the record says: "known", or "other" where it
    says something else.
    """
    article = record.article
    if (takedown_id := archive.takedown_of(article, article.requested_url)) is not None:
        archive.refuse_taken_down(run_id, record.source, visit_of(record), takedown_id)
        return "taken_down"
    before = archive.articles.row(article.url_key)
    if before is not None:
        return "known" if before["content_hash"] == columns_of(article)["content_hash"] else "other"
    page_id = archive.pages.keep(page_of(record), kind=RECORD)
    visit = replace(visit_of(record), page_id=page_id)
    with transaction(archive.news, archive.folder.news):
        number = free_id(archive, record.id)
        archive.keep_told_article(run_id, record.source, article, visit, article_id=number)
        note(archive, record, page_id, now=now)
    return "new"


def visit_of(record: Record) -> Visit:
    """When and where the article was seen last, without a kept page."""
    return Visit(
        record.article.requested_url,
        "article",
        200,
        record.last_seen_at,
        bytes=len(record.written),
        reservation=record.reservation,
    )


def page_of(record: Record) -> Page:
    """The record as a page: what the article was read from, kept as it was."""
    return Page(
        url=record.article.url,
        requested_url=record.article.requested_url,
        source=record.source,
        fetched_at=record.last_seen_at,
        status=200,
        headers=(("Content-Type", CONTENT_TYPE),),
        body=record.written,
    )


def free_id(archive: Archive, wanted: int | None) -> int | None:
    """The id where no article has it or had it until it was taken down, else `None`."""
    if wanted is None or not 0 < wanted <= MOST_ID:
        return None
    taken = archive.news.conn.execute(TAKEN, {"id": wanted}).fetchone()
    return None if taken else wanted


def note(archive: Archive, record: Record, page_id: int, *, now: datetime) -> None:
    """Note what the other archive knew of an article that was just kept."""
    row: dict[str, Any] | None = archive.articles.row(record.article.url_key)
    assert row is not None, "it was just kept"
    archive.news.conn.execute(
        "UPDATE articles SET first_seen_at = ?, gone_at = ? WHERE id = ?",
        [utc(record.first_seen_at), utc(record.gone_at) if record.gone_at else None, row["id"]],
    )
    archive.news.table("imported").insert(
        {
            "article_id": row["id"],
            "page_id": page_id,
            "wordings": max(record.wordings - 1, 0),
            "edits": record.edits,
            "imported_at": utc(now),
        }
    )

"""Articles at rest: one row each, earlier wordings beside it, links and pictures with it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.identity import content_hash, url_key
from archive.records import Article, Outcome
from archive.store.columns import article_columns, json_text, rows_of, utc
from archive.store.connection import transaction
from archive.store.copies import CopyStore
from archive.store.search_index import SearchIndex

# An id is the minute of publication, counted from here, and three digits of order within it: it grows with
# publication time, so that "newest first" is the order of the table itself (1,187 ms became 51 ms at a
# million rows), and stays under 2**53, which JavaScript counts to.
ID_EPOCH = datetime(1990, 1, 1, tzinfo=UTC)
IDS_PER_MINUTE = 1000
TEXT = ("title", "lead", "body", "body_html")
PUBLISHED = tuple(f"published_{part}" for part in ("at", "local", "date", "raw", "precision", "evidence"))
# What is kept from an earlier reading when a later one, with less evidence at hand, does not know it.
KEPT_IF_UNSTATED = ("section", "agency", "language")


class ArticleStore:
    """Saves articles; says whether they were new, reworded or unchanged."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path
        self.index = SearchIndex(db, path)
        self.copies = CopyStore(db, path)

    def save(
        self, article: Article, *, source: str, page_id: int, seen_at: datetime, cause: str = "publisher"
    ) -> tuple[int, Outcome]:
        """Keep the article, and a new revision only if what it says changed; returns its id too.

        Article, revision, links, pictures, search row, day count and copies are written together or not at
        all.
        `cause` is who changed the text: "publisher", or "recleaned" for a better reading of a kept page.
        """
        columns = article_columns(article) | {"source": source, "page_id": page_id}
        columns["content_hash"] = content_hash(article.title, article.lead, article.body)
        columns |= {"last_seen_at": utc(seen_at), "gone_at": None}
        with transaction(self.db, self.path):
            answer = self.written(article, columns, cause)
            self.index.apply_changes()
            return answer

    def written(self, article: Article, columns: dict[str, Any], cause: str) -> tuple[int, Outcome]:
        """Write what is new about an article; returns its id too."""
        before = self.row(article.url_key)
        if before is None:
            return self.insert(article, columns)
        if is_teaser_of(columns, before):
            self.seen(before["id"], datetime.fromisoformat(columns["last_seen_at"]))
            return before["id"], Outcome.UNCHANGED
        return before["id"], self.update(article, columns, before, cause)

    def row(self, key: str) -> dict[str, Any] | None:
        """The article's columns by its `url_key`, or `None`."""
        return next(iter(self.db.query("SELECT * FROM articles WHERE url_key = ?", [key])), None)

    def insert(self, article: Article, columns: dict[str, Any]) -> tuple[int, Outcome]:
        """Keep an article not seen before."""
        seen_at = columns["last_seen_at"]
        article_id = self.next_id(article.published_at or datetime.fromisoformat(seen_at))
        row = {"id": article_id, **columns, "revisions": 1, "first_seen_at": seen_at}
        self.db.table("articles").insert(row)
        self.add_revision(row, number=1, cause="first")
        self.replace_lists(article, article_id)
        self.copies.take_in(article_id, article.body)
        return article_id, Outcome.NEW

    def update(
        self, article: Article, columns: dict[str, Any], before: dict[str, Any], cause: str
    ) -> Outcome:
        """Keep what a known article says now."""
        article_id = before["id"]
        kept = [name for name in KEPT_IF_UNSTATED if columns[name] is None and before[name] is not None]
        if (
            columns["published_at"] is None and before["published_at"]
        ):  # a date is six columns of one reading, never a mix of two
            kept += PUBLISHED
        columns |= {name: before[name] for name in kept}
        said_before, says_now = json.loads(before["evidence"]), json.loads(columns["evidence"])
        says_now |= {name: said_before[name] for name in kept if name in said_before}
        columns["evidence"] = json_text(says_now)
        reworded = columns["content_hash"] != before["content_hash"]
        if reworded:
            self.keep_wording(before)
            columns["revisions"] = before["revisions"] + 1
        else:
            columns = {name: value for name, value in columns.items() if name not in TEXT}
        self.db.table("articles").update(article_id, columns)
        self.replace_lists(article, article_id)
        if not reworded:
            return Outcome.UNCHANGED
        if columns["body"] != before["body"]:
            self.copies.take_in(article_id, article.body)
        self.add_revision({"id": article_id, **columns}, number=columns["revisions"], cause=cause)
        return Outcome.REVISED

    def keep_wording(self, before: dict[str, Any]) -> None:
        """Write the present texts of an article into its newest revision, before they are replaced."""
        self.db.conn.execute(
            "UPDATE revisions SET title = ?, lead = ?, body = ?, body_html = ? "
            "WHERE article_id = ? AND number = ?",
            [*(before[name] for name in TEXT), before["id"], before["revisions"]],
        )

    def add_revision(self, row: dict[str, Any], *, number: int, cause: str) -> None:
        """Note a wording; its texts stand in the article until they are replaced."""
        self.db.table("revisions").insert(
            {
                "article_id": row["id"],
                "number": number,
                "cause": cause,
                "seen_at": row["last_seen_at"],
                "page_id": row["page_id"],
                "cleaned_with": row["cleaned_with"],
                "content_hash": row["content_hash"],
                "modified_at": row["modified_at"],
            }
        )

    def replace_lists(self, article: Article, article_id: int) -> None:
        """Keep the links and pictures of the article as it is now."""
        links = [row | {"url_key": key_or_none(row["url"])} for row in rows_of(article.links, article_id)]
        for table, rows in (("links", links), ("images", rows_of(article.images, article_id))):
            self.db.conn.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
            self.db.table(table).insert_all(rows)

    def next_id(self, moment: datetime) -> int:
        """The first free id of the moment's minute, or of a later one when the minute is full."""
        minute = max(int((moment - ID_EPOCH).total_seconds() // 60), 1)
        while True:
            first = minute * IDS_PER_MINUTE
            (last,) = self.db.conn.execute(
                "SELECT max(id) FROM articles WHERE id BETWEEN ? AND ?", [first, first + IDS_PER_MINUTE - 1]
            ).fetchone()
            if last is None:
                return first
            if last < first + IDS_PER_MINUTE - 1:
                return int(last) + 1
            minute += 1

    def seen(self, article_id: int, seen_at: datetime) -> None:
        """Note that the article was still there."""
        with transaction(self.db, self.path):
            self.db.conn.execute(
                "UPDATE articles SET last_seen_at = ?, gone_at = NULL WHERE id = ?",
                [utc(seen_at), article_id],
            )

    def gone(self, article_id: int, seen_at: datetime) -> None:
        """Note that the page is not on the site any more; its text stays."""
        with transaction(self.db, self.path):
            self.db.conn.execute(
                "UPDATE articles SET gone_at = ? WHERE id = ? AND gone_at IS NULL", [utc(seen_at), article_id]
            )


def is_teaser_of(columns: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether a page now behind a paywall shows less than what was kept: that replaces nothing."""
    return columns["access"] == "paywalled" and len(columns["body"]) < len(before["body"])


def key_or_none(url: str) -> str | None:
    """The url_key, or `None` for what is no readable address."""
    try:
        return url_key(url)
    except ValueError:
        return None

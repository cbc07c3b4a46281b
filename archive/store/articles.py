"""Articles at rest: one row each, earlier wordings beside it, links and pictures with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.identity import key_or_none
from archive.records import Article, Outcome
from archive.store.columns import rows_of, utc
from archive.store.connection import insert_all, inserted, selected, transaction
from archive.store.copies import CopyStore
from archive.store.prepared import OfTexts, texts_of
from archive.store.readings import TEXT, columns_now, columns_of, is_other_view, is_teaser_of, says_as_kept
from archive.store.search_index import SearchIndex
from archive.store.takedowns import TakedownStore
from archive.store.visits import MOST_BEGINNINGS, PLANNED_BY, plan_begins

# An id is the minute of publication, counted from here, and three digits of order within it: it grows with
# publication time, so that "newest first" is the order of the table itself (1,187 ms became 51 ms at a
# million rows), and stays under 2**53, which JavaScript counts to.
ID_EPOCH = datetime(1990, 1, 1, tzinfo=UTC)
IDS_PER_MINUTE = 1000


class ArticleStore:
    """Saves articles; says whether they were new, reworded or unchanged."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path
        self.index = SearchIndex(db, path)
        self.copies = CopyStore(db, path)
        self.takedowns = TakedownStore(db, path)

    def prepare(self, article: Article, made: OfTexts) -> None:
        """Have at hand what was made of an article that may be saved. May be called in any thread."""
        self.index.prepared.add(texts_of(article), made.keys)
        self.copies.prepared.add(article.body, made.fingerprints)

    def save(
        self,
        article: Article,
        *,
        source: str,
        page_id: int,
        seen_at: datetime,
        cause: str = "publisher",
        earlier: Article | None = None,
        article_id: int | None = None,
    ) -> tuple[int, Outcome]:
        """Keep the article, and a new revision only if what it says changed; returns its id too.

        Article, revision, links, pictures, search row, day count and copies are written together or not at
        all.
        `earlier` is the page of the kept wording read again as this one was: where that says something else
        than what was kept, our own reading changed, and that is a revision of its own before the publisher's.
        Without it `cause` is who changed the text: "publisher", or "recleaned" for a better reading.
        `article_id` is a free number for one that is new, of another archive that knew it by that.
        """
        columns = columns_of(article) | {"source": source, "page_id": page_id}
        columns |= {"last_seen_at": utc(seen_at), "gone_at": None}
        with transaction(self.db, self.path):
            before = self.row(article.url_key)
            if before is None:
                return self.insert(article, columns, article_id)
            if is_teaser_of(columns, before) or is_other_view(columns, before):
                self.seen(before["id"], seen_at)
                return before["id"], Outcome.UNCHANGED
            if is_other_view(before, columns):
                cause, earlier = "recleaned", None  # the whole page after a view of it: nobody edited it
            if earlier is not None:
                self.reread(before, earlier, at=seen_at, all_read=False)
                before = self.row(article.url_key) or before
            return before["id"], self.update(article, columns, before, cause, at=seen_at)

    def reread(self, before: dict[str, Any], article: Article, *, at: datetime, all_read: bool) -> Outcome:
        """Keep a new reading of the page that an article, by its columns `before`, was read from.

        A text that says something else is a revision with the cause "recleaned". `all_read` says that
        no other page of the article states more: then what the new reading does not state is gone.
        """
        columns = columns_of(article)
        if self.row(article.url_key) is not None:  # as a rule its own; never another article's
            columns["url_key"] = before["url_key"]
        with transaction(self.db, self.path):
            return self.update(article, columns, before, "recleaned", at=at, all_read=all_read)

    def reworded(self, article: Article) -> dict[str, Any] | None:
        """The article as it is kept, by column, where this reading of it says something else; or `None`."""
        if (before := self.row(article.url_key)) is None:
            return None
        columns = columns_of(article)
        return None if says_as_kept(columns, before) or is_teaser_of(columns, before) else before

    def row(self, key: str) -> dict[str, Any] | None:
        """The article's columns by its `url_key`, or `None`."""
        return next(iter(selected(self.db, "SELECT * FROM articles WHERE url_key = ?", [key])), None)

    def insert(
        self, article: Article, columns: dict[str, Any], article_id: int | None
    ) -> tuple[int, Outcome]:
        """Keep an article not seen before, under this id where one is given."""
        seen_at = columns["last_seen_at"]
        article_id = article_id or self.next_id(article.published_at or datetime.fromisoformat(seen_at))
        row = {"id": article_id, **columns, "revisions": 1, "first_seen_at": seen_at}
        inserted(self.db, "articles", row)
        self.add_revision(row, number=1, cause="first", at=seen_at)
        self.replace_lists(article, article_id)
        self.copies.take_in(article_id, article.body)
        self.index.apply_changes()
        return article_id, Outcome.NEW

    def update(
        self,
        article: Article,
        columns: dict[str, Any],
        before: dict[str, Any],
        cause: str,
        *,
        at: datetime,
        all_read: bool = False,
    ) -> Outcome:
        """Keep what a known article says now."""
        article_id, columns = before["id"], columns_now(columns, before, cause, all_read=all_read)
        reworded = "revisions" in columns
        if reworded:
            self.keep_wording(before)
        self.db.table("articles").update(article_id, columns)
        self.replace_lists(article, article_id)
        if columns.get("body", before["body"]) != before["body"]:
            self.copies.take_in(article_id, article.body)
        self.index.apply_changes()
        row = before | columns
        if reworded:
            self.add_revision(row, number=row["revisions"], cause=cause, at=utc(at))
            return Outcome.REVISED
        if row["content_hash"] != before["content_hash"]:  # the same but for noise, in better shape
            self.db.conn.execute(
                "UPDATE revisions SET content_hash = ? WHERE article_id = ? AND number = ?",
                [row["content_hash"], article_id, before["revisions"]],
            )
        return Outcome.UNCHANGED

    def keep_wording(self, before: dict[str, Any]) -> None:
        """Write the present texts of an article into its newest revision, before they are replaced."""
        self.db.conn.execute(
            "UPDATE revisions SET title = ?, lead = ?, body = ?, body_html = ? "
            "WHERE article_id = ? AND number = ?",
            [*(before[name] for name in TEXT), before["id"], before["revisions"]],
        )

    def add_revision(self, row: dict[str, Any], *, number: int, cause: str, at: str) -> None:
        """Note a wording seen `at`; its texts stand in the article until they are replaced."""
        inserted(
            self.db,
            "revisions",
            {
                "article_id": row["id"],
                "number": number,
                "cause": cause,
                "seen_at": at,
                "page_id": row["page_id"],
                "cleaned_with": row["cleaned_with"],
                "content_hash": row["content_hash"],
                "modified_at": row["modified_at"],
            },
        )

    def replace_lists(self, article: Article, article_id: int) -> None:
        """Keep the links and pictures of the article as it is now."""
        links = [row | {"url_key": key_or_none(row["url"])} for row in rows_of(article.links, article_id)]
        links = self.takedowns.allowed(links)
        for table, rows in (("links", links), ("images", rows_of(article.images, article_id))):
            self.db.conn.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
            insert_all(self.db, table, rows)

    def next_id(self, moment: datetime, *, also: Callable[[int], int | None] = lambda first: None) -> int:
        """The first free id of the moment's minute, or of a later one when the minute is full.

        `also` tells of ids that are taken elsewhere, as `last_id` does.
        """
        minute = max(int((moment - ID_EPOCH).total_seconds() // 60), 1)
        while True:
            first = minute * IDS_PER_MINUTE
            last = max(last_id(self.db, first) or 0, also(first) or 0)
            if not last:
                return first
            if last < first + IDS_PER_MINUTE - 1:
                return last + 1
            minute += 1

    def seen(self, article_id: int, seen_at: datetime) -> None:
        """Note that the article was still there."""
        with transaction(self.db, self.path):
            self.db.conn.execute(
                "UPDATE articles SET last_seen_at = ?, gone_at = NULL WHERE id = ?",
                [utc(seen_at), article_id],
            )

    def plan_begun(self, article_id: int) -> datetime:
        """Since when the plan of visits to the article counts."""
        (changed_at,) = self.db.conn.execute(
            "SELECT max(seen_at) FROM (SELECT seen_at FROM revisions WHERE article_id = ? "
            "AND cause = 'publisher' ORDER BY number LIMIT ?)",
            [article_id, MOST_BEGINNINGS],
        ).fetchone()
        query = f"SELECT {', '.join(PLANNED_BY)} FROM articles WHERE id = ?"
        (article,) = selected(self.db, query, [article_id])
        return plan_begins(article, changed_at)

    def is_gone(self, article_id: int) -> bool:
        """Whether the article was not on the site when last looked for."""
        query = "SELECT 1 FROM articles WHERE id = ? AND gone_at IS NOT NULL"
        return self.db.conn.execute(query, [article_id]).fetchone() is not None

    def is_gone_by_key(self, key: str) -> bool:
        """`is_gone` of the article with this `url_key`; False for one that is not kept."""
        query = "SELECT 1 FROM articles WHERE url_key = ? AND gone_at IS NOT NULL"
        return self.db.conn.execute(query, [key]).fetchone() is not None

    def gone(self, article_id: int, seen_at: datetime) -> None:
        """Note that the page is not on the site any more; its text stays."""
        with transaction(self.db, self.path):
            self.db.conn.execute(
                "UPDATE articles SET gone_at = ? WHERE id = ? AND gone_at IS NULL", [utc(seen_at), article_id]
            )


def last_id(db: Database, first: int) -> int | None:
    """The last id of a minute, by its `first`, that an article has or had; `None` of none."""
    (last,) = db.conn.execute(
        "SELECT max(id) FROM (SELECT max(id) AS id FROM articles WHERE id BETWEEN :first AND :last "
        "UNION ALL SELECT max(article_id) FROM takedowns WHERE article_id BETWEEN :first AND :last)",
        {"first": first, "last": first + IDS_PER_MINUTE - 1},
    ).fetchone()
    return None if last is None else int(last)

"""Rows of news.db made good again: articles from new readings of their pages, the rest from the articles.

What is overwritten or taken out is set aside first. Each method is a transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.identity import content_hash, url_hash, url_key
from archive.records import Article, Page
from archive.store.archive import Archive
from archive.store.columns import json_text, utc
from archive.store.connection import transaction
from archive.store.readings import TEXT, columns_of
from archive.store.set_aside import SetAside

WAS_DAMAGED = "text_was_damaged"


@dataclass(frozen=True, slots=True)
class PageReading:
    """A kept page and the article that is read from it today."""

    page_id: int
    page: Page
    article: Article

    @property
    def says(self) -> str:
        """The hash of what it says."""
        return content_hash(self.article.title, self.article.lead, self.article.body)


class Mender:
    """Makes articles good again; `at` is when."""

    def __init__(self, archive: Archive, aside: SetAside, at: datetime) -> None:
        self.archive, self.aside, self.at = archive, aside, at
        self.db, self.path = archive.news, archive.folder.news

    def mend_article(self, article_id: int, readings: Sequence[PageReading]) -> bool:
        """Restore an article's text, lists, links and pictures from a reading of its page.

        The reading that says what was kept is preferred: then the text is back. Where none does, a damaged
        text becomes a revision of its own, marked with what it is, and the first reading replaces it as
        "recleaned". Returns False without a reading, and for an article that is not there.
        """
        with transaction(self.db, self.path):
            before = self.one("SELECT * FROM articles WHERE id = ?", article_id)
            if before is None or not readings:
                return False
            self.aside.keep("articles", "read again from its page", [before])
            for table in ("links", "images"):
                rows = self.db.query(f"SELECT * FROM {table} WHERE article_id = ?", [article_id])
                self.aside.keep(table, "read again from the article's page", rows)
            now = content_hash(*(letters(before[name]) for name in TEXT[:3]))
            if now != before["content_hash"] and self.is_said(now, before, readings):
                self.write(article_id, {"content_hash": now})  # the hash was damaged, not the text
                before["content_hash"] = now
            same = next((one for one in readings if one.says == before["content_hash"]), None)
            if same or now == before["content_hash"]:
                self.restore(before, same or readings[0], text=same is not None)
            else:
                self.replace(before, readings[0])
        return True

    def is_said(self, says: str, before: Mapping[str, Any], readings: Sequence[PageReading]) -> bool:
        """Whether the newest revision or a page says what the article's text says."""
        query = "SELECT content_hash FROM revisions WHERE article_id = ? AND number = ?"
        noted = self.column(query, before["id"], before["revisions"])
        return says in noted or any(one.says == says for one in readings)

    def restore(self, before: dict[str, Any], reading: PageReading, *, text: bool) -> None:
        """Write what is damaged from a reading, the text only where it says the same."""
        columns = columns_of(reading.article)
        names = [name for name in columns if name != "content_hash" and is_unreadable(name, before[name])]
        if text and content_hash(*(before[name] for name in TEXT[:3])) != before["content_hash"]:
            names += TEXT
        changed = {name: columns[name] for name in dict.fromkeys(names) if columns[name] != before[name]}
        if not self.is_own_page(before):
            changed["page_id"] = reading.page_id
            query = "UPDATE revisions SET page_id = ? WHERE article_id = ? AND number = ? AND page_id = ?"
            values = [reading.page_id, before["id"], before["revisions"], before["page_id"]]
            self.db.conn.execute(query, values)
        self.write(before["id"], changed)
        self.archive.articles.replace_lists(reading.article, before["id"])

    def replace(self, before: dict[str, Any], reading: PageReading) -> None:
        """Put a new reading in the place of a damaged text, which stays as a revision of its own."""
        article, number = reading.article, before["revisions"] + 1
        damaged = {name: letters(before[name]) for name in TEXT}
        kept = damaged | {"content_hash": content_hash(*(damaged[name] for name in TEXT[:3]))}
        names = ", ".join(f"{name} = ?" for name in kept)
        self.db.conn.execute(
            f"UPDATE revisions SET {names} WHERE article_id = ? AND number = ?",
            [*kept.values(), before["id"], before["revisions"]],
        )
        said = f"wording {before['revisions']} is not what was kept: it was damaged on the disk"
        columns = columns_of(article) | {"page_id": reading.page_id, "revisions": number}
        problems = [*json.loads(columns["problems"]), {"code": WAS_DAMAGED, "detail": said}]
        columns |= {"problems": json_text(problems), "url_key": before["url_key"]}
        self.write(before["id"], columns)
        self.archive.articles.replace_lists(article, before["id"])
        self.archive.articles.copies.take_in(before["id"], article.body)
        row = before | columns
        self.archive.articles.add_revision(row, number=number, cause="recleaned", at=utc(self.at))
        # By which keys the index holds the text as it was, nobody can tell any more.
        self.db.conn.execute("DELETE FROM search_indexes")

    def write(self, article_id: int, columns: Mapping[str, Any]) -> None:
        """Change columns of an article; the search index still has the keys of the text as it was kept."""
        (last,) = self.db.conn.execute("SELECT coalesce(max(id), 0) FROM search_changes").fetchone()
        if columns:
            self.db.table("articles").update(article_id, dict(columns))
        self.db.conn.execute("DELETE FROM search_changes WHERE id > ? AND article_id = ?", [last, article_id])

    def bring_back(self, source: str, reading: PageReading, article_id: int | None) -> int:
        """Keep an article whose page is kept though it is not, under the id it had if that is known.

        Returns the id it has; an article that is there stays as it is.
        """
        article, seen_at = reading.article, utc(reading.page.fetched_at)
        with transaction(self.db, self.path):
            known = self.archive.articles.row(article.url_key)
            if known:
                self.lead_to(known["id"], reading)
                return int(known["id"])
            found = article_id or self.archive.articles.next_id(
                article.published_at or reading.page.fetched_at
            )
            query = "SELECT count(*) AS n, min(seen_at) AS at FROM revisions WHERE article_id = ?"
            earlier = self.one(query, found) or {}
            row = columns_of(article) | {"id": found, "source": source, "page_id": reading.page_id}
            row |= {"revisions": max(1, earlier["n"]), "first_seen_at": earlier["at"] or seen_at}
            if self.one("SELECT 1 AS there FROM articles_fts_docsize WHERE id = ?", found):
                self.db.conn.execute("DELETE FROM search_indexes")  # its words would be there twice
            self.db.table("articles").insert(row | {"last_seen_at": seen_at})
            self.archive.articles.replace_lists(article, found)
            self.archive.articles.copies.take_in(found, article.body)
            self.archive.articles.index.apply_changes()
            self.lead_to(found, reading)
        return found

    def lead_to(self, article_id: int, reading: PageReading) -> None:
        """Let the address of a page lead to the article that was read there."""
        key = url_hash(url_key(reading.page.requested_url))
        self.db.conn.execute("UPDATE addresses SET article_id = ? WHERE url_hash = ?", [article_id, key])

    def is_own_page(self, row: Mapping[str, Any]) -> bool:
        """Whether the page an article names was fetched from one of its addresses, for its source."""
        page = self.page_row(row["page_id"])
        if page is None or page["source"] != row["source"]:
            return False
        if row["requested_url"] == page["requested_url"] or row["url"] == page["url"]:
            return True
        query = "SELECT 1 AS known FROM addresses WHERE url_hash = ? AND article_id = ?"
        return self.one(query, page["url_hash"], row["id"]) is not None

    def page_row(self, page_id: int) -> dict[str, Any] | None:
        """A kept page without its body, or `None`."""
        query = "SELECT source, url, requested_url, url_hash FROM pages WHERE id = ?"
        return next(iter(self.archive.pages.db.query(query, [page_id])), None)

    def pages_of(self, article_id: int) -> list[int]:
        """The kept pages an article may have been read from: the one it names first, then the newest."""
        row = self.one("SELECT page_id, requested_url, source FROM articles WHERE id = ?", article_id)
        if row is None:
            return []
        wordings = self.db.query(
            "SELECT page_id FROM revisions WHERE article_id = ? ORDER BY number DESC", [article_id]
        )
        hashes = {url_hash(url_key(row["requested_url"]))}
        hashes |= set(self.column("SELECT url_hash FROM addresses WHERE article_id = ?", article_id))
        at_address = self.archive.pages.db.query(
            f"SELECT id FROM pages WHERE url_hash IN ({', '.join('?' * len(hashes))}) AND source = ? "
            "AND kind = 'article' AND status = 200 ORDER BY id DESC",
            [*hashes, row["source"]],
        )
        own = [one["id"] for one in at_address]
        named = [row["page_id"], *(one["page_id"] for one in wordings)]
        return list(dict.fromkeys([*(one for one in named if one in own), *own]))

    def one(self, query: str, *values: object) -> dict[str, Any] | None:
        """The first row of a query, or `None`."""
        return next(iter(self.db.query(query, values)), None)

    def column(self, query: str, *values: object) -> list[Any]:
        """The first column of a query's rows."""
        return [row[0] for row in self.db.conn.execute(query, values)]

    def take_out_orphans(self, article_ids: Iterable[int]) -> int:
        """Take out revisions, links and pictures of articles that are not there; returns how many."""
        before = self.aside.rows
        with transaction(self.db, self.path):
            for article_id in article_ids:
                for table in ("revisions", "links", "images"):
                    rows = list(self.db.query(f"SELECT * FROM {table} WHERE article_id = ?", [article_id]))
                    self.aside.keep(table, "its article is not there", rows)
                    self.db.conn.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
        return self.aside.rows - before

    def forget_lost(self, article_ids: Iterable[int]) -> None:
        """Let addresses lead to no article where theirs is not there and cannot be read again."""
        with transaction(self.db, self.path):
            for article_id in article_ids:
                rows = list(self.db.query("SELECT * FROM addresses WHERE article_id = ?", [article_id]))
                self.aside.keep("addresses", "its article is not there", rows)
                self.db.conn.execute(
                    "UPDATE addresses SET article_id = NULL, next_visit_at = NULL WHERE article_id = ?",
                    [article_id],
                )

    def take_in_copies(self, article_ids: Sequence[int]) -> None:
        """Make the fingerprints and pairs of these articles again; of those not there, take them out.

        Which numbers lead to an article is found by reading all: what its row says of them may be wrong.
        """
        copies = self.archive.articles.copies
        with transaction(self.db, self.path):
            for article_id in article_ids:
                copies.leave_out(article_id)
            query = "DELETE FROM fingerprints WHERE article_id IN (SELECT value FROM json_each(?))"
            self.db.conn.execute(query, [json.dumps(list(article_ids))])
            for article_id in article_ids:
                row = self.one("SELECT body FROM articles WHERE id = ?", article_id)
                if row:
                    copies.take_in(article_id, letters(row["body"]))

    def ask_again(self, addresses: Iterable[tuple[str, str]]) -> int:
        """Put addresses, each with its source, on the list, without what lets a server say "not modified".

        Returns how many were not on it.
        """
        added, frontier = 0, self.archive.frontier
        with transaction(self.db, self.path):
            for source, url in dict.fromkeys(addresses):
                key = url_hash(url_key(url))
                if self.archive.takedowns.covers(url):
                    continue
                self.db.conn.execute(
                    "UPDATE addresses SET etag = NULL, last_modified = NULL WHERE url_hash = ?", [key]
                )
                if not frontier.rows("frontier", [key]):
                    heard = frontier.statements(url)
                    frontier.add([frontier.entry(key, source, url, "article", "revisit", heard, self.at)])
                    added += 1
        return added


def is_unreadable(name: str, value: object) -> bool:
    """Whether a column of an article cannot be what was written: broken letters, or a broken list."""
    if not isinstance(value, str):
        return False
    if letters(value) != value:
        return True
    if name not in ("authors", "breadcrumbs", "tags", "evidence", "problems"):
        return False
    try:
        json.loads(value)
    except ValueError:
        return True
    return False


def letters(text: Any) -> Any:
    """A text with a mark in the place of each byte that is no letter; other values as they are."""
    if not isinstance(text, str):
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")

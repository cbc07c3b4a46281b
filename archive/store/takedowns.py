"""Tombstones: what was taken down for good, and every address of it, which no crawl asks again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.identity import url_hash, url_key
from archive.store.columns import json_text, utc
from archive.store.connection import inserted, transaction

# What of an address goes with it. Other tables name articles or pages.
BY_HASH = ("frontier", "missing", "namings", "addresses", "texts_read", "doubted")
OWN_ROWS = ("revisions", "links", "images")  # of an article; the rest is taken out by triggers


@dataclass(frozen=True, slots=True)
class Takedown:
    """A tombstone; `article_id` and `source` are `None` where no article was kept at the address."""

    id: int
    article_id: int | None
    source: str | None
    url: str
    page_ids: tuple[int, ...]


class TakedownStore:
    """Keeps tombstones, and takes what they stand for out of news.db."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path

    def hashes(self) -> frozenset[int]:
        """The hashes of all addresses that were taken down."""
        return taken_down(self.db)

    def covering(self, key: str) -> int | None:
        """The id of the tombstone of an address, by its `url_key`, or `None`."""
        query = "SELECT takedown_id FROM takedown_addresses WHERE url_hash = ?"
        row = self.db.conn.execute(query, [url_hash(key)]).fetchone()
        return row[0] if row else None

    def covering_url(self, url: str) -> int | None:
        """The same by an address as written."""
        return self.covering(url_key(url))

    def covers(self, url: str) -> bool:
        """Whether an address was taken down."""
        return self.covering_url(url) is not None

    def begin(
        self,
        url: str,
        article: dict[str, Any] | None,
        addresses: Sequence[str],
        page_ids: Iterable[int],
        *,
        reason: str,
        asked_by: str,
        at: datetime,
    ) -> Takedown:
        """Set the tombstone of an article, by column, and of all its addresses; from now on it holds.

        One that stands there already, of one that was interrupted or has left pages, is taken up again.
        """
        with transaction(self.db, self.path):
            known = self.covering(url_key(url))
            before = self.named(known) if known is not None else None
            if before and (article is None or before.article_id == article["id"]):
                return self.taken_up_again(before.id, page_ids)
            row = {
                "article_id": article["id"] if article else None,
                "source": article["source"] if article else None,
                "url": url,
                "reason": reason,
                "asked_by": asked_by,
                "page_ids": json_text(sorted(page_ids)),
                "taken_down_at": utc(at),
            }
            takedown_id = inserted(self.db, "takedowns", row)
            for address in addresses:
                self.cover(address, takedown_id)
            return self.named(takedown_id)

    def taken_up_again(self, takedown_id: int, page_ids: Iterable[int]) -> Takedown:
        """A tombstone that is not done any more, with these pages beside its own."""
        pages = {*self.named(takedown_id).page_ids, *page_ids}
        changes = {"page_ids": json_text(sorted(pages)), "done_at": None}
        self.db.table("takedowns").update(takedown_id, changes)
        return self.named(takedown_id)

    def cover(self, url: str, takedown_id: int) -> None:
        """Add an address to a tombstone, and forget what was known of it."""
        key = url_key(url)
        with transaction(self.db, self.path):
            self.db.conn.execute(
                "INSERT INTO takedown_addresses (url_hash, url_key, takedown_id) VALUES (?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                [url_hash(key), key, takedown_id],
            )
            self.forget_address(key)

    def cover_late(self, url: str, takedown_id: int) -> None:
        """Cover an address that turned out later to lead to the article, with all that was said of it."""
        key = url_key(url)
        with transaction(self.db, self.path):
            self.cover(url, takedown_id)
            self.forget_problems(self.named(takedown_id), {key})
            self.take_out_links([key])

    def forget_address(self, key: str) -> None:
        """Forget what was known of an address; a front page's order keeps its number, not its words."""
        for table in BY_HASH:
            self.db.conn.execute(f"DELETE FROM {table} WHERE url_hash = ?", [url_hash(key)])
        words = "UPDATE front_teasers SET headline = NULL WHERE url_hash = ?"
        self.db.conn.execute(words, [url_hash(key)])

    def named(self, takedown_id: int) -> Takedown:
        """A tombstone by its id."""
        row = dict(self.db.table("takedowns").get(takedown_id))
        names = ("id", "article_id", "source", "url")
        return Takedown(**{name: row[name] for name in names}, page_ids=tuple(json.loads(row["page_ids"])))

    def undone(self) -> list[Takedown]:
        """The tombstones whose words may still be in a file."""
        rows = self.db.conn.execute("SELECT id FROM takedowns WHERE done_at IS NULL ORDER BY id").fetchall()
        return [self.named(row[0]) for row in rows]

    def keys(self, takedown: Takedown) -> list[str]:
        """The keys of its addresses."""
        query = "SELECT url_key FROM takedown_addresses WHERE takedown_id = ? ORDER BY url_key"
        return [row[0] for row in self.db.conn.execute(query, [takedown.id])]

    def take_out(self, takedown: Takedown) -> int:
        """Take the article's rows out of every table, and links to it; returns how many links that were.

        Search rows and counts follow by triggers. The books keep that its addresses were asked.
        """
        keys = self.keys(takedown)
        with transaction(self.db, self.path):
            for key in keys:
                self.forget_address(key)
            self.forget_pages(takedown.page_ids)
            if takedown.article_id is not None:
                self.take_out_article(takedown.article_id)
            self.forget_problems(takedown, set(keys))
            return self.take_out_links(keys)

    def take_out_article(self, article_id: int) -> None:
        """Take out an article with what belongs to it."""
        for table in OWN_ROWS:
            self.db.conn.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
        self.db.conn.execute("UPDATE addresses SET article_id = NULL WHERE article_id = ?", [article_id])
        self.db.conn.execute("DELETE FROM articles WHERE id = ?", [article_id])

    def forget_pages(self, page_ids: Iterable[int]) -> None:
        """Let the books name these pages no more."""
        for page_id in page_ids:
            self.db.conn.execute("UPDATE fetches SET page_id = NULL WHERE page_id = ?", [page_id])
            self.db.conn.execute("DELETE FROM no_articles WHERE page_id = ?", [page_id])

    def forget_problems(self, takedown: Takedown, keys: set[str]) -> None:
        """Take out what was noted of its addresses: a detail may quote the page."""
        rows = self.db.conn.execute(
            "SELECT id, url FROM problems WHERE source = ? OR ? IS NULL", [takedown.source, takedown.source]
        ).fetchall()
        for problem_id, url in rows:
            if is_one_of(url, keys):
                self.db.conn.execute("DELETE FROM problems WHERE id = ?", [problem_id])

    def take_out_links(self, keys: Iterable[str]) -> int:
        """Take links of other articles to these addresses out: their text is its title, as a rule."""
        wanted = json.dumps(list(keys))
        query = "SELECT DISTINCT article_id FROM links WHERE url_key IN (SELECT value FROM json_each(?))"
        linking = [row[0] for row in self.db.conn.execute(query, [wanted]).fetchall()]
        gone = 0
        for article_id in linking:
            rows = list(
                self.db.query("SELECT * FROM links WHERE article_id = ? ORDER BY position", [article_id])
            )
            left = self.allowed(rows)
            gone += len(rows) - len(left)
            self.db.conn.execute("DELETE FROM links WHERE article_id = ?", [article_id])
            self.db.table("links").insert_all(left)
        return gone

    def allowed(self, links: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows of links that lead to nothing that was taken down, numbered again."""
        hashes = {row["url_key"]: url_hash(row["url_key"]) for row in links if row["url_key"]}
        taken_down = {
            row[0]
            for row in self.db.conn.execute(
                "SELECT url_key FROM takedown_addresses WHERE url_hash IN (SELECT value FROM json_each(?))",
                [json.dumps(list(hashes.values()))],
            )
        }
        if not taken_down:
            return list(links)
        left = [row for row in links if row["url_key"] not in taken_down]
        return [row | {"position": position} for position, row in enumerate(left)]

    def note_done(self, takedown: Takedown, *, at: datetime) -> None:
        """Note that the words of a takedown are in neither file any more."""
        with transaction(self.db, self.path):
            self.db.table("takedowns").update(takedown.id, {"done_at": utc(at)})


def taken_down(db: Database) -> frozenset[int]:
    """The hashes of all addresses that an archive has taken down; none of one of an earlier version."""
    if not db.table("takedown_addresses").exists():
        return frozenset()
    return frozenset(row[0] for row in db.conn.execute("SELECT url_hash FROM takedown_addresses"))


def is_one_of(url: str, keys: set[str]) -> bool:
    """Whether an address, which may be none, has one of these keys."""
    try:
        return url_key(url) in keys
    except ValueError:
        return False

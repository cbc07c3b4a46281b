"""Raw pages at rest: kept before anyone reads them, each body once, small by a dictionary per source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.errors import PageDamaged
from archive.identity import url_hash, url_key
from archive.raw.bodies import BodyDamaged, unpacked
from archive.raw.dictionaries import DICTIONARY_MIN_BYTES, DictionaryStore, packed
from archive.records import Page
from archive.store.columns import json_text, utc
from archive.store.connection import inserted, transaction, upsert

DICTIONARY_KINDS = {"article"}


class PageStore:
    """Keeps answers of servers byte for byte and gives them back."""

    def __init__(self, db: Database, path: Path, *, taken_ids: int = 0) -> None:
        """No page gets an id up to `taken_ids`: news.db may name pages that a power failure took away."""
        self.db, self.path, self.taken_ids = db, path, taken_ids
        self.dictionaries = DictionaryStore(db)

    def keep(self, page: Page, *, kind: str) -> int:
        """Keep a page and return its id. On return it is on disk as far as SQLite's WAL promises."""
        digest = sha256(page.body).digest()
        row = {
            "source": page.source,
            "kind": kind,
            "requested_url": page.requested_url,
            "url": page.url,
            "url_hash": url_hash(url_key(page.requested_url)),
            "fetched_at": utc(page.fetched_at),
            "status": page.status,
            "headers": json_text(page.headers),
            "body_sha256": digest,
        }
        try:
            with transaction(self.db, self.path):
                if not self.has_body(digest):
                    self.keep_body(digest, page, kind)
                return inserted(self.db, "pages", {"id": self.next_id()} | row)
        except BaseException:
            # A dictionary made in a transaction that failed is on no disk: what it packs could not be read.
            self.dictionaries.forget(page.source)
            raise

    def next_id(self) -> int:
        """An id no page has had."""
        (last,) = self.db.conn.execute("SELECT max(id) FROM pages").fetchone()
        return max(last or 0, self.taken_ids) + 1

    def same(self, page: Page) -> int | None:
        """The id of a kept page that is this very answer: address, time and bytes; or `None`."""
        query = "SELECT id FROM pages WHERE url_hash = ? AND fetched_at = ? AND body_sha256 = ?"
        key = url_hash(url_key(page.requested_url))
        row = self.db.conn.execute(query, [key, utc(page.fetched_at), sha256(page.body).digest()]).fetchone()
        return row[0] if row else None

    def has_body(self, digest: bytes) -> bool:
        """Whether a body with this SHA-256 is kept, and can be read: a damaged one is kept anew."""
        query = "SELECT dictionary_id, length, zstd FROM bodies WHERE sha256 = ?"
        row = self.db.conn.execute(query, [digest]).fetchone()
        if row is None:
            return False
        try:
            unpacked(row[2], row[1], digest, self.dictionaries.load(row[0]) if row[0] else None)
        except BodyDamaged:
            return False
        return True

    def keep_body(self, digest: bytes, page: Page, kind: str) -> None:
        """Keep the bytes, with the source's dictionary where that pays."""
        suits = kind in DICTIONARY_KINDS and len(page.body) >= DICTIONARY_MIN_BYTES
        present = self.dictionaries.suited(page.source, page.body, page.fetched_at) if suits else None
        small = packed(page.body, self.dictionaries.load(present.id) if present else None)
        if present:
            present.note(len(small) / len(page.body))
        row = {
            "sha256": digest,
            "dictionary_id": present.id if present else None,
            "length": len(page.body),
            "zstd": small,
        }
        upsert(self.db, "bodies", row, pk="sha256")  # a damaged one may arrive again

    def has(self, page_id: int) -> bool:
        """Whether a page is kept under this id."""
        query = "SELECT 1 FROM pages WHERE id = ?"
        return self.db.conn.execute(query, [page_id]).fetchone() is not None

    def page(self, page_id: int) -> Page | None:
        """A kept page by id, or `None` when there is none; raises PageDamaged."""
        return next(self.pages("p.id = ?", [page_id]), None)

    def pages(self, where: str, arguments: list[object]) -> Iterator[Page]:
        """Kept pages in the order they were kept; `where` speaks of pages as `p`.

        Each is what was received, by its SHA-256, or PageDamaged is raised.
        """
        rows = self.db.query(
            "SELECT p.*, b.dictionary_id, b.length, b.zstd "
            f"FROM pages p JOIN bodies b ON b.sha256 = p.body_sha256 WHERE {where} ORDER BY p.id",
            arguments,
        )
        for row in rows:
            yield page_of(row, self.body_of(row))

    def body_of(self, row: dict[str, Any]) -> bytes:
        """The bytes of a row of pages and bodies; raises PageDamaged."""
        try:
            zdict = self.dictionaries.load(row["dictionary_id"]) if row["dictionary_id"] else None
            return unpacked(row["zstd"], row["length"], row["body_sha256"], zdict)
        except BodyDamaged as error:
            raise PageDamaged(
                f"{self.path}: page {row['id']} of {row['url']} is damaged ({error}); "
                "`muragat audit --full` tells what else is",
                page_id=row["id"],
            ) from error


def page_of(row: dict[str, Any], body: bytes) -> Page:
    """The page of a row of `pages`, with its bytes."""
    return Page(
        url=row["url"],
        requested_url=row["requested_url"],
        source=row["source"],
        fetched_at=datetime.fromisoformat(row["fetched_at"]),
        status=row["status"],
        headers=tuple((name, value) for name, value in json.loads(row["headers"])),
        body=body,
    )

"""Raw pages at rest: kept before anyone reads them, each body once, small by a dictionary per source."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlite_utils import Database

from archive.identity import url_hash, url_key
from archive.records import Page
from archive.store.columns import json_text, utc
from archive.store.connection import inserted, transaction

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 3  # 107-203 MB/s and within a fifth of level 9's size on real sites
DICTIONARY_KINDS = {"article"}
DICTIONARY_MIN_BYTES = 2_000  # smaller pages gain nothing and would be a poor pattern for others
DICTIONARY_MAX_BYTES = 1_000_000
# A new dictionary is taken when pages come out this much larger than the first ones under the old one.
RENEW_AT_RATIO = 1.25
JUDGED_PAGES = 20


@dataclass
class Dictionary:
    """A source's present dictionary and how well it does."""

    id: int
    zdict: zstd.ZstdDict
    first_ratios: list[float]
    last_ratios: list[float]

    def judge(self, ratio: float) -> None:
        """Note how small one page became: compressed size over plain size."""
        if len(self.first_ratios) < JUDGED_PAGES:
            self.first_ratios.append(ratio)
            return
        self.last_ratios = [*self.last_ratios[-JUDGED_PAGES + 1 :], ratio]

    def is_worn(self) -> bool:
        """Whether the site has changed so much that a new dictionary pays."""
        if len(self.last_ratios) < JUDGED_PAGES:
            return False
        return sum(self.last_ratios) > RENEW_AT_RATIO * sum(self.first_ratios)


class PageStore:
    """Keeps answers of servers byte for byte and gives them back."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path
        self.present: dict[str, Dictionary] = {}
        self.loaded: dict[int, zstd.ZstdDict] = {}

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
                return inserted(self.db, "pages", row)
        except BaseException:
            # A dictionary made in a transaction that failed is on no disk: what it packs could not be read.
            self.present.pop(page.source, None)
            raise

    def has_body(self, digest: bytes) -> bool:
        """Whether a body with this SHA-256 is kept."""
        query = "SELECT 1 FROM bodies WHERE sha256 = ?"
        return self.db.conn.execute(query, [digest]).fetchone() is not None

    def keep_body(self, digest: bytes, page: Page, kind: str) -> None:
        """Keep the bytes, with the source's dictionary where that pays."""
        suits = kind in DICTIONARY_KINDS and DICTIONARY_MIN_BYTES <= len(page.body) <= DICTIONARY_MAX_BYTES
        dictionary = self.dictionary(page) if suits else None
        packed = zstd.compress(page.body, level=LEVEL, zstd_dict=dictionary.zdict if dictionary else None)
        if dictionary:
            dictionary.judge(len(packed) / len(page.body))
        self.db.table("bodies").insert(
            {
                "sha256": digest,
                "dictionary_id": dictionary.id if dictionary else None,
                "length": len(page.body),
                "zstd": packed,
            }
        )

    def dictionary(self, page: Page) -> Dictionary:
        """The dictionary for a page of its source: the present one, or the page itself as a new one."""
        present = self.present.get(page.source) or self.newest(page.source)
        if present is None or present.is_worn():
            row = {
                "source": page.source,
                "made_at": utc(page.fetched_at),
                "body": zstd.compress(page.body, level=19),
            }
            made = inserted(self.db, "dictionaries", row)
            present = Dictionary(made, raw_dictionary(page.body), [], [])
        self.present[page.source] = present
        return present

    def newest(self, source: str) -> Dictionary | None:
        """The source's newest dictionary on disk, or `None`."""
        query = "SELECT id FROM dictionaries WHERE source = ? ORDER BY id DESC LIMIT 1"
        row = self.db.conn.execute(query, [source]).fetchone()
        return Dictionary(row[0], self.load(row[0]), [], []) if row else None

    def load(self, dictionary_id: int) -> zstd.ZstdDict:
        """A dictionary by id, read once."""
        if dictionary_id not in self.loaded:
            query = "SELECT body FROM dictionaries WHERE id = ?"
            (packed,) = self.db.conn.execute(query, [dictionary_id]).fetchone()
            self.loaded[dictionary_id] = raw_dictionary(zstd.decompress(packed))
        return self.loaded[dictionary_id]

    def page(self, page_id: int) -> Page | None:
        """A kept page by id, or `None` when there is none."""
        return next(self.pages("p.id = ?", [page_id]), None)

    def pages(self, where: str, arguments: list[object]) -> Iterator[Page]:
        """Kept pages in the order they were kept; `where` speaks of pages as `p`."""
        rows = self.db.query(
            "SELECT p.*, b.dictionary_id, b.zstd FROM pages p JOIN bodies b ON b.sha256 = p.body_sha256 "
            f"WHERE {where} ORDER BY p.id",
            arguments,
        )
        for row in rows:
            zdict = self.load(row["dictionary_id"]) if row["dictionary_id"] else None
            yield Page(
                url=row["url"],
                requested_url=row["requested_url"],
                source=row["source"],
                fetched_at=datetime.fromisoformat(row["fetched_at"]),
                status=row["status"],
                headers=tuple((name, value) for name, value in json.loads(row["headers"])),
                body=zstd.decompress(row["zstd"], zstd_dict=zdict),
            )


def raw_dictionary(body: bytes) -> zstd.ZstdDict:
    """A page as the pattern for others: not trained, used as it is."""
    return zstd.ZstdDict(body, is_raw=True)

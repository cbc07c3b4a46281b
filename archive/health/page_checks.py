"""Checks of pages.db against news.db: is a raw page lost, unread or damaged?"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.health.article_checks import is_readable
from archive.health.findings import Finding, Remedy, found, listed
from archive.numbers_said import counted
from archive.raw.dictionaries import raw_dictionary
from archive.store.connection import reading_uri

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SAMPLE = 200
SHOWN_DIGITS = 16
COLUMNS = "lower(hex(b.sha256)) AS name, b.sha256, b.length, b.zstd, b.dictionary_id"


def attach_pages(db: Database, path: Path) -> None:
    """Let a reader of news.db see pages.db as `raw`."""
    db.conn.execute("ATTACH DATABASE ? AS raw", [reading_uri(path)])


def page_findings(db: Database, *, full: bool) -> Iterator[Finding]:
    """Look at pages.db, attached as `raw`: every body with `full`, else a sample."""
    (pages,) = db.conn.execute("SELECT count(*) FROM raw.pages").fetchone()
    yield lost_pages(db, pages)
    yield lost_wordings(db)
    yield pages_of_others(db)
    yield Bodies(db).finding(SAMPLE if not full else None)
    if full:
        yield unreadable_rows(db)
    yield unread_pages(db)


def unreadable_rows(db: Database) -> Finding:
    """Of every page it can be read what was asked, when, and with which headers it was answered."""
    rows = db.conn.execute("SELECT id, requested_url, url, fetched_at, headers FROM raw.pages")
    broken = [row[0] for row in rows if not is_read(*row[1:])]
    hint = "restore pages.db from a backup" if broken else ""
    return found("pages say what was asked and when", "damaged", broken, Remedy.NONE, hint=hint)


def is_read(requested_url: str, url: str, fetched_at: str, headers: str) -> bool:
    """Whether what is written of a page are letters, a time and a list."""
    try:
        datetime.fromisoformat(fetched_at)
        json.loads(headers)
    except (TypeError, ValueError):
        return False
    return is_readable(requested_url) and is_readable(url) and is_readable(headers)


def lost_pages(db: Database, pages: int) -> Finding:
    """Every page that an article, a wording or the books name is kept."""
    query = (
        "SELECT page_id FROM (SELECT page_id FROM articles UNION SELECT page_id FROM revisions "
        "UNION SELECT page_id FROM fetches WHERE page_id IS NOT NULL) "
        "WHERE page_id NOT IN (SELECT id FROM raw.pages)"
    )
    names = [row[0] for row in db.conn.execute(query)]
    (newest,) = db.conn.execute("SELECT coalesce(max(id), 0) FROM raw.pages").fetchone()
    check, hint = "every page that was read is kept", ""
    if names and max(names) > newest:
        hint = f"pages.db ends at page {newest}: it is older than news.db, from a backup or a cut-off disk"
    return found(check, "lost", names, Remedy.BODIES, counted(pages, "page"), hint)


def lost_wordings(db: Database) -> Finding:
    """Every request that brought a new or changed article has its wording."""
    query = (
        "SELECT page_id FROM fetches WHERE outcome IN ('new', 'revised') AND page_id IS NOT NULL "
        "AND page_id NOT IN (SELECT page_id FROM revisions)"
    )
    return listed(db, "every wording that was read is kept", "lost", query, remedy=Remedy.LOST)


def pages_of_others(db: Database) -> Finding:
    """Every article was read from a page of its own address and source."""
    query = (
        "SELECT a.id FROM articles a JOIN raw.pages p ON p.id = a.page_id WHERE p.source <> a.source "
        "OR (p.requested_url <> a.requested_url AND p.url <> a.url AND NOT EXISTS "
        "(SELECT 1 FROM addresses d WHERE d.url_hash = p.url_hash AND d.article_id = a.id))"
    )
    check = "articles have the page of their own address"
    return listed(db, check, "damaged", query, remedy=Remedy.READ_AGAIN)


def unread_pages(db: Database) -> Finding:
    """Pages kept but not yet read: a crawl is under way, or was killed between the two."""
    query = (
        "SELECT count(*) FROM raw.pages p WHERE p.kind = 'article' "
        "AND NOT EXISTS (SELECT 1 FROM fetches f WHERE f.page_id = p.id)"
    )
    (waiting,) = db.conn.execute(query).fetchone()
    detail = "kept, not read yet: the next crawl reads them without asking again" if waiting else ""
    return Finding("pages waiting to be read", "note", waiting, "", detail)


class Bodies:
    """Unpacks bodies as they lie on disk and compares each with its SHA-256."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.dictionaries: dict[int, Any] = {}

    def finding(self, sample: int | None) -> Finding:
        """Every body, or a sample with the newest ones, unpacks to what was received."""
        looked_at, damaged = 0, []
        for row in self.every() if sample is None else self.some(sample):
            looked_at += 1
            if not self.is_sound(row):
                damaged.append(row["name"][:SHOWN_DIGITS])
        check = "pages unpack to what was received"
        return found(check, "damaged", damaged, Remedy.BODIES, counted(looked_at, "body", "bodies"))

    def every(self) -> Iterator[dict[str, Any]]:
        """All bodies."""
        return self.db.query(f"SELECT {COLUMNS} FROM raw.bodies b")

    def some(self, count: int) -> Iterable[dict[str, Any]]:
        """Up to `count` bodies, half of them the newest, which a killed crawl would hurt first."""
        newest = self.db.query(
            f"SELECT {COLUMNS} FROM raw.bodies b WHERE sha256 IN "
            "(SELECT body_sha256 FROM raw.pages ORDER BY id DESC LIMIT ?)",
            [count // 2],
        )
        # The body after a random digest: digests are spread evenly, and no list of all is needed.
        query = f"SELECT {COLUMNS} FROM raw.bodies b WHERE sha256 >= ? ORDER BY sha256 LIMIT 1"
        drawn = (row for _ in range(count // 2) for row in self.db.query(query, [os.urandom(32)]))
        return {row["name"]: row for row in (*newest, *drawn)}.values()

    def is_sound(self, row: dict[str, Any]) -> bool:
        """Whether a body unpacks to the bytes it is named for."""
        try:
            zdict = self.dictionary(row["dictionary_id"]) if row["dictionary_id"] else None
            # A damaged frame may claim any size: never more than was received is unpacked.
            body = zstd.ZstdDecompressor(zstd_dict=zdict).decompress(row["zstd"], row["length"] + 1)
        except (zstd.ZstdError, LookupError, EOFError, TypeError):
            return False
        return bool(len(body) == row["length"] and sha256(body).digest() == row["sha256"])

    def dictionary(self, dictionary_id: int) -> Any:
        """A dictionary by id; raises LookupError when it is missing and ZstdError when it is damaged."""
        if dictionary_id not in self.dictionaries:
            query = "SELECT body FROM raw.dictionaries WHERE id = ?"
            row = self.db.conn.execute(query, [dictionary_id]).fetchone()
            if row is None:
                raise LookupError(f"no dictionary {dictionary_id}")
            self.dictionaries[dictionary_id] = raw_dictionary(zstd.decompress(row[0]))
        return self.dictionaries[dictionary_id]

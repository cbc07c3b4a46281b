"""Which article stood where on a listing, and when: a row for each change of the order, none without one.

A new article on top moves all others down: as a row for each place a day of fifty articles on a page of
thirty would be 1,500 rows. So the order is one row of numbers, and what a number stands for another table.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.identity import url_hash, url_key
from archive.noise import same_headline
from archive.records import Teaser
from archive.store.columns import utc
from archive.store.connection import inserted, transaction
from archive.store.takedowns import taken_down

PLACES_KEPT = 300  # of a page; what stands below nobody calls its front


class FrontStore:
    """Keeps what stands on each listing."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path

    def look(self, source: str, document: str, teasers: Sequence[Teaser], *, at: datetime) -> bool:
        """Keep what stands on a listing, the top one first; returns whether that is another order or wording.

        A page without any article says nothing of its front. Counters and clocks make no other wording.
        """
        with transaction(self.db, self.path):
            teasers = self.without_taken_down(teasers[:PLACES_KEPT])
            if not teasers:
                return False
            places = json.dumps(self.teaser_ids(source, document, teasers, utc(at)))
            standing = self.standing(source, document)
            if standing and standing["places"] == places:
                return False
            if standing:
                self.end(standing, at)
            row = {"source": source, "document": document, "places": places, "since": utc(at)}
            self.db.table("front_looks").insert(row)
        return True

    def without_taken_down(self, teasers: Sequence[Teaser]) -> list[Teaser]:
        """The teasers but for those of articles that were taken out for good: no word of theirs is kept."""
        gone = taken_down(self.db)
        return [one for one in teasers if url_hash(url_key(one.url)) not in gone] if gone else [*teasers]

    def standing(self, source: str, document: str) -> dict[str, Any] | None:
        """What stands on a listing as far as is known, or `None` before the first look."""
        query = "SELECT * FROM front_looks WHERE source = ? AND document = ? AND until IS NULL"
        return next(iter(self.db.query(query, [source, document])), None)

    def end(self, standing: dict[str, Any], at: datetime) -> None:
        """Note that an order does not stand any more, and when it was last seen to.

        Looks that saw no other order left no row here; the books of health know the last of them.
        """
        query = "SELECT read_at FROM documents WHERE source = ? AND url = ?"
        seen = self.db.conn.execute(query, [standing["source"], standing["document"]]).fetchone()
        last = max(standing["since"], seen[0] or "") if seen else standing["since"]
        self.db.table("front_looks").update(
            standing["id"], {"seen_until": min(last, utc(at)), "until": utc(at)}
        )

    def teaser_ids(self, source: str, document: str, teasers: Sequence[Teaser], at: str) -> list[int]:
        """The number of each teaser, of this listing; new ones are kept first."""
        hashes = {url_hash(url_key(one.url)) for one in teasers}
        known: dict[int, list[dict[str, Any]]] = {}
        for row in self.db.query(
            "SELECT id, url_hash, headline, block FROM front_teasers WHERE source = ? AND document = ? "
            f"AND url_hash IN ({','.join('?' * len(hashes))}) ORDER BY id DESC",
            [source, document, *hashes],
        ):
            known.setdefault(row["url_hash"], []).append(row)
        return [self.teaser_id(source, document, one, known, at) for one in teasers]

    def teaser_id(
        self, source: str, document: str, one: Teaser, known: dict[int, list[dict[str, Any]]], at: str
    ) -> int:
        """The number of a teaser, among those `known` of its address or a new one."""
        key = url_key(one.url)
        rows = known.setdefault(url_hash(key), [])
        for row in rows:
            if row["block"] == one.block and same_headline(row["headline"], one.headline):
                return int(row["id"])
        row = {"source": source, "document": document, "url_hash": url_hash(key), "url_key": key}
        row |= {"url": one.url, "headline": one.headline, "block": one.block, "first_seen_at": at}
        row["id"] = inserted(self.db, "front_teasers", row)
        rows.append(row)
        return int(row["id"])

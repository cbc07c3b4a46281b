"""Pages of another archive taken in: bytes and dictionaries as they lie there, nothing packed anew.

Packing a page again takes ten times as long as reading it to see that it is whole. Only what was packed with
a page that was taken down is: its dictionary would bring that page back.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import Any

from archive.raw.forgetting import body_of, tainted
from archive.raw.pages import PageStore, page_of
from archive.store.connection import inserted, transaction, upsert

BATCH = 200  # pages of one transaction, which waits for the disk
NO_PAGE = 0  # no page has this number: what was lost there is lost here too, and an audit says so
# What makes two answers one: all that is kept of them.
SAME = (
    "SELECT id FROM pages WHERE url_hash = :url_hash AND fetched_at = :fetched_at "
    "AND body_sha256 = :body_sha256 AND source = :source AND kind = :kind AND url = :url "
    "AND requested_url = :requested_url AND status = :status AND headers = :headers ORDER BY id LIMIT 1"
)
BODY = "SELECT dictionary_id, length, zstd FROM bodies WHERE sha256 = ?"
DICTIONARY = "SELECT id FROM dictionaries WHERE source = ? AND made_at = ? AND body = ?"
Advance = Callable[[int], None]


class PageNumbers:
    """What the pages of another archive are called here: sixteen bytes each."""

    def __init__(self) -> None:
        self.theirs, self.ours = array("q"), array("q")

    def add(self, theirs: int, ours: int | None) -> None:
        """Note one, each with a higher number there than the one before; `None`: it is not taken in."""
        self.theirs.append(theirs)
        self.ours.append(-1 if ours is None else ours)

    def here(self, theirs: int | None) -> int | None:
        """The number here; `None` for none and for what is not taken in, NO_PAGE for what is lost there."""
        if theirs is None:
            return None
        place = bisect_left(self.theirs, theirs)
        if place == len(self.theirs) or self.theirs[place] != theirs:
            return NO_PAGE
        return None if self.ours[place] < 0 else self.ours[place]

    def named(self, theirs: int) -> int:
        """The number here, NO_PAGE for every page that is not there: an article must name one."""
        return self.here(theirs) or NO_PAGE


@dataclass(slots=True)
class PagesTaken:
    """How many pages are new here, were there, stay behind as taken down, and are damaged there too."""

    new: int = 0
    known: int = 0
    left: int = 0
    damaged: list[int] = field(default_factory=list)


class PageTaking:
    """Takes the pages of one archive into another; used once."""

    def __init__(self, here: PageStore, there: PageStore, barred: Set[int]) -> None:
        self.here, self.there, self.barred = here, there, barred
        self.numbers, self.taken = PageNumbers(), PagesTaken()
        self.dictionaries: dict[int, int | None] = {}

    def run(self, advance: Advance) -> None:
        """Take all pages, in the order they were kept; ended at any time, it is done again."""
        self.leave_tainted()
        cursor = self.there.db.conn.execute("SELECT * FROM pages ORDER BY id")
        names = [column[0] for column in cursor.description]
        try:
            while rows := cursor.fetchmany(BATCH):
                with transaction(self.here.db, self.here.path):
                    for row in rows:
                        self.take(dict(zip(names, row, strict=True)))
                advance(len(rows))
        finally:
            # Which dictionary a source has now, and after a failure which is on disk, is looked up again.
            self.here.dictionaries.forget_all()

    def leave_tainted(self) -> None:
        """Leave the dictionaries behind that hold a page which was taken down."""
        if not self.barred:
            return
        query = "SELECT source, body_sha256 FROM pages WHERE id IN (SELECT value FROM json_each(?))"
        rows = self.there.db.conn.execute(query, [json.dumps(sorted(self.barred))]).fetchall()
        for source in sorted({source for source, _ in rows}):
            digests = {digest for one, digest in rows if one == source}
            self.dictionaries |= dict.fromkeys(tainted(self.there, source, digests))

    def take(self, row: dict[str, Any]) -> None:
        """Take one page, part of a transaction."""
        theirs = row.pop("id")
        if theirs in self.barred:
            self.taken.left += 1
            self.numbers.add(theirs, None)
            return
        known = self.here.db.conn.execute(SAME, row).fetchone()
        if known:
            self.taken.known += 1
            self.numbers.add(theirs, known[0])
            return
        if not (self.here.has_body(row["body_sha256"]) or self.take_body(theirs, row)):
            return
        number = inserted(self.here.db, "pages", {"id": self.here.next_id()} | row)
        self.taken.new += 1
        self.numbers.add(theirs, number)

    def take_body(self, page_id: int, row: dict[str, Any]) -> bool:
        """Take the bytes of a page; False where there are none. Damaged ones are taken so, and told."""
        digest = row["body_sha256"]
        found = self.there.db.conn.execute(BODY, [digest]).fetchone()
        body = body_of(self.there, digest)
        if body is None:
            self.taken.damaged.append(page_id)
        if found is None:
            return False
        dictionary_id, length, small = found
        dictionary = self.dictionary(dictionary_id)
        if body is not None and dictionary_id and dictionary is None:
            self.here.keep_body(digest, page_of(row, body), row["kind"])
            return True
        kept = {"sha256": digest, "dictionary_id": dictionary, "length": length, "zstd": small}
        upsert(self.here.db, "bodies", kept, pk="sha256")
        return True

    def dictionary(self, theirs: int | None) -> int | None:
        """The number here of a dictionary, taken in with the first page that needs it; `None` for none."""
        if theirs is None:
            return None
        if theirs not in self.dictionaries:
            self.dictionaries[theirs] = self.taken_dictionary(theirs)
        return self.dictionaries[theirs]

    def taken_dictionary(self, theirs: int) -> int | None:
        """The number of a dictionary that is here now; `None` where it is lost there."""
        query = "SELECT source, made_at, body FROM dictionaries WHERE id = ?"
        row = self.there.db.conn.execute(query, [theirs]).fetchone()
        if row is None:
            return None
        known = self.here.db.conn.execute(DICTIONARY, row).fetchone()
        names = ("source", "made_at", "body")
        return (
            known[0] if known else inserted(self.here.db, "dictionaries", dict(zip(names, row, strict=True)))
        )

"""Dictionaries that make a source's pages small: they make themselves, and renew themselves when that pays.

A dictionary is plain bytes of earlier pages. The first page of a source is its first dictionary, which
costs nothing: packed by itself the page is a few bytes. Later ones are made of several pages, and only
taken when a trial on kept pages says that they save more than they cost. They are never deleted.
"""

from __future__ import annotations

import sys
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import fmean
from typing import Any

from sqlite_utils import Database

from archive.raw.bodies import BodyDamaged, unpacked
from archive.store.columns import utc
from archive.store.connection import inserted

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# A page of 75 kB with a dictionary: 0.30 ms at level 3, 0.64 at 5, 1.18 at 8; 12 and 5 % larger than at 8. A
# dictionary's tables take 2, 4 and 6 MB. docs/decisions/kept-pages.md
LEVEL = 5
DICTIONARY_LEVEL = 12  # 0.02 larger than level 19 and eight times as fast
DICTIONARY_MIN_BYTES = 2_000  # smaller pages gain nothing and would be a poor pattern for others
DICTIONARY_MAX_BYTES = 1024 * 1024  # it is read by every page that is packed: half of this gains 0.02 less
FIRST_TRIAL = 4  # pages; then whenever a source's pages have doubled
SAMPLE = 16  # newest pages of a trial: half make the new dictionary, half judge it
# A trial is held early when the last pages come out this much larger than those before them.
WORN_RATIO = 1.25
JUDGED_PAGES = 8
REMEMBERED_PAGES = 100
LOADED_AT_MOST = 12  # dictionaries in memory, up to 8 MB each with the tables to pack by them


@dataclass
class Present:
    """A source's dictionary in use.

    `pages` is how many the source has; `ratios` are the packed over the plain sizes of its last ones, as
    far as they were packed with this dictionary.
    """

    id: int
    pages: int = 0
    ratios: deque[float] = field(default_factory=lambda: deque(maxlen=REMEMBERED_PAGES))
    looked_at: int = 0

    def note(self, ratio: float) -> None:
        """Note how small one more page became."""
        self.pages += 1
        self.ratios.append(ratio)

    def is_trial_due(self) -> bool:
        """Whether another dictionary should be tried: the pages have doubled, or this one is worn."""
        doubled = self.pages >= FIRST_TRIAL and self.pages.bit_count() == 1
        return doubled or (self.pages - self.looked_at >= JUDGED_PAGES and self.is_worn())

    def is_worn(self) -> bool:
        """Whether the last pages are so much larger than those before that the site must have changed."""
        last, before = list(self.ratios)[-JUDGED_PAGES:], list(self.ratios)[:-JUDGED_PAGES]
        return len(before) >= JUDGED_PAGES and fmean(last) > WORN_RATIO * fmean(before)


class DictionaryStore:
    """The dictionaries of pages.db; used inside the transaction of the page that is kept."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.present: dict[str, Present] = {}
        self.loaded: OrderedDict[int, zstd.ZstdDict] = OrderedDict()

    def suited(self, source: str, body: bytes, now: datetime) -> Present:
        """The dictionary for the next page of a source: the one in use, a better one, or the page itself."""
        present = self.present.get(source) or self.newest(source)
        if present is None or not self.can_load(present.id):
            present = Present(self.made(source, body[:DICTIONARY_MAX_BYTES], now))
        elif present.is_trial_due():
            present = self.better(source, present, now)
        self.present[source] = present
        return present

    def forget(self, source: str) -> None:
        """Forget what is known of a source: its transaction failed, so its dictionary may be on no disk."""
        self.present.pop(source, None)
        self.loaded.clear()

    def forget_all(self) -> None:
        """`forget` for every source."""
        self.present.clear()
        self.loaded.clear()

    def made(self, source: str, body: bytes, now: datetime) -> int:
        """Keep a new dictionary; returns its id."""
        row = {"source": source, "made_at": utc(now), "body": zstd.compress(body, level=DICTIONARY_LEVEL)}
        return inserted(self.db, "dictionaries", row)

    def newest(self, source: str) -> Present | None:
        """The source's newest dictionary on disk with what its last pages tell of it, or `None`."""
        query = "SELECT max(id) FROM dictionaries WHERE source = ?"
        (newest,) = self.db.conn.execute(query, [source]).fetchone()
        if newest is None:
            return None
        query = "SELECT count(*) FROM pages WHERE source = ? AND kind = 'article'"
        (pages,) = self.db.conn.execute(query, [source]).fetchone()
        present = Present(newest, pages)
        for row in reversed(self.last_bodies(source, REMEMBERED_PAGES, "length(b.zstd) AS packed")):
            if row["dictionary_id"] == newest:
                present.ratios.append(row["packed"] / row["length"])
        return present

    def can_load(self, dictionary_id: int) -> bool:
        """Whether a dictionary can be read: a damaged one must not keep new pages from being kept."""
        try:
            self.load(dictionary_id)
        except BodyDamaged:
            return False
        return True

    def load(self, dictionary_id: int) -> zstd.ZstdDict:
        """A dictionary by id, read once while it is in use. Raises BodyDamaged when it cannot be."""
        if dictionary_id not in self.loaded:
            query = "SELECT body FROM dictionaries WHERE id = ?"
            row = self.db.conn.execute(query, [dictionary_id]).fetchone()
            if row is None:
                raise BodyDamaged(f"its dictionary {dictionary_id} is missing")
            try:
                self.loaded[dictionary_id] = raw_dictionary(zstd.decompress(row[0]))
            except (zstd.ZstdError, TypeError, EOFError) as error:
                raise BodyDamaged(f"its dictionary {dictionary_id}: {error}") from error
        self.loaded.move_to_end(dictionary_id)
        if len(self.loaded) > LOADED_AT_MOST:
            self.loaded.popitem(last=False)
        return self.loaded[dictionary_id]

    def better(self, source: str, present: Present, now: datetime) -> Present:
        """A new dictionary where it saves more than it costs on as many pages as there are now.

        Half of the newest pages make it, the others judge it: nothing is judged by itself.
        """
        present.looked_at = present.pages
        sample = self.sample(source)
        candidate, judges = joined(sample[0::2]), sample[1::2]
        if not judges:
            return present
        cost = len(zstd.compress(candidate, level=DICTIONARY_LEVEL))
        saved = packed_size(judges, self.load(present.id)) - packed_size(judges, raw_dictionary(candidate))
        if saved / len(judges) * present.pages <= cost:
            return present
        self.loaded.pop(present.id, None)  # with its tables 5 MB, that reading old pages alone needs again
        return Present(self.made(source, candidate, now), present.pages, looked_at=present.pages)

    def sample(self, source: str) -> list[bytes]:
        """The newest bodies of a source that suit a dictionary, newest first; damaged ones are left out."""
        bodies = {}
        for row in self.last_bodies(source, SAMPLE, "b.zstd"):
            if DICTIONARY_MIN_BYTES <= row["length"] <= DICTIONARY_MAX_BYTES:
                try:
                    zdict = self.load(row["dictionary_id"]) if row["dictionary_id"] else None
                    bodies[row["sha256"]] = unpacked(row["zstd"], row["length"], row["sha256"], zdict)
                except BodyDamaged:
                    continue
        return list(bodies.values())

    def last_bodies(self, source: str, limit: int, column: str) -> list[dict[str, Any]]:
        """Digest, length, dictionary and one more column of a source's last bodies, newest first."""
        return list(
            self.db.query(
                f"SELECT b.sha256, b.length, b.dictionary_id, {column} "
                "FROM pages p JOIN bodies b ON b.sha256 = p.body_sha256 "
                "WHERE p.source = ? AND p.kind = 'article' ORDER BY p.id DESC LIMIT ?",
                [source, limit],
            )
        )


def raw_dictionary(body: bytes) -> zstd.ZstdDict:
    """Bytes of pages as the pattern for others: not trained, used as they are.

    Trained ones of the same pages were larger by a half: 0.42 of WARC.gz against 0.23 on one template.
    """
    return zstd.ZstdDict(body, is_raw=True)


def joined(bodies: Sequence[bytes]) -> bytes:
    """Pages one after the other, as many as a dictionary may hold, the first of them last: it is nearest."""
    chosen: list[bytes] = []
    room = DICTIONARY_MAX_BYTES
    for body in bodies:
        if len(body) <= room:
            chosen.append(body)
            room -= len(body)
    return b"".join(reversed(chosen))


def packed(body: bytes, zdict: zstd.ZstdDict | None) -> bytes:
    """A body as it is kept.

    The dictionary's tables are made once and stay with it: made for each page of 84 kB, those of a mebibyte
    take four times as long as the page itself.
    """
    return zstd.compress(body, level=LEVEL, zstd_dict=zdict.as_digested_dict if zdict else None)


def packed_size(bodies: Sequence[bytes], zdict: zstd.ZstdDict) -> int:
    """How many bytes some pages take with a dictionary."""
    return sum(len(packed(body, zdict)) for body in bodies)

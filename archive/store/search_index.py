"""The search index, kept true in the articles' own transactions, and made anew without stopping searches.

Plain triggers note which texts changed (`search_changes`); `apply_changes` turns what they noted into keys.
FTS5 takes words out of an index only by the very keys they were put in with, so an index made by other rules
is added to but never taken from: it is replaced.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.search.analysis.version import analysis_version
from archive.search.article_keys import Texts, keys_of
from archive.search.index_state import (
    CANARY_ROW,
    FOREIGN_TRIGGERS,
    INDEX,
    NEXT,
    IndexState,
    canary,
    index_state,
    is_damage,
)
from archive.store.columns import utc
from archive.store.connection import transaction
from archive.store.migrations import SEARCH_KEYS
from archive.store.prepared import Prepared

BATCH_ARTICLES = 250  # of one transaction: about 0.2 s of a crawl's waiting, as much work lost to a kill
MERGE_PAGES = 500
GROWN = 1.2
# Words of fewer articles are no suggestion, for half of them are slips of the pen; but few articles have few.
RARE_ARTICLES, SMALL_ARCHIVE = 3, 1_000
WORD_LETTERS = (3, 40)


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one article since the index was true: its texts then and now, `None` for none."""

    article_id: int
    before: Texts | None
    after: Texts | None


class SearchIndex:
    """Keeps the index of an archive; every method that writes is a transaction or a part of one."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path
        self.known_state: IndexState | None = None
        self.prepared = Prepared(keys_of)
        self.is_collecting = False

    def state(self) -> IndexState:
        """Whether the index may be believed; looked at once: looking makes FTS5 write what it collects."""
        if self.known_state is None:
            self.known_state = index_state(self.db.conn)
        return self.known_state

    def adopt_if_empty(self) -> None:
        """Make an archive without articles a sound one, for there is nothing to fill in."""
        if self.state() is IndexState.SOUND or self.db.execute("SELECT 1 FROM articles").fetchone():
            return
        with transaction(self.db, self.path):
            self.start(INDEX)
            self.finish(INDEX)

    def apply_changes(self) -> None:
        """Bring the index up to what the articles say; called in the transaction that changed them."""
        changes = [] if self.is_collecting else list(self.changes())
        if not changes:
            return
        is_exact = self.state() is IndexState.SOUND
        reached = self.reached(NEXT)
        for change in changes:
            if self.state().can_be_asked:  # else it is made anew from the articles
                self.apply(INDEX, change, is_exact=is_exact)
            if reached is not None and change.article_id >= reached:
                self.apply(NEXT, change, is_exact=True)
        self.db.conn.execute("DELETE FROM search_changes")

    @contextmanager
    def brought_up_once(self) -> Iterator[None]:
        """Do inside what changes articles; the index follows at the end, in the same transaction.

        FTS5 writes out what it collected at every savepoint: for each article, if each were put in alone.
        """
        self.is_collecting = True
        try:
            yield
        finally:
            self.is_collecting = False
        self.apply_changes()

    def changes(self) -> Iterator[Change]:
        """Each changed article once: as it was when the index was true, and as it is."""
        rows = self.db.conn.execute(
            "SELECT c.article_id, c.was_indexed, c.title, c.lead, c.body, a.id, a.title, a.lead, a.body "
            "FROM search_changes c LEFT JOIN articles a ON a.id = c.article_id "
            "WHERE c.id IN (SELECT min(id) FROM search_changes GROUP BY article_id) ORDER BY c.id"
        ).fetchall()
        for article_id, was_indexed, *texts in rows:
            before, here, after = texts[:3], texts[3], texts[4:]
            yield Change(
                article_id,
                (before[0], before[1], before[2]) if was_indexed else None,
                None if here is None else (after[0], after[1], after[2]),
            )

    def apply(self, index: str, change: Change, *, is_exact: bool) -> None:
        """Put one change into an index; one that is not exact only takes in what is new."""
        if change.before is not None:
            if not is_exact:
                return
            keys = keys_of(change.before)
            self.db.conn.execute(
                f"INSERT INTO {index} ({index}, rowid, title, lead, body) VALUES ('delete', ?, ?, ?, ?)",
                [change.article_id, *keys],
            )
        if change.after is not None:
            self.put(index, [(change.article_id, *self.prepared.of(change.after))])

    def put(self, index: str, rows: Iterable[tuple[int, str | None, str | None, str | None]]) -> None:
        """Put the keys of articles into an index."""
        self.db.conn.executemany(f"INSERT INTO {index} (rowid, title, lead, body) VALUES (?, ?, ?, ?)", rows)

    def reached(self, index: str) -> int | None:
        """From which article on an index under way holds them; `None` when none by these rules is."""
        row = self.db.conn.execute(
            "SELECT reached FROM search_indexes WHERE name = ? AND analysis = ?", [index, analysis_version()]
        ).fetchone()
        return row[0] if row else None

    def start(self, index: str) -> None:
        """Make an index empty, by today's rules."""
        self.drop_foreign_triggers()
        self.db.conn.execute(f"DROP TABLE IF EXISTS {index}")
        self.db.conn.execute(SEARCH_KEYS.replace(INDEX, index))
        self.put(index, [(CANARY_ROW, canary(analysis_version()), None, None)])
        self.note(index, reached=2**63 - 1)

    def drop_foreign_triggers(self) -> None:
        """Drop what other programs made to fill the index with words as they are written."""
        for (name,) in self.db.conn.execute(FOREIGN_TRIGGERS).fetchall():
            self.db.conn.execute(f'DROP TRIGGER "{name.replace(chr(34), chr(34) * 2)}"')

    def note(self, index: str, *, reached: int | None, made_at: str | None = None) -> None:
        """Keep how far an index is made."""
        self.db.conn.execute(
            "INSERT OR REPLACE INTO search_indexes (name, analysis, reached, made_at) VALUES (?, ?, ?, ?)",
            [index, analysis_version(), reached, made_at],
        )

    def finish(self, index: str) -> None:
        """Say that an index holds every article."""
        self.note(index, reached=None, made_at=utc(datetime.now(UTC)))
        self.known_state = None

    def rebuild(self) -> Iterator[int]:
        """Make the index anew beside the old one, the newest articles first; yields how many each step added.

        Ended early it goes on where it was, as long as the rules stay the same. Searches are answered by the
        old index until the new one takes its place.
        """
        with transaction(self.db, self.path):
            if self.reached(NEXT) is None:
                self.start(NEXT)
        while added := self.fill_batch():
            yield added
        self.take_over()

    def fill_batch(self) -> int:
        """Add the next articles to the index under way; returns how many."""
        with transaction(self.db, self.path):
            self.apply_changes()
            rows = self.db.conn.execute(
                "SELECT id, title, lead, body FROM articles WHERE id < ? ORDER BY id DESC LIMIT ?",
                [self.reached(NEXT), BATCH_ARTICLES],
            ).fetchall()
            if rows:
                self.put(NEXT, [(row[0], *keys_of((row[1], row[2], row[3]))) for row in rows])
                self.note(NEXT, reached=rows[-1][0])
            return len(rows)

    def take_over(self) -> None:
        """Put the finished index in the place of the old one."""
        with transaction(self.db, self.path):
            self.apply_changes()
            self.drop_index()
            self.db.conn.execute(f"ALTER TABLE {NEXT} RENAME TO {INDEX}")
            self.db.conn.execute("DELETE FROM search_indexes WHERE name = ?", [NEXT])
            self.finish(INDEX)
        with transaction(self.db, self.path):
            self.db.conn.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('optimize')")
        self.list_words()

    def drop_index(self) -> None:
        """Take out the old index, also one of which FTS5 cannot read a part."""
        try:
            with self.db.atomic():
                self.db.conn.execute(f"DROP TABLE IF EXISTS {INDEX}")
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            forget_virtual_table(self.db, INDEX)

    def tidy(self) -> None:
        """What is worth doing after a crawl, if the index is sound."""
        if self.state() is IndexState.SOUND:
            self.merge()
            self.list_words_if_old()

    def merge(self) -> None:
        """Tidy the index a little, as after a crawl: hundreds of small additions make searches slower."""
        with transaction(self.db, self.path):
            self.db.conn.execute(f"INSERT INTO {INDEX} ({INDEX}, rank) VALUES ('merge', {MERGE_PAGES})")

    def articles(self) -> int:
        """How many articles the index holds, its canary counted in."""
        count: int = self.db.conn.execute(f"SELECT count(*) FROM {INDEX}_docsize").fetchone()[0]
        return count

    def list_words_if_old(self) -> None:
        """List the words anew if the archive has grown by a fifth since that was done."""
        row = self.db.conn.execute("SELECT articles FROM search_words WHERE key = ''").fetchone()
        if self.articles() > GROWN * (row[0] if row else 0):
            self.list_words()

    def list_words(self) -> None:
        """List the words of the archive anew, for suggestions."""
        with transaction(self.db, self.path):
            articles = self.articles()
            self.db.conn.execute("CREATE VIRTUAL TABLE temp.indexed USING fts5vocab(main, articles_fts, row)")
            try:
                self.db.conn.execute("DELETE FROM search_words")
                self.db.conn.execute("INSERT INTO search_words VALUES ('', ?)", [articles])
                self.db.conn.execute(
                    "INSERT INTO search_words SELECT term, doc FROM temp.indexed WHERE doc >= ? "
                    "AND length(term) BETWEEN ? AND ? AND term NOT GLOB '*[0-9]*'",
                    [RARE_ARTICLES if articles > SMALL_ARCHIVE else 1, *WORD_LETTERS],
                )
            finally:
                self.db.conn.execute("DROP TABLE temp.indexed")


def forget_virtual_table(db: Database, name: str) -> None:
    """Take a table of FTS5 that cannot be opened out of the schema, then the tables it was kept in."""
    shadows = [f"{name}_{part}" for part in ("data", "idx", "content", "docsize", "config")]
    db.conn.execute("PRAGMA writable_schema = ON")
    try:
        db.conn.execute("DELETE FROM sqlite_master WHERE name = ?", [name])
        db.conn.execute("PRAGMA writable_schema = RESET")
    finally:
        db.conn.execute("PRAGMA writable_schema = OFF")
    for shadow in shadows:
        db.conn.execute(f"DROP TABLE IF EXISTS {shadow}")


def index_size(db: Database) -> Any:
    """Bytes of the index's data, for benchmarks and status."""
    return db.conn.execute(f"SELECT coalesce(sum(length(block)), 0) FROM {INDEX}_data").fetchone()[0]

"""What addresses showed last, so that a wall in an article's place becomes no wording of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.health.walls import BELIEVED_AFTER, enough, is_unlike, text_mark
from archive.identity import url_hash, url_key
from archive.numbers_said import counted
from archive.records import Article, Visit
from archive.store.columns import moment_of, utc
from archive.store.connection import transaction

MOST_KEPT = 500  # addresses of a source whose text is remembered: a wall shows itself at once
ASKED_AGAIN_AFTER = timedelta(hours=1)
NOTHING_LEFT = "nothing of the article is left in it; believed when it stands there for a day"


class WallStore:
    """Remembers the last texts of each source and says which of them are walls."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path

    def refusal(
        self, source: str, article: Article, visit: Visit, before: Mapping[str, Any] | None
    ) -> str | None:
        """Why a page is a wall, in words, or `None`; part of the transaction that keeps what it is.

        `before` is the article that is kept from the address, by column, or as its earlier page reads today.
        """
        mark = text_mark(article)
        if mark is None:
            return None
        key = url_hash(url_key(visit.url))
        with transaction(self.db, self.path):
            self.note(source, key, visit, mark, is_new=before is None)
            if before is not None and before["body"] == article.body:
                self.believe(key)
                return None
            others = self.others(source, key, mark)
            if others >= enough(article, is_known=before is not None):
                self.ask_again(source, mark, visit.fetched_at)
                return f"the same text stands at {counted(others, 'other address', 'other addresses')}"
            if before is None or not is_unlike(article, before) or self.was_wall(source, key, before):
                self.believe(key)
                return None
            return NOTHING_LEFT if self.is_doubted(source, key, mark, visit.fetched_at) else None

    def note(self, source: str, key: int, visit: Visit, mark: int, *, is_new: bool) -> None:
        """Remember what an address shows."""
        # Written plainly: each article comes by here, and `upsert` asks for the table's columns each time.
        self.db.conn.execute(
            "INSERT OR REPLACE INTO texts_read (source, url_hash, url, text, is_new, read_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [source, key, visit.url, mark, int(is_new), utc(visit.fetched_at)],
        )

    def others(self, source: str, key: int, mark: int) -> int:
        """How many other addresses of the source showed this text last."""
        query = "SELECT count(*) FROM texts_read WHERE source = ? AND text = ? AND url_hash != ?"
        return int(self.db.conn.execute(query, [source, mark, key]).fetchone()[0])

    def was_wall(self, source: str, key: int, before: Mapping[str, Any]) -> bool:
        """Whether the kept text itself is one that several addresses showed."""
        mark = url_hash(" ".join(before["body"].split()).casefold())
        return self.others(source, key, mark) >= 2

    def is_doubted(self, source: str, key: int, mark: int, now: datetime) -> bool:
        """Whether a text that replaces all of an article does not stand there for long enough yet."""
        known = self.db.conn.execute("SELECT text, since FROM doubted WHERE url_hash = ?", [key]).fetchone()
        if known and known[0] == mark and now - moment_of(known[1]) >= BELIEVED_AFTER:
            self.believe(key)
            return False
        if not known or known[0] != mark:
            row = {"url_hash": key, "source": source, "text": mark, "since": utc(now)}
            self.db.table("doubted").upsert(row, pk="url_hash")
        return True

    def believe(self, key: int) -> None:
        """Doubt an address no more."""
        self.db.conn.execute("DELETE FROM doubted WHERE url_hash = ?", [key])

    def ask_again(self, source: str, mark: int, now: datetime) -> None:
        """Put the new addresses that showed a wall before anyone could know back on the list."""
        self.db.conn.execute(
            "INSERT INTO frontier (url_hash, source, kind, url, why, found, found_at, not_before) "
            "SELECT t.url_hash, t.source, 'article', t.url, 'changed', a.found, :now, :later "
            "FROM texts_read t JOIN addresses a USING (url_hash) "
            "WHERE t.source = :source AND t.text = :mark AND t.is_new = 1 "
            "ON CONFLICT DO NOTHING",
            {"source": source, "mark": mark, "now": utc(now), "later": utc(now + ASKED_AGAIN_AFTER)},
        )
        self.db.conn.execute("UPDATE texts_read SET is_new = 0 WHERE source = ? AND text = ?", [source, mark])

    def forget_old(self, source: str) -> None:
        """Keep the latest texts of a source only."""
        with transaction(self.db, self.path):
            self.db.conn.execute(
                "DELETE FROM texts_read WHERE source = :source AND read_at < (SELECT read_at FROM texts_read "
                "WHERE source = :source ORDER BY read_at DESC LIMIT 1 OFFSET :most)",
                {"source": source, "most": MOST_KEPT - 1},
            )

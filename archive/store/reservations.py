"""What publishers say of text and data mining: pages of their own text, sites of their paths."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from archive.mining import SiteRule
from archive.records import Reservation
from archive.store.columns import json_text, moment_of, utc
from archive.store.connection import transaction

ASKED_EVERY = timedelta(hours=24)


class ReservationStore:
    """Keeps what was said last, with when."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path

    def note_page(self, article_id: int, said: Reservation | None, *, at: datetime) -> None:
        """Keep what an article's page says now, `None` for nothing; part of the article's transaction."""
        if said is None:
            self.db.conn.execute("DELETE FROM reservations WHERE article_id = ?", [article_id])
            return
        row = {
            "article_id": article_id,
            "reserved": int(said.reserved),
            "said": json_text(said.said),
            "policy": said.policy,
            "stated_at": utc(at),
        }
        self.db.table("reservations").upsert(row, pk="article_id")

    def is_due(self, origin: str, *, now: datetime) -> bool:
        """Whether a site's tdmrep.json was not asked for in the last day."""
        query = "SELECT checked_at FROM site_reservations WHERE origin = ?"
        row = self.db.conn.execute(query, [origin]).fetchone()
        return row is None or not timedelta(0) <= now - moment_of(row[0]) < ASKED_EVERY

    def note_site(
        self, origin: str, status: int | None, rules: Sequence[SiteRule] | None, *, at: datetime
    ) -> None:
        """Keep what a site's tdmrep.json says; where nobody can tell, `None`, what it said stays."""
        with transaction(self.db, self.path):
            query = "SELECT rules, since FROM site_reservations WHERE origin = ?"
            before = self.db.conn.execute(query, [origin]).fetchone()
            written = json_text([asdict(rule) for rule in rules or ()])
            if before and (rules is None or before[0] == written):
                written, since = before
            else:
                since = utc(at)
            row = {
                "origin": origin,
                "status": status,
                "checked_at": utc(at),
                "rules": written,
                "since": since,
            }
            self.db.table("site_reservations").upsert(row, pk="origin")


def rules_of(written: str) -> tuple[SiteRule, ...]:
    """The rules that a row keeps."""
    return tuple(SiteRule(**rule) for rule in json.loads(written))

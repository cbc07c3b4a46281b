"""Rewordings out of the database: of one article in their order, or the newest of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils import Database

from archive.changes import Passage, differences

REWORDINGS = (
    "SELECT r.article_id, r.number, r.cause, r.seen_at, r.modified_at, a.source, a.url, "
    "a.title AS now_title, new.title, new.lead, new.body, old.title AS old_title, "
    "old.lead AS old_lead, old.body AS old_body "
    "FROM revisions r JOIN articles a ON a.id = r.article_id "
    "JOIN revision_texts new ON new.id = r.id "
    "JOIN revision_texts old ON old.article_id = r.article_id AND old.number = r.number - 1 "
)


@dataclass(frozen=True, slots=True)
class Rewording:
    """One change of one article's text: `number` is that of the wording it gave, 2 or more.

    `cause` is "publisher" or "recleaned"; `seen_at` is when we saw it, `modified_at` when the page said it
    was changed; `title` is the article's present one; `fields` has the passages of each text that differs.
    """

    article_id: int
    number: int
    cause: str
    seen_at: str
    modified_at: str | None
    source: str
    url: str
    title: str | None
    fields: tuple[tuple[str, tuple[Passage, ...]], ...]


@dataclass(frozen=True, slots=True)
class RewordingFilter:
    """Which of all rewordings are meant: of these sources, seen on or after a day (UTC), by whom."""

    sources: Sequence[str] = ()
    since: date | None = None
    cause: str | None = None

    def where(self) -> tuple[str, list[object]]:
        """The conditions in SQL, speaking of revisions as `r` and articles as `a`, and their values."""
        parts: list[tuple[str, list[object]]] = [("r.number > 1", [])]
        if self.sources:
            parts.append((f"a.source IN ({', '.join('?' * len(self.sources))})", [*self.sources]))
        if self.since:
            parts.append(("r.seen_at >= ?", [self.since.isoformat()]))
        if self.cause:
            parts.append(("r.cause = ?", [self.cause]))
        return " AND ".join(condition for condition, _ in parts), [v for _, values in parts for v in values]


def rewordings_of(db: Database, article_id: int, meant: RewordingFilter) -> Iterator[Rewording]:
    """The rewordings of one article, the earliest first."""
    where, values = meant.where()
    query = f"{REWORDINGS} WHERE {where} AND r.article_id = ? ORDER BY r.number"
    yield from map(rewording, db.query(query, [*values, article_id]))


def newest_rewordings(db: Database, meant: RewordingFilter, limit: int) -> Iterator[Rewording]:
    """The rewordings seen last, the newest first."""
    where, values = meant.where()
    # Ids alone are put in order: a million texts would not fit.
    newest = (
        f"SELECT r.id FROM revisions r JOIN articles a ON a.id = r.article_id WHERE {where} "
        "ORDER BY r.seen_at DESC, r.id DESC LIMIT ?"
    )
    for (revision_id,) in db.conn.execute(newest, [*values, limit]).fetchall():
        yield from map(rewording, db.query(f"{REWORDINGS} WHERE r.id = ?", [revision_id]))


def rewording(row: Mapping[str, Any]) -> Rewording:
    """A row of REWORDINGS as a record, its texts compared."""
    earlier = {name: row[f"old_{name}"] for name in ("title", "lead", "body")}
    return Rewording(
        **{name: row[name] for name in ("article_id", "number", "cause", "seen_at", "modified_at")},
        **{name: row[name] for name in ("source", "url")},
        title=row["now_title"],
        fields=tuple((field, tuple(found)) for field, found in differences(earlier, row)),
    )

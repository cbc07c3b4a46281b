"""Addresses of another archive: what was asked there is known here, and what nobody asked waits here too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence, Set
from contextlib import AbstractContextManager

from archive.merging.barred import Barred
from archive.records import Found
from archive.store.archive import Archive
from archive.store.columns import found_of, found_text
from archive.store.connection import insert_all, transaction, upsert
from archive.store.frontier import CHUNK, STATEMENTS_KEPT
from archive.store.merging.other import Other, Row

LED_NOWHERE = (
    "SELECT * FROM addresses WHERE article_id IS NULL OR article_id NOT IN (SELECT id FROM articles) "
    "ORDER BY url_hash"
)
FOUND_LAST = ("found_at", "why", "attempts", "not_before")
ASKED = "SELECT url_hash FROM addresses WHERE url_hash IN (SELECT value FROM json_each(?))"


class AddressTaking:
    """Takes addresses of one archive into another, some at a time."""

    def __init__(self, archive: Archive, barred: Barred) -> None:
        self.archive, self.barred, self.db = archive, barred, archive.news

    def run(self, other: Other) -> None:
        """Take in all addresses that led to no article, then what waits and what was missing.

        Those of articles came with them.
        """
        for rows in other.chunks(LED_NOWHERE, size=CHUNK):
            with self.written():
                self.take(rows, None)
        for rows in other.chunks("SELECT * FROM frontier ORDER BY id", size=CHUNK):
            with self.written():
                self.take_waiting(other, rows)
        for rows in other.chunks("SELECT * FROM missing", size=CHUNK):
            with self.written():
                self.take_missing(rows)
        for rows in other.chunks("SELECT * FROM namings", size=CHUNK):
            with self.written():
                self.take_namings(rows)

    def written(self) -> AbstractContextManager[None]:
        """One transaction."""
        return transaction(self.db, self.archive.folder.news)

    def take(self, rows: Sequence[Row], article_id: int | None) -> None:
        """Take in addresses that led to this article, of our own numbering; part of a transaction."""
        theirs = {row["url_hash"]: row | {"article_id": article_id} for row in self.free(rows)}
        for some in chunks_of(theirs):
            known = self.archive.frontier.rows("addresses", some)
            changed = []
            for key in some:
                mine = known.get(key)
                row = theirs[key] if mine is None else later(mine, theirs[key])
                if row != mine:
                    upsert(self.db, "addresses", row, pk="url_hash")
                    changed.append(key)
            self.settle(changed, known.keys())

    def free(self, rows: Iterable[Row]) -> list[Row]:
        """The rows of addresses that were not taken down."""
        return [row for row in rows if row["url_hash"] not in self.barred.hashes]

    def settle(self, hashes: Sequence[int], before: Set[int]) -> None:
        """Take off our list what was asked elsewhere since, and forget what was missing and was seen since.

        `before` are those that had been asked from here.
        """
        known = self.archive.frontier.rows("addresses", hashes)
        for key, waiting in self.archive.frontier.rows("frontier", hashes).items():
            if is_waiting(waiting, known[key], was_asked=key in before):
                self.note_found("frontier", waiting, known[key])
            else:
                self.note_found("addresses", known[key], waiting)
                self.db.conn.execute("DELETE FROM frontier WHERE url_hash = ?", [key])
        seen = [(key, known[key]["checked_at"]) for key in self.archive.frontier.rows("missing", hashes)]
        self.db.conn.executemany("DELETE FROM missing WHERE url_hash = ? AND since < ?", seen)

    def take_waiting(self, other: Other, rows: Sequence[Row]) -> None:
        """Put what waits in the other archive on our list, as far as neither has asked it since."""
        theirs = {row["url_hash"]: row for row in self.free(rows)}
        known = self.archive.frontier.rows("addresses", theirs)
        waiting = self.archive.frontier.rows("frontier", theirs)
        asked = {row["url_hash"] for row in other.rows(ASKED, [json.dumps(list(theirs))])}
        fresh = []
        for key, row in theirs.items():
            waits = is_waiting(row, known.get(key), was_asked=key in asked)
            if key in waiting:
                self.note_found("frontier", waiting[key], row)
                if waits and row["found_at"] > waiting[key]["found_at"]:
                    self.archive.frontier.set_waiting(key, **{name: row[name] for name in FOUND_LAST})
                continue
            if key in known:
                self.note_found("addresses", known[key], row)
                row["found"] = all_found(row, known[key])
            if waits:
                fresh.append({name: row[name] for name in row if name != "id"} | {"taken_by": None})
        insert_all(self.db, "frontier", fresh)

    def note_found(self, table: str, mine: Row, theirs: Row) -> None:
        """Keep what documents said of an address there, beside what they said here."""
        found = all_found(mine, theirs)
        if found != mine["found"]:
            self.db.conn.execute(
                f"UPDATE {table} SET found = ? WHERE url_hash = ?", [found, mine["url_hash"]]
            )

    def take_missing(self, rows: Sequence[Row]) -> None:
        """Take in what was not there at the last look, unless it was seen since."""
        theirs = {row["url_hash"]: row for row in self.free(rows)}
        known = self.archive.frontier.rows("addresses", theirs)
        left = [
            (key, row["source"], row["since"])
            for key, row in theirs.items()
            if key not in known or row["since"] >= known[key]["checked_at"]
        ]
        self.db.conn.executemany(
            "INSERT INTO missing (url_hash, source, since) VALUES (?, ?, ?) "
            "ON CONFLICT (url_hash) DO UPDATE SET since = min(since, excluded.since)",
            left,
        )

    def take_namings(self, rows: Sequence[Row]) -> None:
        """Take in which kinds of documents named what, each since it first did."""
        self.db.conn.executemany(
            "INSERT INTO namings (url_hash, kind, first_at) VALUES (?, ?, ?) "
            "ON CONFLICT (url_hash, kind) DO UPDATE SET first_at = min(first_at, excluded.first_at)",
            [(row["url_hash"], row["kind"], row["first_at"]) for row in self.free(rows)],
        )


def chunks_of(rows: dict[int, Row]) -> Iterable[list[int]]:
    """Hashes as many at a time as one statement asks for."""
    hashes = list(rows)
    return (hashes[start : start + CHUNK] for start in range(0, len(hashes), CHUNK))


def later(mine: Row, theirs: Row) -> Row:
    """What two archives know of an address: as the later answer has it.

    Another spelling of a visited one says nothing of what was read there, so it never stands before an
    answer; of two answers in one second ours stays.
    """
    newest, older = (theirs, mine) if age(theirs) > age(mine) else (mine, theirs)
    return newest | {
        "checked_at": max(mine["checked_at"], theirs["checked_at"]),
        "article_id": newest["article_id"] or older["article_id"],
        "found": all_found(newest, older),
    }


def age(row: Row) -> tuple[bool, str]:
    """What makes an answer the later one."""
    return row["kind"] != "alias", str(row["checked_at"])


def all_found(row: Row, other: Row) -> str:
    """What documents said of an address: as a row has it, before it what only the other's documents said."""
    heard = found_of(row["url"], row["found"])
    more = only_there(heard, found_of(row["url"], other["found"]))
    room = STATEMENTS_KEPT - len(heard)
    if not more or room <= 0:
        return str(row["found"])
    return found_text([*more[-room:], *heard])


def only_there(heard: Sequence[Found], stated: Sequence[Found]) -> list[Found]:
    """The statements of documents that were not heard."""
    documents = {(one.via, one.document) for one in heard}
    return [one for one in stated if (one.via, one.document) not in documents]


def is_waiting(waiting: Row, known: Row | None, *, was_asked: bool) -> bool:
    """Whether an address of a list waits still, beside what is `known` of it.

    `was_asked` says whether the archive whose list it is ever asked it: what is new to that one alone waits
    no more once the other has asked it; a document that states a change leads there again.
    """
    if known is None:
        return True
    is_only_new = waiting["kind"] == "article" and waiting["why"] == "new" and not was_asked
    return bool(waiting["found_at"] >= known["checked_at"]) and not is_only_new

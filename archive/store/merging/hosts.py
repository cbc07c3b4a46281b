"""What another archive knows of hosts: robots.txt with its history, waits, gaps, what sites reserve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archive.merging.spells import sights, spells
from archive.raw.merging import PageNumbers
from archive.store.archive import Archive
from archive.store.connection import insert_all, transaction, upsert
from archive.store.merging.other import Other, Row

SAYS = ("means", "status", "detail", "body_hash")
SAME_WAIT = (
    "INSERT INTO waits (host, url, status, retry_after, asked_at, until) "
    "SELECT :host, :url, :status, :retry_after, :asked_at, :until WHERE NOT EXISTS (SELECT 1 FROM waits "
    "WHERE host = :host AND until = :until AND asked_at = :asked_at AND url = :url AND status = :status "
    "AND retry_after IS :retry_after)"
)
# Each archive counts its own requests. Added up, they would grow each time the same archive is taken in.
SAME_GAP = (
    "INSERT INTO gaps (host, day, from_seconds, requests, smallest) "
    "VALUES (:host, :day, :from_seconds, :requests, :smallest) ON CONFLICT DO UPDATE SET "
    "requests = max(requests, excluded.requests), smallest = min(smallest, excluded.smallest)"
)


def take_hosts(archive: Archive, other: Other, pages: PageNumbers) -> None:
    """Take in what is known of hosts, some at a time."""
    for (origin,) in other.news.conn.execute("SELECT DISTINCT origin FROM robots ORDER BY origin").fetchall():
        with transaction(archive.news, archive.folder.news):
            take_robots(archive, other, origin, pages)
    for table, statement in (("waits", SAME_WAIT), ("gaps", SAME_GAP)):
        for rows in other.chunks(f"SELECT * FROM {table}"):
            with transaction(archive.news, archive.folder.news):
                archive.news.conn.executemany(statement, rows)
    for rows in other.chunks("SELECT * FROM site_reservations"):
        with transaction(archive.news, archive.folder.news):
            take_reservations(archive, rows)


def take_robots(archive: Archive, other: Other, origin: str, pages: PageNumbers) -> None:
    """Make the two histories of a robots.txt one; its rows get new numbers, for they are in their order."""
    query = "SELECT * FROM robots WHERE origin = ? ORDER BY id"
    mine = without_ids(archive.news.query(query, [origin]))
    there = [row | {"page_id": pages.here(row["page_id"])} for row in other.rows(query, [origin])]
    theirs = without_ids(there)
    if not all(row in mine for row in theirs):
        archive.news.conn.execute("DELETE FROM robots WHERE origin = ?", [origin])
        insert_all(archive.news, "robots", history([*mine, *theirs]) if mine else theirs)


def without_ids(rows: Iterable[Row]) -> list[Row]:
    """Rows without their numbers."""
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def history(rows: Sequence[Row]) -> list[Row]:
    """What was said when, a row for each change."""
    seen = [
        sight
        for row in rows
        for sight in sights(row, tuple(row[name] for name in SAYS), row["fetched_at"], row["checked_at"])
    ]
    return [
        spell[-1].row
        | {"fetched_at": spell[0].at, "checked_at": spell[-1].at}
        | {"page_id": next((one.row["page_id"] for one in reversed(spell) if one.row["page_id"]), None)}
        for spell in spells(seen)
    ]


def take_reservations(archive: Archive, rows: Sequence[Row]) -> None:
    """Take in what sites say of mining: the later word, since it was first said so."""
    for row in rows:
        found = archive.news.query("SELECT * FROM site_reservations WHERE origin = ?", [row["origin"]])
        mine = next(iter(found), None)
        if mine is None:
            upsert(archive.news, "site_reservations", row, pk="origin")
            continue
        newest = max(mine, row, key=lambda one: str(one["checked_at"]))
        since = min(one["since"] for one in (mine, row) if one["rules"] == newest["rules"])
        upsert(archive.news, "site_reservations", newest | {"since": since}, pk="origin")

"""What stood on listings, as two archives saw it, made one history; with the listings' own state."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence

from archive.merging.barred import Barred
from archive.merging.spells import Sight, sights, spells
from archive.noise import same_headline
from archive.store.archive import Archive
from archive.store.connection import insert_all, inserted, transaction
from archive.store.merging.other import Other, Row

LISTINGS = "SELECT DISTINCT source, document FROM front_looks ORDER BY source, document"
LOOKS = (
    "SELECT l.*, d.read_at FROM front_looks l LEFT JOIN documents d ON d.source = l.source "
    "AND d.url = l.document WHERE l.source = ? AND l.document = ? ORDER BY l.id"
)
TEASERS = "SELECT * FROM front_teasers WHERE source = ? AND document = ? ORDER BY id"
WHEN = ("since", "seen_until", "until")
KEPT = ("source", "document", "places", *WHEN)
DOCUMENTS = """
INSERT INTO documents
    (source, url, kind, read_at, named, named_before, names, changed_at, failing_since, failure)
VALUES (:source, :url, :kind, :read_at, :named, :named_before, :names, :changed_at, :failing_since, :failure)
ON CONFLICT (source, url) DO UPDATE SET kind = excluded.kind, read_at = excluded.read_at,
    named = excluded.named, named_before = excluded.named_before, names = excluded.names,
    changed_at = excluded.changed_at, failing_since = excluded.failing_since, failure = excluded.failure
WHERE coalesce(excluded.read_at, '') > coalesce(read_at, '')"""


def take_fronts(archive: Archive, other: Other, barred: Barred) -> None:
    """Take in the histories of all listings, and then the state of all documents.

    When a listing was read last tells until when its order was seen, so both are one transaction.
    """
    listings = [(row["source"], row["document"]) for row in other.rows(LISTINGS)]
    for source, document in listings:
        with transaction(archive.news, archive.folder.news):
            take_listing(archive, other, source, document, barred)
            rows = other.rows("SELECT * FROM documents WHERE source = ? AND url = ?", [source, document])
            archive.news.conn.executemany(DOCUMENTS, rows)
    for rows in other.chunks("SELECT * FROM documents"):
        with transaction(archive.news, archive.folder.news):
            archive.news.conn.executemany(DOCUMENTS, rows)


def take_listing(archive: Archive, other: Other, source: str, document: str, barred: Barred) -> None:
    """Make the two histories of a listing one."""
    numbers = teasers_here(archive, other, source, document, barred)
    mine = list(archive.news.query(LOOKS, [source, document]))
    theirs = [
        row | {"places": json.dumps([numbers[one] for one in json.loads(row["places"])])}
        for row in other.rows(LOOKS, [source, document])
    ]
    teasers = {row["id"]: row for row in archive.news.query(TEASERS, [source, document])}
    kept, more = (
        [(seen_in(row, teasers), *(row[name] for name in WHEN)) for row in rows] for rows in (mine, theirs)
    )
    if all(row in kept for row in more):
        return
    joined = history([*mine, *theirs], teasers) if mine else theirs
    archive.news.conn.execute("DELETE FROM front_looks WHERE source = ? AND document = ?", [source, document])
    insert_all(archive.news, "front_looks", [{name: row[name] for name in KEPT} for row in joined])


def seen_in(look: Row, teasers: Mapping[int, Row]) -> Hashable:
    """What stood on a listing, whatever its teasers are called here."""
    places = (teasers[one] for one in json.loads(look["places"]))
    return tuple((one["url_hash"], one["block"], one["headline"]) for one in places)


def teasers_here(
    archive: Archive, other: Other, source: str, document: str, barred: Barred
) -> dict[int, int]:
    """What each teaser of a listing there is called here; new ones come in, without words of barred ones."""
    known: defaultdict[int, list[Row]] = defaultdict(list)
    for row in archive.news.query(TEASERS, [source, document]):
        known[row["url_hash"]].append(row)
    numbers = {}
    for row in other.rows(TEASERS, [source, document]):
        if row["url_hash"] in barred.hashes:
            row["headline"] = None
        mine = same_teaser(row, known[row["url_hash"]])
        if mine is None:
            mine = row | {"id": inserted(archive.news, "front_teasers", row | {"id": None})}
            known[row["url_hash"]].append(mine)
        elif row["headline"] is not None and row["first_seen_at"] < mine["first_seen_at"]:
            archive.news.conn.execute(
                "UPDATE front_teasers SET first_seen_at = ? WHERE id = ?", [row["first_seen_at"], mine["id"]]
            )
        numbers[row["id"]] = int(mine["id"])
    return numbers


def same_teaser(row: Row, known: Sequence[Row]) -> Row | None:
    """The teaser of an address that stands in the same block under the same headline, or `None`.

    Several may, once their words were taken down: then the one that was first seen when this one was.
    """
    same = [
        one
        for one in known
        if one["block"] == row["block"] and same_headline(one["headline"], row["headline"])
    ]
    at_once = [one for one in same if one["first_seen_at"] == row["first_seen_at"]]
    return next(iter([*at_once, *reversed(same)]), None)


def history(looks: Sequence[Row], teasers: Mapping[int, Row]) -> list[Row]:
    """Which order stood when; the last one stands still."""
    seen: list[Sight] = []
    for row in looks:
        last = row["seen_until"] if row["until"] else row["read_at"]
        seen += sights(row, seen_in(row, teasers), row["since"], last or row["since"])
    found = spells(seen)
    ends = [spell[0].at for spell in found[1:]]
    return [
        spell[0].row
        | {
            "since": spell[0].at,
            "seen_until": None if until is None else spell[-1].at,
            "until": until,
        }
        for spell, until in zip(found, [*ends, None], strict=True)
    ]

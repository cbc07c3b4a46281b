"""Front pages out of the database: what stood there at a time, where an article stood, what was on top.

A time between two looks is nobody's: `seen_until` is the last look that saw it so, `until` the first that
saw it otherwise, `None` where it stands still.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from archive.identity import key_or_none, url_hash

LOOKS = (
    "SELECT l.id, l.document, l.places, l.since, coalesce(l.seen_until, d.read_at, l.since) AS seen_until, "
    "l.until FROM front_looks l LEFT JOIN documents d ON d.source = l.source AND d.url = l.document "
    "WHERE l.source = ? "
)
CHUNK = 500  # numbers asked for in one statement


@dataclass(frozen=True, slots=True)
class Teaser:
    """An article as a listing offers it; `title` is the article's own, `None` where it is not kept."""

    id: int
    url: str
    url_key: str
    headline: str | None
    block: str | None
    article_id: int | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A teaser on place `number`, 1 the top: there since `since`, on the page since `here_since`."""

    number: int
    teaser: Teaser
    since: str
    here_since: str


@dataclass(frozen=True, slots=True)
class Front:
    """What stood on a listing; seen from `since` to `seen_until`."""

    document: str
    since: str
    seen_until: str
    until: str | None
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which a teaser stood on one place without a break."""

    document: str
    number: int
    teaser: Teaser
    since: str
    seen_until: str
    until: str | None


def fronts_at(db: Database, source: str, at: str | None) -> list[Front]:
    """What stood on each listing of a source at a time (UTC as the archive writes it), or stands there now.

    A listing that was not looked at by then is left out.
    """
    looks = LOOKS + (
        "AND l.until IS NULL" if at is None else "AND l.since <= ? AND (l.until > ? OR l.until IS NULL)"
    )
    found = db.query(f"{looks} ORDER BY l.document", [source] if at is None else [source, at, at])
    return [front(db, source, look) for look in list(found)]


def front(db: Database, source: str, look: dict[str, Any]) -> Front:
    """One look with its teasers, and since when each stands there."""
    ids = json.loads(look["places"])
    teasers = teasers_of(db, ids)
    earlier = db.query(
        "SELECT places, since FROM front_looks WHERE source = ? AND document = ? AND id < ? ORDER BY id DESC",
        [source, look["document"], look["id"]],
    )
    here, there = beginnings(ids, wordings_of(db, look["document"], ids), look["since"], earlier)
    places = (Place(n, teasers[one], there[one], here[one]) for n, one in enumerate(ids, 1))
    return Front(look["document"], look["since"], look["seen_until"], look["until"], tuple(places))


def beginnings(
    ids: Sequence[int], wordings: dict[int, set[int]], since: str, earlier: Iterable[dict[str, Any]]
) -> tuple[dict[int, str], dict[int, str]]:
    """Since when each stands on the page, and on its place, going back look by look until none goes on.

    Under another headline it is still on the page, but it is another teaser on its place.
    """
    here, there = dict.fromkeys(ids, since), dict.fromkeys(ids, since)
    on_page, on_place = set(ids), set(ids)
    for look in earlier:
        before = json.loads(look["places"])
        standing = set(before)
        on_page = {one for one in on_page if wordings[one] & standing}
        on_place = {one for n, one in enumerate(ids) if one in on_place and before[n : n + 1] == [one]}
        here |= dict.fromkeys(on_page, look["since"])
        there |= dict.fromkeys(on_place, look["since"])
        if not on_page:
            break
    return here, there


def wordings_of(db: Database, document: str, ids: Sequence[int]) -> dict[int, set[int]]:
    """Of each teaser the numbers of all that the listing had of the same article, its own too."""
    rows = db.conn.execute(
        "SELECT t.id, o.id FROM json_each(?) asked JOIN front_teasers t ON t.id = asked.value "
        "JOIN front_teasers o ON o.source = t.source AND o.document = t.document AND o.url_hash = t.url_hash "
        "WHERE t.document = ?",
        [json.dumps(list(ids)), document],
    )
    found: dict[int, set[int]] = {one: {one} for one in ids}
    for one, other in rows:
        found[one].add(other)
    return found


def stretches_of(db: Database, source: str, named: str) -> list[Stretch]:
    """Where the article of an address stood on each listing, place by place, the earliest first."""
    ids = teaser_ids(db, source, named)
    found = []
    for look in db.query(f"{LOOKS} ORDER BY l.document, l.id", [source]):
        standing = json.loads(look["places"])
        found += [(look, n, one) for n, one in enumerate(standing, 1) if one in ids]
    return merged(found, teasers_of(db, ids))


def tops_of(db: Database, source: str, since: str | None) -> list[Stretch]:
    """What was on top of each listing, one after the other; those that stood there at `since` or later."""
    later = " AND (l.until > ? OR l.until IS NULL)" if since else ""
    looks = db.query(f"{LOOKS}{later} ORDER BY l.document, l.id", [source, since] if since else [source])
    found = [(look, 1, json.loads(look["places"])[0]) for look in looks]
    return merged(found, teasers_of(db, [one for _, _, one in found]))


def merged(found: Iterable[tuple[dict[str, Any], int, int]], teasers: dict[int, Teaser]) -> list[Stretch]:
    """One stretch of each run of looks that saw the same teaser on the same place, one after the other."""
    stretches: list[Stretch] = []
    for look, number, one in found:
        last = stretches[-1] if stretches else None
        now = Stretch(
            look["document"], number, teasers[one], look["since"], look["seen_until"], look["until"]
        )
        if last and goes_on(last, now):
            stretches[-1] = replace(last, seen_until=now.seen_until, until=now.until)
        else:
            stretches.append(now)
    return stretches


def goes_on(last: Stretch, now: Stretch) -> bool:
    """Whether a stretch is the same one going on."""
    return (last.document, last.number, last.teaser, last.until) == (
        now.document,
        now.number,
        now.teaser,
        now.since,
    )


def rewordings_of(db: Database, source: str, since: str | None) -> list[tuple[str, list[dict[str, Any]]]]:
    """Articles whose headline a listing changed: the listing, and each wording with when it was first seen.

    Those of which a wording is of `since` or later, the one reworded last first.
    """
    query = (
        "SELECT t.document, t.url_hash, t.url, t.headline, min(t.first_seen_at) AS first_seen_at "
        "FROM front_teasers t "
        "JOIN (SELECT document, url_hash FROM front_teasers WHERE source = :source AND headline IS NOT NULL "
        "GROUP BY document, url_hash HAVING count(DISTINCT headline) > 1 AND max(first_seen_at) >= :since) r "
        "ON r.document = t.document AND r.url_hash = t.url_hash "
        "WHERE t.source = :source AND t.headline IS NOT NULL GROUP BY t.document, t.url_hash, t.headline "
        "ORDER BY t.document, t.url_hash, first_seen_at, t.id"
    )
    rows = db.query(query, {"source": source, "since": since or ""})
    found = [list(wordings) for _, wordings in groupby(rows, lambda row: (row["document"], row["url_hash"]))]
    found = [wordings for wordings in found if len(wordings) > 1]
    found.sort(key=lambda wordings: wordings[-1]["first_seen_at"], reverse=True)
    return [(wordings[0]["document"], wordings) for wordings in found]


def teaser_ids(db: Database, source: str, named: str) -> list[int]:
    """The teasers of the article an address leads to, by that and every other address it was asked at."""
    key = key_or_none(named)
    if key is None:
        return []
    rows = db.conn.execute(
        "SELECT id FROM front_teasers WHERE source = :source AND (url_key = :key OR url_hash IN "
        "(SELECT other.url_hash FROM addresses other WHERE other.article_id IN "
        "(SELECT article_id FROM addresses WHERE url_hash = :hash AND article_id IS NOT NULL "
        "UNION SELECT id FROM articles WHERE url_key = :key)))",
        {"source": source, "key": key, "hash": url_hash(key)},
    )
    return [row[0] for row in rows]


def teasers_of(db: Database, ids: Iterable[int]) -> dict[int, Teaser]:
    """Teasers by their numbers, with the article each leads to."""
    asked = sorted(set(ids))
    found: dict[int, Teaser] = {}
    for start in range(0, len(asked), CHUNK):
        some = asked[start : start + CHUNK]
        rows = db.query(
            "SELECT t.id, t.url, t.url_key, t.headline, t.block, a.id AS article_id, a.title "
            "FROM front_teasers t LEFT JOIN addresses k ON k.url_hash = t.url_hash LEFT JOIN articles a "
            "ON a.id = coalesce(k.article_id, (SELECT id FROM articles WHERE url_key = t.url_key)) "
            f"WHERE t.id IN ({','.join('?' * len(some))})",
            some,
        )
        found |= {row["id"]: Teaser(**row) for row in rows}
    return found


def is_remembered(db: Database, source: str) -> bool:
    """Whether a listing of the source was ever looked at; never in an archive no newer crawl has opened."""
    if not db.table("front_looks").exists():
        return False
    return db.conn.execute("SELECT 1 FROM front_looks WHERE source = ?", [source]).fetchone() is not None

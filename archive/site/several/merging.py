"""Hits of several archives in one order, page by page, each article once.

Ids grow with the minute of publication in every archive alike, so the newest of all are those with the
highest ids. An article that stands in several archives is shown from where it was seen last, among those in
which it is a hit. That is asked of each hit by itself, whatever page it stands on, so no page repeats one or
leaves one out.
"""

from __future__ import annotations

import heapq
import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archive.search.ranking import newest_ids, ranked_ids
from archive.site.barred import unbarred
from archive.site.search_hits import Wanted
from archive.site.several.asking import Inquiry
from archive.site.several.mounted import Mounted

FIRST_BATCH = 20  # hits of one archive, beside its share of those that the page is after
LOWEST_ID = -(2**63)
COPIES = (
    "SELECT id, url_key, last_seen_at FROM articles "
    "WHERE url_key IN (SELECT value FROM json_each(:keys)) AND id >= :oldest"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """An article in one archive, the lowest `weight` first; `seen_at` is when it was seen last."""

    archive: Mounted
    id: int
    weight: float
    url_key: str
    seen_at: str

    @property
    def place(self) -> tuple[float, int, int]:
        """What hits are ordered by; no two have the same."""
        return self.weight, -self.id, self.archive.order

    @property
    def freshness(self) -> tuple[str, int]:
        """What decides between copies: when it was seen last, then which archive was named first."""
        return self.seen_at, -self.archive.order


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits; `total` is how many there are in all, `None` where the last was not reached."""

    hits: tuple[Hit, ...]
    has_more: bool
    total: int | None


@dataclass
class Stream:
    """One archive's hits in their order, fetched batch by batch.

    `also` are conditions beside those of `wanted`. Of the best hits, `newest` is the id that age is counted
    from, and `factor` what scores are multiplied by. `oldest` is the lowest id that can be a hit.
    """

    wanted: Wanted
    also: Sequence[str] = ()
    newest: int = 0
    factor: float = 1.0
    oldest: int = LOWEST_ID
    fetched: int = 0
    is_over: bool = False
    waiting: deque[Hit] = field(default_factory=deque)

    @property
    def is_hungry(self) -> bool:
        """Whether nobody knows its next hit yet."""
        return not self.waiting and not self.is_over

    def query(self, db: Any) -> tuple[str, dict[str, Any]]:
        """The query for the next hits of a database, and the values in it."""
        matching, values = self.wanted.matching([*self.also, *unbarred(db, self.wanted.row)])
        if self.wanted.is_ranked:
            listed = ranked_ids(matching, ":newest")
            values |= {"newest": self.newest}
        else:
            ids = newest_ids(matching, self.wanted.row)
            listed = f"SELECT id, -id AS weight, {LOWEST_ID} AS oldest FROM ({ids})"
        columns = "f.id, f.weight, f.oldest, a.url_key, a.last_seen_at"
        return (
            f"SELECT {columns} FROM ({listed}) f JOIN articles a ON a.id = f.id ORDER BY f.weight, f.id DESC",
            values,
        )

    async def fetch(self, archive: Mounted, db: Any, many: int) -> None:
        """Fetch the next hits; raises as a query does."""
        sql, values = self.query(db)
        rows = (await db.execute(sql, values | {"limit": many, "offset": self.fetched})).rows
        self.fetched += len(rows)
        self.is_over = len(rows) < many
        for row in rows:
            self.oldest = row["oldest"]
            weight = row["weight"] * self.factor
            self.waiting.append(Hit(archive, row["id"], weight, row["url_key"], row["last_seen_at"]))

    async def copies(self, archive: Mounted, db: Any, keys: Sequence[str]) -> list[Hit]:
        """The hits of this archive among articles with these keys; raises as a query does."""
        values: dict[str, Any] = {"keys": json.dumps(keys), "oldest": self.oldest}
        rows = (await db.execute(COPIES, values)).rows
        if not rows:
            return []
        listed = ", ".join(str(int(row["id"])) for row in rows)
        matching, values = self.wanted.matching([*self.also, f"{self.wanted.row} IN ({listed})"])
        hits = {
            row["id"] for row in (await db.execute(f"SELECT {self.wanted.row} AS id {matching}", values)).rows
        }
        return [
            Hit(archive, row["id"], 0, row["url_key"], row["last_seen_at"])
            for row in rows
            if row["id"] in hits
        ]


async def found_page(inquiry: Inquiry, streams: Mapping[Mounted, Stream], *, first: int, many: int) -> Found:
    """The hits from the `first` on, at most `many`, each article once."""
    needed = first + many + 1
    batch = FIRST_BATCH + needed // max(len(streams), 1)
    shown: list[Hit] = []
    copies = 0
    while len(shown) < needed:
        await feed(inquiry, streams, batch)
        # As many again as were copies so far: of archives that hold the same, few hits are shown.
        taken = take(streams.values(), needed - len(shown) + copies)
        if not taken:
            break
        shown += (kept := await without_copies(inquiry, streams, taken))
        copies += len(taken) - len(kept)
        batch *= 2
    has_more = len(shown) >= needed
    is_whole = not has_more and not inquiry.silent
    return Found(tuple(shown[first : first + many]), has_more, len(shown) if is_whole else None)


async def feed(inquiry: Inquiry, streams: Mapping[Mounted, Stream], many: int) -> None:
    """Have every stream know its next hit, or that it has none."""
    hungry = [archive for archive, stream in streams.items() if stream.is_hungry]
    if not hungry:
        return
    await inquiry.ask(lambda archive, db: streams[archive].fetch(archive, db, many), hungry)
    for archive in inquiry.silent:
        if archive in streams:
            streams[archive].is_over = True


def take(streams: Any, most: int) -> list[Hit]:
    """The next hits of all in their order, until there are so many or one stream's next is not known."""
    heads = [(stream.waiting[0].place, stream) for stream in streams if stream.waiting]
    heapq.heapify(heads)
    taken: list[Hit] = []
    while heads and len(taken) < most:
        _, stream = heads[0]
        taken.append(stream.waiting.popleft())
        if stream.waiting:
            heapq.heapreplace(heads, (stream.waiting[0].place, stream))
            continue
        heapq.heappop(heads)
        if stream.is_hungry:
            break
    return taken


async def without_copies(
    inquiry: Inquiry, streams: Mapping[Mounted, Stream], hits: Sequence[Hit]
) -> list[Hit]:
    """The hits that no other archive has seen later."""
    keys = {archive: [hit.url_key for hit in hits if hit.archive is not archive] for archive in streams}
    asked = [archive for archive, listed in keys.items() if listed]
    answers = await inquiry.ask(
        lambda archive, db: streams[archive].copies(archive, db, keys[archive]), asked
    )
    latest: dict[str, tuple[str, int]] = {}
    for hit in [*hits, *(copy for copies in answers.values() for copy in copies)]:
        latest[hit.url_key] = max(hit.freshness, latest.get(hit.url_key, hit.freshness))
    return [hit for hit in hits if hit.freshness == latest[hit.url_key]]

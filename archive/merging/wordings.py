"""What two archives know of one article, made one: wordings, which one stands, since when it is gone. Pure.

The same whichever of the two is asked first, and again what it was when it is asked again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import dropwhile, groupby
from operator import attrgetter
from typing import Any

from archive.noise import substance
from archive.store.readings import is_other_view, is_teaser_of, unstated

# What is an archive's own: its numbers, and when it looked.
OWN = ("id", "page_id", "revisions", "first_seen_at", "last_seen_at", "gone_at")


@dataclass(frozen=True, slots=True)
class Wording:
    """A row of `revisions` with its text, the newest one's too; `id` is `None` where it has no row here.

    `page_id` is as numbered here. `body` is `None` where the text was lost.
    """

    seen_at: str
    cause: str
    cleaned_with: str
    content_hash: str
    modified_at: str | None
    page_id: int
    title: str | None
    lead: str | None
    body: str | None
    body_html: str | None
    id: int | None = None

    @property
    def sight(self) -> tuple[str, str]:
        """What was seen when: two archives that saw it saw the same."""
        return self.seen_at, self.content_hash

    @property
    def said(self) -> tuple[str, ...]:
        """What it is told from others by; last comes a lost text, and one of whom none was known before."""
        known = (self.content_hash, self.body is None, self.cause == "first", self.cleaned_with, self.cause)
        return tuple(map(str, (*known, self.modified_at, self.title, self.lead, self.body, self.body_html)))


@dataclass(frozen=True, slots=True)
class Side:
    """What one archive knows: the article's columns, its wordings in their order, the last one stands.

    `again` are sights of wordings that an earlier merge left out, for they repeated the one before.
    `gone_until` is the last look that did not find it, `None` for an article that is not gone.
    """

    article: Mapping[str, Any]
    wordings: tuple[Wording, ...]
    again: tuple[Wording, ...] = ()
    gone_until: str | None = None

    @property
    def standing(self) -> Wording:
        """The wording that stands in the article."""
        return self.wordings[-1]

    @property
    def last_seen_at(self) -> str:
        """When it was last seen on the site."""
        return str(self.article["last_seen_at"])


@dataclass(frozen=True, slots=True)
class Joined:
    """Both together: `columns` as in `articles` but for id and page; `stands` is whose page they are of."""

    wordings: tuple[Wording, ...]
    columns: dict[str, Any]
    stands: Side


def joined(one: Side, other: Side) -> Joined:
    """Both sides of an article made one."""
    says = meanings(one, other)
    newest, older = in_order_of_standing(one, other)
    wordings = wordings_of(newest, older, says)
    stands, also = whose(wordings[-1], one, other)
    stated = {name: value for name, value in stands.article.items() if name not in OWN}
    looks = {
        "revisions": len(wordings),
        "first_seen_at": min(one.article["first_seen_at"], other.article["first_seen_at"]),
        "last_seen_at": max(one.last_seen_at, other.last_seen_at),
        "gone_at": gone_at(one, other),
    }
    columns = stated | unstated(stated, dict(also.article)) | looks
    return Joined(wordings, columns, stands)


def meanings(one: Side, other: Side) -> dict[str, str]:
    """What each wording says without counters and clocks, by its hash: those are no edit, as in a crawl."""
    texts = {row.content_hash: row for row in (*one.wordings, *other.wordings)}
    if len(texts) == 1:
        return dict(zip(texts, texts, strict=True))
    return {said: said if row.body is None else substance(asdict(row)) for said, row in texts.items()}


def in_order_of_standing(one: Side, other: Side) -> tuple[Side, Side]:
    """The side whose wording stands, then the other: that of the last look.

    As in a crawl, a teaser before a paywall and a mere view of the article replace nothing.
    """
    earlier, later = sorted((one, other), key=lambda one: (one.last_seen_at, one.standing.sight, told(one)))
    now, before = dict(later.article), dict(earlier.article)
    if is_teaser_of(now, before) or (is_other_view(now, before) and not is_other_view(before, now)):
        return earlier, later
    return later, earlier


def wordings_of(newest: Side, older: Side, says: Mapping[str, str]) -> tuple[Wording, ...]:
    """All wordings in the order they were seen, one that repeats the one before it left out.

    The one of the last look comes last: again, where another was seen since it was first seen; and whenever
    its row was written, for a re-reading is written long after its page was seen. `says` is what each says,
    by its hash.
    """
    mine, theirs = told_alike([*newest.again, *newest.wordings], [*older.again, *older.wordings])
    looked_at = max(newest.last_seen_at, older.last_seen_at)
    standing, same = mine.pop(), []
    if standing.seen_at < looked_at:
        mine.append(standing)
        standing = replace(standing, seen_at=looked_at, cause="recleaned", id=None)
        same = taken_out(mine, standing)
    same += taken_out(theirs, standing)
    ordered = [*in_time(mine, theirs, says), first_of([*same, standing])]
    runs = [list(rows) for _, rows in groupby(ordered, lambda row: says[row.content_hash])]
    # The last one stands in an article of either side: its text is there.
    stand = {side.article["content_hash"] for side in (newest, older)}
    last = sorted(runs[-1], key=attrgetter("seen_at"))
    runs[-1] = [row for row in last if row.content_hash in stand]
    return tuple(with_causes([first_of(rows) for rows in runs]))


def taken_out(rows: list[Wording], standing: Wording) -> list[Wording]:
    """Take the last sight out that is the standing wording's too; returns it, if there is one."""
    places = [place for place, one in enumerate(rows) if one.sight == standing.sight]
    return [rows.pop(places[-1])] if places else []


def seen_again(wordings: Iterable[Wording], looks: Iterable[tuple[str, int]]) -> tuple[Wording, ...]:
    """Sights of wordings that were left out, by when and on which page: each repeated what stood before."""
    ordered = sorted(wordings, key=attrgetter("seen_at"))
    found = []
    for at, page_id in sorted(looks):
        stood = [row for row in ordered if row.seen_at < at]
        found += [replace(row, seen_at=at, page_id=page_id, cause="first", id=None) for row in stood[-1:]]
    return tuple(found)


def told_alike(mine: Sequence[Wording], theirs: Sequence[Wording]) -> tuple[list[Wording], list[Wording]]:
    """The wordings of both, each sight of them told alike; numbers and pages stay their own."""
    best: dict[tuple[str, str], Wording] = {}
    for one in sorted((*mine, *theirs), key=attrgetter("said")):
        best.setdefault(one.sight, one)
    alike = [
        [replace(best[one.sight], id=one.id, page_id=one.page_id) for one in rows] for rows in (mine, theirs)
    ]
    return alike[0], alike[1]


def first_of(rows: Sequence[Wording]) -> Wording:
    """The first of wordings that say the same one after the other; of one second, one that has a row here."""
    at_once = [row for row in rows if row.sight == rows[0].sight]
    return next((row for row in at_once if row.id is not None), rows[0])


def in_time(mine: Sequence[Wording], theirs: Sequence[Wording], says: Mapping[str, str]) -> list[Wording]:
    """Wordings of two archives by the time they were seen; what was seen in one second keeps its order."""
    found: list[Wording] = []
    by_time = attrgetter("seen_at")
    groups = {at: list(rows) for at, rows in groupby(sorted(mine, key=by_time), by_time)}
    others = {at: list(rows) for at, rows in groupby(sorted(theirs, key=by_time), by_time)}
    for at in sorted({*groups, *others}):
        last = says[found[-1].content_hash] if found else None
        found += in_second(
            unrepeated(groups.get(at, []), last, says), unrepeated(others.get(at, []), last, says)
        )
    return found


def unrepeated(rows: Sequence[Wording], last: str | None, says: Mapping[str, str]) -> list[Wording]:
    """Wordings without those at their beginning that only say again what was said `last`."""
    return list(dropwhile(lambda row: says[row.content_hash] == last, rows))


def in_second(mine: Sequence[Wording], theirs: Sequence[Wording]) -> list[Wording]:
    """What two archives saw in one second: the longer account where it has the other, else both in turn."""
    shorter, longer = sorted((mine, theirs), key=lambda rows: (len(rows), [row.said for row in rows]))
    found, left = [], list(shorter)
    for row in longer:
        is_told = bool(left) and left[0].sight == row.sight
        found.append(first_of([row, left.pop(0)]) if is_told else row)
    if not left:
        return found
    first, then = sorted((mine, theirs), key=lambda rows: [row.said for row in rows])
    return [*first, *then]


def with_causes(rows: Sequence[Wording]) -> Iterable[Wording]:
    """Yield the rows with causes that hold for all of them: one is the first.

    Who changed what two archives each saw as the first wording, nobody read both pages to tell: read by two
    versions of the cleaning, or put last for its page, the publisher is not accused.
    """
    for number, row in enumerate(rows):
        if number == 0:
            yield replace(row, cause="first")
        elif row.cause == "first":
            before = rows[number - 1]
            edited = row.cleaned_with == before.cleaned_with and row.seen_at >= before.seen_at
            yield replace(row, cause="publisher" if edited else "recleaned")
        else:
            yield row


def whose(standing: Wording, one: Side, other: Side) -> tuple[Side, Side]:
    """The side whose columns tell of the standing wording, then the other; of two, who looked last."""
    sides = sorted((one, other), key=lambda side: (side.last_seen_at, told(side)), reverse=True)
    stands = next(side for side in sides if side.article["content_hash"] == standing.content_hash)
    return stands, other if stands is one else one


def told(side: Side) -> str:
    """All that an article says, in one text that can be compared."""
    said = {name: value for name, value in side.article.items() if name not in OWN}
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


def gone_at(one: Side, other: Side) -> str | None:
    """Since when the article is gone, by the newest look of both; `None` where that found it."""
    gone = [(side, seen) for side, seen in ((one, other), (other, one)) if side.gone_until]
    since = [at for side, seen in gone for at in looks_in_vain(side) if at > seen.last_seen_at]
    if len(gone) < 2:
        return min(since, default=None)
    return min(since, default=max(str(side.article["gone_at"]) for side, _ in gone))


def looks_in_vain(side: Side) -> tuple[str, ...]:
    """The first and the last look that did not find an article that is gone."""
    return str(side.article["gone_at"]), str(side.gone_until)

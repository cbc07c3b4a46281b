"""The same story elsewhere: which articles belong together, and which of them was first.

Two articles are copies when the larger of their two shares reaches a threshold, chosen when asking, and
they are not one form filled in twice; a cluster is what is joined by copies, also over several steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from archive.syndication.sharing import shared
from archive.syndication.words import words_of

THRESHOLD = 0.8  # of the shorter text; shortened and lightly rewritten reprints reach it, quotations do not
MOST_SHOWN = 100  # articles of one cluster: comparing them with the one that is read costs 30 ms

# A weather report or a list of rates of another day has the same words and other numbers. Below half of
# them in common it is no copy: of made copies nineteen in twenty keep three quarters of their numbers, of
# made forms none more than a fifth (benchmarks/made_articles.py).
LEAST_SAME_NUMBERS = 0.5
IS_COPY = (
    "max(c.share_of_article, c.share_of_other) >= :threshold "
    f"AND coalesce(c.same_numbers, 1) >= {LEAST_SAME_NUMBERS}"
)
CLUSTER = f"""
WITH RECURSIVE cluster (id) AS (
    SELECT :id
    UNION
    SELECT c.other_id FROM cluster JOIN copies c ON c.article_id = cluster.id WHERE {IS_COPY}
    LIMIT {MOST_SHOWN}
)
SELECT a.id, a.source, s.name AS source_name, a.url, a.title, a.language, a.agency, a.body,
       a.published_at, a.published_local, a.published_date, a.published_precision
FROM cluster CROSS JOIN articles a ON a.id = cluster.id LEFT JOIN sources s ON s.id = a.source"""
CAN_BE_ASKED = "SELECT 1 FROM sqlite_master WHERE name = 'copies'"

# What a stated time leaves open: a bare day is somewhere in that day.
OPEN = {"day": timedelta(days=1), "minute": timedelta(minutes=1)}
MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Copy:
    """An article of a cluster, seen from the one that was asked about.

    `share` is how much of the shorter of the two stands in the other, 0 to 1, compared word by word; 1
    for the article itself. `may_be_first` says that no other article of the cluster is surely older: if
    only one may be, it was the first; of several on one day the pages do not tell. An article without a
    date is never said to be first.
    """

    id: int
    source: str
    source_name: str
    url: str
    title: str | None
    language: str | None
    agency: str | None
    published_at: str | None
    published_local: str | None
    published_date: str | None
    published_precision: str | None
    share: float
    may_be_first: bool


def cluster_of(rows: Iterable[Mapping[str, Any]], article_id: int) -> list[Copy]:
    """The rows of `CLUSTER` as copies of the article, oldest first, undated ones last."""
    found = [dict(row) for row in rows]
    words = words_of(next((row["body"] for row in found if row["id"] == article_id), ""))
    firsts = possible_firsts(found)
    copies = [copy_of(row, words, article_id, may_be_first=row["id"] in firsts) for row in found]
    return sorted(copies, key=lambda copy: (copy.published_at is None, copy.published_at, copy.id))


def copy_of(row: Mapping[str, Any], words: Sequence[str], article_id: int, *, may_be_first: bool) -> Copy:
    """One row as a copy of the article whose text has these words."""
    both = None if row["id"] == article_id else shared(words, words_of(row["body"]))
    stated = {name: row[name] for name in Copy.__dataclass_fields__ if name in row}
    stated["source_name"] = row["source_name"] or row["source"]
    share = max(both.share, both.share_of_other) if both else 1.0
    return Copy(**stated, share=share, may_be_first=may_be_first)


def possible_firsts(rows: Iterable[Mapping[str, Any]]) -> set[int]:
    """The ids of the dated articles that no other is surely older than."""
    spans = {row["id"]: span for row in rows if (span := span_of(row))}
    first_end = min((end for _, end in spans.values()), default=None)
    return {id_ for id_, (begin, _) in spans.items() if first_end is not None and begin < first_end}


def span_of(row: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    """From when until before when an article may have been published, `None` where it has no date."""
    if not row["published_at"]:
        return None
    begin = datetime.fromisoformat(row["published_at"])
    return begin, begin + OPEN.get(row["published_precision"], MOMENT)


def joined(pairs: Iterable[tuple[int, int]]) -> list[set[int]]:
    """The clusters that pairs make, the largest first; of one size the newest first."""
    cluster_of_id: dict[int, set[int]] = {}
    for one, other in pairs:
        mine, theirs = cluster_of_id.get(one, {one}), cluster_of_id.get(other, {other})
        if mine is theirs:
            continue
        small, large = sorted((mine, theirs), key=len)
        large |= small
        cluster_of_id |= dict.fromkeys(small, large)
        cluster_of_id[one] = cluster_of_id[other] = large
    clusters = {id(cluster): cluster for cluster in cluster_of_id.values()}.values()
    return sorted(clusters, key=lambda cluster: (len(cluster), max(cluster)), reverse=True)

"""Which articles share their text: entered when an article is saved, in the article's own transaction."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from heapq import nlargest
from itertools import accumulate
from pathlib import Path

from sqlite_utils import Database

from archive.store.connection import transaction
from archive.store.prepared import Prepared
from archive.syndication.article_fingerprints import BYTES, fingerprints_of
from archive.syndication.sharing import Shared, shared
from archive.syndication.words import words_of

# Of the articles with one fingerprint only the newest are looked at: what stands under every article of a
# source would else cost more the more there are. A story printed a hundred times stays one cluster, each
# copy is paired with some of the others.
NEWEST = 16
LEAST_WEIGHT = 1.0  # one fingerprint that nobody else has, or as much in common ones
LEAST_PART = 1 / 3  # of the text's fingerprints
MOST_COMPARED = 8  # texts compared word by word when an article is saved
MOST_WORDS = 400_000  # of those texts and, each time, its own: a third of a second in a crawl
LEAST_SHARE = 0.3  # pairs that share less are not kept
LEAST_WORDS_SHARED = 20  # nor are those that share less than a sentence or two
BATCH = 50  # articles taken in within one transaction

HASH = f"substr(:hashes, {BYTES} * n.value + 1, {BYTES})"
SHARING = f"""
SELECT n.value, f.article_id FROM json_each(:places) n CROSS JOIN fingerprints f ON f.hash = {HASH}
WHERE f.article_id >= coalesce((
    SELECT article_id FROM fingerprints WHERE hash = {HASH}
    ORDER BY article_id DESC LIMIT 1 OFFSET {NEWEST - 1}
), 0) AND f.article_id <> :id"""


class CopyStore:
    """Keeps each article's fingerprints, and which others share its text."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path
        self.prepared = Prepared(fingerprints_of)

    def take_in(self, article_id: int, body: str) -> None:
        """Keep the fingerprints of an article's text, and the pairs it makes with articles kept before.

        What was known of an earlier wording is replaced. What this costs depends on the text alone, not
        on how many articles there are: benchmarks/copies.py.
        """
        taken = self.prepared.of(body)
        with transaction(self.db, self.path):
            known = self.partners(article_id) if taken.count else {}
            self.leave_out(article_id)
            sharing = self.sharing(article_id, taken.hashes)
            likely = self.affordable([*likely_copies(sharing, taken.count), *known], taken.words)
            words = words_of(body) if likely else []
            anew = {other: shared(words, words_of(text)) for other, text in self.bodies(likely)}
            found = {other: one for other, one in known.items() if other not in likely} | anew
            self.db.conn.execute(
                "INSERT INTO article_fingerprints (article_id, words, hashes) VALUES (?, ?, ?)",
                [article_id, taken.words, taken.hashes],
            )
            self.enter_pairs(article_id, {other: one for other, one in found.items() if is_kept(one)})

    def leave_out(self, article_id: int) -> None:
        """Forget an article's fingerprints and pairs; triggers of the table take them out."""
        for table in ("article_fingerprints", "uncompared"):
            self.db.conn.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])

    def partners(self, article_id: int) -> dict[int, Shared]:
        """What an article shared with those it is paired with, the nearest first, a hundred at most.

        A reworded one may have been the hub.
        """
        query = (
            "SELECT one.other_id, one.share_of_article, one.share_of_other, one.common_words, "
            "two.common_words, one.same_numbers FROM copies one JOIN copies two "
            "ON two.article_id = one.other_id AND two.other_id = one.article_id WHERE one.article_id = ? "
            "ORDER BY max(one.share_of_article, one.share_of_other) DESC, one.other_id LIMIT 100"
        )
        return {row[0]: Shared(*row[1:]) for row in self.db.conn.execute(query, [article_id])}

    def affordable(self, ids: Iterable[int], own_words: int) -> list[int]:
        """As many of these articles, from the first on, as may be compared with a text of so many words.

        The first may be in any case. What a comparison takes grows with the words of both.
        """
        some = list(dict.fromkeys(ids))
        query = (
            "SELECT article_id, words FROM article_fingerprints "
            "WHERE article_id IN (SELECT value FROM json_each(?))"
        )
        words = dict(self.db.conn.execute(query, [json.dumps(some)]).fetchall()) if some else {}
        totals = accumulate(own_words + words.get(other, 0) for other in some)
        within = sum(total <= MOST_WORDS for total in totals)
        return some[: max(within, 1)]

    def sharing(self, article_id: int, hashes: bytes) -> list[tuple[int, int]]:
        """Which fingerprint, by its place, other articles have too: the newest few articles of each."""
        places = json.dumps(list(range(len(hashes) // BYTES)))
        values = {"hashes": hashes, "places": places, "id": article_id}
        return self.db.conn.execute(SHARING, values).fetchall()

    def bodies(self, ids: Iterable[int]) -> list[tuple[int, str]]:
        """The texts of articles, those that are still there."""
        query = "SELECT id, body FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        return self.db.conn.execute(query, [json.dumps(list(ids))]).fetchall()

    def enter_pairs(self, article_id: int, found: dict[int, Shared]) -> None:
        """Keep the pairs of an article, each from both its sides."""
        rows = []
        for other, one in found.items():
            rows.append((article_id, other, one.share, one.share_of_other, one.words, one.same_numbers))
            back = (one.share_of_other, one.share, one.words_of_other)
            rows.append((other, article_id, *back, one.same_numbers))
        self.db.conn.executemany("INSERT INTO copies VALUES (?, ?, ?, ?, ?, ?)", rows)

    def waiting(self) -> int:
        """How many articles are not taken in: kept by an earlier version of Muragat."""
        return int(self.db.conn.execute("SELECT count(*) FROM uncompared").fetchone()[0])

    def fill(self, limit: int = BATCH) -> int:
        """Take in at most `limit` articles that are not, the oldest first, in one transaction.

        Returns how many; 0 when none waits. Stopped at any time, the next call goes on.
        """
        with transaction(self.db, self.path):
            rows = self.db.conn.execute(
                "SELECT a.id, a.body FROM uncompared u JOIN articles a ON a.id = u.article_id "
                "ORDER BY u.article_id LIMIT ?",
                [limit],
            ).fetchall()
            for article_id, body in rows:
                self.take_in(article_id, body)
        return len(rows)

    def start_anew(self) -> None:
        """Forget all fingerprints and pairs, sound or not, so that `fill` takes in every article."""
        with transaction(self.db, self.path):
            for table in ("copies", "article_fingerprints", "fingerprints"):
                self.db.conn.execute(f"DELETE FROM {table}")
            self.db.conn.execute("INSERT OR IGNORE INTO uncompared SELECT id FROM articles")


def likely_copies(sharing: Sequence[tuple[int, int]], count: int) -> list[int]:
    """The articles worth comparing word by word, the likeliest first; `count` is of the text's fingerprints.

    A common fingerprint weighs the less the more articles have it. One alone is an accident: any two
    articles on one subject have four words in common. What stands under every article of a source weighs
    little and is a small part of the text; a story that everybody prints weighs as little, but is most of
    it.
    """
    spread = Counter(place for place, _ in sharing)
    times = Counter(article_id for _, article_id in sharing)
    weights: defaultdict[int, float] = defaultdict(float)
    for place, article_id in sharing:
        weights[article_id] += 1 / spread[place]
    likely = (
        article_id
        for article_id, weight in weights.items()
        if times[article_id] > 1 and (weight >= LEAST_WEIGHT or times[article_id] >= LEAST_PART * count)
    )
    return nlargest(MOST_COMPARED, likely, key=lambda article_id: weights[article_id])


def is_kept(one: Shared) -> bool:
    """Whether two texts share enough for their pair to be kept."""
    return one.words >= LEAST_WORDS_SHARED and max(one.share, one.share_of_other) >= LEAST_SHARE

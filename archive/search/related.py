"""More like this: articles that share the rarest words of one."""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter

from archive.search.analysis.keys import RUN, indexed_text, tongue_of
from archive.search.index_state import INDEX
from archive.search.query import quoted
from archive.search.ranking import SCORE
from archive.search.spelling import vocabulary_of

TELLING_WORDS = 8
READ_CHARS = 5_000
# A word in more articles tells little, and ranking all of them takes long.
MOST_ARTICLES, MOST_SHARE = 2_000, 0.02
SMALL_ARCHIVE_ARTICLES, SMALL_ARCHIVE_SHARE = 50, 0.5  # where two of a hundred would be none
FEWEST_COMMON_WORDS = 2
TITLE_COUNTS = 3
LETTERS = re.compile(r"[^\W\d_]{3,}")


def related_ids(connection: sqlite3.Connection, article_id: int, *, limit: int = 5) -> list[int]:
    """Ids of the articles most like this one, the likest first; empty where nothing is like it."""
    row = connection.execute("SELECT title, lead, body FROM articles WHERE id = ?", [article_id]).fetchone()
    if row is None:
        return []
    words = telling_words(connection, *row)
    if len(words) < FEWEST_COMMON_WORDS:
        return []
    expression = " OR ".join(map(quoted, words))
    query = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH ? AND rowid <> ? ORDER BY {SCORE} LIMIT ?"
    return [found for (found,) in connection.execute(query, [expression, article_id, limit])]


def telling_words(
    connection: sqlite3.Connection, title: str | None, lead: str | None, body: str | None
) -> list[str]:
    """The keys that tell most of what an article is about, by how often it has them and how few others do."""
    vocabulary = vocabulary_of(connection)
    everything = max(vocabulary.articles.values(), default=1)
    small = min(SMALL_ARCHIVE_ARTICLES, everything * SMALL_ARCHIVE_SHARE)
    most = min(MOST_ARTICLES, max(everything * MOST_SHARE, small))
    weights: dict[str, float] = {}
    for key, times in counted_keys(title, lead, body).items():
        articles = vocabulary.articles.get(key, 0)
        if FEWEST_COMMON_WORDS <= articles <= most:
            weights[key] = (1 + math.log(times)) * math.log(1 + everything / articles)
    return sorted(weights, key=lambda key: (-weights[key], key))[:TELLING_WORDS]


def counted_keys(title: str | None, lead: str | None, body: str | None) -> Counter[str]:
    """How often each key stands in the article; in the title it counts more."""
    tongue = tongue_of(title, lead, body)
    counts: Counter[str] = Counter()
    for text, weight in ((title, TITLE_COUNTS), (lead, 1), ((body or "")[:READ_CHARS], 1)):
        for run in RUN.findall(indexed_text(text, tongue) or ""):
            if LETTERS.fullmatch(run):
                counts[run] += weight
    return counts

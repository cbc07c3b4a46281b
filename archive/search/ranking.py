"""How hits are weighed: where the words stand, and a touch of how new the article is. Pure SQL texts.

Ranking costs 1.8 µs a match, so of common words only the newest matches are ranked: what is old and says
«the government» once more is nobody's best hit.
"""

from __future__ import annotations

TITLE_WEIGHT, LEAD_WEIGHT, BODY_WEIGHT = 8.0, 3.0, 1.0
SCORE = f"bm25(articles_fts, {TITLE_WEIGHT}, {LEAD_WEIGHT}, {BODY_WEIGHT})"  # lower is better
# Marks of found words that no article's text holds: cleaning lets no control character through.
BEGIN, END = "\x02", "\x03"
# snippet() costs the square of a text's hits: 5.4 million characters took six minutes.
LONGEST_EXCERPTED, OPENING_CHARS = 50_000, 300
RANKED_MATCHES = 3_000  # the newest of them
# An article of today counts half as much again as an old one; of half a year ago, a quarter more.
FRESHNESS, HALF_FRESH_DAYS = 0.5, 180
# Ids are minutes of publication with three digits of order: age needs no look at the articles.
IDS_PER_DAY = 1_000 * 60 * 24
NEWEST_HERE = "(SELECT max(id) FROM articles)"


def excerpt(column: str, snippet: str) -> str:
    """A snippet of a column of articles_fts, or how the text begins where looking for one would take long."""
    opening = f"substr({column}, 1, {OPENING_CHARS})"
    return f"CASE WHEN length({column}) > {LONGEST_EXCERPTED} THEN {opening} ELSE {snippet} END"


def weight(newest: str) -> str:
    """How a hit's id and score are weighed, the lowest first; `newest` is the id that age is counted from."""
    age = f"max({newest} - id, 0)"
    return f"score * (1 + {FRESHNESS} / (1 + {age} / {HALF_FRESH_DAYS * IDS_PER_DAY}.0))"


def ranked_ids(matching: str, newest: str = NEWEST_HERE) -> str:
    """The query for the best hits of a FROM and WHERE over articles_fts, from `offset` on.

    Beside its `id` each row has its `weight`, and in `oldest` the lowest id among those that were weighed.
    """
    scored = (
        f"SELECT articles_fts.rowid AS id, {SCORE} AS score {matching} "
        f"ORDER BY articles_fts.rowid DESC LIMIT {RANKED_MATCHES}"
    )
    return (
        f"WITH newest AS MATERIALIZED ({scored}) SELECT id, {weight(newest)} AS weight, "
        "(SELECT min(id) FROM newest) AS oldest FROM newest "
        "ORDER BY weight, id DESC LIMIT :limit OFFSET :offset"
    )


def newest_ids(matching: str, row: str = "articles_fts.rowid") -> str:
    """The query for ids of the newest hits, as `ranked_ids`; `row` is the id in the FROM."""
    return f"SELECT {row} AS id {matching} ORDER BY {row} DESC LIMIT :limit OFFSET :offset"

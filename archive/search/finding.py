"""Words to hits: what in the archive has these words, the best or the newest first."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from sqlite_utils import Database

from archive.search.conditions import conditions_of, day_bounds, matching
from archive.search.filters import ArticleFilter
from archive.search.functions import register
from archive.search.ranking import BEGIN, END, excerpt, newest_ids, ranked_ids
from archive.search.related import related_ids
from archive.search.typed import Asked, asked
from archive.search.widening import widened_expression

SNIPPET_WORDS = 24
EVERYTHING = ArticleFilter()


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found.

    `published_date` is the publisher's local day, `None` where the page did not say; `snippet` is some
    text around the words, which stand between BEGIN and END. `first_seen_date` is the day the archive first
    saw it (UTC), by which an undated one has its place.
    """

    id: int
    source: str
    url: str
    title: str | None
    language: str | None
    published_date: str | None
    first_seen_date: str
    snippet: str


def search(
    db: Database,
    words: str,
    *,
    where: ArticleFilter = EVERYTHING,
    limit: int = 20,
    newest: bool = False,
) -> list[Hit]:
    """At most `limit` articles that have all the words, the best first, or the newest with `newest`.

    No text is an error; one that names no word and no filter finds nothing. A word in the title counts more
    than one in the lead, and that more than one in the body; newer articles count a little more.
    """
    register(db.conn)
    what = asked(words)
    if what.is_empty:
        return []
    expression = widened_expression(db.conn, what)
    conditions, values = all_conditions(what, where)
    if expression:
        bounds, ends = day_bounds((what.since, where.since), (what.until, where.until))
        conditions, values = conditions + bounds, values | ends
    query = ids_query(expression is not None, conditions, newest=newest)
    values |= {"words": expression, "limit": limit, "offset": 0}
    ids = [row["id"] for row in db.query(query, values)]
    found = snippets(db, expression, ids) if expression else {}
    return [Hit(**row, snippet=found.get(row["id"], "")) for row in rows_of(db, ids)]


def alike(db: Database, article_id: int, *, limit: int = 20) -> list[Hit]:
    """At most `limit` articles that share the rarest words of this one, the likest first."""
    ids = related_ids(db.conn, article_id, limit=limit)
    return [Hit(**row, snippet="") for row in rows_of(db, ids)]


def all_conditions(what: Asked, where: ArticleFilter) -> tuple[list[str], dict[str, object]]:
    """What narrows a search, typed or chosen, as SQL over articles `a`, and the values in it."""
    chosen, values = replace(where, words=None).conditions()
    typed, typed_values = conditions_of(what)
    return chosen + typed, values | typed_values


def ids_query(has_words: bool, conditions: list[str], *, newest: bool) -> str:
    """The query for ids of the best or newest hits of `:words`; without words, of articles."""
    if not has_words:
        return newest_ids(f"FROM articles a WHERE {' AND '.join(conditions)}", "a.id")
    return (newest_ids if newest else ranked_ids)(matching(conditions))


def rows_of(db: Database, ids: list[int]) -> list[dict[str, Any]]:
    """What a hit shows of these articles, in the order of their ids' list."""
    columns = (
        "id, source, url, title, language, published_date, substr(first_seen_at, 1, 10) AS first_seen_date"
    )
    query = f"SELECT {columns} FROM articles WHERE id IN (SELECT value FROM json_each(?))"
    rows = {row["id"]: row for row in db.query(query, [json.dumps(ids)])}
    return [rows[one] for one in ids if one in rows]


def snippets(db: Database, expression: str, ids: list[int]) -> dict[int, str]:
    """Text around the words, for the hits that are shown alone: it is dear to make."""
    body, lead = (
        excerpt(name, f"snippet(articles_fts, {column}, '{BEGIN}', '{END}', '…', {SNIPPET_WORDS})")
        for column, name in ((2, "body"), (1, "lead"))
    )
    rows = db.query(
        f"SELECT rowid AS id, {body} AS body, {lead} AS lead FROM articles_fts "
        "WHERE articles_fts MATCH ? AND +rowid IN (SELECT value FROM json_each(?))",
        [expression, json.dumps(ids)],
    )
    return {row["id"]: chosen_snippet(row["body"], row["lead"]) for row in rows}


def chosen_snippet(body: str | None, lead: str | None) -> str:
    """The text that shows a found word, the body's first; else how the article begins. One line."""
    texts = [text for text in (body, lead) if text]
    best = next((text for text in texts if BEGIN in text), texts[-1] if texts else "")
    return re.sub(r"\s+", " ", best).strip()

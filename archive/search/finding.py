"""Words to hits: what in the archive has these words, the best or the newest first."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from sqlite_utils import Database

from archive.search.filters import ArticleFilter
from archive.search.query import fts_expression

WEIGHTS = {"title": 8.0, "lead": 3.0, "body": 1.0}
SNIPPET_WORDS = 24
# Marks that no article's text holds: cleaning lets no control character through.
BEGIN, END = "\x02", "\x03"
NONSENSE = "qzxnevera wordqzx"
EVERYTHING = ArticleFilter()


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found.

    `published_date` is the publisher's local day, `None` where the page did not say; `snippet` is some
    text around the words, which stand between BEGIN and END.
    """

    id: int
    source: str
    url: str
    title: str | None
    language: str | None
    published_date: str | None
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

    No text is an error; one that names no word finds nothing. A word in the title counts more than one
    in the lead, and that more than one in the body.
    """
    expression = fts_expression(words)
    if expression is None:
        return []
    conditions, values = replace(where, words=None).where()
    values |= {"expression": expression, "limit": limit}
    order = "a.published_date DESC, a.id DESC" if newest else f"bm25(articles_fts, {weights()}), a.id DESC"
    # CROSS JOIN: found words first, then their articles. Left to choose, SQLite may ask the index again
    # for each article of a source (more than 400 s at a million articles, against 53 ms).
    rows = list(
        db.query(
            "SELECT a.id, a.source, a.url, a.title, a.language, a.published_date FROM articles_fts "
            "CROSS JOIN articles a ON a.id = articles_fts.rowid "
            f"WHERE articles_fts MATCH :expression AND {conditions} ORDER BY {order} LIMIT :limit",
            values,
        )
    )
    found = snippets(db, expression, [row["id"] for row in rows])
    return [Hit(**row, snippet=found[row["id"]]) for row in rows]


def weights() -> str:
    """The weights of the indexed columns, in the index's order."""
    return ", ".join(str(weight) for weight in WEIGHTS.values())


def snippets(db: Database, expression: str, ids: list[int]) -> dict[int, str]:
    """Text around the words, for the hits that are shown alone: it is dear to make."""
    body, lead = (
        f"snippet(articles_fts, {column}, '{BEGIN}', '{END}', '…', {SNIPPET_WORDS})" for column in (2, 1)
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


def is_sound(db: Database) -> bool:
    """Whether the index is bound to the articles: words nobody wrote must find nothing."""
    return not search(db, NONSENSE, limit=1)

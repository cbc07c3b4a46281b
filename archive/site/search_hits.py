"""Articles for words and filters: their ids, how many, what they are, and the found words marked.

Without words everything is read from the kept counts, exactly. With words, counting stops at 10,000 and
the breakdown looks at the newest 3,000: at a million articles a common word has 180,000.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasette.utils import sqlite_timelimit

from archive.search.conditions import conditions_of, day_bounds, matching
from archive.search.known import Known, known_of
from archive.search.ranking import RANKED_MATCHES, excerpt, newest_ids, ranked_ids
from archive.search.related import related_ids
from archive.search.spelling import suggestion
from archive.search.typed import Asked
from archive.search.widening import widened_expression
from archive.site.barred import unbarred
from archive.site.compat import QueryInterrupted
from archive.site.counted import counts_of
from archive.site.lines import COLUMNS, MARK, TABLES, UNMARK
from archive.site.search_filters import ARTICLES, Filters
from archive.site.workbench import names

COUNT_LIMIT = 10_000
SAMPLE = RANKED_MATCHES
EXTRA_TIME_LIMIT_MS = 400  # for what a page can do without
ALIKE_TIME_LIMIT_MS = 120  # a reading page is to take 150: without a limit one in sixty took 214 at 100,000
SNIPPET = "snippet(articles_fts, {column}, :on, :off, '…', 40)"
NOTHING_ASKED = Asked()
FACETS = ("source", "language", "section", "month")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: FTS5's expression, `None` to list articles without words; filters; order.

    `typed` are filters inside what was typed, beside those chosen.
    """

    expression: str | None
    filters: Filters
    by_relevance: bool = False
    typed: Asked = NOTHING_ASKED

    @property
    def is_counted(self) -> bool:
        """Whether the kept counts know the answer: they know days, sources, sections and languages."""
        return self.expression is None and not self.typed.has_filters

    @property
    def is_ranked(self) -> bool:
        """Whether the best come first, not the newest."""
        return self.by_relevance and self.expression is not None

    @property
    def row(self) -> str:
        """The id of an article in `matching`."""
        return "a.id" if self.expression is None else "articles_fts.rowid"

    def matching(self, also: Sequence[str] = ()) -> tuple[str, dict[str, Any]]:
        """FROM and WHERE of the articles wanted, and the values in it; `also` are further conditions."""
        clauses, values = self.filters.clauses(ARTICLES)
        typed, typed_values = conditions_of(self.typed)
        clauses, asked = [*clauses, *typed, *also], {**values, **typed_values}
        if self.expression is None:
            where = f" WHERE {' AND '.join(clauses)}" if clauses else ""
            return f"FROM articles a{where}", asked
        bounds, bound_values = self.rowids()
        return matching(clauses + bounds), asked | bound_values | {"words": self.expression}

    def rowids(self) -> tuple[list[str], dict[str, str]]:
        """Bounds that let the index skip other days: ids grow with the day of publication."""
        first, last = self.filters.days()
        return day_bounds((first, self.typed.since), (last, self.typed.until))


async def words_expression(db: Any, what: Asked) -> str | None:
    """FTS5's expression for what was asked, `None` when it names no word."""
    found: str | None = await db.execute_fn(lambda connection: widened_expression(connection, what))
    return found


async def better_words(db: Any, typed: str) -> str | None:
    """What was typed without its slips of the pen, `None` where nothing better is known."""
    try:
        better: str | None = await db.execute_fn(lambda connection: suggestion(connection, typed))
    except sqlite3.DatabaseError:  # an archive of an older version has no list of words yet
        return None
    return better


async def names_known(db: Any, what: Asked, *, found_nothing: bool) -> Known | None:
    """The names there are of what is asked for by name; `None` where finding them takes too long."""
    if not (what.named or what.unnamed):  # as most searches
        return Known()

    def known(connection: sqlite3.Connection) -> Known:
        with sqlite_timelimit(connection, EXTRA_TIME_LIMIT_MS):
            return known_of(connection, what, found_nothing=found_nothing)

    try:
        names: Known = await db.execute_fn(known)
    except sqlite3.DatabaseError:
        return None
    return names


async def ids_alike(db: Any, article_id: int) -> list[int]:
    """Ids of articles like this one; none where finding them takes too long."""

    def found(connection: sqlite3.Connection) -> list[int]:
        with sqlite_timelimit(connection, ALIKE_TIME_LIMIT_MS):
            return related_ids(connection, article_id)

    try:
        ids: list[int] = await db.execute_fn(found)
    except sqlite3.DatabaseError:  # too slow, or an archive of an older version
        return []
    return ids


async def hit_ids(db: Any, wanted: Wanted, *, limit: int, offset: int) -> list[int]:
    """Ids of one page of hits, newest first or best first; raises QueryInterrupted when it is slow."""
    matching, values = wanted.matching(unbarred(db, wanted.row))
    sql = ranked_ids(matching) if wanted.is_ranked else newest_ids(matching, wanted.row)
    found = await db.execute(sql, values | {"limit": limit, "offset": offset})
    return [row["id"] for row in found.rows]


async def hit_count(db: Any, wanted: Wanted) -> int | None:
    """How many articles are wanted, at most one more than `COUNT_LIMIT` with words; `None`: took too long."""
    if wanted.is_counted:
        counts = await counts_of(db, wanted.filters)
        sql, values = f"SELECT coalesce(sum(articles), 0) {counts.source}", dict(counts.values)
    else:
        matching, values = wanted.matching(unbarred(db, wanted.row))
        sql = f"SELECT count(*) FROM (SELECT 1 {matching} LIMIT {COUNT_LIMIT + 1})"
    rows = await rows_in_time(db, sql, values)
    return rows[0][0] if rows else None


async def breakdown(db: Any, wanted: Wanted) -> dict[str, dict[str, int]]:
    """For each facet its values and how many articles have them; a facet that took too long is missing."""
    if wanted.is_counted:
        return await exact_breakdown(db, wanted.filters)
    matching, values = wanted.matching(unbarred(db, wanted.row))
    columns = ", ".join(f"{facet_column(name)} AS {name}" for name in FACETS)
    newest = newest_ids(matching, wanted.row)
    sql = f"SELECT {columns}, a.authors FROM ({newest}) found JOIN articles a ON a.id = found.id"
    rows = await rows_in_time(db, sql, values | {"limit": SAMPLE, "offset": 0})
    if not rows:
        return {}
    counts = {name: dict(Counter(row[name] for row in rows if row[name])) for name in FACETS}
    # Only among hits: the authors of all articles stand in no index.
    return counts | {"author": dict(Counter(name for row in rows for name in names(row["authors"])))}


async def exact_breakdown(db: Any, filters: Filters) -> dict[str, dict[str, int]]:
    """The breakdown of all articles the filters let through, from the counts that are kept."""
    counts = await counts_of(db, filters)
    found = {}
    for name in FACETS:
        value = counts.month if name == "month" else name
        sql = (
            f"SELECT {value} AS value, sum(articles) AS articles {counts.source} "
            "GROUP BY 1 HAVING value <> '' AND sum(articles) > 0"
        )
        rows = await rows_in_time(db, sql, counts.values)
        found[name] = {row["value"]: row["articles"] for row in rows or []}
    return found


def facet_column(name: str) -> str:
    """What a facet counts, in the columns of articles."""
    return f"substr({ARTICLES['day']}, 1, 7)" if name == "month" else ARTICLES[name]


async def line_rows(db: Any, ids: Sequence[int]) -> list[Mapping[str, Any]]:
    """The rows of these articles, in the order of their ids' list."""
    if not ids:
        return []
    listed = ", ".join(str(int(one)) for one in ids)
    rows = (await db.execute(f"SELECT {COLUMNS} FROM {TABLES} WHERE a.id IN ({listed})")).rows
    by_id = {row["id"]: row for row in rows}
    return [by_id[one] for one in ids if one in by_id]


async def found_words(db: Any, expression: str, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """For each article its title and the place of its text that says most of the words, with marks."""
    if not ids:
        return {}
    listed = ", ".join(str(int(one)) for one in ids)
    sql = (
        "SELECT rowid AS id, highlight(articles_fts, 0, :on, :off) AS title, "
        f"{excerpt('lead', SNIPPET.format(column=1))} AS lead, "
        f"{excerpt('body', SNIPPET.format(column=2))} AS body "
        f"FROM articles_fts WHERE articles_fts MATCH :words AND rowid IN ({listed})"
    )
    rows = await rows_in_time(db, sql, {"words": expression, "on": MARK, "off": UNMARK})
    return {row["id"]: {"title": row["title"] or "", "excerpt": best_excerpt(row)} for row in rows or []}


def best_excerpt(row: Mapping[str, Any]) -> str:
    """The text's place with a found word, else the lead's, else the beginning of what there is."""
    body, lead = row["body"] or "", row["lead"] or ""
    if MARK in body or not lead:
        return body
    return lead


async def rows_in_time(db: Any, sql: str, values: Mapping[str, Any]) -> list[Any] | None:
    """Rows of a query a page can do without: `None` when it takes too long or cannot be asked."""
    try:
        return list((await db.execute(sql, values, custom_time_limit=EXTRA_TIME_LIMIT_MS)).rows)
    except (QueryInterrupted, sqlite3.Error):  # the latter where another program changed the index
        return None

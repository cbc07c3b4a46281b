"""The search page: its address says words and filters; hits with found words marked, ways to narrow them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from archive.site.compat import QueryInterrupted, Response
from archive.site.lines import Line, line_of
from archive.site.reader import Reader
from archive.site.search_export import MOST_EXPORTED
from archive.site.search_hits import (
    COUNT_LIMIT,
    SAMPLE,
    better_words,
    breakdown,
    found_words,
    hit_count,
    hit_ids,
    line_rows,
    names_known,
)
from archive.site.search_request import LAST_PAGE, Search, search_of

PAGE_SIZE = 20
FEW_HITS = 2  # so few may be hits of a slip of the pen


async def search_page(reader: Reader, db: Any) -> Response:
    """Hits for what the address asks; every address has an answer, whatever it says."""
    search = await search_of(reader, db)
    lines: list[Line] = []
    has_more = too_slow = False
    count: int | None = 0
    counts: Mapping[str, Mapping[str, int]] = {}
    if not search.has_no_words:
        try:
            ids = await hit_ids(db, search.wanted, limit=PAGE_SIZE + 1, offset=(search.page - 1) * PAGE_SIZE)
        except QueryInterrupted:
            ids, too_slow = [], True
        except sqlite3.Error:  # another program changed or damaged the index
            ids, search.works = [], False
        has_more = len(ids) > PAGE_SIZE and search.page < LAST_PAGE
        lines = await lines_of(reader, db, search, ids[:PAGE_SIZE])
        if not too_slow:
            count = await hit_count(db, search.wanted)
            counts = await breakdown(db, search.wanted)
    better = (
        await better_words(db, search.typed)
        if search.expression and count is not None and count <= FEW_HITS
        else None
    )
    known = await names_known(db, search.asked, found_nothing=not lines and not too_slow)
    asked = {"q": search.typed, **search.filters.query()}
    return reader.response(
        "search.html",
        search=search,
        lines=lines,
        too_slow=too_slow,
        misnamed=search.misnamed(known),
        better=better,
        better_href=search.href(q=better) if better else None,
        count_words=count_in_words(reader, search, count),
        sampled=reader.number(SAMPLE) if is_sampled(search, count) else None,
        facets=search.facets(counts),
        feed_href=reader.plain_href("/search.atom") + reader.query_of(asked),
        charts_href=reader.href("/charts", asked),
        exports=[
            (name, reader.plain_href(f"/search.{ending}") + reader.query_of(asked))
            for name, ending in export_names(reader)
        ],
        most_exported=min(count or MOST_EXPORTED, MOST_EXPORTED),
        older=search.href(page=search.page + 1) if has_more else None,
        newer=search.href(page=search.page - 1) if search.page > 1 else None,
    )


def export_names(reader: Reader) -> list[tuple[str, str]]:
    """The files a search's articles may be taken away in: name and ending."""
    return [("CSV", "csv"), (reader.say("csv_for_excel"), "excel.csv"), ("JSON Lines", "jsonl")]


async def lines_of(reader: Reader, db: Any, search: Search, ids: list[int]) -> list[Line]:
    """The hits as lines, found words marked."""
    rows = await line_rows(db, ids)
    expression = search.expression
    found = await found_words(db, expression, ids) if expression else {}
    return [line_of(row, reader, found.get(row["id"])) for row in rows]


def count_in_words(reader: Reader, search: Search, count: int | None) -> str:
    """How many were found, as far as it was counted; empty when that took too long."""
    if count is None:
        return ""
    if search.expression and count > COUNT_LIMIT:
        return reader.say("more_than", counted=reader.counted("articles", COUNT_LIMIT))
    return reader.counted("articles", count)


def is_sampled(search: Search, count: int | None) -> bool:
    """Whether breakdown and order of relevance looked at the newest hits only."""
    return search.expression is not None and (count is None or count > SAMPLE)

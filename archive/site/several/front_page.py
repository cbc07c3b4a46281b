"""The front page of several archives: search first, then what is newest in all, and what each holds."""

from __future__ import annotations

from collections.abc import Sequence

from archive.site.compat import Response
from archive.site.feed_pages import ENTRIES, feed_response
from archive.site.front_page import LATEST
from archive.site.search_filters import Filters
from archive.site.search_hits import Wanted
from archive.site.several.asking import Inquiry
from archive.site.several.books import books_of, summaries_of
from archive.site.several.lines import entries_of, lines_of
from archive.site.several.merging import Hit, Stream, found_page
from archive.site.several.mounted import Mounted
from archive.site.several.reader import ReaderOfAll

# Undated articles stand under the day they were first seen, which a first crawl of old pages makes today.
DATED = "a.published_date IS NOT NULL"
EVERYTHING = Wanted(None, Filters())


async def front_page(reader: ReaderOfAll, archives: Sequence[Mounted]) -> Response:
    """The newest articles of all archives, and what each of them holds."""
    inquiry = Inquiry(archives, reader.request)
    summaries = await summaries_of(inquiry)
    hits = await newest(inquiry, LATEST, DATED) or await newest(inquiry, LATEST)
    lines = await lines_of(reader, inquiry, hits, {})
    return reader.response(
        "front_of_all.html",
        lines=lines,
        books=books_of(reader, archives, summaries),
        total=sum(one["articles"] for one in summaries.values()),
        silent=inquiry.silent_titles,
        none_answered=not inquiry.answering,
        feed_href=reader.plain_href("/feed.atom") + reader.query_of({}),
    )


async def latest_feed(reader: ReaderOfAll, archives: Sequence[Mounted]) -> Response:
    """The newest articles of all archives."""
    inquiry = Inquiry(archives, reader.request)
    hits = await newest(inquiry, ENTRIES, DATED)
    entries = await entries_of(reader, inquiry, hits)
    return feed_response(reader, reader.say("latest"), "/", entries)


async def newest(inquiry: Inquiry, many: int, *conditions: str) -> Sequence[Hit]:
    """The newest articles of all archives, of which the conditions hold."""
    streams = {one: Stream(EVERYTHING, conditions) for one in inquiry.answering}
    return (await found_page(inquiry, streams, first=0, many=many)).hits

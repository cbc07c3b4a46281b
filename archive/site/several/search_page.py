"""The search page of several archives: their hits in one list, each article once."""

from __future__ import annotations

from collections.abc import Sequence

from archive.site.compat import Response
from archive.site.feed_pages import ENTRIES, feed_response
from archive.site.search_hits import SAMPLE
from archive.site.search_page import FEW_HITS, PAGE_SIZE, is_sampled
from archive.site.search_request import LAST_PAGE
from archive.site.several.asking import Inquiry
from archive.site.several.lines import entries_of, lines_of
from archive.site.several.merging import Found, found_page
from archive.site.several.mounted import Mounted
from archive.site.several.reader import ReaderOfAll
from archive.site.several.searching import (
    Tally,
    Together,
    archive_facet,
    better_words,
    names_of,
    streams_of,
    tally_of,
    together_of,
)

NOTHING = Found((), has_more=False, total=0)


async def search_page(reader: ReaderOfAll, archives: Sequence[Mounted]) -> Response:
    """Hits of all archives for what the address asks; every address has an answer, whatever it says."""
    inquiry = Inquiry(archives, reader.request)
    together = await together_of(reader, inquiry)
    search = together.search
    found = await found_of(inquiry, together, first=(search.page - 1) * PAGE_SIZE, many=PAGE_SIZE)
    expressions = {archive: wanted.expression for archive, wanted in together.wanted.items()}
    lines = await lines_of(reader, inquiry, found.hits, expressions)
    tally = await tally_of(inquiry, together) if not search.has_no_words else Tally({}, {})
    few = tally.most is not None and tally.articles <= FEW_HITS
    better = await better_words(inquiry, together) if few else None
    known = await names_of(inquiry, together, found_nothing=not found.hits)
    asked = {"q": search.typed, **search.filters.query()}
    where = archive_facet(reader, search, tally)
    return reader.response(
        "search_of_all.html",
        search=search,
        lines=lines,
        too_slow=False,
        misnamed=search.misnamed(known),
        better=better,
        better_href=search.href(q=better) if better else None,
        count_words=count_in_words(reader, found, tally),
        counted_in_each=found.total is None and len(where.options) > 1,
        facets_are_sums=len(where.options) > 1 and may_hold_copies(found, tally),
        silent=inquiry.silent_titles,
        none_answered=not inquiry.answering,
        sampled=reader.number(SAMPLE) if is_sampled(search, tally.most) else None,
        facets=[*([where] if len(where.options) > 1 else []), *search.facets(tally.breakdown)],
        feed_href=reader.plain_href("/search.atom") + reader.query_of(asked),
        charts_href=None,
        exports=[],
        most_exported=0,
        older=search.href(page=search.page + 1) if found.has_more and search.page < LAST_PAGE else None,
        newer=search.href(page=search.page - 1) if search.page > 1 else None,
    )


async def search_feed(reader: ReaderOfAll, archives: Sequence[Mounted]) -> Response:
    """The newest articles that a search of all archives finds."""
    inquiry = Inquiry(archives, reader.request)
    together = (await together_of(reader, inquiry)).newest_first
    search = together.search
    found = await found_of(inquiry, together, first=0, many=ENTRIES)
    title = ": ".join(filter(None, (reader.say("search"), search.in_words())))
    return feed_response(reader, title, search.path(), await entries_of(reader, inquiry, found.hits))


async def found_of(inquiry: Inquiry, together: Together, *, first: int, many: int) -> Found:
    """A page of hits; none for a text without a word or filter."""
    if together.search.has_no_words:
        return NOTHING
    return await found_page(inquiry, await streams_of(inquiry, together), first=first, many=many)


def may_hold_copies(found: Found, tally: Tally) -> bool:
    """Whether an article may be counted twice: not where as many were found as archives counted in all."""
    return tally.is_cut_off or found.total != tally.articles


def count_in_words(reader: ReaderOfAll, found: Found, tally: Tally) -> str:
    """How many articles there are: exactly where the last was reached, else as far as archives counted."""
    if found.total is not None:
        return reader.counted("articles", found.total)
    counted = reader.counted("articles", tally.articles)
    return reader.say("more_than", counted=counted) if tally.is_cut_off else counted

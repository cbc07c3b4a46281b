"""The Datasette plugin: it only registers; each page stands in a file of its own.

Without an archive among the served files it does nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pluggy
from markupsafe import Markup

from archive.site import compat, headers, self_test, stock_search, workbench
from archive.site.archive_file import archive_name
from archive.site.article_page import article_page
from archive.site.changes_page import changes_page
from archive.site.charts_page import charts_page
from archive.site.cite_page import citation_file, cite_page
from archive.site.feed_pages import latest_feed, search_feed
from archive.site.front_page import front_page
from archive.site.journal_page import journal_feed, journal_page
from archive.site.notices import notice
from archive.site.reader import Reader, reader_of
from archive.site.robots import robots
from archive.site.search_export import search_export
from archive.site.search_page import search_page
from archive.site.source_page import source_page
from archive.site.sources_page import sources_page
from archive.site.story_page import story_page
from archive.site.stylesheet import STYLE_ROUTE, stylesheet

hookimpl = pluggy.HookimplMarker("datasette")  # datasette.hookimpl, with types

Page = Callable[[Reader, Any], Awaitable[compat.Response]]


@hookimpl
def startup(datasette: Any) -> Callable[[], Awaitable[None]] | None:
    """Switch off what an open archive must not offer, name the index, and test it."""
    database = archive_name(datasette)
    if database is None:
        return None
    compat.set_default_settings(datasette, workbench.SETTINGS)
    compat.set_default_metadata(datasette, workbench.metadata(database))
    return lambda: self_test.test_search(datasette, database)


@hookimpl(trylast=True)
def prepare_connection(conn: Any, database: str, datasette: Any) -> None:
    """Teach Datasette's own search box word forms.

    It wraps what was typed in `escape_fts`, and the function registered last counts: before `trylast` ran,
    Datasette's own would overwrite ours.
    """
    if database == archive_name(datasette):
        stock_search.teach(conn)


@hookimpl
def filters_from_request(request: compat.Request, database: str, table: str, datasette: Any) -> Any:
    """Filters typed into Datasette's own search box: source:, after: and the others."""
    if table == "articles" and database == archive_name(datasette):
        return stock_search.typed_filters(request.args)
    return None


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Awaitable[compat.Response]]]]:
    """The reading room; its addresses come before Datasette's own."""
    if archive_name(datasette) is None:
        return []
    return [
        (r"/$", reading(front_page)),
        (r"/feed\.atom$", reading(latest_feed)),
        (r"/search$", reading(search_page)),
        (r"/search\.atom$", reading(search_feed)),
        (r"/search\.(?P<ending>csv|excel\.csv|jsonl)$", reading(search_export)),
        (r"/a/(?P<article_id>[0-9]{1,19})$", reading(article_page)),
        (r"/a/(?P<article_id>[0-9]{1,19})/changes$", reading(changes_page)),
        (r"/a/(?P<article_id>[0-9]{1,19})/cite$", reading(cite_page)),
        (r"/a/(?P<article_id>[0-9]{1,19})/story$", reading(story_page)),
        (r"/a/(?P<article_id>[0-9]{1,19})\.(?P<ending>bib|ris|csl\.json)$", reading(citation_file)),
        (r"/changes$", reading(journal_page)),
        (r"/changes\.atom$", reading(journal_feed)),
        (r"/charts$", reading(charts_page)),
        (r"/sources$", reading(sources_page)),
        (r"/source/(?P<source>[A-Za-z0-9_]{1,100})$", reading(source_page)),
        (r"/robots\.txt$", robots),
        (STYLE_ROUTE, stylesheet),
    ]


def reading(page: Page) -> Callable[..., Awaitable[compat.Response]]:
    """A page behind the check that its reader may read the articles."""

    async def answer(request: compat.Request, datasette: Any) -> compat.Response:
        database = archive_name(datasette)
        await compat.ensure_readable(datasette, request, str(database))
        return await page(reader_of(datasette, request), datasette.get_database(database))

    return answer


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[headers.App], headers.App]:
    """Policies on every answer, readable columns in the list of articles."""
    database = archive_name(datasette)

    def wrap(app: headers.App) -> headers.App:
        if database is None:
            return app
        listing = str(datasette.urls.table(database, "articles"))
        return headers.with_safe_headers(workbench.with_listed_columns(app, frozenset({listing})))

    return wrap


@hookimpl
def render_cell(
    row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any
) -> Markup | None:
    """Cells of `articles` as people read them."""
    if table != "articles" or database != archive_name(datasette) or "id" not in row.keys():  # noqa: SIM118
        return None
    return workbench.cell(row, value, column, str(datasette.urls.path(f"/a/{row['id']}")))


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """The way back from the tables."""
    if archive_name(datasette) is None:
        return []
    return [{"href": datasette.urls.path("/search"), "label": "Search"}]


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Any, request: compat.Request, exception: Exception) -> Any:
    """Refusals in the reader's language.

    Around Datasette's own handler rather than before it: that one prints a traceback with every local
    variable for each page that is not found.
    """
    outcome: pluggy.Result[list[Any]] = yield
    refusal = compat.message_of(exception)
    if refusal and archive_name(datasette) is not None:
        outcome.force_result([notice(reader_of(datasette, request), *refusal)])

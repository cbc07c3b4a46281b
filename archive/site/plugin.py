"""The Datasette plugin: it only registers; each page stands in a file of its own.

Without an archive among the served files it does nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pluggy
from markupsafe import Markup

from archive.site import (
    barred,
    barred_rows,
    compat,
    headers,
    public,
    saved_searches,
    self_test,
    sql_guard,
    stock_search,
    stock_templates,
    workbench,
)
from archive.site.among import among_of
from archive.site.archive_file import archive_name, archive_names
from archive.site.article_page import article_page
from archive.site.changes_page import changes_page
from archive.site.charts_page import charts_page
from archive.site.cite_page import citation_file, cite_page
from archive.site.feed_pages import latest_feed, search_feed
from archive.site.front_page import front_page
from archive.site.journal_page import journal_feed, journal_page
from archive.site.notices import notice
from archive.site.openness import Openness, openness_of
from archive.site.reader import Reader, reader_of
from archive.site.robots import robots
from archive.site.safe_csv import with_safe_csv
from archive.site.search_export import search_export
from archive.site.search_page import search_page
from archive.site.source_page import source_page
from archive.site.sources_page import sources_page
from archive.site.spoken import with_language
from archive.site.stock_words import SPOKEN, Words
from archive.site.story_page import story_page
from archive.site.stylesheet import STYLE_ROUTE, stylesheet
from archive.site.table_paths import TablePaths
from archive.site.words import say

hookimpl = pluggy.HookimplMarker("datasette")  # datasette.hookimpl, with types

Page = Callable[[Reader, Any], Awaitable[compat.Response]]


@hookimpl
def startup(datasette: Any) -> Callable[[], Awaitable[None]] | None:
    """Switch off what an open archive must not offer, and test the search index."""
    database, *others = archive_names(datasette) or (None,)
    if database is None:
        return None
    compat.set_default_settings(datasette, settings_of(openness_of(datasette)))
    if others:
        told = f"Note: the reading room shows {database}; of {', '.join(others)} only the tables can be seen."
        print(f"{told} `muragat browse A B` serves several archives.", file=sys.stderr)  # noqa: T201 - to the owner
    return lambda: self_test.test_search(datasette, database)


def settings_of(openness: Openness) -> dict[str, int]:
    """Datasette's settings for who may read the archive."""
    chosen = {**workbench.SETTINGS, **(public.SETTINGS if openness.public else {})}
    return {
        name: value for name, value in chosen.items() if not (openness.sql and name == "default_allow_sql")
    }


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> Callable[[], Awaitable[None]] | None:
    """Have Datasette's own pages speak the reader's language, and tell what the archive's tables hold.

    Datasette 1.0 reads metadata before `startup` is called, and after this.
    """
    databases = archive_names(datasette)
    if not databases:
        return None
    stock_templates.teach(env, Words(databases[0], saved_searches.titles()))

    async def tell() -> None:
        for database in databases:
            columns = await datasette.get_database(database).execute_fn(workbench.meanings)
            articles = barred_rows.SHOWN_ARTICLES if among_of(datasette) else "articles"
            compat.set_default_metadata(datasette, workbench.metadata(database, columns, articles))

    return tell


@hookimpl(trylast=True)
def prepare_connection(conn: Any, database: str, datasette: Any) -> None:
    """Teach Datasette's own search box word forms.

    It wraps what was typed in `escape_fts`, and the function registered last counts: before `trylast` ran,
    Datasette's own would overwrite ours.
    """
    if barred.archive_of(database) in archive_names(datasette):
        stock_search.teach(conn)
        barred_rows.teach(conn, datasette)
        sql_guard.guard(conn)


@hookimpl
def filters_from_request(request: compat.Request, database: str, table: str, datasette: Any) -> Any:
    """Filters typed into Datasette's own search box: source:, after: and the others."""
    if table == "articles" and database in archive_names(datasette):
        return stock_search.typed_filters(request.args)
    return None


@hookimpl(specname="filters_from_request")
def filters_for_the_barred(database: str, table: str, datasette: Any) -> Any:
    """What another archive beside this one has taken down is in none of its tables."""
    if among_of(datasette) is None or database not in archive_names(datasette):
        return None
    return barred_rows.filters_of(datasette, database, table)


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
        return await page(reader_of(datasette, request), barred.readable_database(datasette, str(database)))

    return answer


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[headers.App], headers.App]:
    """Policies on every answer, the reader's language, readable columns, safe CSV, and what is public."""
    databases = archive_names(datasette)

    def wrap(app: headers.App) -> headers.App:
        if not databases:
            return app
        tables = TablePaths.of(datasette, databases)
        refuse = refusal_of(datasette)
        app = with_safe_csv(workbench.with_listed_columns(app, tables), tables)
        if among_of(datasette):
            app = barred_rows.with_rows_barred(app, datasette, databases[0], tables, refuse)
        address = openness_of(datasette).public
        if address is not None:
            app = public.guarded(app, address, tables, refuse)
        app = headers.without_detours(app, refuse)
        among = among_of(datasette)
        cookie_path = among.root if among else datasette.urls.path("/")
        return headers.with_safe_headers(with_language(app, cookie_path))

    return wrap


def refusal_of(datasette: Any) -> headers.Refusal:
    """How a request is refused before Datasette hears of it: in the reader's language."""

    async def refuse(scope: dict[str, Any], receive: Any, send: Any, status: int, said: str) -> None:
        answer = notice(reader_of(datasette, compat.Request(scope, receive)), status, said)
        await answer.asgi_send(send)

    return refuse


@hookimpl
def render_cell(
    row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any
) -> Markup | None:
    """Cells as people read them: titles and numbers of articles lead to the reading page."""
    if database != archive_name(datasette):
        return None
    if column in workbench.ARTICLE_NUMBERS:
        return workbench.number_cell(value, str(datasette.urls.path("/a/")))
    if table != "articles" or "id" not in row.keys():  # noqa: SIM118
        return None
    href = str(datasette.urls.path(f"/a/{row['id']}"))
    return workbench.cell(value, column, href, say("untitled", SPOKEN.get()))


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """The way back from the tables."""
    if archive_name(datasette) is None:
        return []
    among = among_of(datasette)
    above = [{"href": among.root, "label": say("all_archives", SPOKEN.get())}] if among else []
    return [*above, {"href": datasette.urls.path("/search"), "label": say("search", SPOKEN.get())}]


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

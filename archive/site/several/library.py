"""Several archives as one application: the pages about all of them, and each archive below its name."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from archive.errors import ArchiveError
from archive.site.application import names_of
from archive.site.compat import NotFound, Request, Response
from archive.site.headers import App, known_hosts_only, with_safe_headers, without_detours
from archive.site.icon import icon
from archive.site.notices import notice
from archive.site.openness import Openness
from archive.site.public import under_own_name
from archive.site.robots import robots
from archive.site.several.choosing import Chosen
from archive.site.several.front_page import front_page, latest_feed
from archive.site.several.in_each_page import charts_pages, journals_page
from archive.site.several.mounted import Mounted, Shelf
from archive.site.several.naming import safe_names
from archive.site.several.reader import ReaderOfAll, reader_of_all
from archive.site.several.search_page import search_feed, search_page
from archive.site.several.sources_page import source_page, sources_page
from archive.site.several.tombstones import Watch
from archive.site.shown import shown
from archive.site.spoken import with_language
from archive.site.stylesheet import STYLE_ROUTE, stylesheet

Page = Callable[[ReaderOfAll, Sequence[Mounted]], Awaitable[Response]]
PAGES: dict[str, Page] = {
    "/": front_page,
    "/feed.atom": latest_feed,
    "/search": search_page,
    "/search.atom": search_feed,
    "/sources": sources_page,
    "/changes": journals_page,
    "/charts": charts_pages,
}
FILES: tuple[tuple[str, Callable[[], Awaitable[Response]]], ...] = (
    (STYLE_ROUTE, stylesheet),
    (r"/robots\.txt$", robots),
    (r"/favicon\.ico$", icon),
)
SOURCE = re.compile(r"/source/(?P<source>[A-Za-z0-9_]{1,100})$")
READING = {"GET", "HEAD"}
# Threads that ask SQLite, and what it keeps of a file in each: of all archives, at most and at least of one.
THREADS, MOST_THREADS, FEWEST_THREADS = 24, 6, 2
CACHE_KB, MOST_CACHE_KB, LEAST_CACHE_KB = 200_000, 20_000, 2_000


def library(chosen: Sequence[Chosen], host: str, openness: Openness) -> App:
    """The application that serves these archives, answering under its own names only."""
    root = openness.public.path if openness.public else "/"
    site = Library(Shelf(root, openness, settings_for(len(chosen))), chosen)
    if openness.public:
        return under_own_name(site, openness.public, site.refuse)
    return known_hosts_only(site, names_of(host))


def settings_for(archives: int) -> dict[str, int]:
    """Datasette's settings for one of so many archives: together they take no more than a few alone."""
    threads = min(max(THREADS // archives, FEWEST_THREADS), MOST_THREADS)
    cache = min(max(CACHE_KB // (archives * threads), LEAST_CACHE_KB), MOST_CACHE_KB)
    return {"num_sql_threads": threads, "cache_size_kb": cache}


class Library:
    """The pages about all archives at the root, and below each archive's name its own application."""

    def __init__(self, shelf: Shelf, chosen: Sequence[Chosen]) -> None:
        self.root = shelf.root
        names = safe_names([one.title for one in chosen])
        self.archives = [
            Mounted(name, shown(one.title).strip() or name, one.news, shelf, order)
            for order, (name, one) in enumerate(zip(names, chosen, strict=True))
        ]
        self.by_name = {one.name: one for one in self.archives}
        self.watch = Watch(self.archives)
        self.pages = with_safe_headers(with_language(without_detours(self.page, self.refuse), self.root))

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one request, or say that it can be asked."""
        if scope["type"] == "lifespan":
            await live(receive, send)
        elif scope["type"] == "http":
            await self.watch.look_again()
            name, slash, _ = self.path(scope).removeprefix("/").partition("/")
            archive = self.by_name.get(name)
            await (
                self.within(archive, scope, receive, send)
                if archive and slash
                else self.pages(scope, receive, send)
            )

    def path(self, scope: dict[str, Any]) -> str:
        """The path of a request below the root; begins with a slash."""
        path: str = scope["path"]
        return f"/{path.removeprefix(self.root)}"

    async def within(self, archive: Mounted, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Have an archive answer, or say that it does not."""
        try:
            app = await archive.ready()
        except (ArchiveError, sqlite3.Error, OSError):
            await self.refuse(scope, receive, send, 503, "the archive does not answer")
            return
        await app(scope, receive, send)

    async def page(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer a request for a page about all archives."""
        request = Request(scope, receive)
        if request.method not in READING:
            await self.refuse(scope, receive, send, 405, "this page can only be read")
            return
        try:
            answer = await self.answer(self.path(scope), request)
        except NotFound:
            await self.refuse(scope, receive, send, 404, "no such page")
            return
        await answer.asgi_send(send)

    async def answer(self, path: str, request: Request) -> Response:
        """The page at a path; raises NotFound where there is none."""
        for route, file in FILES:
            if re.match(route, path):
                return await file()
        reader = reader_of_all(self.root, request)
        if path in PAGES:
            return await PAGES[path](reader, self.archives)
        if named := SOURCE.match(path):
            return await source_page(reader, self.archives, named["source"])
        if archive := self.by_name.get(path.removeprefix("/")):
            return Response.redirect(reader.within(archive, "/"))
        raise NotFound("no such page")

    async def refuse(self, scope: dict[str, Any], receive: Any, send: Any, status: int, said: str) -> None:
        """Say in the reader's language that a request is not answered, and why."""
        reader = reader_of_all(self.root, Request(scope, receive))

        async def answer(_: dict[str, Any], __: Any, send: Any) -> None:
            await notice(reader, status, said).asgi_send(send)

        await with_safe_headers(answer)(scope, receive, send)


async def live(receive: Any, send: Any) -> None:
    """Begin and end with the server; archives are opened when they are asked for."""
    for event in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{event}.complete"})

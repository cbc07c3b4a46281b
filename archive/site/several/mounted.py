"""One archive of several: an application of its own below its name, opened when it is first asked for."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError, NotAnArchive
from archive.numbers_said import counted
from archive.site.among import Among
from archive.site.application import datasette_of
from archive.site.archive_file import archive_name, is_archive
from archive.site.barred import NOTHING, Barred, bar, readable_database
from archive.site.compat import Request, ensure_readable
from archive.site.headers import App
from archive.site.openness import Openness
from archive.site.snapshots import NewestSnapshot, is_snapshot


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where several archives stand: `root` is the path of the page about all, and ends with a slash."""

    root: str
    openness: Openness
    settings: Mapping[str, int]


class Mounted:
    """An archive below `/NAME/`; `title` is what readers call it, `order` its place among the others."""

    def __init__(self, name: str, title: str, news: Path, shelf: Shelf, order: int) -> None:
        self.name, self.title, self.news, self.shelf, self.order = name, title, news, shelf, order
        self.path = f"{shelf.root}{name}/"
        self.app: App | None = None
        self.datasette: Any = None
        self.starting = asyncio.Lock()
        self.is_told = False  # that it cannot be opened
        self.barred = NOTHING

    async def readable(self, request: Request) -> Any:
        """Its database, for who asks; raises as `ready` does, and Forbidden for who may not read it."""
        await self.ready()
        name = archive_name(self.datasette)
        await ensure_readable(self.datasette, request, str(name))
        return readable_database(self.datasette, str(name))

    async def ready(self) -> App:
        """Its application, opened and started; raises NotAnArchive or sqlite3.Error where it cannot be."""
        if self.app is None:
            self.app = self.opened_or_told()
        elif isinstance(self.app, NewestSnapshot):
            self.app.look_again()
        async with self.starting:  # Datasette starts once for each who asks before it has started
            await self.datasette.invoke_startup()
        return self.app

    def opened_or_told(self) -> App:
        """The application, opened; why it cannot be is told its owner, once."""
        try:
            app = self.opened()
        except (ArchiveError, sqlite3.Error, OSError) as error:
            if not self.is_told:
                print(f"Warning: {self.name}: {error}", file=sys.stderr)  # noqa: T201 - its owner must see it
            self.is_told = True
            raise
        self.is_told = False
        return app

    def opened(self) -> App:
        """The application on its file as it is now."""
        if not self.news.is_file() or not is_archive(self.news):
            raise NotAnArchive(f"{self.news}: no archive, or damaged")
        return NewestSnapshot(self.news, self.made) if is_snapshot(self.news) else self.made(self.news)

    def made(self, news: Path) -> App:
        """A Datasette on the file, in the place of an earlier one."""
        public = self.shelf.openness.public
        openness = replace(self.shelf.openness, public=public and replace(public, path=self.path))
        among = Among.of(self.title, self.shelf.root)
        self.datasette = datasette_of(
            openness, news, base=self.path, among=among, settings=self.shelf.settings
        )
        bar(self.datasette, self.barred)
        app: App = self.datasette.app()
        return app

    def bar(self, what: Barred) -> None:
        """Bar this from now on; how much that is, is told the archive's owner."""
        if what == self.barred:
            return
        if len(what.ids) > len(self.barred.ids):
            told = (
                f"Note: {self.name}: {counted(len(what.ids), 'article')} taken down in another archive here"
            )
            print(f"{told}, so not shown; `muragat takedown` takes down in this one too", file=sys.stderr)  # noqa: T201 - to the owner
        self.barred = what
        if self.datasette is not None:
            bar(self.datasette, what)

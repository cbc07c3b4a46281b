"""Pages that each archive has of itself alone: where they are."""

from __future__ import annotations

from collections.abc import Sequence

from archive.site.compat import Response
from archive.site.several.mounted import Mounted
from archive.site.several.reader import ReaderOfAll
from archive.site.shown import shown


async def journals_page(reader: ReaderOfAll, archives: Sequence[Mounted]) -> Response:
    """The journal of edits of each archive."""
    return page_of(reader, archives, "edits", "/changes")


async def charts_pages(reader: ReaderOfAll, archives: Sequence[Mounted]) -> Response:
    """The charts of each archive."""
    return page_of(reader, archives, "charts", "/charts")


def page_of(reader: ReaderOfAll, archives: Sequence[Mounted], word: str, path: str) -> Response:
    """The archives, each leading to a page of its own: asked for the same as this one."""
    args = reader.request.args
    asked = {name: [shown(value) for value in args.getlist(name)] for name in args if name != "lang"}
    return reader.response(
        "in_each.html",
        heading=reader.say(word),
        places=[(archive.title, reader.within(archive, path, asked)) for archive in archives],
    )

"""All sources: the worst first, each with its last thirty days."""

from __future__ import annotations

from typing import Any

from archive.site.compat import Response
from archive.site.reader import Reader
from archive.site.source_books import books_of


async def sources_page(reader: Reader, db: Any) -> Response:
    """How every source is doing."""
    return reader.response("sources.html", books=await books_of(reader, db))

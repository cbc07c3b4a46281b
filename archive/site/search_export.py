"""The articles a search finds as a file: CSV, CSV for Excel, JSON Lines; as `muragat export` writes them."""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol
from urllib.parse import quote

from datasette.utils.asgi import AsgiStream
from sqlite_utils import Database

from archive.exports.columns import USUAL
from archive.exports.encoding import Encoder, Style
from archive.exports.formats import MakeEncoder
from archive.exports.rows import row_batches
from archive.exports.text_formats import Csv, JsonLines
from archive.site.reader import Reader
from archive.site.search_hits import Wanted, hit_ids
from archive.site.search_request import search_of

MOST_EXPORTED = 10_000  # what a search counts; `muragat export` has no limit
BATCH = 250
NAME_CHARS = 60
WORD = re.compile(r"\w+")
EXPORTS: Mapping[str, tuple[MakeEncoder, Style, str]] = {
    "csv": (Csv, Style(), "text/csv; charset=utf-8"),
    "excel.csv": (Csv, Style(excel=True), "text/csv; charset=utf-8"),
    "jsonl": (JsonLines, Style(), "application/x-ndjson; charset=utf-8"),
}


class Writer(Protocol):
    """Where a streamed answer goes."""

    async def write(self, chunk: str) -> None: ...


async def search_export(reader: Reader, db: Any) -> AsgiStream:
    """The newest articles a search finds, at most `MOST_EXPORTED`; raises QueryInterrupted when slow."""
    ending = reader.request.url_vars["ending"]
    form, style, content_type = EXPORTS[ending]
    search = await search_of(reader, db)
    wanted = Wanted(search.expression, search.filters, typed=search.asked)
    ids = [] if search.has_no_words else await hit_ids(db, wanted, limit=MOST_EXPORTED, offset=0)
    encoder = form(USUAL, style)
    headers = {"content-disposition": disposition(search.in_words(), ending)}
    return AsgiStream(writing(db, encoder, ids), headers=headers, content_type=content_type)


def writing(db: Any, encoder: Encoder, ids: Sequence[int]) -> Callable[[Writer], Awaitable[None]]:
    """What writes the articles of these ids, a batch at a time: memory does not grow with their number."""

    async def write(to: Writer) -> None:
        await to.write(encoder.head().decode())
        for start in range(0, len(ids), BATCH):
            batch = array("q", sorted(ids[start : start + BATCH]))
            await to.write(await db.execute_fn(partial(encoded, encoder, batch)))

    return write


def encoded(encoder: Encoder, ids: array[int], connection: sqlite3.Connection) -> str:
    """The articles of some ids in a format, newest first."""
    rows = [row for batch in row_batches(Database(connection), USUAL, ids) for row in batch]
    return encoder.rows(rows[::-1]).decode()


def disposition(words: str, ending: str) -> str:
    """The header that names the file: its day, and what was looked for where a program reads that."""
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    kept = "-".join(WORD.findall(words))[:NAME_CHARS]
    full = quote("-".join(filter(None, ("muragat", kept, day))) + f".{ending}")
    return f"attachment; filename=\"muragat-{day}.{ending}\"; filename*=UTF-8''{full}"

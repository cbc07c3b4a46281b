"""Feeds: the newest articles, and those a search finds, for programs that look again by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from archive.site.atom import COLUMNS, Entry, entry_of, feed
from archive.site.compat import Response
from archive.site.lines import TABLES
from archive.site.reader import Reader
from archive.site.search_hits import Wanted, hit_ids
from archive.site.search_request import search_of

ENTRIES = 30
LATEST = (
    f"SELECT {COLUMNS} FROM {TABLES} WHERE a.published_date IS NOT NULL ORDER BY a.id DESC LIMIT {ENTRIES}"
)
FEED_TYPE = "application/atom+xml; charset=utf-8"


async def latest_feed(reader: Reader, db: Any) -> Response:
    """The newest articles."""
    rows = (await db.execute(LATEST)).rows
    return feed_response(reader, reader.say("latest"), "/", entries_of(reader, rows))


async def search_feed(reader: Reader, db: Any) -> Response:
    """The newest articles a search finds; raises QueryInterrupted when that takes too long."""
    search = await search_of(reader, db)
    wanted = Wanted(search.expression, search.filters, typed=search.asked)
    ids = [] if search.has_no_words else await hit_ids(db, wanted, limit=ENTRIES, offset=0)
    listed = ", ".join(str(int(one)) for one in ids)
    rows = (await db.execute(f"SELECT {COLUMNS} FROM {TABLES} WHERE a.id IN ({listed})")).rows if ids else []
    newest_first = sorted(rows, key=lambda row: -row["id"])
    title = ": ".join(filter(None, (reader.say("search"), search.in_words())))
    return feed_response(reader, title, search.path(), entries_of(reader, newest_first))


def entries_of(reader: Reader, rows: Sequence[Any]) -> list[Entry]:
    """The rows of articles as entries."""
    untitled = reader.say("untitled")
    return [entry_of(row, reader.absolute_url(f"/a/{row['id']}"), untitled) for row in rows]


def feed_response(reader: Reader, title: str, path: str, entries: Sequence[Entry]) -> Response:
    """A feed, or the short answer that it is still the one the asker has."""
    name = reader.say("site")
    body = feed(
        f"{title} · {name}",
        self_href=reader.own_url,
        page_href=reader.absolute_url(path),
        language=reader.language,
        entries=entries,
    )
    tag = f'"{blake2b(body.encode(), digest_size=12).hexdigest()}"'
    headers = {"etag": tag, "cache-control": "max-age=300", "vary": "Accept-Language"}
    if tag in reader.request.headers.get("if-none-match", ""):
        return Response("", status=304, headers=headers)
    return Response(body, headers=headers, content_type=FEED_TYPE)

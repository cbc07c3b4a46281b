"""The front page: search first, then what is newest, and where it all comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive.site.compat import Response
from archive.site.counted import months_of
from archive.site.day_words import seen
from archive.site.journal_page import events_of
from archive.site.journal_page import line_of as edit_line
from archive.site.kept import recent_rows
from archive.site.lines import COLUMNS, TABLES, line_of
from archive.site.reader import Reader
from archive.site.source_books import books_of

LATEST = 15
EDITS = 3
MOST_BOOKS = 12
# Undated articles stand under the day they were first seen, which a first crawl of old pages makes today.
LATEST_ARTICLES = f"""
SELECT {COLUMNS} FROM {TABLES} WHERE a.published_date IS NOT NULL ORDER BY a.id DESC LIMIT {LATEST}"""
LATEST_UNDATED = f"SELECT {COLUMNS} FROM {TABLES} ORDER BY a.id DESC LIMIT {LATEST}"
SOURCES = """
SELECT s.id, s.name, s.last_crawled_at, coalesce(sum(d.articles), 0) AS articles
FROM sources s LEFT JOIN {months} d ON d.source = s.id
GROUP BY s.id ORDER BY articles DESC, s.name"""
LANGUAGES = """
SELECT language, sum(articles) AS articles FROM {months}
WHERE language <> '' GROUP BY language HAVING sum(articles) > 0 ORDER BY articles DESC"""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the archive and how much it holds."""

    label: str
    href: str
    articles: int


async def front_page(reader: Reader, db: Any) -> Response:
    """The newest articles, and how many there are of each source and language."""
    latest = (await db.execute(LATEST_ARTICLES)).rows or (await db.execute(LATEST_UNDATED)).rows
    books = await books_of(reader, db)
    edits = await events_of(db, kind="", source="", first=0, many=EDITS)
    months = await months_of(db)
    sources = await recent_rows(db, SOURCES.format(months=months))
    languages = await recent_rows(db, LANGUAGES.format(months=months))
    crawled = max((row["last_crawled_at"] for row in sources if row["last_crawled_at"]), default=None)
    return reader.response(
        "front.html",
        lines=[line_of(row, reader) for row in latest],
        total=sum(row["articles"] for row in sources),
        books=sorted(books, key=lambda book: -book.articles)[:MOST_BOOKS],
        more_books=max(len(books) - MOST_BOOKS, 0),
        unwell=sum(book.state in ("worse", "silent") for book in books),
        all_well=bool(books) and all(book.state == "well" for book in books),
        edits=[edit_line(reader, event) for event in edits],
        feed_href=reader.plain_href("/feed.atom") + reader.query_of({}),
        kinds=[
            share(reader, "language", row["language"], reader.language_name(row["language"]), row["articles"])
            for row in languages
        ],
        crawled=seen(crawled, reader.language),
        data_href=reader.plain_href(f"/{db.route}"),
        search_works=reader.search_works,
    )


def share(reader: Reader, name: str, value: str, label: str, articles: int) -> Share:
    """A part of the archive with the search that shows it."""
    return Share(label, reader.href("/search", {name: value}), articles)

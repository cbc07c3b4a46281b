"""The archive's kept pages into one WARC file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import PurePath

from sqlite_utils import Database

from archive.errors import PageDamaged
from archive.exports.exporting import progress
from archive.exports.files import output
from archive.exports.mining import register_mining
from archive.health.page_checks import attach_pages
from archive.raw.pages import PageStore
from archive.raw.warc_writing import PageWriter
from archive.search.filters import ArticleFilter
from archive.store.connection import named_errors, open_to_read, snapshot
from archive.store.folder import ArchiveFolder

WARC = "warc"
BATCH = 500
# Every page an article was read from, also those that only said again what was known.
PAGES_OF_ARTICLES = """
SELECT id, kind FROM raw.pages WHERE id IN (
    SELECT a.page_id FROM articles a WHERE {where}
    UNION SELECT r.page_id FROM revisions r JOIN articles a ON a.id = r.article_id WHERE {where}
    UNION SELECT p.id FROM articles a JOIN addresses k ON k.article_id = a.id
          JOIN raw.pages p ON p.url_hash = k.url_hash AND p.kind = 'article' WHERE {where}
) ORDER BY id"""
ALL_PAGES = "SELECT id, kind FROM raw.pages ORDER BY id"


@dataclass(frozen=True, slots=True)
class ExportedPages:
    """How many pages are in the file, and what is wrong with each that is not."""

    written: int
    damaged: tuple[str, ...]


def is_warc(name: str) -> bool:
    """Whether a file's ending says WARC."""
    return name.removesuffix(".gz").endswith(f".{WARC}")


def export_pages(db: Database, folder: ArchiveFolder, to: str, where: ArticleFilter) -> ExportedPages:
    """Write the pages of the articles that are meant, or all pages for an empty filter, as they were kept.

    `db` is the folder's news.db, open to be read; `to` is a file, packed when its name ends in .gz, or "-".
    A damaged page is left out and told. Raises an ArchiveError when the archive cannot be read or the file
    not be written.
    """
    written, damaged = 0, []
    with closing(open_to_read(folder.pages)):
        pass  # a missing or foreign file is refused before anything is written
    with named_errors(folder.pages):
        attach_pages(db, folder.pages)
    register_mining(db)
    store = PageStore(db, folder.pages)
    with snapshot(db, folder.news), output(to, packed=False) as file:
        writer = PageWriter(file, packed=to.endswith(".gz"))
        writer.begin("" if to == "-" else PurePath(to).name)
        with progress(lambda: count_pages(db, where)) as advance:
            for page_id, kind in pages_of(db, where):
                try:
                    page = store.page(page_id)
                except PageDamaged as error:
                    damaged.append(str(error))
                    continue
                assert page is not None, "it was listed in the same snapshot"
                writer.write(page, page_id, kind)
                written += 1
                advance(1)
    return ExportedPages(written, tuple(damaged))


def pages_of(db: Database, where: ArticleFilter) -> Iterator[tuple[int, str]]:
    """Id and kind of every page that is meant, once, in the order they were kept."""
    query, values = pages_query(where)
    rows = db.conn.execute(query, values)
    while batch := rows.fetchmany(BATCH):
        yield from batch


def count_pages(db: Database, where: ArticleFilter) -> int:
    """How many pages are meant."""
    query, values = pages_query(where)
    return int(db.conn.execute(f"SELECT count(*) FROM ({query})", values).fetchone()[0])


def pages_query(where: ArticleFilter) -> tuple[str, dict[str, object]]:
    """The question for the pages that are meant, and its values."""
    if where == ArticleFilter():
        return ALL_PAGES, {}
    conditions, values = where.where()
    return PAGES_OF_ARTICLES.format(where=conditions), values

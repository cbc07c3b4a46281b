"""The archive's kept pages into one WARC file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import PurePath

from sqlite_utils import Database

from archive.errors import PageDamaged
from archive.exports.exporting import progress
from archive.exports.files import output
from archive.exports.mining import register_mining
from archive.exports.selection import Wanted, selected, undated_left_out
from archive.exports.sources import described
from archive.health.page_checks import attach_pages
from archive.raw.pages import PageStore
from archive.raw.warc_writing import PageWriter
from archive.records import SourceDescription
from archive.search.functions import register
from archive.store.connection import named_errors, open_to_read, snapshot
from archive.store.folder import ArchiveFolder

BATCH = 500
# Every page an article was read from, also those that only said again what was known.
PAGES_OF_ARTICLES = """
SELECT id, kind FROM raw.pages WHERE kind <> 'record' AND id IN (
    SELECT page_id FROM articles WHERE id IN (SELECT value FROM json_each(:ids))
    UNION SELECT page_id FROM revisions WHERE article_id IN (SELECT value FROM json_each(:ids))
    UNION SELECT p.id FROM addresses k JOIN raw.pages p ON p.url_hash = k.url_hash AND p.kind = 'article'
          WHERE k.article_id IN (SELECT value FROM json_each(:ids))
) ORDER BY id"""
# A record of another archive's data set is no answer of a server.
ALL_PAGES = "SELECT id, kind FROM raw.pages WHERE kind <> 'record' ORDER BY id"


@dataclass(frozen=True, slots=True)
class ExportedPages:
    """How many pages are in the file, and what is wrong with each that is not.

    `undated` is as in `Selection`.
    """

    written: int
    damaged: tuple[str, ...]
    undated: int = 0


def export_pages(folder: ArchiveFolder, to: str, wanted: Wanted) -> ExportedPages:
    """Write the pages of the articles that are wanted, or all pages where nothing is asked, as kept.

    `to` is a file, packed when its name ends in .gz, or "-". A damaged page is left out and told. Raises
    WrongCondition, or an ArchiveError when the archive cannot be read or the file not be written.
    """
    written, damaged = 0, []
    with closing(open_to_read(folder.news)) as db:
        with closing(open_to_read(folder.pages)):
            pass  # a missing or foreign file is refused before anything is written
        with named_errors(folder.pages):
            attach_pages(db, folder.pages)
        register(db.conn)
        register_mining(db)
        store = PageStore(db, folder.pages)
        with snapshot(db, folder.news):
            query, values = pages_query(db, wanted)
            undated = undated_left_out(db, wanted)
            with output(to, packed=False) as file, progress(count_pages(db, query, values)) as advance:
                writer = PageWriter(file, packed=to.endswith(".gz"))
                writer.begin("" if to == "-" else PurePath(to).name, sources_of_pages(db, query, values))
                for page_id, kind in pages_of(db, query, values):
                    try:
                        page = store.page(page_id)
                    except PageDamaged as error:
                        damaged.append(str(error))
                        continue
                    assert page is not None, "it was listed in the same snapshot"
                    writer.write(page, page_id, kind)
                    written += 1
                    advance(1)
    return ExportedPages(written, tuple(damaged), undated)


def pages_of(db: Database, query: str, values: dict[str, object]) -> Iterator[tuple[int, str]]:
    """Id and kind of every page that is meant, once, in the order they were kept."""
    rows = db.conn.execute(query, values)
    while batch := rows.fetchmany(BATCH):
        yield from batch


def sources_of_pages(db: Database, query: str, values: dict[str, object]) -> tuple[SourceDescription, ...]:
    """The sources of the pages that are meant, by id."""
    wanted = f"SELECT DISTINCT source FROM raw.pages WHERE id IN (SELECT id FROM ({query}))"
    return described(db, [row[0] for row in db.conn.execute(wanted, values)])


def count_pages(db: Database, query: str, values: dict[str, object]) -> int:
    """How many pages are meant."""
    return int(db.conn.execute(f"SELECT count(*) FROM ({query})", values).fetchone()[0])


def pages_query(db: Database, wanted: Wanted) -> tuple[str, dict[str, object]]:
    """The question for the pages that are meant, and its values."""
    if wanted.is_everything:
        return ALL_PAGES, {}
    return PAGES_OF_ARTICLES, {"ids": json.dumps(selected(db, wanted).ids.tolist())}

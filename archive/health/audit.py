"""Is anything lost, double or damaged: every check of an archive, reading only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from sqlite_utils import Database

from archive.health.article_checks import article_findings
from archive.health.findings import Finding
from archive.health.page_checks import attach_pages, page_findings
from archive.store.connection import BUSY_CODES, named_errors, open_to_read, snapshot
from archive.store.folder import ArchiveFolder

PROBLEMS_SHOWN = 20


def audit_archive(folder: ArchiveFolder, *, full: bool = False) -> Iterator[Finding]:
    """Yield what each check found; with `full` every text and page is looked at, else a sample.

    Reads only, and sees news.db at one moment, so a crawl may go on; right after a killed one, what it
    had committed is there. pages.db is looked at after news.db: a page is kept before its article, so
    the order cannot make one seem lost. Raises an ArchiveError when the archive cannot be opened.
    """
    with closing(open_to_read(folder.pages)):
        pass  # a missing or foreign file is refused before anything is looked at
    with closing(open_to_read(folder.news)) as db:
        with named_errors(folder.pages):
            attach_pages(db, folder.pages)
        with snapshot(db, folder.news):
            db.conn.execute("SELECT count(*) FROM main.sqlite_master").fetchone()  # the moment is now
            yield from file_findings(db)
            yield from damage_named(article_findings(db, full=full), "articles")
            yield from damage_named(page_findings(db, full=full), "pages")
            yield taken_addresses(db)


def file_findings(db: Database) -> Iterator[Finding]:
    """SQLite's own checks of both files: their structure, and that rows they name exist."""
    for schema, name in (("main", "news.db"), ("raw", "pages.db")):
        yield from damage_named(integrity(db, schema, name), name)


def integrity(db: Database, schema: str, name: str) -> Iterator[Finding]:
    """PRAGMA integrity_check and foreign_key_check of one file."""
    rows = [row[0] for row in db.conn.execute(f"PRAGMA {schema}.integrity_check({PROBLEMS_SHOWN})")]
    problems = [] if rows == ["ok"] else rows
    yield Finding(f"{name} is whole", "damaged", len(problems), "", "; ".join(problems[:2]))
    strays = db.conn.execute(f"PRAGMA {schema}.foreign_key_check").fetchall()
    detail = f"{strays[0][0]} names a missing row of {strays[0][2]}" if strays else ""
    yield Finding(f"{name}: every row that is named exists", "lost", len(strays), "", detail)


def taken_addresses(db: Database) -> Finding:
    """Addresses a run took in hand: of one that has ended they wait for the next crawl of their source."""
    (taken,) = db.conn.execute(
        "SELECT count(*) FROM frontier WHERE taken_by IS NOT NULL "
        "AND taken_by NOT IN (SELECT id FROM runs WHERE status = 'running')"
    ).fetchone()
    (held,) = db.conn.execute("SELECT count(*) FROM frontier WHERE taken_by IS NOT NULL").fetchone()
    detail = f"{held - taken} of a run that goes on or was killed, {taken} of ended ones" if held else ""
    return Finding("addresses in hand", "note", held, "", detail)


def damage_named(findings: Iterator[Finding], part: str) -> Iterator[Finding]:
    """The findings; a file too damaged for them to go on is a finding itself."""
    try:
        yield from findings
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in BUSY_CODES:
            raise
        yield Finding(f"{part} can be read", "damaged", 1, "", str(error))

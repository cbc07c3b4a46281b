"""Is anything lost, double or damaged: every check of an archive, reading only."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

from sqlite_utils import Database

from archive.errors import NotAnArchive
from archive.health.article_checks import article_checks
from archive.health.findings import Finding, Remedy
from archive.health.link_checks import link_checks
from archive.health.page_checks import attach_pages, page_findings
from archive.health.run_checks import run_checks
from archive.health.schema_checks import STEPS, file_findings, length
from archive.health.takedown_checks import takedown_checks
from archive.store.connection import is_busy, named_errors, open_to_read, snapshot
from archive.store.folder import ArchiveFolder

# A flipped bit may make a number of a text, or a text of bytes that are no letters.
UNREADABLE = (sqlite3.DatabaseError, UnicodeError, TypeError, AttributeError, ValueError)
Check = Callable[[], Finding | Iterable[Finding]]


def audit_archive(folder: ArchiveFolder, *, full: bool = False) -> Iterator[Finding]:
    """Yield what each check found; with `full` every text and page is looked at, else a sample.

    Reads only, and sees news.db at one moment, so a crawl may go on; right after a killed one, what it
    had committed is there. pages.db is looked at after news.db: a page is kept before its article, so
    the order cannot make one seem lost. Raises an ArchiveError when the archive cannot be opened.
    """
    refuse_without_pages(folder)
    if cut := [one for one in map(length, (folder.news, folder.pages)) if one.is_fault]:
        yield from cut  # SQLite opens no such file
        return
    with closing(open_to_read(folder.pages)):
        pass  # a foreign file is refused before anything is looked at
    with closing(open_to_read(folder.news)) as db:
        # A flipped bit may leave letters that are none: then the text is damaged, and not the audit.
        db.conn.text_factory = lambda kept: kept.decode("utf-8", "surrogateescape")
        with named_errors(folder.pages):
            attach_pages(db, folder.pages)
        with snapshot(db, folder.news):
            db.conn.execute("SELECT count(*) FROM main.sqlite_master").fetchone()  # the moment is now
            yield from looked_at(db, folder, full=full)


def refuse_without_pages(folder: ArchiveFolder) -> None:
    """Raise NotAnArchive where there is no pages.db: a restored backup may have left it out."""
    if folder.pages.is_file() or not folder.news.is_file():
        return
    with closing(open_to_read(folder.news)) as db, named_errors(folder.news):
        (articles,) = db.conn.execute("SELECT count(*) FROM articles").fetchone()
    if not articles:
        raise NotAnArchive(f"{folder.pages}: not there, nor any article; the next crawl makes it")
    raise NotAnArchive(
        f"{folder.pages}: not there, so no article can be read again: restore it from a backup, or "
        "`muragat audit --repair` makes an empty one and asks for every page again"
    )


def looked_at(db: Database, folder: ArchiveFolder, *, full: bool) -> Iterator[Finding]:
    """Every check, one after the other: the files, news.db, then pages.db."""
    missing = False
    yield unread_links(folder)
    for finding in damage_named(lambda: file_findings(db, folder), "the files"):
        missing = missing or (finding.faults > 0 and (finding.kind == "lost" or STEPS in finding.check))
        yield finding
    for part, checks in (
        ("articles", article_checks(db, full=full)),
        ("links", link_checks(db, full=full)),
        ("runs", run_checks(db)),
        ("takedowns", takedown_checks(db)),
        ("pages", iter([("pages", lambda: page_findings(db, full=full))])),
    ):
        yield from damage_named(each_of(checks, missing=missing), part, tables_missing=missing)


def unread_links(folder: ArchiveFolder) -> Finding:
    """No repair was killed after it made the tables of links and pictures anew, before it filled them."""
    left = int(folder.unread_links.exists())
    detail = "a repair was killed: run `muragat audit --repair` again"
    return Finding("every repair has ended", "lost", left, "", detail, remedy=Remedy.READ_ALL)


def each_of(checks: Iterator[tuple[str, Check]], *, missing: bool) -> Check:
    """What several checks find, one after the other, each whatever became of those before."""

    def findings() -> Iterator[Finding]:
        for name, check in checks:
            yield from damage_named(check, name, tables_missing=missing)

    return findings


def damage_named(check: Check, name: str, *, tables_missing: bool = False) -> Iterator[Finding]:
    """What a check finds; a file too damaged for it to go on is a finding itself.

    Where tables are known to be missing, a check that needs one has nothing to say.
    """
    try:
        findings = check()
        yield from [findings] if isinstance(findings, Finding) else findings
    except UNREADABLE as error:
        if is_busy(error):
            raise
        if not (tables_missing and "no such" in str(error)):
            yield Finding(f"{name} can be read", "damaged", 1, "", str(error))

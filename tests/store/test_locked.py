"""A file that another program holds: every method says so, and nothing is half-written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import ArchiveBusy
from archive.records import Outcome, Refusal
from archive.store.archive import Archive
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
SOURCE = "steppe_news"
SITE = "https://steppe.example"


@contextmanager
def held(path: Path) -> Iterator[None]:
    """The file as a long writer of another program holds it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


NEWS_METHODS = {
    "save source": lambda d: d.archive.sources.save(
        SOURCE, name="n", home="h", languages=["kk"], timezone="Asia/Almaty", region=None
    ),
    "save article": lambda d: d.archive.articles.save(
        d.article("/n"), source=SOURCE, page_id=1, seen_at=NOON
    ),
    "seen": lambda d: d.archive.articles.seen(d.value("SELECT id FROM articles"), LATER),
    "gone": lambda d: d.archive.articles.gone(d.value("SELECT id FROM articles"), NOON),
    "begin run": lambda d: d.archive.runs.begin(SOURCE, started_at=NOON, version="2"),
    "end run": lambda d: d.archive.runs.end(d.run, status="done", reason=None, ended_at=NOON, seconds=1.5),
    "enter": lambda d: d.archive.runs.enter(d.run, SOURCE, d.visit("/n"), Outcome.NEW),
    "refuse": lambda d: d.archive.runs.refuse(d.run, SOURCE, "fetch", [Refusal("u", "c")], now=NOON),
    "offer": lambda d: d.archive.frontier.offer(SOURCE, [d.found("/n")], now=NOON),
    "offer documents": lambda d: d.archive.frontier.offer_documents(
        SOURCE, "sitemap", [d.found("/s.xml")], root=SITE, step=1, budget=9, now=NOON
    ),
    "offer visits": lambda d: d.archive.frontier.offer_visits(SOURCE, now=NOON, every=True),
    "release": lambda d: d.archive.frontier.release(SOURCE),
    "take": lambda d: d.archive.frontier.take(SOURCE, d.run, limit=9, now=NOON),
    "settle address": lambda d: d.archive.frontier.settle(SOURCE, d.visit("/w"), Outcome.REJECTED),
    "put address back": lambda d: d.archive.frontier.put_back(d.visit("/w")),
    "alias": lambda d: d.archive.frontier.alias(SOURCE, SITE + "/w", d.visit("/a")),
    "keep article": lambda d: d.archive.keep_article(
        d.run, SOURCE, d.article("/n"), d.visit("/n", page_id=1)
    ),
    "settle": lambda d: d.archive.settle(d.run, SOURCE, d.visit("/w", status=404), Outcome.GONE),
    "put back": lambda d: d.archive.put_back(d.run, SOURCE, d.visit("/w", status=503, reason="http_status")),
    "take in hand": lambda d: d.archive.schedule.take(SOURCE, pid=2, now=NOON),
    "sign of life": lambda d: d.archive.schedule.sign_of_life(SOURCE, now=LATER),
    "give back": lambda d: d.archive.schedule.give_back(SOURCE),
    "plan turn": lambda d: d.archive.schedule.plan(
        SOURCE, due_at=LATER, interval=timedelta(hours=1), why="", failures=0, now=NOON
    ),
    "read document": lambda d: d.archive.read_document(
        d.run, SOURCE, d.visit("/feed", kind="feed"), Outcome.READ, found=[d.found("/n")]
    ),
}


@pytest.mark.parametrize("name", NEWS_METHODS)
def test_a_locked_news_file_is_said_to_be_busy_and_stays_as_it_was(desk, name):
    desk.keep("/a")
    desk.archive.frontier.offer(SOURCE, [desk.found("/w"), desk.found("/x")], now=NOON)
    desk.archive.frontier.take(SOURCE, desk.run, limit=1, now=NOON)
    desk.archive.schedule.take(SOURCE, pid=1, now=NOON)
    before = dump(desk.folder.news)
    with held(desk.folder.news), pytest.raises(ArchiveBusy, match=r"news\.db: .*locked.*try again"):
        NEWS_METHODS[name](desk)
    assert dump(desk.folder.news) == before
    NEWS_METHODS[name](desk)
    assert dump(desk.folder.news) != before, "the same call does something once the file is free"


def test_a_locked_file_of_pages_is_said_to_be_busy_and_the_page_can_be_kept_later(desk):
    page = desk.page("/n", b"<p>words</p>" * 500)
    with held(desk.folder.pages), pytest.raises(ArchiveBusy, match=r"pages\.db"):
        desk.archive.pages.keep(page, kind="article")
    assert desk.archive.pages.page(desk.archive.pages.keep(page, kind="article")) == page


def test_what_only_reads_does_not_wait_for_a_writer(desk):
    desk.keep("/a")
    with held(desk.folder.news), held(desk.folder.pages):
        assert desk.archive.frontier.known(SITE + "/a")["status"] == 200
        assert desk.archive.frontier.waiting(SOURCE) == 0
        assert desk.archive.frontier.statements(SITE + "/a") == ()
        assert desk.archive.runs.counts(desk.run)["new"] == 1
        assert desk.archive.runs.reasons(desk.run) == {}
        assert desk.archive.unread_pages(SOURCE) == []
        assert desk.archive.pages.page(1) is not None
        assert desk.archive.articles.row("steppe.example/a") is not None
        with closing(open_to_read(desk.folder.news, busy_timeout=0.05)) as db:
            assert db.conn.execute("SELECT count(*) FROM articles").fetchone() == (1,)


def test_opening_a_new_archive_that_is_held_is_busy(tmp_path):
    folder = ArchiveFolder(tmp_path / "a")
    folder.make()
    with closing(sqlite3.connect(folder.news)) as other:
        other.execute("PRAGMA user_version = 1")  # the file is there, but not yet an archive
    with held(folder.news), pytest.raises(ArchiveBusy):
        Archive(folder, busy_timeout=0.05)
    Archive(folder).close()


def test_a_standing_archive_opens_while_another_program_writes(desk):
    with held(desk.folder.news), held(desk.folder.pages):
        Archive(desk.folder, busy_timeout=0.05).close()

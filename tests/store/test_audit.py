"""`muragat audit` finds what is lost, double or damaged, and nothing where nothing is."""

from __future__ import annotations

import io
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from archive.health.showing import finding_line, findings_shown
from archive.records import Outcome
from crawler.cli import audit
from tests.tampering import tampering

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
SOURCE = "steppe_news"


@pytest.fixture
def full_desk(desk):
    """Twelve articles, some reworded, one gone, pages with a dictionary."""
    for n in range(12):
        desk.keep(f"/{n}", html=f"<p>страница {n}</p>".encode() * 200, section="Город" if n % 2 else None)
    for n in range(3):
        desk.keep(f"/{n}", at=NOON + timedelta(hours=1), body=f"Новое слово {n}. " * 5)
    for path in ("/9", "/10"):
        desk.keep(path, body=" ".join(f"слово{n}" for n in range(60)))
    desk.archive.settle(desk.run, SOURCE, desk.visit("/11", status=410), Outcome.GONE)
    return desk


def run(folder, *arguments):
    return CliRunner().invoke(audit, [*arguments, "--archive", str(folder.path)])


@pytest.mark.parametrize("arguments", [[], ["--full"]])
def test_a_sound_archive_is_found_sound(full_desk, arguments):
    result = run(full_desk.folder, *arguments)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == "0 lost, 0 double, 0 damaged"


def test_an_archive_without_articles_is_sound(desk):
    assert run(desk.folder, "--full").exit_code == 0


class Terminal(io.TextIOWrapper):
    """A terminal that both outputs are shown on."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    def isatty(self) -> bool:
        return True

    def lines(self) -> list[str]:
        """What a person sees: of what is drawn in one line after the other, the last."""
        clearing = re.compile(r"^.*\r\x1b\[2K|\x1b\[[?0-9;]*[a-zA-Z]")
        return [clearing.sub("", line) for line in self.text().split("\n")]

    def text(self) -> str:
        """Everything that was written."""
        return self.buffer.getvalue().decode()


def test_on_a_terminal_each_finding_has_a_line_of_its_own(desk, monkeypatch):
    shown = Terminal()
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys, "stdout", shown)
    monkeypatch.setattr(sys, "stderr", shown)
    found = []
    for finding in findings_shown(desk.folder, full=False):
        found.append(finding_line(finding))
        if len(found) < 4:
            time.sleep(0.2)  # meanwhile it is said that the audit goes on
    assert "3 checks done, looking at what is next" in shown.text()
    assert [line for line in shown.lines() if line in found] == found


TAKE_OUT = (
    "INSERT INTO articles_fts (articles_fts, rowid, title, lead, body) "
    "SELECT 'delete', id, title, lead, body FROM articles"
)
EMPTY = "INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')"
OTHER_WORDS = "INSERT INTO articles_fts (rowid, title, body) SELECT id, 'иное', 'иное' FROM articles"
NEWS_FAULTS = {
    "a removed revision": (
        "DELETE FROM revisions WHERE article_id = (SELECT id FROM articles) AND number = 1",
        "lost",
    ),
    "a removed earlier text": ("UPDATE revisions SET body = NULL WHERE body IS NOT NULL", "lost"),
    "a removed article": ("DELETE FROM articles WHERE url LIKE '%/5'", "lost"),
    "a page that is not there": ("UPDATE articles SET page_id = 999 WHERE url LIKE '%/5'", "lost"),
    "a wording that is not there": ("UPDATE revisions SET page_id = 1 WHERE page_id = 5", "lost"),
    "a changed text": ("UPDATE articles SET body = body || ' и ещё' WHERE url LIKE '%/5'", "damaged"),
    "a wrong day": ("UPDATE articles SET published_date = '2020-01-01' WHERE url LIKE '%/5'", "damaged"),
    "a wrong count": ("UPDATE daily_counts SET articles = articles + 1", "damaged"),
    "a wrong count of a month": ("UPDATE monthly_counts SET articles = articles + 1", "damaged"),
    "a broken list": ("UPDATE articles SET tags = '[' WHERE url LIKE '%/5'", "damaged"),
    "an article without search row": (f"{TAKE_OUT} WHERE url LIKE '%/5'", "damaged"),
    "an article without fingerprints": (
        "DELETE FROM article_fingerprints WHERE article_id = (SELECT max(id) FROM articles)",
        "damaged",
    ),
    "fingerprints of no article": ("INSERT INTO article_fingerprints VALUES (17, 0, x'')", "damaged"),
    "fingerprints of another text": (
        "UPDATE article_fingerprints SET hashes = x'000000000001' WHERE words >= 30",
        "damaged",
    ),
    "a fingerprint that leads nowhere": (
        "DELETE FROM fingerprints WHERE hash = (SELECT max(hash) FROM fingerprints)",
        "damaged",
    ),
    "half a pair": ("INSERT INTO copies SELECT min(id), max(id), 1, 1, 40, NULL FROM articles", "damaged"),
    "a pair of nothing": (
        "INSERT INTO copies VALUES (1, 2, 1, 1, 9, NULL), (2, 1, 1, 1, 9, NULL)",
        "damaged",
    ),
    "a search row of nothing": ("INSERT INTO articles_fts (rowid, title) VALUES (5, 'слово')", "damaged"),
    "a search index of other words": (f"{EMPTY}; {OTHER_WORDS}", "damaged"),
}


@pytest.mark.parametrize("fault", NEWS_FAULTS)
def test_a_fault_in_the_articles_is_found_and_named(full_desk, fault):
    statements, kind = NEWS_FAULTS[fault]
    with tampering(full_desk.folder.news) as db:
        for statement in statements.split("; "):
            db.execute(statement)
    result = run(full_desk.folder)
    assert result.exit_code == 6, result.output
    assert f"0 {kind}" not in result.stdout.splitlines()[-1].split(", ")


def test_one_article_twice_is_found_even_where_the_index_does_not_know(full_desk):
    with tampering(full_desk.folder.news) as db:
        columns = ", ".join(row[1] for row in db.execute("PRAGMA table_info(articles)") if row[1] != "id")
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = replace(sql, 'url_key TEXT NOT NULL UNIQUE', "
                   "'url_key TEXT NOT NULL       ') WHERE name = 'articles'")  # fmt: skip
        db.execute("DELETE FROM sqlite_master WHERE name LIKE 'sqlite_autoindex_articles_%'")
        db.commit()
    with tampering(full_desk.folder.news) as db:
        db.execute(
            f"INSERT INTO articles (id, {columns}) "
            f"SELECT id + 500, {columns} FROM articles WHERE url LIKE '%/5'"
        )
    assert "1 double" in run(full_desk.folder).stdout.splitlines()[-1]


PAGE_FAULTS = {
    "a removed page": ("DELETE FROM pages WHERE id = 3", "lost"),
    "a removed body": (
        "DELETE FROM bodies WHERE sha256 = (SELECT body_sha256 FROM pages WHERE id = 3)",
        "lost",
    ),
    "a body cut short": ("UPDATE bodies SET zstd = substr(zstd, 1, length(zstd) - 4)", "damaged"),
    "another body": (
        "UPDATE bodies SET zstd = (SELECT zstd FROM bodies ORDER BY sha256 LIMIT 1), dictionary_id = NULL",
        "damaged",
    ),
    "a wrong length": ("UPDATE bodies SET length = length + 1", "damaged"),
    "a removed dictionary": ("DELETE FROM dictionaries", "damaged"),
    "a broken dictionary": ("UPDATE dictionaries SET body = x'00'", "damaged"),
}


@pytest.mark.parametrize("fault", PAGE_FAULTS)
def test_a_fault_in_the_pages_is_found_and_named(full_desk, fault):
    statement, kind = PAGE_FAULTS[fault]
    with tampering(full_desk.folder.pages) as db:
        db.execute(statement)
    result = run(full_desk.folder)
    assert result.exit_code == 6, result.output
    assert f"0 {kind}" not in result.stdout.splitlines()[-1].split(", ")


def test_words_left_in_the_index_by_a_wrong_update_are_found_by_a_full_audit(full_desk):
    with tampering(full_desk.folder.news) as db:
        (article,) = db.execute("SELECT id FROM articles WHERE url LIKE '%/5'").fetchone()
        # Taken out with other words than were put in, as a tool does that reads the old text too late.
        columns = "INSERT INTO articles_fts (articles_fts, rowid, title, lead, body) "
        db.execute(columns + "VALUES ('delete', ?, 'иное', '', '')", [article])
        db.execute("INSERT INTO articles_fts (rowid, title) VALUES (?, 'слово')", [article])
    assert run(full_desk.folder).exit_code == 0
    result = run(full_desk.folder, "--full")
    assert result.exit_code == 6
    assert result.stdout.splitlines()[-1] == "0 lost, 0 double, 1 damaged"


def test_each_damaged_page_is_counted_once(full_desk):
    with tampering(full_desk.folder.pages) as db:
        (name,) = db.execute("SELECT hex(sha256) FROM bodies LIMIT 1").fetchone()
        db.execute("UPDATE bodies SET zstd = x'00' WHERE hex(sha256) = ?", [name])
    for arguments in ([], ["--full"]):
        shown = run(full_desk.folder, *arguments).stdout
        assert shown.splitlines()[-1] == "0 lost, 0 double, 1 damaged"
        assert name[:16].lower() in shown


@pytest.mark.parametrize("name", ["news", "pages"])
def test_fault_49_a_flipped_page_of_the_file_is_found_and_not_an_error(full_desk, name):
    path = getattr(full_desk.folder, name)
    full_desk.archive.close()
    data = bytearray(path.read_bytes())
    for start in range(4096 * 3, len(data), 4096):
        data[start : start + 64] = os.urandom(64)
    path.write_bytes(data)
    result = run(full_desk.folder, "--full")
    assert result.exit_code == 6 or "no readable database" in str(result.exception)
    assert result.stdout == "" or "0 damaged" not in result.stdout.splitlines()[-1]


def test_a_missing_file_of_pages_is_said_at_once(full_desk):
    full_desk.archive.close()
    full_desk.folder.pages.unlink()
    assert "restore it from a backup" in str(run(full_desk.folder).exception)


def test_a_page_that_waits_to_be_read_is_a_note_and_no_fault(full_desk):
    full_desk.archive.pages.keep(full_desk.page("/late", b"<p>late</p>"), kind="article")
    full_desk.archive.frontier.offer(SOURCE, [full_desk.found("/late")], now=NOON)
    full_desk.archive.frontier.take(SOURCE, full_desk.run, limit=5, now=NOON)
    full_desk.archive.runs.end(full_desk.run, status="stopped", reason="Ctrl-C", ended_at=NOON, seconds=1.5)
    result = run(full_desk.folder)
    assert result.exit_code == 0
    assert "pages waiting to be read: 1" in result.stdout
    assert "1 of ended ones" in result.stdout


def test_an_audit_changes_nothing_and_waits_for_nobody(full_desk):
    with closing(sqlite3.connect(full_desk.folder.news, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE articles SET body = 'halfway'")
        before = full_desk.folder.news.read_bytes()
        assert run(full_desk.folder, "--full").exit_code == 0
        assert full_desk.folder.news.read_bytes() == before
        writer.execute("ROLLBACK")


KILLED_WRITER = """
import os, signal, sys
from datetime import datetime, UTC
from archive.identity import url_key
from archive.records import Article, Page, Visit
from archive.store.archive import Archive
from archive.store.folder import archive_folder

now = datetime(2026, 3, 10, 7, tzinfo=UTC)
archive = Archive(archive_folder(sys.argv[1]))
archive.sources.save("s", name="s", home="h", languages=[], timezone="UTC", region=None)
run = archive.runs.begin("s", started_at=now, version="t")
for n in range(40):
    url = f"https://s.example/{n}"
    page_id = archive.pages.keep(Page(url, url, "s", now, 200, (), os.urandom(3000)), kind="article")
    words = f"words of {n} " * 100
    article = Article(url=url, requested_url=url, url_key=url_key(url), title=f"t {n}", body=words)
    if n == 39:
        archive.news.conn.execute("BEGIN IMMEDIATE")  # the last one is never committed
    archive.keep_article(run, "s", article, Visit(url, "article", 200, now, page_id=page_id))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_fault_43_an_archive_is_sound_right_after_its_writer_was_killed(tmp_path):
    folder = tmp_path / "killed"
    killed = subprocess.run([sys.executable, "-c", KILLED_WRITER, str(folder)], timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (folder / "news.db-wal").stat().st_size > 0
    result = CliRunner().invoke(audit, ["--full", "--archive", str(folder)])
    assert result.exit_code == 0, result.output
    assert "(39 articles)" in result.stdout
    assert "pages waiting to be read: 1" in result.stdout


def test_fingerprints_of_nothing_are_found_by_a_full_audit_and_made_good(full_desk):
    with tampering(full_desk.folder.news) as db:
        db.execute("INSERT INTO fingerprints VALUES (x'000000000001', 17)")
    found = run(full_desk.folder, "--full")
    assert found.exit_code == 6
    assert "muragat copies --rebuild" in found.stdout


def test_articles_of_an_earlier_version_are_a_note_and_no_fault(full_desk):
    with tampering(full_desk.folder.news) as db:
        for table in ("article_fingerprints", "fingerprints", "copies"):
            db.execute(f"DELETE FROM {table}")
        db.execute("INSERT INTO uncompared SELECT id FROM articles")
    result = run(full_desk.folder, "--full")
    assert result.exit_code == 0, result.output
    assert "note        articles not compared yet: 12 " in result.stdout

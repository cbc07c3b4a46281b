"""What is taken down is gone from every table and both files, stays gone, and nothing else is hurt."""

from __future__ import annotations

import json
import random
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from archive.health.audit import audit_archive
from archive.identity import url_key
from archive.raw.pages import PageStore
from archive.records import Link, Outcome, Teaser
from archive.store.archive import Archive
from archive.store.connection import open_to_read
from archive.store.together import written_together
from archive.takedown.taking import take_down, target_of
from crawler.cli import cli
from tests.store.conftest import NOON, SITE, SOURCE

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SECRET = "Ъжфкщ"  # a word no other article has
LATER = NOON + timedelta(days=1)


def html(words, *, filler):
    """A page large enough to be a dictionary for the others."""
    chance = random.Random(filler)
    text = " ".join(str(chance.randrange(10**6)) for _ in range(500))
    return f"<html><body><h1>{words}</h1><p>{text}</p></body></html>".encode()


def fill(desk):
    """A source whose first page, the pattern of the others, is the one to go; twice reworded, linked to."""
    title = f"Заголовок {SECRET}"
    desk.archive.frontier.offer(SOURCE, [desk.found("/a/1", title=title)], now=NOON)
    for at, body in ((NOON, f"Первый {SECRET}."), (LATER, f"Второй {SECRET}, иначе.")):
        desk.keep("/a/1", at=at, html=html(f"{SECRET} {body}", filler=1), title=title, body=body, lead=SECRET)
    for number in range(2, 8):
        links = (Link(f"{SITE}/a/{number - 1}", title if number == 2 else "Ещё", "related"),)
        links += (Link(f"{SITE}/other", "Другое", "inline"),)
        desk.keep(f"/a/{number}", html=html(f"Статья {number}", filler=number), links=links)
    desk.archive.articles.index.list_words()
    look_at_the_front(desk, NOON)


def look_at_the_front(desk, at, more=()):
    """The front page names the article in words of its own, above another."""
    teasers = [Teaser(f"{SITE}/a/1", f"На главной: {SECRET}"), Teaser(f"{SITE}/a/2", "Вторая"), *more]
    return desk.archive.fronts.look(SOURCE, f"{SITE}/", teasers, at=at)


def down(desk, named=f"{SITE}/a/1", **said):
    target = target_of(desk.archive, named)
    return take_down(desk.archive, target, **({"reason": "wish", "asked_by": "editor"} | said))


def faults(desk):
    return [finding for finding in audit_archive(desk.folder, full=True) if finding.is_fault]


def bytes_of(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.path.rglob("*")) if path.is_file())


def every_text(folder):
    """All values of all tables of both files, pages and dictionaries unpacked."""
    for path in (folder.news, folder.pages):
        with closing(open_to_read(path)) as db:
            for table in db.table_names():
                for row in db.query(f'SELECT * FROM "{table}"'):
                    yield from (str(value) for value in row.values())
    with closing(open_to_read(folder.pages)) as db:
        store = PageStore(db, folder.pages)
        yield from (page.body.decode() for page in store.pages("1", []))
        for row in db.query("SELECT body FROM dictionaries"):
            yield zstd.decompress(row["body"]).decode("utf-8", "replace")


def test_the_words_are_in_neither_file_nor_in_what_is_packed_there(desk):
    fill(desk)
    assert any(SECRET in text for text in every_text(desk.folder))
    taken = down(desk)
    assert (taken.pages, taken.links, taken.shared_with) == (2, 1, ())
    assert taken.packed_anew > 0
    # A front page that names it still is read without it.
    assert look_at_the_front(desk, LATER, [Teaser(f"{SITE}/a/3", "Третья")])
    assert not [text[:80] for text in every_text(desk.folder) if SECRET in text or SECRET.lower() in text]
    raw = bytes_of(desk.folder)
    for written in (SECRET, SECRET.lower()):
        assert written.encode() not in raw
    assert "Статья".encode() not in raw  # it is packed, as those were
    assert "Новость".encode() in raw


def test_nothing_else_is_hurt_and_the_audit_is_clean(desk):
    fill(desk)
    before = {row["id"]: row for row in desk.rows("SELECT * FROM articles WHERE url NOT LIKE '%/a/1'")}
    pages = {page.url: page.body for page in desk.archive.pages.pages("p.id > 2", [])}
    down(desk)
    assert not faults(desk)
    assert {row["id"]: row for row in desk.rows("SELECT * FROM articles")} == before
    assert {page.url: page.body for page in desk.archive.pages.pages("1", [])} == pages
    assert desk.value("SELECT count(*) FROM links WHERE text = 'Другое'") == 6
    assert desk.rows("SELECT sum(articles) AS n FROM daily_counts") == [{"n": 6}]


def test_a_tombstone_says_when_why_and_by_whom(desk):
    fill(desk)
    number = desk.value("SELECT id FROM articles WHERE url LIKE '%/a/1'")
    down(desk, reason="a court", asked_by="letter of 3 March")
    (row,) = desk.rows("SELECT * FROM takedowns")
    assert (row["article_id"], row["url"], row["source"]) == (number, f"{SITE}/a/1", SOURCE)
    assert (row["reason"], row["asked_by"]) == ("a court", "letter of 3 March")
    assert row["done_at"] >= row["taken_down_at"]
    assert desk.value("SELECT url_key FROM takedown_addresses") == url_key(f"{SITE}/a/1")


def test_it_is_offered_asked_and_kept_no_more_under_any_spelling(desk):
    fill(desk)
    down(desk)
    spellings = [desk.found(path, title=SECRET) for path in ("/a/1", "/a/1/", "/a/1?utm_source=x")]
    assert desk.archive.frontier.offer(SOURCE, spellings, now=LATER) == 0
    assert desk.keep("/a/1", at=LATER, body=SECRET, html=html(SECRET, filler=1)) is Outcome.REJECTED
    assert desk.value("SELECT count(*) FROM articles") == 6
    assert desk.archive.pages.db.table("pages").count_where("url LIKE '%/a/1'") == 0
    assert not [text[:80] for text in every_text(desk.folder) if SECRET in text]
    assert not faults(desk)


def test_another_address_that_leads_to_it_is_covered_too(desk):
    fill(desk)
    down(desk)
    key = url_key(f"{SITE}/a/1")
    # Before anyone knows where it leads, others have named it by the article's words.
    teaser = Teaser(f"{SITE}/amp/1", f"На главной: {SECRET}")
    desk.archive.fronts.look(SOURCE, f"{SITE}/", [teaser], at=LATER)
    desk.keep(
        "/a/9",
        at=LATER,
        html=html("Статья 9", filler=9),
        links=(Link(f"{SITE}/amp/1", f"Ссылка {SECRET}", "related"),),
    )
    assert desk.keep("/amp/1", at=LATER, body=SECRET, url_key=key) is Outcome.REJECTED
    assert not [text[:80] for text in every_text(desk.folder) if SECRET in text or SECRET.lower() in text]
    assert desk.archive.takedowns.covers(f"{SITE}/amp/1")
    assert desk.value("SELECT reason FROM fetches ORDER BY id DESC LIMIT 1") == "taken_down"
    assert not faults(desk)


def test_what_the_server_sent_before_a_browser_read_it_goes_too(desk):
    fill(desk)
    desk.archive.pages.keep(replace(desk.page("/a/1"), body=html(SECRET, filler=3)), kind="unrendered")
    down(desk)
    assert not [text[:80] for text in every_text(desk.folder) if SECRET in text]


def test_all_addresses_of_an_article_go_with_it(desk):
    article = desk.article("/a/1")
    page_id = desk.archive.pages.keep(desk.page("/short/1"), kind="article")
    visit = desk.visit("/short/1", page_id=page_id)
    desk.archive.keep_article(desk.run, SOURCE, replace(article, requested_url=visit.url), visit)
    down(desk)
    assert all(desk.archive.takedowns.covers(SITE + path) for path in ("/a/1", "/short/1"))
    assert desk.archive.pages.db.table("pages").count == 0


def test_its_number_is_never_given_again(desk):
    desk.keep("/a/1")
    number = desk.value("SELECT id FROM articles")
    down(desk, str(number))
    desk.keep("/a/2")
    assert desk.value("SELECT id FROM articles") == number + 1


def test_a_link_to_it_does_not_come_back_with_a_new_reading(desk):
    fill(desk)
    down(desk)
    before = desk.rows("SELECT * FROM articles WHERE url LIKE '%/a/2'")[0]
    links = (Link(f"{SITE}/a/1", f"Заголовок {SECRET}", "related"), Link(f"{SITE}/other", "Другое", "inline"))
    desk.archive.articles.reread(before, desk.article("/a/2", links=links), at=LATER, all_read=True)
    links = desk.rows("SELECT position, text FROM links WHERE article_id = ?", before["id"])
    assert links == [{"position": 0, "text": "Другое"}]


def test_an_address_that_was_never_kept_can_be_barred(desk):
    down(desk, f"{SITE}/never")
    assert desk.archive.frontier.offer(SOURCE, [desk.found("/never")], now=NOON) == 0
    assert desk.rows("SELECT article_id, source FROM takedowns") == [{"article_id": None, "source": None}]


def test_the_same_page_under_another_address_is_told(desk):
    body = html(SECRET, filler=1)
    desk.keep("/a/1", html=body)
    desk.keep("/copy", html=body)
    assert down(desk).shared_with == (f"{SITE}/copy",)
    assert down(desk, f"{SITE}/copy").shared_with == ()
    assert not [text for text in every_text(desk.folder) if SECRET in text]


@pytest.mark.parametrize("place", ["forget_pages", "take_out_rows", "wipe"])
def test_one_that_was_killed_is_told_and_done_to_its_end(desk, monkeypatch, place):
    fill(desk)

    def killed(*arguments, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"archive.takedown.taking.{place}", killed)
        with pytest.raises(KeyboardInterrupt):
            down(desk)
    assert "every takedown has ended" in {finding.check for finding in faults(desk)}
    assert desk.archive.frontier.offer(SOURCE, [desk.found("/a/1")], now=LATER) == 0
    down(desk)
    assert not faults(desk)
    assert SECRET.encode() not in bytes_of(desk.folder)


def test_logs_of_repairs_lose_its_lines_and_copies_of_files_are_named(desk):
    fill(desk)
    number = desk.value("SELECT id FROM articles WHERE url LIKE '%/a/1'")
    lines = [
        {"table": "articles", "why": "w", "row": {"id": number, "body": SECRET}},
        {"table": "links", "why": "w", "row": {"article_id": 5, "url": f"{SITE}/a/1", "text": SECRET}},
        {"table": "articles", "why": "w", "row": {"id": 7, "body": "Другое"}},
    ]
    log = desk.folder.logs / "repair-1.jsonl"
    log.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    copy = desk.folder.path / "news.db.damaged-20260310"
    copy.write_bytes(b"x")
    taken = down(desk)
    assert (taken.lines, taken.copies_of_files) == (2, (copy,))
    assert [json.loads(line)["row"]["id"] for line in log.read_text("utf-8").splitlines()] == [7]


def test_an_index_that_is_not_sound_is_made_anew(desk):
    fill(desk)
    desk.archive.news.conn.execute("UPDATE search_indexes SET analysis = 'older'")
    desk.archive.news.conn.commit()
    desk.archive.articles.index.known_state = None
    down(desk)
    assert not faults(desk)
    assert SECRET.lower().encode() not in bytes_of(desk.folder)


def run(*arguments, **options):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], **options)


@pytest.fixture
def folder(desk):
    """The filled archive, open to nobody."""
    fill(desk)
    return desk.folder


def test_the_command_asks_before_and_lists_afterwards(desk, folder):
    url = f"{SITE}/a/1"
    desk.archive.close()
    refused = run("takedown", url, "--archive", folder.path)
    assert refused.exit_code == 2
    assert "--yes" in refused.output
    done = run("takedown", url, "--archive", folder.path, "--yes", "--reason", "a wish", "--by", "the editor")
    assert done.exit_code == 0, done.output
    assert "Taken down: article" in done.output
    listed = run("takedown", "--list", "--archive", folder.path)
    assert "a wish; the editor" in listed.output
    (said,) = map(
        json.loads, run("takedown", "--list", "--json", "--archive", folder.path).output.splitlines()
    )
    assert said["url"] == url
    assert datetime.fromisoformat(said["done_at"]) <= datetime.now(UTC)
    again = run("takedown", url, "--archive", folder.path, "--yes")
    assert (again.exit_code, "already" in again.output) == (0, True)
    with Archive(folder) as archive:  # for the fixture, which closes it
        desk.archive = archive


def test_pages_that_are_left_go_when_it_is_taken_down_again(desk, folder):
    url = f"{SITE}/a/1"
    desk.archive.close()
    assert run("takedown", url, "--archive", folder.path, "--yes").exit_code == 0
    with Archive(folder) as archive:  # as one that was killed before it had refused a page leaves it
        for path in ("/a/1", "/a/1/"):
            archive.pages.keep(desk.page(path, html(SECRET, filler=1)), kind="article")
    again = run("takedown", url, "--archive", folder.path)
    assert (again.exit_code, "--yes" in again.output) == (2, True)
    again = run("takedown", url, "--archive", folder.path, "--yes")
    assert again.exit_code == 0, again.output
    assert "already" in again.output
    assert "Pages of it are left, which go now:" in again.output
    assert "2 kept pages" in again.output
    assert not [text for text in every_text(folder) if SECRET in text]
    assert SECRET.encode() not in bytes_of(folder)
    third = run("takedown", url, "--archive", folder.path, "--yes")
    assert (third.exit_code, "already" in third.output, "left" in third.output) == (0, True, False)
    copy = folder.path / "news.db.damaged-20260310"
    copy.write_bytes(b"x")
    fourth = run("takedown", url, "--archive", folder.path, "--yes")
    assert (fourth.exit_code, f"LEFT: {copy}" in fourth.output) == (6, True)
    with Archive(folder) as archive:
        desk.archive = archive
        assert not faults(desk)


def test_a_page_refused_among_others_goes_after_their_transaction(desk):
    fill(desk)
    down(desk)
    key = url_key(f"{SITE}/a/1")
    pages = desk.archive.pages.db

    def work(path, **fields):
        page_id = desk.archive.pages.keep(desk.page(path, html(SECRET, filler=1)), kind="article")
        article, visit = desk.article(path, **fields), desk.visit(path, page_id=page_id)
        return lambda archive: archive.keep_article(desk.run, SOURCE, article, visit)

    works = [work("/amp/1", url_key=key), work("/b/1", body="Иное.")]
    with closing(sqlite3.connect(desk.folder.pages)) as other:
        pages.conn.execute("PRAGMA busy_timeout = 10")
        other.execute("BEGIN IMMEDIATE")
        done = written_together(desk.archive, works)
        assert [one.answer for one in done] == [Outcome.REJECTED, Outcome.NEW]
        assert not desk.archive.news.conn.in_transaction
        assert pages.table("pages").count_where("url LIKE '%/amp/1'") == 1
        other.rollback()
    written_together(desk.archive, [lambda archive: None])
    assert pages.table("pages").count_where("url LIKE '%/amp/1'") == 0
    assert not faults(desk)


def test_what_is_no_address_is_refused(desk, folder):
    desk.archive.close()
    done = run("takedown", "вчерашняя статья", "--archive", folder.path, "--yes")
    assert done.exit_code == 2
    assert "name an address" in done.output
    done = run("takedown", "12345", "--archive", folder.path, "--yes")
    assert done.exit_code == 2
    assert "no article has the number 12345; name an address or the number" in done.output


def test_a_number_of_what_was_taken_down_names_it_still(desk, folder):
    number = desk.value("SELECT id FROM articles WHERE url LIKE '%/a/1'")
    desk.archive.close()
    assert run("takedown", number, "--archive", folder.path, "--yes").exit_code == 0
    again = run("takedown", number, "--archive", folder.path, "--yes")
    assert again.exit_code == 0
    assert f"{SITE}/a/1 was taken down already" in again.output
    for named in (number, f"{SITE}/a/1"):
        for command in ("changes", "copies"):
            told = run(command, named, "--archive", folder.path)
            assert told.exit_code == 2
            assert f"Error: {named} was taken down on 2" in told.output
    assert "no article '12345' here" in run("changes", "12345", "--archive", folder.path).output


def test_of_an_address_that_nobody_knew_it_is_said_that_nothing_was_here(desk, folder):
    desk.archive.close()
    done = run("takedown", f"{SITE}/never", "--archive", folder.path, "--yes")
    assert done.exit_code == 0
    assert f"Nothing of {SITE}/never was kept; it will never be asked or taken in.\n" in done.output
    assert "Taken down" not in done.output


def test_an_export_says_how_many_of_its_lines_are_of_takedowns(desk, folder, tmp_path):
    down(desk)
    down(desk, f"{SITE}/a/2")
    to = ("export", "--archive", folder.path, "--to", tmp_path / "x.jsonl")
    assert "5 articles and 2 lines about what was taken down to" in run(*to, "--with-takedowns").stderr
    assert "5 articles to" in run(*to).stderr


def test_a_reader_that_keeps_the_log_in_use_is_told(desk, monkeypatch):
    fill(desk)
    with closing(open_to_read(desk.folder.news)) as reader:
        reader.conn.execute("BEGIN")
        reader.conn.execute("SELECT count(*) FROM articles").fetchone()
        with pytest.raises(Exception, match=r"another program (reads|has locked) it"):
            down(desk)
        reader.conn.rollback()
    down(desk)
    assert not faults(desk)

"""What was taken down in one archive is in the whole no more, whichever is taken into which, and when."""

from __future__ import annotations

import os
import random
import signal

import pytest

from archive.merging import takedowns
from archive.records import Link, Outcome, Refusal, Teaser
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from archive.takedown.taking import take_down, target_of
from tests.merging.conftest import desk_at, dump, faults, merged, rows
from tests.store.conftest import NOON, SITE, SOURCE
from tests.takedown.test_takedown import LATER, SECRET, bytes_of, every_text


def html(words, filler):
    """A page large enough to be a dictionary for the others."""
    chance = random.Random(filler)
    text = " ".join(str(chance.randrange(10**6)) for _ in range(500))
    return f"<html><body><h1>{words}</h1><p>{text}</p></body></html>".encode()


def with_secret(desk):
    """A source whose first page, the pattern of the others, is to go: reworded, linked to, on a front."""
    title = f"Заголовок {SECRET}"
    desk.archive.frontier.offer(SOURCE, [desk.found("/a/1", title=title)], now=NOON)
    for at, body in ((NOON, f"Первый {SECRET}."), (LATER, f"Второй {SECRET}, иначе.")):
        desk.keep("/a/1", at=at, html=html(f"{SECRET} {body}", 1), title=title, body=body, lead=SECRET)
    for number in range(2, 6):
        links = (Link(f"{SITE}/a/1", title, "related"), Link(f"{SITE}/other", "Другое", "inline"))
        desk.keep(f"/a/{number}", html=html(f"Статья {number}", number), links=links)
    teasers = [Teaser(f"{SITE}/a/1", f"На главной: {SECRET}"), Teaser(f"{SITE}/a/2", "Вторая")]
    desk.archive.fronts.look(SOURCE, f"{SITE}/", teasers, at=NOON)
    refusal = Refusal(f"{SITE}/a/1", "odd", f"it says {SECRET}")
    desk.archive.runs.refuse(desk.run, SOURCE, "clean", [refusal], now=NOON)


def with_tombstone(desk):
    """The same article, taken down here."""
    desk.keep("/a/1", html=html("то же", 7), body="То же.")
    desk.keep("/a/9", html=html("Девятая", 9))
    down(desk)


def down(desk):
    target = target_of(desk.archive, f"{SITE}/a/1")
    return take_down(desk.archive, target, reason="a court", asked_by="letter of 3 March")


def secrets(path):
    return [text[:80] for text in every_text(ArchiveFolder(path)) if SECRET in text or SECRET.lower() in text]


def assert_gone(path):
    assert not secrets(path)
    raw = bytes_of(ArchiveFolder(path))
    assert SECRET.encode() not in raw
    assert SECRET.lower().encode() not in raw
    assert not faults(path)
    assert rows(path, "SELECT count(*) FROM articles WHERE url LIKE '%/a/1'") == [(0,)]
    assert rows(path, "SELECT count(*) FROM pages WHERE url LIKE '%/a/1'", file="pages.db") == [(0,)]
    (stone,) = rows(path, "SELECT reason, asked_by, done_at IS NOT NULL FROM takedowns")
    assert stone == ("a court", "letter of 3 March", 1)


def others(path):
    return {url.rsplit("/", 1)[1] for (url,) in rows(path, "SELECT url FROM articles")}


@pytest.mark.parametrize("first", ["secret", "stone"])
def test_taken_into_an_empty_archive_in_both_orders(make, tmp_path, first):
    parts = {"secret": make("secret", with_secret), "stone": make("stone", with_tombstone)}
    assert secrets(parts["secret"])
    order = [parts.pop(first), *parts.values()]
    said = merged(tmp_path / "whole", *order)
    went = "1 article went" if first == "secret" else "no article went"
    stayed = "" if first == "secret" else "; 1 taken down here stayed behind"
    summary = said.stdout.strip()
    assert summary.replace(stayed, "").endswith(f"; 1 takedown of theirs holds here too, for which {went}")
    assert stayed in summary
    assert_gone(tmp_path / "whole")
    assert others(tmp_path / "whole") == {"2", "3", "4", "5", "9"}
    before = dump(tmp_path / "whole")
    merged(tmp_path / "whole", *order)
    assert dump(tmp_path / "whole") == before


def test_what_is_here_goes_when_it_was_taken_down_there(make):
    here, there = make("here", with_secret), make("there", with_tombstone)
    number = rows(here, "SELECT id FROM articles WHERE url LIKE '%/a/1'")
    merged(here, there)
    assert_gone(here)
    assert rows(here, "SELECT article_id FROM takedowns") == number
    assert rows(here, "SELECT count(*) FROM links WHERE text = 'Другое'") == [(4,)]


def test_what_was_taken_down_here_does_not_come_from_there_nor_by_its_dictionary(make):
    here, there = make("here", with_tombstone), make("there", with_secret)
    merged(here, there)
    assert_gone(here)
    packed = rows(here, "SELECT count(*) FROM bodies WHERE dictionary_id IS NOT NULL", file="pages.db")
    assert packed[0][0] > 0
    with desk_at(here) as desk:
        assert desk.keep("/a/1", at=LATER, body=SECRET) is Outcome.REJECTED


def test_a_tombstone_of_what_nobody_has_holds_for_what_comes_later(make, tmp_path):
    stone, secret = make("stone", with_tombstone), make("secret", with_secret)
    merged(tmp_path / "whole", stone)
    assert rows(tmp_path / "whole", "SELECT article_id IS NOT NULL FROM takedowns") == [(1,)]
    merged(tmp_path / "whole", secret)
    assert_gone(tmp_path / "whole")


def test_an_address_that_only_the_other_archive_knows_to_lead_there_is_covered(make, tmp_path):
    def elsewhere(desk):
        page = desk.page("/short", html(SECRET, 3), url=f"{SITE}/a/1")
        page_id = desk.archive.pages.keep(page, kind="article")
        article = desk.article("/a/1", requested_url=f"{SITE}/short", body=SECRET, title=SECRET)
        visit = desk.visit("/short", page_id=page_id)
        assert desk.archive.keep_article(desk.run, SOURCE, article, visit) is Outcome.NEW
        desk.keep("/a/2", html=b"<p>2</p>", links=(Link(f"{SITE}/short", SECRET, "related"),))

    here, there = make("here", with_tombstone), make("there", elsewhere)
    merged(here, there)
    assert_gone(here)
    covered = {key for (key,) in rows(here, "SELECT url_key FROM takedown_addresses")}
    assert covered == {"steppe.example/a/1", "steppe.example/short"}
    with desk_at(here) as desk:
        assert desk.archive.frontier.offer(SOURCE, [desk.found("/short")], now=LATER) == 0


def test_an_article_of_ours_at_such_an_address_stays(make):
    """Nobody asked for that: the other archive took two addresses for one article, this one did not."""

    def elsewhere(desk):
        page_id = desk.archive.pages.keep(
            desk.page("/own", html(SECRET, 3), url=f"{SITE}/a/1"), kind="article"
        )
        article = desk.article("/a/1", requested_url=f"{SITE}/own", body=SECRET)
        desk.archive.keep_article(desk.run, SOURCE, article, desk.visit("/own", page_id=page_id))

    here = make("here", with_tombstone, lambda desk: desk.keep("/own", body="Своя статья."))
    merged(here, make("there", elsewhere))
    assert_gone(here)
    assert others(here) == {"9", "own"}


def test_a_number_that_another_article_has_here_is_not_called_taken_down(make):
    here = make("here", lambda desk: desk.keep("/other", body="Другая."))
    there = make("there", with_tombstone)
    ((number,),) = rows(here, "SELECT id FROM articles")
    assert rows(there, "SELECT article_id FROM takedowns") == [(number,)]
    merged(here, there)
    assert rows(here, "SELECT article_id, url FROM takedowns") == [(None, f"{SITE}/a/1")]
    assert not faults(here)


def test_both_took_it_down_and_it_is_one_tombstone(make):
    here, there = make("here", with_tombstone), make("there", with_secret, down)
    merged(here, there)
    assert rows(here, "SELECT count(*) FROM takedowns") == [(1,)]
    assert not faults(here)


@pytest.mark.parametrize("place", ["forget_pages", "take_out_rows", "forget_words", "finish"])
def test_killed_while_taking_down_it_is_done_the_next_time(make, tmp_path, place):
    here, there = make("here", with_secret), make("there", with_tombstone)
    child = os.fork()
    if not child:
        setattr(takedowns, place, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
        merged(here, there)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    with Archive(ArchiveFolder(here)) as archive:
        assert archive.takedowns.covers(f"{SITE}/a/1")  # it holds from the first moment
    merged(here, there)
    assert_gone(here)

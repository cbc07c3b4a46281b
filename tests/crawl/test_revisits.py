"""What a later visit finds: nothing new, an edit, our own better reading, or no article any more."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Archive, Done, MisbehavingSite, Visitor, article_page

Crawl = Callable[..., Done]
PATH = "/a/good"
ADVERT = "Читатели степного края встречаются каждую пятницу в нашем книжном магазине."


def hours_pass(archive: Archive, hours: int) -> None:
    """Make all that was noted older, as if so much time had passed."""
    columns = {
        "addresses": ("checked_at", "next_visit_at"),
        "frontier": ("found_at", "not_before"),
        "missing": ("since",),
        "articles": ("first_seen_at", "last_seen_at", "gone_at"),
        "revisions": ("seen_at",),
    }
    db = sqlite3.connect(archive.path / "news.db")
    with db:
        for table, names in columns.items():
            earlier = ", ".join(f"{n} = strftime('%Y-%m-%dT%H:%M:%SZ', {n}, '-{hours} hours')" for n in names)
            db.execute(f"UPDATE {table} SET {earlier}")
    db.close()


def change(archive: Archive, statement: str, *values: object) -> None:
    db = sqlite3.connect(archive.path / "news.db")
    with db:
        db.execute(statement, values)
    db.close()


def status(code: int) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.answer("no", status=code)


def page(html: str) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.answer(html)


def to_the_front_page(visitor: Visitor) -> None:
    visitor.answer("", status=302, Location="/")


def with_tag(visitor: Visitor) -> None:
    """A page that says whether it changed."""
    if visitor.headers.get("If-None-Match") == '"1"':
        visitor.send_response(304)
        visitor.end_headers()
        return
    visitor.answer(undated(visitor.path), ETag='"1"')


def undated(path: str) -> str:
    """A good page without a date: the plan of its visits counts from when it was first seen."""
    return article_page(path).replace("article:published_time", "x")


def revisions(archive: Archive) -> list[Any]:
    return [row[0] for row in archive.rows("SELECT cause FROM revisions ORDER BY article_id, number")]


@pytest.fixture
def good(site: MisbehavingSite, crawl_site: Crawl) -> MisbehavingSite:
    """A site whose one article is kept."""
    site.routes["/"] = page(undated("/"))
    site.article(PATH, page(undated(PATH)))
    assert crawl_site().code == 0
    return site


@pytest.mark.parametrize(
    "answer",
    [status(404), to_the_front_page, page("<html><body><h1>Такой страницы нет</h1></body></html>")],
    ids=["404", "front page", "soft 404"],
)
def test_what_two_looks_an_hour_apart_do_not_find_is_gone_and_keeps_its_text(
    good: MisbehavingSite, crawl_site: Crawl, archive: Archive, answer: Any
) -> None:
    good.routes[PATH] = answer
    hours_pass(archive, 2)
    assert "1 failed, 1 waiting" in crawl_site().out
    assert archive.rows("SELECT gone_at FROM articles") == [(None,)]
    assert "missing" in archive.reasons().values()
    crawl_site()
    assert good.paths_asked().count(PATH) == 2, "not asked again before the hour is over"
    hours_pass(archive, 1)
    assert "1 gone" in crawl_site().out
    ((gone_at, body, count),) = archive.rows("SELECT gone_at, body, revisions FROM articles")
    assert gone_at
    assert "Река вышла из берегов" in body
    assert count == 1


def test_410_is_gone_at_once_and_what_comes_back_is_said(
    good: MisbehavingSite, crawl_site: Crawl, archive: Archive
) -> None:
    good.routes[PATH] = status(410)
    hours_pass(archive, 2)
    assert "1 gone" in crawl_site().out
    good.routes[PATH] = page(undated(PATH))
    hours_pass(archive, 2)
    done = crawl_site()
    assert "1 unchanged" in done.out
    assert "came_back: 1" in done.out
    assert archive.rows("SELECT gone_at, revisions FROM articles") == [(None, 1)]


@pytest.mark.parametrize("answer", [500, 403, "robots"])
def test_what_is_no_answer_never_makes_an_article_gone(
    good: MisbehavingSite, crawl_site: Crawl, archive: Archive, answer: int | str
) -> None:
    if answer == "robots":
        good.routes["/robots.txt"] = lambda visitor: visitor.answer(
            "User-agent: *\nDisallow: /a/", "text/plain"
        )
    else:
        good.routes[PATH] = status(int(answer))
    for _ in range(2):
        hours_pass(archive, 30)
        crawl_site()
    assert good.paths_asked().count(PATH) > 2 or answer == "robots"
    assert archive.rows("SELECT gone_at FROM articles") == [(None,)]
    assert archive.rows("SELECT count(*) FROM missing") == [(0,)]


def test_visits_are_conditional_and_come_after_what_is_new(
    site: MisbehavingSite, crawl_site: Crawl, archive: Archive
) -> None:
    for number in range(3):
        site.article(f"/a/old{number}", with_tag)
    assert crawl_site().code == 0
    site.articles += ["/a/new"]
    site.routes["/a/new"] = with_tag
    site.pace = "delay_seconds = 0\nvisits_per_crawl = 2"
    site.asked.clear()
    hours_pass(archive, 2)
    assert "1 new, 2 unchanged" in crawl_site().out
    articles = [(path, headers.get("If-None-Match")) for _, path, headers in site.asked if "/a/" in path]
    # Without any pause the first two may overtake each other on their way; the list has the new one first.
    assert ("/a/new", None) in articles[:2]
    assert sorted(tag for _, tag in articles if tag) == ['"1"', '"1"']
    assert "1 unchanged" in crawl_site().out  # what was left by the budget
    assert "nothing new" in crawl_site().out


def test_an_edit_is_the_publishers_and_a_counter_is_none(
    good: MisbehavingSite, crawl_site: Crawl, archive: Archive
) -> None:
    html = undated(PATH)
    good.routes[PATH] = page(html.replace("</article>", "<p>Просмотров: 1 204</p></article>"))
    assert "1 unchanged" in crawl_site("--revisit").out
    good.routes[PATH] = page(html.replace("нижней улицы", "верхней улицы"))
    assert "1 revised" in crawl_site("--revisit").out
    assert revisions(archive) == ["first", "publisher"]


def read_worse_before(archive: Archive) -> None:
    """Make the kept reading one of an older version, that took an advertisement for text."""
    for table in ("articles", "revisions"):
        change(archive, f"UPDATE {table} SET cleaned_with = '0', content_hash = 'older'")
    change(archive, "UPDATE articles SET body = body || char(10) || char(10) || ?", ADVERT)


def test_what_only_we_read_better_is_not_the_publishers_edit(
    good: MisbehavingSite, crawl_site: Crawl, archive: Archive
) -> None:
    read_worse_before(archive)
    assert "1 unchanged" in crawl_site("--revisit").out
    assert revisions(archive) == ["first", "recleaned"]
    assert archive.rows("SELECT number FROM revision_texts WHERE body LIKE ?", f"%{ADVERT}") == [(1,)]
    assert "1 unchanged" in crawl_site("--revisit").out
    assert revisions(archive) == ["first", "recleaned"]


def test_a_better_reading_and_an_edit_are_two_revisions(
    good: MisbehavingSite, crawl_site: Crawl, archive: Archive
) -> None:
    read_worse_before(archive)
    good.routes[PATH] = page(undated(PATH).replace("нижней улицы", "верхней улицы"))
    assert "1 revised" in crawl_site("--revisit").out
    assert revisions(archive) == ["first", "recleaned", "publisher"]
    texts = [row[0] for row in archive.rows("SELECT body FROM revision_texts ORDER BY number")]
    assert [ADVERT in text for text in texts] == [True, False, False]
    assert ["верхней" in text for text in texts] == [False, False, True]
    pages = [row[0] for row in archive.rows("SELECT page_id FROM revisions ORDER BY number")]
    assert pages[0] == pages[1] != pages[2]


def test_an_older_reading_that_was_as_good_leaves_the_edit_to_the_publisher(
    good: MisbehavingSite, crawl_site: Crawl, archive: Archive
) -> None:
    change(archive, "UPDATE articles SET cleaned_with = '0'")
    good.routes[PATH] = page(undated(PATH).replace("нижней улицы", "верхней улицы"))
    crawl_site("--revisit")
    assert revisions(archive) == ["first", "publisher"]


def test_where_the_earlier_page_is_lost_and_the_version_another_nobody_is_accused(
    good: MisbehavingSite, crawl_site: Crawl, archive: Archive
) -> None:
    change(archive, "UPDATE articles SET cleaned_with = '0', page_id = 999")
    good.routes[PATH] = page(undated(PATH).replace("нижней улицы", "верхней улицы"))
    crawl_site("--revisit")
    assert revisions(archive) == ["first", "recleaned"]


def test_what_a_learned_layout_takes_away_is_not_the_publishers_edit(
    site: MisbehavingSite, crawl_site: Crawl, archive: Archive, tmp_path: Any
) -> None:
    html = article_page(PATH).replace("</article>", f"<p class='shop'>{ADVERT}</p></article>")
    site.article(PATH, page(html))
    assert crawl_site().code == 0
    assert archive.rows("SELECT body LIKE ? FROM articles", f"%{ADVERT}%") == [(1,)]
    site.pace += '\n[boilerplate]\ndrop = [".shop"]'
    site.routes[PATH] = page(html + " ")
    assert "1 unchanged" in crawl_site("--revisit").out
    assert archive.rows("SELECT body LIKE ? FROM articles", f"%{ADVERT}%") == [(0,)]
    assert revisions(archive) == ["first", "recleaned"]


def test_other_fields_follow_the_page_and_what_it_no_longer_states_is_kept(
    site: MisbehavingSite, crawl_site: Crawl, archive: Archive
) -> None:
    said = "<meta name='author' content='Айгуль Серикова'><meta property='article:section' content='Город'>"
    site.article(PATH, page(article_page(PATH).replace("</head>", said + "</head>")))
    assert crawl_site().code == 0
    before = archive.rows("SELECT authors, section, published_at FROM articles")
    assert "Серикова" in before[0][0]
    assert before[0][1] == "Город"
    site.routes[PATH] = page(article_page(PATH).replace("article:published_time", "x"))
    crawl_site("--revisit")
    assert archive.rows("SELECT authors, section, published_at FROM articles") == before
    later = article_page(PATH).replace("2026-03-05T19:00", "2026-03-05T20:30")
    site.routes[PATH] = page(later.replace("</head>", said.replace("Город", "Область") + "</head>"))
    crawl_site("--revisit")
    assert archive.rows("SELECT section, published_at, revisions FROM articles") == [
        ("Область", "2026-03-05T15:30:00Z", 1)
    ]

"""The same story elsewhere, on the reading page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive.identity import url_key
from archive.records import Article, Page, Visit
from archive.site.words import say
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder

from .conftest import HOSTILE, NOW, PUBLISHED, Site, article, served

STORY = " ".join(f"слово{n}" for n in range(120))
Served = Callable[..., Site]


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Served]:
    """Keeps articles, each of a source of its own, and serves them."""
    sites: list[Iterator[Site]] = []

    def serve(*articles: Article) -> Site:
        folder = ArchiveFolder(tmp_path / "archive")
        with Archive(folder) as archive:
            for number, one in enumerate(articles):
                keep(archive, f"paper_{number}", one)
        sites.append(served(folder.news))
        return next(sites[-1])

    yield serve
    for site in sites:
        next(site, None)


def keep(archive: Archive, source: str, one: Article) -> None:
    archive.sources.save(
        source, name=f"Газета {source[-1]}", home="h", languages=["ru"], timezone="Asia/Almaty", region=None
    )
    run = archive.runs.begin(source, started_at=NOW, version="1")
    url = one.url.replace("steppe", source.replace("_", "-"))
    one = replace(one, url=url, requested_url=url, url_key=url_key(url))
    page_id = archive.pages.keep(Page(url, url, source, NOW, 200, (), url.encode()), kind="article")
    archive.keep_article(run, source, one, Visit(url, "article", 200, NOW, page_id=page_id))


def story(slug: str, hours: int, **changes: Any) -> Article:
    moment = PUBLISHED + timedelta(hours=hours)
    local = moment + timedelta(hours=5)
    times = {"published_at": moment, "published_local": local, "published_date": local.date()}
    body = changes.pop("body", STORY)
    return article(slug, f"Статья {slug}", body, **(times | changes))


def test_copies_are_listed_with_share_first_and_credit(published: Served) -> None:
    more = " ".join(f"иначе{n}" for n in range(60))
    reprint = story("reprint", 2, body=f"{STORY} {more}", agency="Газета 0")
    site = published(story("first", 0), reprint, article("other", "Другое", "Совсем другой текст."))
    html = site.page(f"/a/{site.ids['first']}")
    assert "The same story elsewhere" in html
    assert f'<a href="/a/{site.ids["reprint"]}">Статья reprint</a>' in html
    assert "100% of the text in common" in html
    assert html.count("published first") == 1
    assert "Газета 0" in html
    assert "The same story elsewhere" not in site.page(f"/a/{site.ids['other']}")


@pytest.mark.parametrize("share", [1, 2, 5, 21, 100])
def test_a_share_reads_well_whatever_its_number(share: int) -> None:
    assert say("share_of_text", "ru", share=share) == f"совпадает {share}\u00a0% текста"
    assert say("share_of_text", "kk", share=share) == f"мәтіннің {share} пайызы ортақ"
    assert say("share_of_text", "en", share=share) == f"{share}% of the text in common"


@pytest.mark.parametrize(
    ("language", "heading"),
    [("ru", "Тот же текст в других изданиях"), ("kk", "Осы мәтін басқа басылымдарда")],
)
def test_the_block_speaks_the_readers_language(published: Served, language: str, heading: str) -> None:
    site = published(story("first", 0), story("reprint", 2))
    assert heading in site.page(f"/a/{site.ids['first']}", language)


def test_of_two_that_state_only_the_day_none_is_called_first(published: Served) -> None:
    site = published(story("one", 0, published_precision="day"), story("two", 1))
    html = site.page(f"/a/{site.ids['one']}")
    assert "published first" not in html
    assert html.count("first, or another of the same day") == 2


def test_what_other_papers_wrote_is_shown_and_never_run(published: Served) -> None:
    site = published(story("one", 0), replace(story("two", 1, agency=HOSTILE), title=HOSTILE))
    html = site.page(f"/a/{site.ids['one']}")
    assert "The same story elsewhere" in html
    assert "<script>alert" not in html
    assert "\u202e" not in html


def test_an_archive_of_an_earlier_version_is_read_as_before(published: Served, tmp_path: Path) -> None:
    site = published(story("one", 0), story("two", 1))
    with closing(Database(tmp_path / "archive" / "news.db")) as db:
        for view, name in (("VIEW", "copy_pairs"), ("TABLE", "copies")):
            db.conn.execute(f"DROP {view} {name}")
        db.conn.commit()
    answer = asyncio.run(site.datasette.client.get(f"/a/{site.ids['one']}"))
    assert answer.status_code == 200
    told = site.page(f"/a/{site.ids['one']}/story")
    assert "Not all texts of this archive have been compared yet." in told
    assert "Nobody else" not in told
    assert "In this paper only" not in told


def test_while_texts_wait_to_be_compared_nobody_is_said_to_be_alone(
    published: Served, tmp_path: Path
) -> None:
    site = published(story("one", 0))
    with closing(Database(tmp_path / "archive" / "news.db")) as db:
        db.conn.execute("INSERT INTO uncompared SELECT id FROM articles")
        db.conn.commit()
    told = site.page(f"/a/{site.ids['one']}/story")
    assert "Not all texts of this archive have been compared yet." in told
    assert "This text elsewhere" in told
    assert "In this paper only" not in told


def test_papers_of_one_name_are_two(published: Served, tmp_path: Path) -> None:
    site = published(story("one", 0), story("two", 1))
    with closing(Database(tmp_path / "archive" / "news.db")) as db:
        db.conn.execute("UPDATE sources SET name = 'Новости'")
        db.conn.commit()
    for path in (f"/a/{site.ids['two']}", f"/a/{site.ids['two']}/story"):
        assert "The same story elsewhere" in site.page(path)


def test_researchers_choose_their_own_threshold_in_the_tables(published: Served) -> None:
    site = published(story("one", 0), story("two", 1), story("half", 2, body=" ".join(STORY.split()[:60])))
    rows = site.get("/news/copy_pairs.json?share_of_article__gte=0.9&_shape=array").json()
    assert {(row["source"], row["other_source"], row["share"]) for row in rows} == {
        ("paper_0", "paper_1", 1.0),
        ("paper_1", "paper_0", 1.0),
        ("paper_2", "paper_0", 1.0),
        ("paper_2", "paper_1", 1.0),
    }


def test_the_story_says_what_each_paper_added_and_left_out(published: Served) -> None:
    more = " ".join(f"иначе{n}" for n in range(60))
    shorter = STORY.rsplit(" ", 20)[0]
    site = published(
        story("first", 0), story("longer", 2, body=f"{STORY}\n\n{more}"), story("shorter", 4, body=shorter)
    )
    html = site.page(f"/a/{site.ids['shorter']}/story")
    told = re.findall(r"<h2[^>]*>(?:<a[^>]*>)?([^<]+)", html)
    assert told == ["Статья first", "Статья longer", "Статья shorter"]
    assert "Against the first: 60 words added, 0 words left out." in html
    assert "Against the first: 0 words added, 20 words left out." in html
    assert "<ins>иначе0 иначе1" in html


def test_a_word_for_word_copy_is_called_so(published: Served) -> None:
    site = published(story("first", 0), story("copy", 2))
    assert "Word for word." in site.page(f"/a/{site.ids['first']}/story")


def test_an_article_nobody_copied_is_said_to_be_alone(published: Served) -> None:
    site = published(story("first", 0))
    html = site.page(f"/a/{site.ids['first']}/story")
    assert "Nobody else in the archive has this text." in html
    assert '<p class="kicker">In this paper only</p>' in html
    assert "elsewhere" not in html
    assert "других изданиях" not in site.page(f"/a/{site.ids['first']}/story", "ru")
    assert "/story" not in site.page(f"/a/{site.ids['first']}")


def test_a_paper_that_prints_its_own_text_again_is_no_other_paper(published: Served, tmp_path: Path) -> None:
    site = published(story("one", 0), story("two", 1))
    with closing(Database(tmp_path / "archive" / "news.db")) as db:
        db.conn.execute("UPDATE articles SET source = 'paper_0'")
        db.conn.commit()
    for path in (f"/a/{site.ids['two']}", f"/a/{site.ids['two']}/story"):
        html = site.page(path)
        assert "The same story again in this paper" in html
        assert "elsewhere" not in html

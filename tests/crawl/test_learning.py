"""A crawl learns where its pages show what, and so does `sources learn`; what a person wrote stays."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.records import Page
from archive.store.folder import ArchiveFolder
from crawler.cleaning.layout.repeats import can_be_written, shortened
from crawler.demo import DemoNewspaper
from crawler.runs.layouts import is_due, spread, written
from crawler.sources.errors import ProfileError
from crawler.sources.layouts import layout_path, layout_text, read_layout, with_layout
from crawler.sources.profile import Boilerplate, Layout, Source
from crawler.sources.shipped import load_profiles

from .conftest import SENTENCE, Archive, Done, MisbehavingSite

Command = Callable[..., Done]
SOURCE = Source(id="paper", name="Paper", home="https://paper.kz/", feeds=("https://paper.kz/feed",))
LAYOUT = Layout(
    fields={"title": "h1.headline"},
    boilerplate=Boilerplate(drop=("div.plea",), texts=("Наш канал",)),
    pages=12,
    learned_on="2026-03-05",
)
NOTE = "Газета выходит по средам и пятницам: она продаётся в каждом киоске степного края."


@pytest.fixture
def folder(tmp_path: Path) -> ArchiveFolder:
    return ArchiveFolder(tmp_path)


def kept(own: Path, text: str, source_id: str = "paper") -> Path:
    path = layout_path(own, source_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def learned_file(archive: Archive, source_id: str = "site") -> Path:
    return layout_path(archive.path / "sources", source_id)


NAMES = ["Садовая", "Речная", "Школьная", "Степная", "Вокзальная", "Больничная", "Песчаная", "Мельничная"]


def noted_page(name: str, *, box: str = "text") -> str:
    """A page any reader would take for an article, with a line its paper puts under each."""
    paragraphs = "".join(f"<p>{name}, дом {n}: {SENTENCE * 2}</p>" for n in range(4))
    return (
        f"<!doctype html><html lang=ru><head><title>Вода на улице {name}</title>"
        "<meta property='og:type' content='article'>"
        "<meta property='article:published_time' content='2026-03-05T19:00:00+05:00'></head>"
        f"<body><div class=page><h1 class=name>{name} под водой</h1><div class={box}>{paragraphs}"
        f"<p>{NOTE}</p></div></div></body></html>"
    )


@pytest.fixture
def noted_site(site: MisbehavingSite) -> MisbehavingSite:
    """Eight articles, each with the same line under it."""
    for number, name in enumerate(NAMES):
        site.article(f"/a/{number}", lambda visitor, name=name: visitor.answer(noted_page(name)))
    return site


def bodies(archive: Archive) -> list[str]:
    return [row[0] for row in archive.rows("SELECT body FROM articles ORDER BY url")]


def test_a_crawl_with_pages_enough_learns_and_the_next_one_uses_it(
    noted_site: MisbehavingSite, archive: Archive, crawl_site: Command, muragat: Command
) -> None:
    assert crawl_site().code == 0
    assert all(NOTE in body for body in bodies(archive))
    layout = read_layout(learned_file(archive))
    assert layout.fields["body"] == "div.text"
    assert layout.boilerplate.texts == (NOTE.rstrip("."),)
    assert layout.pages == len(NAMES)
    noted_site.article("/a/new", lambda visitor: visitor.answer(noted_page("Новая")))
    assert crawl_site().code == 0
    (body,) = (body for body in bodies(archive) if "Новая" in body)
    assert NOTE not in body
    assert archive.rows("SELECT count(*) FROM problems") == [(0,)]


def test_a_page_of_another_template_is_read_without_and_says_so(
    noted_site: MisbehavingSite, archive: Archive, crawl_site: Command
) -> None:
    assert crawl_site().code == 0
    noted_site.article("/a/new", lambda visitor: visitor.answer(noted_page("Новая", box="fresh")))
    assert crawl_site().code == 0
    ((body, problems),) = archive.rows("SELECT body, problems FROM articles WHERE url LIKE '%/new'")
    assert body.startswith("Новая, дом 0")
    assert "field_vanished" in problems
    assert "div.text" in problems


def test_a_layout_that_cannot_be_written_is_said_in_the_log_and_the_crawl_is_done(
    noted_site: MisbehavingSite, archive: Archive, crawl_site: Command
) -> None:
    blocked = learned_file(archive).parent
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("no folder", encoding="utf-8")
    assert crawl_site().code == 0
    logs = "".join(file.read_text("utf-8") for file in (blocked.parent.parent / "logs").iterdir())
    assert "no layout was learned" in logs


@pytest.mark.slow
def test_a_few_pages_are_not_enough_for_a_crawl_but_for_a_person_who_asks(
    noted_site: MisbehavingSite, archive: Archive, crawl_site: Command, muragat: Command, tmp_path: Path
) -> None:
    noted_site.articles = noted_site.articles[:3]
    assert crawl_site().code == 0
    assert not learned_file(archive).exists()
    asked = ("sources", "learn", "--profile", tmp_path / "site.toml", "--archive", archive.path)
    shown = muragat(*asked, "--dry-run")
    assert shown.code == 0
    assert "3 of 3 kept pages compared" in shown.out
    assert "body          div.text   same as without on 3 of 3" in shown.out
    assert f"on  3 pages   {NOTE[:60]}" in shown.out
    assert 'source = "site"' in shown.out
    assert not learned_file(archive).exists()
    done = muragat(*asked)
    assert done.code == 0
    assert str(learned_file(archive)) in done.out
    assert read_layout(learned_file(archive)).pages == 3


@pytest.mark.slow
def test_what_a_person_changed_stays_and_crawls_go_on_using_it(
    noted_site: MisbehavingSite, archive: Archive, crawl_site: Command, muragat: Command, tmp_path: Path
) -> None:
    assert crawl_site().code == 0
    path = learned_file(archive)
    mine = path.read_text(encoding="utf-8").replace(NOTE.rstrip("."), "Газета выходит по вторникам")
    path.write_text(mine, encoding="utf-8")
    noted_site.article("/a/new", lambda visitor: visitor.answer(noted_page("Новая")))
    assert crawl_site().code == 0
    asked = ("sources", "learn", "--profile", tmp_path / "site.toml", "--archive", archive.path)
    done = muragat(*asked)
    assert done.code == 0
    assert "changed by a person" in done.out
    assert path.read_text(encoding="utf-8") == mine
    (body,) = (body for body in bodies(archive) if "Новая" in body)
    assert NOTE in body


@pytest.mark.parametrize(
    ("articles", "said"),
    [
        (0, "Error: site: no article page of it is kept here"),
        (1, "Error: site: only one article page of it is kept here"),
    ],
)
def test_too_few_pages_are_one_clear_line(
    noted_site: MisbehavingSite,
    archive: Archive,
    crawl_site: Command,
    muragat: Command,
    tmp_path: Path,
    articles: int,
    said: str,
) -> None:
    noted_site.articles = noted_site.articles[:articles]
    crawl_site()
    done = muragat("sources", "learn", "--profile", tmp_path / "site.toml", "--archive", archive.path)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith(said)
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["no_such"], 2, "no source has the id 'no_such'"),
        ([], 2, "name a source or a --profile"),
        (["liter_kz"], 6, "no archive here"),
        (["liter_kz", "--pages", "1"], 2, "no whole number from 2 to 50"),
    ],
)
def test_a_wrong_question_is_one_clear_line(
    muragat: Command, tmp_path: Path, options: list[str], code: int, said: str
) -> None:
    done = muragat("sources", "learn", *options, "--archive", tmp_path / "nothing")
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err


@pytest.mark.slow
def test_a_layout_with_a_slip_stops_its_source_and_says_how_to_go_on(
    noted_site: MisbehavingSite, archive: Archive, crawl_site: Command, muragat: Command, tmp_path: Path
) -> None:
    assert crawl_site().code == 0
    path = learned_file(archive)
    path.write_text(path.read_text(encoding="utf-8").replace("div.text", "div["), encoding="utf-8")
    crawled = crawl_site()
    assert crawled.code == 3
    assert "site.toml" in crawled.err
    assert "fields.body" in crawled.err
    done = muragat("sources", "learn", "--profile", tmp_path / "site.toml", "--archive", archive.path)
    assert done.code == 3
    assert "or remove the file" in done.err


def test_a_damaged_page_store_is_one_clear_line(
    noted_site: MisbehavingSite, archive: Archive, crawl_site: Command, muragat: Command, tmp_path: Path
) -> None:
    assert crawl_site().code == 0
    db = sqlite3.connect(archive.path / "pages.db")
    db.execute("UPDATE bodies SET zstd = x'00'")
    db.commit()
    db.close()
    done = muragat("sources", "learn", "--profile", tmp_path / "site.toml", "--archive", archive.path)
    assert done.code == 6
    assert done.err.startswith("Error: ")
    assert "is damaged" in done.err
    assert "muragat audit" in done.err
    assert "Traceback" not in done.err


def test_the_demo_newspaper_is_learned_and_reads_the_same(
    newspaper: DemoNewspaper, profile: Path, archive: Archive, muragat: Command
) -> None:
    crawl = ("crawl", "--profile", profile, "--archive", archive.path, "--allow-private")
    assert muragat(*crawl).code == 0
    layout = read_layout(learned_file(archive, "demo"))
    assert set(layout.fields["body"].split(", ")) == {"div.story-text", "div.tdb_single_content"}
    assert layout.boilerplate == Boilerplate()
    before = bodies(archive)
    assert muragat(*crawl, "--revisit").code == 0
    assert bodies(archive) == before
    assert archive.rows("SELECT count(*) FROM revisions WHERE cause = 'recleaned'") == [(0,)]


def test_show_prints_a_profile_that_can_be_copied_and_what_was_learned_as_comments(
    noted_site: MisbehavingSite, archive: Archive, crawl_site: Command, muragat: Command, tmp_path: Path
) -> None:
    assert crawl_site().code == 0
    own = archive.path / "sources" / "site.toml"
    own.write_text((tmp_path / "site.toml").read_text(encoding="utf-8"), encoding="utf-8")
    shown = muragat("sources", "show", "site", "--archive", archive.path).out
    assert '# fields.body = "div.text"' in shown
    own.write_text(shown, encoding="utf-8")
    sources, errors = load_profiles(own.parent)
    assert errors == []
    assert sources["site"].fields == {}


def test_a_changed_layout_is_never_written_over(folder: ArchiveFolder) -> None:
    path = layout_path(folder.sources, "paper")
    assert "the next crawl uses it" in written(folder, "paper", layout_text("paper", LAYOUT))
    mine = path.read_text(encoding="utf-8").replace("div.plea", "div.pleas")
    path.write_text(mine, encoding="utf-8")
    said = written(folder, "paper", layout_text("paper", Layout(pages=3)))
    assert "changed by a person and stays as it is" in said
    assert path.read_text(encoding="utf-8") == mine
    beside = path.with_name(".paper.new.toml")
    assert "pages = 3" in beside.read_text(encoding="utf-8")
    assert load_profiles(folder.sources)[1] == []


@pytest.mark.parametrize("text", ["_" * 40, "…", "Don't \"read" + "." * 70, "Газета" + "." * 70 + "выходит"])
def test_what_is_learned_can_always_be_read_back(folder: ArchiveFolder, text: str) -> None:
    said = tuple(filter(can_be_written, [shortened(text)]))
    written(folder, "paper", layout_text("paper", Layout(boilerplate=Boilerplate(texts=said), pages=9)))
    assert read_layout(layout_path(folder.sources, "paper")).boilerplate.texts == said


def test_a_layout_that_cannot_be_read_back_is_never_kept(folder: ArchiveFolder) -> None:
    with pytest.raises(ProfileError):
        written(
            folder, "paper", layout_text("paper", Layout(boilerplate=Boilerplate(texts=("__",)), pages=9))
        )
    assert not layout_path(folder.sources, "paper").exists()


def test_an_unreadable_layout_nobody_changed_stops_nothing_and_is_learned_anew(folder: ArchiveFolder) -> None:
    path = layout_path(folder.sources, "paper")
    path.parent.mkdir(parents=True)
    path.write_text(
        layout_text("paper", Layout(boilerplate=Boilerplate(texts=("__",)), pages=9)), encoding="utf-8"
    )
    assert with_layout(SOURCE, folder.sources) == SOURCE
    assert is_due(path, SOURCE, 9, [], date(2026, 1, 1))


def test_an_unchanged_layout_gives_way_to_a_new_one(folder: ArchiveFolder) -> None:
    written(folder, "paper", layout_text("paper", LAYOUT))
    written(folder, "paper", layout_text("paper", Layout(pages=20)))
    assert read_layout(layout_path(folder.sources, "paper")).pages == 20
    assert [path.name for path in (folder.sources / "learned").iterdir()] == ["paper.toml"]


@pytest.mark.parametrize(
    ("layout", "kept_pages", "today", "due"),
    [
        (None, 9, "2026-03-06", True),
        (LAYOUT, 99, "2026-03-06", False),
        (LAYOUT, 99, "2026-04-06", True),
        (Layout(pages=8, learned_on="2026-03-05"), 15, "2026-03-06", False),
        (Layout(pages=8, learned_on="2026-03-05"), 16, "2026-03-06", True),
    ],
)
def test_a_crawl_learns_when_there_is_no_layout_or_an_old_one_or_one_of_few_pages(
    tmp_path: Path, layout: Layout | None, kept_pages: int, today: str, due: bool
) -> None:
    path = layout_path(tmp_path, "paper")
    if layout:
        kept(tmp_path, layout_text("paper", layout))
    assert is_due(path, SOURCE, kept_pages, [], date.fromisoformat(today)) is due


def test_a_layout_most_new_pages_do_not_fit_is_due(tmp_path: Path) -> None:
    path = kept(tmp_path, layout_text("paper", replace(LAYOUT, fields={"body": "div.text"})))

    def newest(*boxes: str) -> list[Page]:
        url, visit = "https://paper.kz/a", datetime(2026, 3, 6, tzinfo=UTC)
        bodies = [noted_page(name, box=box).encode() for name, box in zip(NAMES, boxes, strict=False)]
        return [Page(url, url, "paper", visit, 200, (), body) for body in bodies]

    today = date(2026, 3, 6)
    assert is_due(path, SOURCE, 99, newest("fresh", "fresh", "fresh", "text", "text"), today)
    assert not is_due(path, SOURCE, 99, newest("fresh", "fresh", "text", "text", "text"), today)


def test_a_layout_a_person_changed_is_never_due(tmp_path: Path) -> None:
    path = kept(tmp_path, layout_text("paper", LAYOUT).replace("h1.headline", "h1"))
    assert not is_due(path, SOURCE, 99, [], date(2027, 1, 1))


def test_pages_are_spread_from_the_newest_to_the_oldest() -> None:
    ids = list(range(100, 0, -1))
    assert spread(ids, 4) == [100, 67, 34, 1]
    assert spread(ids[:3], 12) == [100, 99, 98]

"""A search of all archives finds what each would: each article once, in one order, none lost on a page."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from archive.records import Article
from archive.site.several import merging
from archive.site.several.weighing import Census, factors
from archive.store.folder import ArchiveFolder
from tests.site.conftest import NOW
from tests.site.several.conftest import APRIL, MARCH, Together, hits, made, on, opened, together

WORDS = ["мост", "река", "школа", "дорога", "вода", "поезд", "хлеб", "газета", "степь", "завод"]
Split = tuple[Together, Together, list[Article]]


def search(site: Together, **asked: str) -> list[tuple[str, str]]:
    """The hits of a search: archive and title."""
    return site.hits(f"/search?{urlencode(asked)}")


def some_articles(many: int, *, seed: int) -> list[Article]:
    """Articles of a year, made of a few words by chance; several a day, some of the same minute."""
    chance = random.Random(seed)
    return [
        on(
            str(date(2025, 1, 1) + timedelta(days=chance.randrange(365))),
            f"a{number}",
            f"Статья {number} {' '.join(chance.choices(WORDS, k=3))}",
            " ".join(chance.choices(WORDS, k=12)) + ".",
        )
        for number in range(many)
    ]


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Split:
    """Articles spread over five archives by chance, a fourth of them in two; all in one archive; and they."""
    folder = tmp_path_factory.mktemp("split")
    chance = random.Random(5)
    articles = some_articles(60, seed=1)
    parts: list[list[tuple[Article, datetime]]] = [[] for _ in range(5)]
    for number, one in enumerate(articles):
        places = chance.sample(parts, k=2 if number % 4 == 0 else 1)
        for place in places:
            place.append((one, NOW + timedelta(hours=chance.randrange(3))))
    several = [made(folder / f"part-{n}", kept) for n, kept in enumerate(parts)]
    whole = made(folder / "whole", [(one, NOW) for one in articles])
    return opened(together(*several)), opened(together(whole)), articles


def test_words_are_found_in_all_archives_marked_and_each_hit_names_its_archive(site: Together) -> None:
    html = site.page("/search?q=МОСТЫ")
    assert hits(html) == [("2026-04", "Мост закрыли на ремонт"), ("2026-04", "В Степном открыли мост")]
    assert "<mark>Мост</mark> закрыли" in html
    assert "Ремонт <mark>моста</mark> займёт" in html
    assert re.search(r'<a href="/2026-04/" dir="auto">2026-04</a>', html)
    assert search(site, q="мектеп OR көпір") == [
        ("2026-04", "Көпір жөнделуде"),
        ("2026-03", "Мектеп салынды"),
    ]


def test_an_article_of_several_archives_is_shown_once_from_where_it_was_seen_last(site: Together) -> None:
    assert search(site, q='"открыли мост"') == [("2026-04", "В Степном открыли мост")]
    assert search(site, q="сорок трамваев") == [("2026-04", "В Степном открыли мост")]


def test_a_word_that_only_an_older_copy_has_finds_that_copy(site: Together) -> None:
    assert search(site, q="автобусы") == [("2026-03", "В Степном открыли мост")]


def test_the_count_says_what_it_counts(site: Together, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = site.page("/search?q=мост")
    assert "2 articles" in exact  # of the bridge there are two copies
    assert "counted in each" not in exact
    monkeypatch.setattr("archive.site.several.search_page.PAGE_SIZE", 1)
    cut = site.page("/search?q=мост")
    assert "3 articles" in cut
    assert "is shown once, and counted in each" in cut
    assert "2 articles, page 2" in site.page("/search?q=мост&page=2")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"language": "kk"}, ["Көпір жөнделуде", "Мектеп салынды"]),
        ({"since": "2026-04-01"}, ["Көпір жөнделуде", "Мост закрыли на ремонт"]),
        ({"until": "2026-01-31"}, ["Мектеп салынды"]),
        ({"month": "2026-04", "language": "ru"}, ["Мост закрыли на ремонт"]),
        ({"source": "another"}, []),
        ({"q": "мост -ремонт"}, ["В Степном открыли мост"]),
        ({"q": "мост after:2026-04"}, ["Мост закрыли на ремонт"]),
        ({"q": "source:steppe lang:kk"}, ["Көпір жөнделуде", "Мектеп салынды"]),
        ({"q": "закры*"}, ["Мост закрыли на ремонт"]),
        ({"q": "=моста"}, ["Мост закрыли на ремонт"]),
        ({"q": 'author:"Айгуль"'}, ["В Степном открыли мост"]),
        ({"q": "мост мектеп"}, []),
        ({"q": "***"}, []),
    ],
)
@pytest.mark.parametrize("sort", ["", "relevance"])
def test_filters_and_grammar_are_those_of_one_archive(
    site: Together, asked: dict[str, str], expected: list[str], sort: str
) -> None:
    assert [title for _, title in search(site, sort=sort, **asked)] == expected


def test_facets_are_summed_and_lead_to_what_they_count(site: Together) -> None:
    html = site.page("/search")
    facet = r'<a href="([^"]+)"><span class="label">{}</span> <span class="n">{}</span>'
    (href,) = re.findall(facet.format("Kazakh", 2), html)
    assert [title for _, title in site.hits(unescape(href))] == ["Көпір жөнделуде", "Мектеп салынды"]
    (href,) = re.findall(facet.format("2026-04", 4), html)
    assert "4 articles" in site.page(unescape(href))
    assert href.startswith("/2026-04/search")


def test_the_archives_of_a_search_lead_to_the_same_search_in_each(site: Together) -> None:
    html = site.page("/search?q=мост&sort=relevance&language=ru")
    (href,) = re.findall(r'<a href="(/2026-03/search[^"]+)"', html)
    assert (
        unescape(href) == f"/2026-03/search?{urlencode({'q': 'мост', 'language': 'ru', 'sort': 'relevance'})}"
    )
    assert "В Степном открыли" in site.page(unescape(href))


@pytest.mark.parametrize(
    "asked", ["", "q=мост", "q=мост+река&sort=relevance", "q=завод&sort=relevance", "source=steppe_news"]
)
@pytest.mark.parametrize(("size", "batch"), [(3, 1), (7, 20), (20, 3)])
def test_no_page_loses_or_repeats_a_hit(
    split: Split,
    monkeypatch: pytest.MonkeyPatch,
    asked: str,
    size: int,
    batch: int,
) -> None:
    monkeypatch.setattr("archive.site.several.search_page.PAGE_SIZE", size)
    monkeypatch.setattr(merging, "FIRST_BATCH", batch)
    several, whole, _ = split
    found = [title for _, title in several.all_hits(f"/search?{asked}")]
    assert len(found) == len(set(found)) > size
    assert set(found) == {title for _, title in whole.all_hits(f"/search?{asked}")}


@pytest.mark.parametrize("asked", ["", "q=мост", "q=школа+вода", "q=поезд+-хлеб&since=2025-06-01"])
def test_the_newest_stand_first_as_in_one_archive(split: Split, asked: str) -> None:
    several, whole, articles = split
    days = {one.title: one.published_date for one in articles}
    found = [title for _, title in several.all_hits(f"/search?{asked}")]
    assert [days[title] for title in found] == sorted((days[title] for title in found), reverse=True)
    assert len(found) == len(whole.all_hits(f"/search?{asked}")) > 5


@pytest.mark.parametrize("word", WORDS)
def test_the_best_stand_first_nearly_as_in_one_archive(split: Split, word: str) -> None:
    """Each archive still has a mean length of its own, and copies count as further articles."""
    several, whole, _ = split
    asked = f"/search?q={word}&sort=relevance"
    found, expected = ([title for _, title in one.all_hits(asked)] for one in (several, whole))
    places = {title: place for place, title in enumerate(expected)}
    moved = [abs(places[title] - place) for place, title in enumerate(found)]
    assert sum(moved) / len(moved) < len(found) / 20
    assert set(found[:5]) & set(expected[:5])


def test_a_word_that_most_articles_of_a_small_archive_have_counts_there_as_in_all(tmp_path: Path) -> None:
    flood = made(
        tmp_path / "flood",
        [(on("2026-03-01", f"f{n}", f"Паводок: день {n}", "Паводок пришёл в город."), NOW) for n in range(3)],
    )
    other = [(on("2026-03-01", f"o{n}", f"Новость {n}", "О разном, и ещё о разном."), NOW) for n in range(30)]
    once = on(
        "2026-03-01",
        "once",
        "Итоги недели",
        "О разном. О погоде, и о том, что прошёл паводок." + " Ещё." * 60,
    )
    found = search(
        together(made(tmp_path / "town", [*other, (once, NOW)]), flood), q="паводок", sort="relevance"
    )
    assert [archive for archive, _ in found] == ["flood", "flood", "flood", "town"]


def test_scores_are_brought_to_the_rarity_of_words_in_all_archives() -> None:
    counted = {"small": Census(20, {'"a"': 18}), "large": Census(10_000, {'"a"': 50})}
    brought = factors(counted)
    assert brought["small"] > 1_000_000 > brought["large"] * 1_000_000 * 0.9
    alike = factors({"one": Census(1_000, {'"a"': 10}), "two": Census(1_000, {'"a"': 10})})
    assert alike["one"] == alike["two"] == pytest.approx(1, rel=0.01)
    assert factors({"one": Census(9, {'"a"': 1}), "two": None}) == {"one": 1, "two": 1}
    assert factors({"one": Census(9, {'"a"': 0})}) == {"one": 1}
    assert factors({}) == {}


def test_a_guess_is_made_only_about_a_word_no_archive_has(tmp_path: Path) -> None:
    kazakh = made(
        tmp_path / "kk", [(on("2026-03-01", "k", "Үкімет отырысы", "Үкімет жиналды.", language="kk"), NOW)]
    )
    typed = made(
        tmp_path / "ru", [(on("2026-03-02", "r", "Слово укимет", "Так пишут без букв: укимет."), NOW)]
    )
    assert search(together(kazakh), q="укимет") == [("kk", "Үкімет отырысы")]
    assert search(together(kazakh, typed), q="укимет") == [("ru", "Слово укимет")]


def test_a_slip_of_the_pen_is_mended_unless_an_archive_has_the_word(tmp_path: Path) -> None:
    towns = [
        (on("2026-03-01", f"t{n}", f"Администрация района {n}", "Администрация решила."), NOW)
        for n in range(3)
    ]
    first = made(tmp_path / "first", towns)
    second = made(
        tmp_path / "second", [(on("2026-03-01", "s", "Админестрация", "Админестрация с опиской."), NOW)]
    )
    for folder in (first, second):
        list_words(folder)
    html = together(first).page("/search?q=админестрация")
    assert "Did you mean" in html
    assert "администрация" in html.lower().split("did you mean")[1]
    assert "Did you mean" not in together(first, second).page("/search?q=админестрация")


def list_words(folder: ArchiveFolder) -> None:
    """List the words of an archive, as a crawl does at its end."""
    from archive.store.archive import Archive

    with Archive(folder) as archive:
        archive.articles.index.list_words()


def test_copies_seen_at_the_same_time_are_shown_from_the_archive_named_first(tmp_path: Path) -> None:
    same = on("2026-03-01", "same", "Одна и та же", "Один и тот же текст.")
    folders = [made(tmp_path / name, [(same, NOW)]) for name in ("one", "two", "three")]
    assert search(together(*folders), q="текст") == [("one", "Одна и та же")]
    assert search(together(*folders[::-1]), q="текст") == [("three", "Одна и та же")]
    assert Counter(search(together(*folders))) == {("one", "Одна и та же"): 1}


def test_a_copy_that_the_filters_leave_out_hides_nothing(tmp_path: Path) -> None:
    one = on("2026-03-01", "one", "Дата есть", "Текст о дате.")
    undated = replace(
        one, published_at=None, published_local=None, published_date=None, published_precision=None
    )
    site = together(
        made(tmp_path / "dated", [(one, NOW)]), made(tmp_path / "later", [(undated, NOW + timedelta(days=1))])
    )
    assert search(site, q="дате") == [("later", "Дата есть")]
    assert search(site, q="дате", since="2026-01-01") == [("dated", "Дата есть")]
    assert site.hits("/") == [("dated", "Дата есть")]


def test_marks_cannot_be_forged_and_a_hostile_article_stays_text(site: Together) -> None:
    html = site.page("/search?q=alert")
    assert "&lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt;" in html.replace("\n", "")
    assert "<script" not in html


SUMS = "Counts are sums over the archives"


def test_where_counts_stand_they_say_that_copies_are_counted_twice(site: Together) -> None:
    html = site.page("/search?q=мост")  # the bridge stands in both
    assert html.index(SUMS) < html.index('id="by-archive"')
    assert SUMS in site.page("/search")
    assert SUMS in site.page("/sources")


def test_where_nothing_is_counted_twice_nobody_says_so(tmp_path: Path) -> None:
    both = [made(tmp_path / name, [one]) for name, one in zip("ab", (MARCH[0], APRIL[2]), strict=True)]
    site = together(*both)
    assert len(site.hits("/search?q=мост")) == 2
    for path in ("/search?q=мост", "/search"):
        assert SUMS not in site.page(path), path
    assert SUMS not in together(both[0]).page("/sources")


def test_an_address_finds_its_article_once_as_it_was_seen_last(site: Together) -> None:
    address = "https://steppe.example/news/bridge/"
    assert search(site, q=address) == [("2026-04", "В Степном открыли мост")]
    assert search(site, q="https://steppe.example/news/school") == [("2026-03", "Мектеп салынды")]
    assert "There is no article of this address here." in site.page("/search?q=https://steppe.example/news/x")


def test_a_name_that_one_archive_has_is_not_said_to_be_of_nothing(site: Together) -> None:
    assert "There is no section" not in site.page("/search?q=section:Қоғам")  # March has it, April does not
    assert "There are no articles in a language “xx” here. There are: kk, ru." in site.page(
        "/search?q=lang:xx"
    )

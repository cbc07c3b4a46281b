"""The search page: hits for words and filters, and an answer to whatever is typed."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from archive.site.lines import MARK, UNMARK, marked
from archive.site.search_filters import ARTICLES, Filters


def titles(html: str) -> list[str]:
    """The titles of the hits, without marks."""
    found = re.findall(r'<h3 dir="auto"[^>]*><a href="/a/\d+[^"]*">(.*?)</a></h3>', html)
    return [re.sub(r"</?mark>", "", title) for title in found]


def search(site: Any, **asked: str) -> str:
    return site.page(f"/search?{urlencode(asked)}")


def test_words_find_articles_and_are_marked_in_the_original_text(site: Any) -> None:
    html = search(site, q="МОСТ")
    assert titles(html) == ["В Степном открыли мост"]
    assert "открыли <mark>мост</mark>" in html
    assert "<mark>Мост</mark> через Жанасу" in html
    assert "1 article" in html


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("мост автобусы", ["В Степном открыли мост"]),
        ("мост мектеп", []),
        ('"уровень воды"', ["Воды стало меньше"]),
        ("«воды уровень»", []),
        ("уров*", ["Воды стало меньше"]),
        ("воды -уровень", []),
        ("395", []),
        ("нетакогословабрям", []),
    ],
)
def test_phrases_exclusions_and_beginnings_work(site: Any, typed: str, expected: list[str]) -> None:
    assert titles(search(site, q=typed)) == expected


@pytest.mark.parametrize(
    ("typed", "language", "said"),
    [
        ("source:stepe_news", "ru", "Источника «stepe_news» здесь нет. Похоже на: steppe_news."),
        ("source:typo", "kk", "Мұнда «typo» дереккөзі жоқ. Барлары: steppe_news."),
        ("lang:xx", "ru", "Статей на языке «xx» здесь нет. Есть: kk, ru."),
        ("-lang:xx", "kk", "Мұнда «xx» тіліндегі мақала жоқ. Барлары: kk, ru."),
        ("section:Обществоо", "ru", "Рубрики «Обществоо» здесь нет. Похоже на: Общество."),
        ("section:typo", "en", "There is no section “typo” here. There are: "),
        ("author:Галеефф", "kk", "авторлары арасында «Галеефф» деген есім жоқ. Ұқсасы: Тимур Галеев."),
        ("author:Иванов", "en", "None of the newest articles names an author “Иванов”."),
        ("source: x", "ru", "Сразу после «source:» ничего не стоит, поэтому искали это как слова."),
        ("-тіл:", "kk", "«-тіл:» дегеннен кейін бірден ештеңе жоқ"),
        ("foo:bar", "kk", "«foo:bar»: мұндай шарт жоқ"),
        ("sorce:x", "en", "“sorce:x”: there is no such filter, so it was looked for as words."),
        ("sorce:x", "en", "date:. Near to it: source:."),
        ("-foo:bar", "ru", "«-foo:bar»: такого условия нет, поэтому убраны статьи с такими словами."),
    ],
)
def test_a_source_that_is_not_here_and_a_filter_that_is_none_are_told(site, typed, language, said) -> None:
    assert said in search(site, q=f"мост {typed}", lang=language)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", "«после:скоро»: не понято, что стоит после двоеточия"),
        ("kk", "«после:скоро»: қос нүктеден кейінгісі түсініксіз"),
        ("en", "“после:скоро”: what stands after the colon was not understood"),
    ],
)
def test_a_filter_whose_value_is_none_is_told_to_have_been_read_as_a_word(site, language, said) -> None:
    assert said in search(site, q="мост после:скоро", lang=language)
    assert f"{said[0]}-{said[1:]}" in search(site, q="мост -после:скоро", lang=language)
    assert "после:2025-11, язык:kk" not in search(site, q="мост после:2020-11 12:30 -после:2030", lang="ru")


def test_a_filter_that_was_not_understood_is_text(site: Any) -> None:
    assert "“lang:&lt;b&gt;”: what" not in search(
        site, q="lang:<b>", lang="en"
    )  # a language nobody writes in
    assert "“after:&lt;b&gt;”: what" in search(site, q="after:<b>", lang="en")


TYPED = [
    *(
        '"',
        '""',
        '"unclosed',
        '"' * 9_999,
        "＂мост＂",
        "NEAR(",
        "NEAR(a b, 5)",
        "(((",
        "*",
        "-",
        "-x",
        "+",
        "^x",
    ),
    *("a AND", "OR", "NOT x", "title:x", "{a b}:x", "a:b", "'; DROP TABLE articles; --", "%", "\\", "_"),
    *("a\x00b", "\x00", "\u202e", "🙂", "<script>alert(1)</script>", "x" * 10_000, "я " * 5_000, "мост\nx"),
    "{{7*7}}",
]


@pytest.mark.parametrize("typed", TYPED)
def test_fault_50_whatever_is_typed_is_text(site: Any, typed: str) -> None:
    html = search(site, q=typed)
    assert "<script" not in html
    assert "49" not in re.sub(r"/[0-9a-f]{12}\.css", "", html.replace(quote(typed), ""))


@pytest.mark.parametrize(
    "query",
    [
        "q=%FF%FE",
        "q=%ED%A0%80",
        "page=99999",
        "page=-1",
        "page=x",
        "page=٣",
        "since=x",
        "month=9999-99",
        "source=%00",
        "until=2026-02-30",
        "lang=xx",
        "q=a&q=b",
        "sort=%27",
        "section=" + "x" * 5000,
    ],
)
def test_fault_52_no_address_is_an_error(site: Any, query: str) -> None:
    assert site.get(f"/search?{query}").status_code == 200


def test_fault_50_a_text_without_words_finds_nothing_and_says_why(site: Any) -> None:
    html = search(site, q="***")
    assert titles(html) == []
    assert "There is no word to search for" in html


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"language": "kk"}, ["Мектеп салынды"]),
        ({"section": "Қоғам"}, ["Мектеп салынды"]),
        ({"month": "2026-01"}, ["Мектеп салынды"]),
        ({"until": "2026-01-29"}, ["Мектеп салынды"]),
        ({"since": "2026-01-29", "until": "2026-03-09"}, ["Мектеп салынды"]),
        ({"since": "2026-03-11"}, []),
        ({"source": "another"}, []),
        ({"q": "салынды", "month": "2026-01"}, ["Мектеп салынды"]),
        ({"q": "салынды", "month": "2026-03"}, []),
        (
            {"q": "мост", "until": "2026-03-10", "language": "ru", "sort": "relevance"},
            ["В Степном открыли мост"],
        ),
    ],
)
def test_filters_narrow_with_and_without_words(site: Any, asked: dict[str, str], expected: list[str]) -> None:
    html = search(site, **asked)
    assert titles(html) == expected
    assert (f"{len(expected)} article" in html) == bool(expected)


def test_all_articles_are_listed_newest_first(site: Any) -> None:
    found = titles(search(site))
    assert len(found) == 6
    assert found[0] == "Untitled"  # undated: by the day it was first seen
    for language, said in {
        "ru": "Без даты, замечена 12 марта 2026",
        "kk": "Күні көрсетілмеген, алғаш көрінген күні: 12 наурыз 2026",
        "en": "Undated, first seen 12 March 2026",
    }.items():
        assert site.page("/search", language).count(f'<span class="apart">{said}</span>') == 1
    assert found[-1] == "Мектеп салынды"


def test_facets_count_and_lead_to_what_they_count(site: Any) -> None:
    html = search(site)
    facet = r'<a href="([^"]+)"><span class="label">Kazakh</span> <span class="n">1</span>'
    (href,) = re.findall(facet, html)
    assert titles(site.page(href.replace("&amp;", "&"))) == ["Мектеп салынды"]
    assert "January 2026" in html


def test_hits_are_narrowed_to_an_author(site: Any) -> None:
    html = site.page("/search?q=мост OR воды OR школа")
    (href,) = re.findall(r'<a href="([^"]+)"><span class="label">Айгуль Сатова</span>', html)
    narrowed = site.page(unescape(href))
    assert f"/a/{site.ids['bridge']}" in narrowed
    assert "1 article" in narrowed
    assert "Тимур Галеев</span> <span" not in narrowed


def test_a_filter_in_force_is_a_chip_that_takes_it_off(site: Any) -> None:
    html = search(site, q="мост", language="ru")
    assert re.search(r'<a href="/search\?q=[^"&]+"><span class="label">Russian</span>', html)


def test_pages_hold_every_article_once(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.site.search_page.PAGE_SIZE", 2)
    found, href = [], "/search"
    while href:
        html = site.page(href)
        found += titles(html)
        href = next((one.replace("&amp;", "&") for one in re.findall(r'rel="next" href="([^"]+)"', html)), "")
    assert len(found) == len(set(found)) == 6


def test_marks_cannot_be_forged() -> None:
    forged = f"a {MARK}b{UNMARK} c{UNMARK} d{MARK} <mark>e</mark>"
    assert str(marked(forged)).count("<mark>") == str(marked(forged)).count("</mark>")
    assert "&lt;mark&gt;" in marked(forged)


def test_filters_read_only_days_and_months() -> None:
    filters = Filters.of({"month": "2026-3", "since": "2026-02-30", "until": "20260310", "source": "a\x00b"})
    assert filters.month == filters.since == ""
    assert filters.until == "2026-03-10"
    assert filters.source == "ab"
    assert Filters.of({"month": "2026-03", "since": "2026-03-05"}).days() == ("2026-03-05", "2026-03-31")
    assert Filters().clauses(ARTICLES) == ([], {})


def test_words_to_leave_out_alone_are_told_as_such(site: Any) -> None:
    assert "Only words to leave out were given." in search(site, q="NOT мост")
    assert "Сказано только, чего не должно быть." in search(site, q="-мост", lang="ru")
    assert "Тек не болмауы керегі айтылды." in search(site, q="-мост", lang="kk")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", "Статьи с этим адресом здесь нет."),
        ("kk", "Мұнда бұл адрестегі мақала жоқ."),
        ("en", "There is no article of this address here."),
    ],
)
def test_an_address_finds_its_article_or_is_said_to_be_of_none(site: Any, language: str, said: str) -> None:
    assert titles(search(site, q=" https://www.steppe.example/news/bridge/ ")) == ["В Степном открыли мост"]
    html = search(site, q="https://steppe.example/news/bridges", lang=language)
    assert said in html
    assert titles(html) == []
    assert "news/bridge<" not in html

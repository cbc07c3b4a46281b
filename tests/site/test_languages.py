"""Three languages: complete, chosen by address or browser, with days in words."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import archive.site
from archive.site.day_words import day_in_words, month_in_words, printed, seen
from archive.site.reader import accepted_language
from archive.site.sentences import PAGES, SENTENCES
from archive.site.words import LANGUAGES, counted, number

SITE = Path(archive.site.__file__).parent


def test_the_address_decides_and_links_keep_it(site: Any) -> None:
    html = site.get("/?lang=kk", accept_language="en").text
    assert '<html lang="kk">' in html
    assert "Соңғы жаңалықтар" in html
    assert f'href="/a/{site.ids["bridge"]}?lang=kk"' in html
    assert 'href="/?lang=en"' in html


def test_the_page_and_its_query_stay_when_the_language_changes(site: Any) -> None:
    assert re.search(r'href="/search\?q=a%26b&amp;lang=en"', site.page("/search?q=a%26b"))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("kk-KZ,kk;q=0.9,ru;q=0.8", "kk"),
        ("de,en-GB;q=0.7,ru;q=0.6", "en"),
        ("ru;q=0.1,en;q=0.2", "en"),
        ("fr", None),
        ("en;q=0", None),
        ("", None),
        (",;q=x, fr" * 500 + ", en", None),
        ("en;q=9", None),
    ],
)
def test_the_browsers_languages_are_read(header: str, expected: str | None) -> None:
    assert accepted_language(header) == expected


def test_without_a_wish_it_is_russian_and_caches_are_told(site: Any) -> None:
    answer = site.get("/")
    assert answer.headers["content-language"] == "ru"
    assert "accept-language" in answer.headers["vary"].lower()
    assert "set-cookie" not in answer.headers


def test_every_sentence_stands_in_every_language_with_the_same_blanks() -> None:
    for key, sentences in SENTENCES.items():
        assert len(sentences) == len(LANGUAGES), key
        assert all(sentence.strip() for sentence in sentences), key
        blanks = [{name for _, name, _, _ in Formatter().parse(one) if name} for one in sentences]
        assert blanks[0] == blanks[1] == blanks[2], key


def test_no_sentence_has_two_pages() -> None:
    assert len(SENTENCES) == sum(len(page.SENTENCES) for page in PAGES)


def test_every_sentence_asked_for_exists() -> None:
    asked: set[str] = set()
    for file in [*SITE.rglob("*.py"), *SITE.glob("templates/*.html")]:
        asked |= set(re.findall(r'\bsay\("([a-z_]+)"', file.read_text(encoding="utf-8")))
    assert len(asked) > 50
    assert asked <= set(SENTENCES)


@pytest.mark.parametrize(
    ("n", "ru", "en"),
    [
        (1, "1 статья", "1 article"),
        (2, "2 статьи", "2 articles"),
        (5, "5 статей", "5 articles"),
        (11, "11 статей", "11 articles"),
        (21, "21 статья", "21 articles"),
        (112, "112 статей", "112 articles"),
    ],
)
def test_numbers_take_the_right_form(n: int, ru: str, en: str) -> None:
    assert counted("articles", n, "ru") == ru
    assert counted("articles", n, "kk") == f"{n} мақала"
    assert counted("articles", n, "en") == en


def test_numbers_are_grouped() -> None:
    assert number(1234567, "ru") == "1\u202f234\u202f567"
    assert number(1234567, "en") == "1,234,567"


def test_days_are_in_words() -> None:
    assert day_in_words("2026-03-10", "ru") == "10 марта 2026"
    assert day_in_words("2026-03-10", "kk") == "10 наурыз 2026"
    assert day_in_words("2026-03-10", "en") == "10 March 2026"
    assert month_in_words("2026-03", "ru") == "март 2026"
    assert day_in_words("never", "ru") is day_in_words(None, "ru") is None


def test_a_moment_of_ours_says_it_is_utc() -> None:
    assert seen("2026-03-10T07:05:00Z", "en") == "10 March 2026, 07:05 UTC"
    assert seen(None, "en") == seen("soon", "en") == ""


def test_a_date_is_printed_only_where_there_is_one() -> None:
    assert printed(None, None, None, "ru") is None
    assert printed("rubbish", "2026-03-10", "minute", "ru").words == "10 марта 2026"
    assert (
        printed("2026-03-10T09:30:00-03:30", "2026-03-10", "second", "ru").exact
        == "10 марта 2026, 09:30:00 UTC−3:30"
    )


def test_no_sentence_stands_there_for_nobody() -> None:
    files = [file for file in SITE.rglob("*.py") if file.parent.name != "sentences"]
    files += SITE.glob("templates/*.html")
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    named_by_data = re.compile(
        r"(cause|access|bar|doubt|kind|state|why|field|run|weekday|view|by|robots|unknown)_.*|(since|until)_day|section|month|title|lead|body|kicker|images|links|canonical_url"
        r"|breadcrumbs|article_type|published_at|modified_at"
    )
    assert [key for key in SENTENCES if f'"{key}"' not in text and not named_by_data.fullmatch(key)] == []


def test_every_doubt_of_cleaning_has_its_words() -> None:
    cleaning = SITE.parents[1] / "crawler" / "cleaning"
    text = "".join(file.read_text(encoding="utf-8") for file in cleaning.rglob("*.py"))
    codes = set(re.findall(r'Problem\(\s*"([a-z_]+)"', text))
    assert len(codes) > 20
    assert {f"doubt_{code}" for code in codes} == {key for key in SENTENCES if key.startswith("doubt_")}


def test_a_change_is_shown_on_the_clock_of_its_publication_and_no_change_not_at_all():
    from archive.site.day_words import changed

    published = "2026-03-02T16:30:00+05:00"
    assert changed("2026-03-02T11:30:00Z", published, "en") == ""
    assert changed("2026-03-02T13:05:00Z", published, "en") == "2 March 2026, 18:05"
    assert changed("2026-03-02T13:05:00Z", None, "en").endswith("UTC")
    assert changed(None, published, "en") == ""

"""Datasette's own pages: in the reader's language, with tables and columns told in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import datasette
import pytest

from archive.site.compat import IS_STABLE
from archive.site.saved_searches import SAVED
from archive.site.sentences.columns import COLUMNS
from archive.site.sentences.tables import ROWS, TABLES
from archive.site.sentences.workbench import FILTERS, STOCK
from archive.site.stock_templates import REWRITTEN, SAID, changes, rewritten
from archive.site.stock_words import SPOKEN, Words, known_sentences

OWN = Path(datasette.__file__).parent / "templates"
WORDS = Words("news", {})
# What only Datasette 1.0 says; on 0.65.5 everything else must be found, or a page has gone English.
ONLY_IN_1_0 = {
    'aria-keyshortcuts="/">Jump to... <kbd',
    '<html lang="en">',
    '<title id="actions-menu-links-title">Database actions</title>',
    '/-/schema">schema</a>',
    '#{{ database_color }}">{{ table }}:',
    '<input type="submit" value="Apply filters" tabindex="0">',
    '">count all</button>',
    'onclick="openColumnChooser()">Choose columns</button>',
    "<span>Column actions</span>",
    '{{ metadata.get("title") or table }}',
    '{{ "{:,}".format(count) }} row{% if count == 1 %}{% else %}s{% endif %}',
    '{{ "{:,}".format(count - 1) }}+ rows',
}


@pytest.mark.skipif(not IS_STABLE, reason="what 1.0 words otherwise stays English, as promised")
def test_every_phrase_is_found_in_the_version_we_stand_on() -> None:
    templates = sorted({name for name, *_ in changes() if (OWN / name).exists()})
    missing = {phrase for name in templates for phrase in rewritten((OWN / name).read_text("utf-8"), name)[1]}
    assert missing == ONLY_IN_1_0


def test_every_phrase_has_its_words() -> None:
    said = {phrase for _, marked in SAID for phrase in re.findall("«(.+?)»", marked)}
    said |= {phrase for *_, ours in REWRITTEN for phrase in re.findall(r'muragat\.tr\("(.+?)"', ours)}
    assert said <= set(STOCK)
    assert all(text.strip() for sentences in [*STOCK.values(), *FILTERS.values()] for text in sentences)


def test_every_table_and_column_people_see_is_named_in_three_languages(site: Any) -> None:
    tables = site.get("/news.json").json()["tables"]
    seen = {table["name"]: table["columns"] for table in tables if not table["hidden"]}
    assert set(seen) <= set(TABLES)
    assert set(ROWS) == set(TABLES)
    unnamed = {column for columns in seen.values() for column in columns} - set(COLUMNS)
    assert not unnamed


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ru", ("Статьи", "6 строк", "по порядку: номер по убыванию", "опубликована", "Показать", "Права:")),
        (
            "kk",
            ("Мақалалар", "6 жол", "реті: нөмірі кему ретімен", "жарияланған күні", "Көрсету", "Құқықтар:"),
        ),
        ("en", ("Articles", "6 rows", "sorted by id descending", "day published", "Data license:")),
    ],
)
def test_a_table_speaks_the_browsers_language(site: Any, language: str, expected: tuple[str, ...]) -> None:
    answer = site.get("/news/articles", accept_language=language)
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language
    assert [words for words in expected if words not in answer.text] == []


@pytest.mark.parametrize("path", ["/news", "/news/articles", "/news/articles/{bridge}", "/news/reworded"])
def test_no_english_is_left_on_a_page_in_kazakh(site: Any, path: str) -> None:
    html = site.page(path.format(**site.ids), "kk")
    body = re.sub(r"(?s)<(script|style|code|pre|dd)\b.*?</\1>|<[^>]+>|&\w+;", " ", html)
    left = set(re.findall(r"\b[A-Za-z]{4,}\b", body.partition("<body")[2] or body))
    assert (
        left & {"rows", "Search", "Apply", "Next", "Queries", "Tables", "Powered", "where", "Menu"} == set()
    )


def test_a_choice_is_kept_and_the_page_stays(site: Any) -> None:
    answer = site.get("/news/articles?_lang=kk&source=steppe_news", accept_language="en")
    assert "Мақалалар" in answer.text
    assert "muragat_language=kk; Path=/;" in answer.headers["set-cookie"]
    assert re.search(r'href="/news/articles\?[^"]*source=steppe_news[^"]*_lang=ru"', answer.text)
    kept = site.get("/", accept_language="en", cookie="muragat_language=kk")
    assert '<html lang="kk">' in kept.text
    assert "Cookie" in kept.headers["vary"]
    assert '<html lang="ru">' in site.get("/", cookie="muragat_language=<script>").text


def test_values_in_quotes_are_no_words_of_datasettes() -> None:
    SPOKEN.set("ru")
    assert WORDS.described('where title contains "and where" sorted by id') == (
        'где заголовок содержит "and where" по порядку: номер'
    )
    assert WORDS.operator("is not null") == "указано"
    SPOKEN.set("en")


@pytest.mark.parametrize("table", ["articles", "runs", "copy_pairs", "revision_texts"])
def test_columns_are_described_as_the_schema_describes_them(site: Any, table: str) -> None:
    html = site.page(f"/news/{table}")
    assert "What the columns mean" in html
    assert html.count("<dt>") > 3


def test_units_stand_in_the_name_or_the_description_of_a_column() -> None:
    assert {"bytes", "seconds", "interval_seconds", "body_chars"} <= set(COLUMNS)
    shares = [name for name in COLUMNS if "share" in name or name == "is_article"]
    assert len(shares) > 4
    assert all("0–1" in COLUMNS[name][0] for name in shares)


@pytest.mark.parametrize("name", sorted(SAVED))
def test_a_saved_search_opens_without_parameters_and_is_titled_in_three_languages(
    site: Any, name: str
) -> None:
    russian, kazakh, english = SAVED[name].titles
    assert known_sentences({english: (russian, kazakh)})[english] == (russian, kazakh)
    for language, title in (("ru", russian), ("kk", kazakh), ("en", english)):
        html = site.page(f"/news/{name}", language)
        assert title in html
        assert title in site.page("/news", language)
    assert "message-error" not in html
    assert "SELECT" not in html.partition("<body")[2].partition("<script")[0]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("with_words?words=мосты&since=2026-01-01", {"bridge"}),
        ("with_words?words=нетакогословабрямщъ&since=2026-01-01", set()),
        ("with_words?since=2026-02-01&source=nobody", set()),
        ("with_words?since=2026-01-01&until=2026-02-01", {"school"}),
        ("vanished?", {"gone"}),
        ("undated?", {"bare"}),
        ("reworded?since=2026-01-01", {"reworded"}),
    ],
)
def test_a_saved_search_takes_what_is_typed_into_it(site: Any, query: str, expected: set[str]) -> None:
    rows = site.get(f"/news/{query.replace('?', '.json?_shape=array&')}").json()
    assert {row["article_id"] for row in rows} == {site.ids[slug] for slug in expected}


def test_numbers_of_articles_lead_to_the_reading_page(site: Any) -> None:
    number = site.ids["gone"]
    assert f'<a href="/a/{number}">{number}</a>' in site.page("/news/vanished")
    assert f'<a href="/a/{site.ids["bridge"]}">' in site.page("/news/links")


def test_a_table_of_another_database_keeps_its_own_words() -> None:
    assert WORDS.table("my_own_table") == "my_own_table"
    assert WORDS.tr("My own title") == "My own title"

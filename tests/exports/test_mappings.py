"""A record under other names: schema.org's NewsArticle, zyte-common-items' Article, there and back."""

from __future__ import annotations

import json

import attrs
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from archive.exports.columns import COLUMNS
from archive.exports.news_article import SAME as NEWS_SAME
from archive.exports.news_article import is_news_article, news_article, record_of_news_article
from archive.exports.zyte_article import SAME as ZYTE_SAME
from archive.exports.zyte_article import is_zyte_article, record_of_zyte_article, zyte_article
from archive.store.folder import ArchiveFolder
from crawler.cli import cli

FULL = {
    "id": 7,
    "url": "https://steppe.example/1",
    "canonical_url": "https://steppe.example/c",
    "source": "steppe_news",
    "title": "Мост",
    "kicker": "Город",
    "lead": "Коротко.",
    "body": "Первый.\n\nВторой.",
    "agency": "Kazinform",
    "published_at": "2026-03-10T07:00:00Z",
    "published_local": "2026-03-10T12:00:00+05:00",
    "published_date": "2026-03-10",
    "published_precision": "second",
    "modified_at": "2026-03-11T07:00:00Z",
    "authors": [
        {"name": "Айгуль Серикова", "url": "https://steppe.example/a"},
        {"name": "Б. В.", "url": None},
    ],
    "section": "Город",
    "tags": ["мост", "вода"],
    "language": "ru",
    "access": "paywalled",
    "article_type": "opinion",
    "images": [
        {"url": "https://steppe.example/1.jpg", "role": "lead", "alt": "а", "caption": "б", "credit": "в"},
        {"url": "https://steppe.example/2.jpg", "role": "body", "alt": None, "caption": None, "credit": None},
    ],
    "links": [
        {"url": "https://steppe.example/2", "text": "ещё", "zone": "inline"},
        {"url": "https://steppe.example/3", "text": "", "zone": "related"},
        {"url": "https://steppe.example/4", "text": "откуда", "zone": "source"},
    ],
}


def test_every_name_of_the_list_of_columns_is_the_name_that_is_written():
    for column in COLUMNS:
        if column.name in NEWS_SAME:
            assert NEWS_SAME[column.name] == column.schema_org
        if column.name in ZYTE_SAME:
            assert ZYTE_SAME[column.name] == column.zyte
    written = news_article(FULL)
    assert {c.schema_org for c in COLUMNS if c.schema_org} <= set(written)


def test_a_news_article_says_what_the_record_says_and_back():
    said = news_article(FULL)
    assert said["@type"] == "OpinionNewsArticle"
    assert said["datePublished"] == "2026-03-10T12:00:00+05:00"
    assert said["isAccessibleForFree"] is False
    assert is_news_article(said)
    back = record_of_news_article(json.loads(json.dumps(said)))
    assert back == FULL | {"published_at": "2026-03-10T12:00:00+05:00"}  # the same instant, on their clock


def test_what_a_page_did_not_say_is_left_out_and_comes_back_as_nothing():
    said = news_article({"url": "https://x.example/1", "body": "Текст.", "access": "unknown"})
    assert set(said) == {"@context", "@type", "url", "articleBody"}
    back = record_of_news_article(said)
    assert (back["title"], back["authors"], back["access"]) == (None, [], "unknown")


def test_a_bare_day_stays_a_day():
    day = {
        "published_at": "2026-03-09T19:00:00Z",
        "published_date": "2026-03-10",
        "published_precision": "day",
    }
    said = news_article(FULL | day | {"published_local": "2026-03-10T00:00:00+05:00"})
    assert said["datePublished"] == "2026-03-10"
    back = record_of_news_article(said)
    assert (back["published_at"], back["published_date"], back["published_precision"]) == (
        None,
        "2026-03-10",
        "day",
    )


@pytest.mark.parametrize(
    "said",
    [
        {"author": "Айгуль", "keywords": "мост, вода", "image": "https://x.example/1.jpg"},
        {"author": [{"@type": "Person", "name": "Айгуль"}], "keywords": ["мост", {"name": "вода"}],
         "image": {"@type": "ImageObject", "url": "https://x.example/1.jpg"}},
    ],
    ids=["texts", "things"],
)  # fmt: skip
def test_the_shapes_that_sites_write_are_read(said):
    back = record_of_news_article({"@type": "NewsArticle", "url": "https://x.example/1", **said})
    assert [one["name"] for one in back["authors"]] == ["Айгуль"]
    assert back["tags"] == ["мост", "вода"]
    assert [one["url"] for one in back["images"]] == ["https://x.example/1.jpg"]


def test_a_zyte_article_says_what_the_record_says_and_back():
    record = FULL | {
        "breadcrumbs": ["Новости", "Город"],
        "body_html": "<p>Первый.</p>",
        "published_raw": "10 марта",
    }
    said = zyte_article(record)
    assert is_zyte_article(said)
    assert said["mainImage"] == {"url": "https://steppe.example/1.jpg"}
    back = record_of_zyte_article(json.loads(json.dumps(said)))
    for name in (*ZYTE_SAME, "authors", "breadcrumbs"):
        assert back[name] == record[name], name
    assert [(one["url"], one["role"]) for one in back["images"]] == [
        (one["url"], one["role"]) for one in FULL["images"]
    ]


def test_zytes_own_class_takes_it_and_gives_it_back():
    items = pytest.importorskip("zyte_common_items", reason="zyte-common-items is not installed")
    said = zyte_article(FULL | {"breadcrumbs": ["Новости"], "body_html": "<p>x</p>"})
    article = items.Article.from_dict(said)
    assert not article._unknown_fields_dict
    assert article.authors[0].name == "Айгуль Серикова"
    given_back = attrs.asdict(article, filter=lambda _, value: value is not None)
    assert record_of_zyte_article(given_back) == record_of_zyte_article(said)


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=9), max_size=3))
def test_texts_of_any_kind_come_back(text, tags):
    said = {
        "url": "https://x.example/1",
        "title": text or None,
        "body": text,
        "tags": tags,
        "article_type": "article",
    }
    back = record_of_news_article(json.loads(json.dumps(news_article(said))))
    assert {name: back[name] for name in said} == said
    zyte = record_of_zyte_article(json.loads(json.dumps(zyte_article(said))))
    assert (zyte["title"], zyte["body"]) == (text or None, text)


def test_articles_of_others_are_imported(tmp_path):
    others = [
        news_article(FULL),
        zyte_article(
            FULL | {"url": "https://steppe.example/9", "breadcrumbs": ["Новости"], "body_html": "<p>x</p>"}
        ),
    ]
    (tmp_path / "others.jsonl").write_text("\n".join(json.dumps(one) for one in others), encoding="utf-8")
    folder = ArchiveFolder(tmp_path / "archive")
    done = CliRunner().invoke(cli, ["import", str(tmp_path / "others.jsonl"), "--archive", str(folder.path)])
    assert "2 records: 2 articles" in done.stdout, done.output
    shown = CliRunner().invoke(cli, ["export", "--to", "-", "--archive", str(folder.path)]).stdout
    records = {one["url"]: one for one in map(json.loads, shown.splitlines())}
    assert {one["source"] for one in records.values()} == {"steppe_news"}
    assert records[FULL["url"]]["published_local"] == FULL["published_local"]
    assert records["https://steppe.example/9"]["breadcrumbs"] == ["Новости"]

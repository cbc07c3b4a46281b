"""Which addresses are taken for articles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import is_article_url
from crawler.sources.profile import ArticlePatterns, Source

HOME = "https://gazeta.example"


def source(allow: tuple[str, ...] = (), deny: tuple[str, ...] = ()) -> Source:
    return Source("gazeta", "Газета", HOME, articles=ArticlePatterns(allow, deny))


@pytest.mark.parametrize(
    "path",
    [
        "/novosti/gorod/most-otkryt/",
        "/news/550643",
        "/2026/03/10/most-otkryt/",
        "/?p=123",
        "/most.html",
        "/kk/jol-1",
        "/news/tagged-with-luck",
        "/news/research/",
        "/article.php?id=7",
        "/жаңалық/жол",
        "/authority-speaks",
        "/a",
    ],
)
def test_without_patterns_any_ordinary_path_may_be_an_article(path):
    assert is_article_url(HOME + path, source())


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/index.php",
        "/ru/",
        "/kk",
        "/index.html",
        "/?utm_source=x",
        "/ru/?utm_source=x",
        "/img/1.JPG",
        "/doc/report.pdf",
        "/v.mp4?t=1",
        "/tag/most/",
        "/tags/most",
        "/kk/category/news/",
        "/author/ivan/",
        "/search?q=x",
        "/search/",
        "/login",
        "/wp-login.php",
        "/feed/",
        "/novosti/most/feed/",
        "/rss",
        "/?s=most",
        "/?cat=5",
        "/?feed=rss2",
        "/page/2/",
        "/novosti/page/17",
        "/archive/",
        "/archive/2026/03/",
        "/2026/03/",
        "/news/2031/02/28/",
        "/wp-content/uploads/1",
        "/about",
        "/sitemap.xml",
        "/category",
        "/%74ag/most/",
    ],
)
def test_without_patterns_lists_forms_and_files_are_no_articles(path):
    assert not is_article_url(HOME + path, source())


def test_allow_is_searched_in_path_and_query():
    by_id = source(allow=(r"-\d+/?$", r"\?id=\d+"))
    assert is_article_url(HOME + "/news/most-550643/", by_id)
    assert is_article_url(HOME + "/tag/show.php?id=7", by_id)
    assert not is_article_url(HOME + "/news/most/", by_id)
    assert not is_article_url("https://site-550643/", by_id)


def test_deny_wins_over_allow():
    no_video = source(allow=(r"^/news/",), deny=(r"^/news/video/",))
    assert is_article_url(HOME + "/news/1", no_video)
    assert not is_article_url(HOME + "/news/video/1", no_video)


def test_deny_works_without_allow():
    assert not is_article_url(HOME + "/horoscope/lev", source(deny=("^/horoscope/",)))
    assert is_article_url(HOME + "/news/lev", source(deny=("^/horoscope/",)))


def test_patterns_in_cyrillic_find_encoded_paths():
    assert is_article_url(HOME + "/%D0%B6%D0%BE%D0%BB/1", source(allow=("^/жол/",)))
    assert is_article_url(HOME + "/жол/1", source(allow=("^/жол/",)))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///news/1", "mailto:a@b", "http://[::1", "", "/news/1", "//"]
)
def test_what_is_no_web_address_is_no_article(url):
    assert not is_article_url(url, source())
    assert not is_article_url(url, source(allow=(".",)))


@given(st.text(max_size=200))
def test_asking_never_raises(text):
    for url in (text, "http://" + text, HOME + "/" + text):
        assert is_article_url(url, source()) in (True, False)

"""A page of somebody else's crawl goes to the source of its site, whoever saw it first."""

from __future__ import annotations

import dataclasses

import pytest

from crawler.sources.belonging import Belonging
from crawler.sources.profile import Source


def source(source_id, home):
    return Source(id=source_id, name=source_id, home=home)


PROFILED = [
    source("paper", "https://www.paper.kz/"),
    source("paper_kk", "https://paper.kz/kk/"),
    source("port", "http://127.0.0.1:8000/"),
]
KEPT = [source("blog", "https://blog.example/"), source("paper", "https://elsewhere.example/")]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://paper.kz/a", "paper"),
        ("http://WWW.PAPER.KZ/news/a", "paper"),
        ("https://paper.kz/kk/a", "paper_kk"),
        ("https://paper.kz/kk/", "paper_kk"),
        ("https://paper.kz/kkk/a", "paper"),
        ("https://sport.paper.kz/a", "paper"),
        ("https://newspaper.kz/a", "newspaper_kz"),
        ("https://kz/a", "kz"),
        ("http://127.0.0.1:8000/a", "port"),
        ("http://127.0.0.1:8001/a", "127_0_0_1_8001"),
        ("https://blog.example/a", "blog"),
        ("https://my.blog.example/a", "my_blog_example"),
        ("https://elsewhere.example/a", "elsewhere_example"),
        ("https://мост.қаз/a", "xn--l1aeje_xn--80ao21a"),
    ],
)
def test_the_nearest_source_of_the_site_gets_the_page(url, expected):
    assert Belonging(PROFILED, KEPT).source_of(url).id == expected


def test_a_source_made_from_a_host_is_made_once_whatever_comes_first():
    urls = ["https://a.news.example/1", "https://news.example/2", "https://a.news.example/3"]
    for order in (urls, urls[::-1]):
        belonging = Belonging([], [])
        found = {url: belonging.source_of(url).id for url in order}
        assert [found[url] for url in urls] == ["a_news_example", "news_example", "a_news_example"]


def test_an_id_that_is_taken_gets_a_number():
    belonging = Belonging([], [source("a_b_example", "https://other.example/")])
    assert belonging.source_of("https://a.b.example/").id == "a_b_example_2"
    assert belonging.source_of("https://a_b.example/").id == "a_b_example_3"


def test_what_the_other_archive_said_names_a_source_but_takes_no_known_one():
    belonging = Belonging(PROFILED, KEPT)
    assert belonging.source_of("https://one.example/a", "daily").id == "daily"
    assert belonging.source_of("https://two.example/a", "daily").id == "daily"
    assert belonging.source_of("https://three.example/a", "paper").id == "three_example"
    assert belonging.source_of("https://four.example/a", "no id!").id == "four_example"
    assert belonging.source_of("https://paper.kz/a", "paper_kk").id == "paper_kk"
    assert belonging.source_of("https://paper.kz/a", "daily").id == "paper"


def test_a_description_names_what_was_made_from_its_host_but_nothing_that_has_a_profile():
    own = Source(id="paper", name="paper.kz", home="https://paper.kz/", feeds=("https://paper.kz/rss",))
    made = source("blog_example", "https://blog.example/")
    made = dataclasses.replace(made, name="blog.example")
    belonging = Belonging(iter([own]), [made])
    for one in (own, made):
        belonging.describe(dataclasses.replace(one, name="Of another archive", feeds=()))
    assert belonging.source_of("https://paper.kz/a") is own
    assert belonging.source_of("https://blog.example/a").name == "Of another archive"
    assert not belonging.is_named_by_host(own)

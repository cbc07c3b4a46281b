"""Listing pages: where selectors point, titles, bases and next pages."""

from __future__ import annotations

import pytest

from archive.records import Found
from crawler.discovery import Reading, read_listing
from crawler.sources.profile import Listing

URL = "https://gazeta.example/news/"
TEASERS = """<!doctype html><html><head><meta charset="utf-8"><title>Новости</title></head><body>
<nav><a href="/about">О нас</a></nav>
<div class="card"><a class="pic" href="/news/1"><img src="1.jpg" alt="Фото: мост"></a>
  <h3><a class="t" href="/news/1">Мост&nbsp;открыт</a></h3><a class="cat" href="/tag/most">мост</a></div>
<div class="card"><a class="pic" href="/news/2"><img src="2.jpg"></a>
  <h3><a class="t" href="/news/2"><span>Вода</span> и свет</a></h3></div>
<a rel="next" href="?page=2">Дальше</a></body></html>"""


def read(html: str, link: str, following: str | None = None, url: str = URL) -> Reading:
    return read_listing(html.encode(), url, Listing(url, link, following))


def urls(reading: Reading) -> list[str]:
    return [found.url for found in reading.found]


def codes(reading: Reading) -> list[str]:
    return [rejected.code for rejected in reading.rejected]


@pytest.mark.parametrize(
    "link",
    [
        ".card a.t",
        ".card .t",
        ".card h3",
        "div.card",
        "h3 a",
        ".card a[href^='/news/']",
        "//div[@class='card']//h3/a",
        "(//h3)/a[@href]",
        ".card img, h3 a",
    ],
)
def test_selectors_may_point_to_anchors_or_what_holds_them(link):
    reading = read(TEASERS, link)
    assert reading.found == (
        Found("https://gazeta.example/news/1", "listing", URL, "Мост открыт"),
        Found("https://gazeta.example/news/2", "listing", URL, "Вода и свет"),
    )
    assert reading.rejected == ()


def test_selectors_may_point_to_the_attribute_itself():
    reading = read(TEASERS, "//div[@class='card']//h3/a/@href")
    assert urls(reading) == ["https://gazeta.example/news/1", "https://gazeta.example/news/2"]


def test_selectors_may_point_inside_an_anchor():
    reading = read("<a href=/1><h2>Бір <em>күн</em></h2><p>Мәтін</p></a>", "h2")
    assert reading.found == (Found("https://gazeta.example/1", "listing", URL, "Бір күн"),)


def test_title_of_a_whole_anchor_does_not_glue_its_blocks():
    reading = read("<a href=/1><h2>Б<b>ір</b> күн</h2><p>Мәтін</p><script>x()</script></a>", "a")
    assert reading.found[0].title == "Бір күн Мәтін"


def test_anchor_without_text_takes_its_title_attribute():
    assert read('<a href=/1 title="Атауы"><img></a>', "a").found[0].title == "Атауы"


def test_picture_without_any_text_has_no_title():
    assert read('<a href=/1><img alt="Фото"></a>', "a").found[0].title is None


def test_buttons_that_lead_nowhere_are_left_out():
    assert read(
        '<a href="#">x</a><a href=" #top">y</a><a>z</a><a href="">w</a><a href=/1>q</a>', "a"
    ).found == (Found("https://gazeta.example/1", "listing", URL, "q"),)


def test_bad_links_are_rejected_and_the_next_is_still_read():
    reading = read(
        "<a href='javascript:void(0)'>a</a><a href='tel:+7700'>b</a><a href='http://[::1'>c</a>"
        "<a href='https://other.example/'>d</a><a href=/1>e</a>",
        "a",
    )
    assert urls(reading) == ["https://gazeta.example/1"]
    assert codes(reading) == ["scheme", "scheme", "bad_url", "offsite"]


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://gazeta.example/kk/", "https://gazeta.example/kk/1"),
        ("/ru/", "https://gazeta.example/ru/1"),
        ("https://kaz.gazeta.example/", "https://kaz.gazeta.example/1"),
        ("https://evil.example/", "https://gazeta.example/news/1"),
        ("javascript:alert(1)", "https://gazeta.example/news/1"),
        ("file:///etc/", "https://gazeta.example/news/1"),
        ("http://[::1", "https://gazeta.example/news/1"),
        ("", "https://gazeta.example/news/1"),
    ],
)
def test_base_is_honoured_only_if_it_stays_on_the_site(base, expected):
    assert urls(read(f'<html><head><base href="{base}"></head><a href="1">x</a></html>', "a")) == [expected]


def test_next_page_is_resolved():
    assert read(TEASERS, "h3 a", "a[rel=next]").next_page == "https://gazeta.example/news/?page=2"
    assert read(TEASERS, "h3 a", "//a[@rel='next']/@href").next_page == "https://gazeta.example/news/?page=2"
    assert read(TEASERS, "h3 a").next_page is None


@pytest.mark.parametrize(
    "href",
    [
        "/news/",
        "",
        "#page2",
        "?utm_source=next",
        "https://www.gazeta.example/news",
        "https://other.example/news/2",
        "javascript:more()",
        "http://[::1",
    ],
)
def test_next_page_is_never_the_page_itself_or_off_the_site(href):
    assert read(f'<a href=/1>x</a><a rel=next href="{href}">next</a>', "a", "a[rel=next]").next_page is None


def test_missing_next_page_ends_the_listing_without_complaint():
    html = "<a href=/1>x</a>"
    assert read(html, "a", "a[rel=next]").next_page is None
    assert codes(read(html, "a", "a[rel=next]")) == []


def test_selector_that_finds_nothing_is_heard():
    assert codes(read(TEASERS, ".gone a")) == ["no_matches"]


@pytest.mark.parametrize("link", ["a:bogus(", "//a[", "", "count(//a)", "//a[foo()]"])
def test_selector_that_cannot_be_read_is_heard(link):
    reading = read(TEASERS, link)
    assert reading.found == ()
    assert codes(reading)[0] == "bad_selector"


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "utf-16"])
def test_encoding_is_settled(encoding):
    html = f'<html><head><meta charset="{encoding}"></head><body><a href="/1">Жаңа жол</a></body></html>'
    html = html if encoding != "windows-1251" else html.replace("Жаңа жол", "Новая дорога")
    title = read_listing(html.encode(encoding), URL, Listing(URL, "a")).found[0].title
    assert title in ("Жаңа жол", "Новая дорога")


def test_header_tells_the_encoding_where_the_page_does_not():
    body = "<a href=/1>новая дорога</a>".encode("koi8-r")
    reading = read_listing(body, URL, Listing(URL, "a"), content_type='text/html; charset="KOI8-R"')
    assert reading.found[0].title == "новая дорога"


@pytest.mark.parametrize("html", ["", " \n", "\0\0"])
def test_empty_page_is_rejected(html):
    assert codes(read(html, "a")) == ["empty"]


def test_links_beyond_the_limit_are_left_out_and_heard():
    reading = read("".join(f"<a href=/{n}>x</a>" for n in range(2_100)), "a")
    assert len(reading.found) == 2_000
    assert codes(reading) == ["too_many_items"]

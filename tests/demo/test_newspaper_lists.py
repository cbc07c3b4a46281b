"""Where the demo newspaper names its articles: lists, feed, sitemaps, and a profile that fits."""

from __future__ import annotations

import gzip
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from lxml import etree

from crawler.demo import DemoArticle, DemoNewspaper

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}
ROOTS = {"ru": "novosti/", "kk": "zhanalyqtar/", "en": "en/news/"}


@pytest.fixture(params=[1, 2])
def paper(request) -> Iterator[DemoNewspaper]:
    newspaper = DemoNewspaper(edition=request.param, now=datetime(2026, 3, 10, 12, tzinfo=UTC))
    newspaper.served = request.param
    yield newspaper
    newspaper.close()


def truth(paper) -> list[DemoArticle]:
    return paper.truth(paper.served)


def body(paper: DemoNewspaper, url: str) -> bytes:
    document = paper.answer(urlsplit(url).path)
    assert document.status == 200, url
    return document.body


def walked(paper: DemoNewspaper, url: str) -> list[str]:
    """The article addresses of a list, page after page."""
    found, seen = [], set()
    while url and url not in seen:
        seen.add(url)
        page = lxml.html.fromstring(body(paper, url).decode(), base_url=url)
        found += [link.get("href") for link in page.cssselect("a.teaser-link")]
        following = page.cssselect("a.next")
        url = urljoin(url, following[0].get("href")) if following else ""
    return found


@pytest.mark.parametrize("language", ROOTS)
def test_a_languages_list_names_all_its_articles_newest_first(paper, language):
    expected = [one.url for one in truth(paper) if one.language == language]
    assert walked(paper, paper.url + ROOTS[language]) == expected


def test_section_lists_together_name_every_article_once(paper):
    sections = {one.url.rsplit("/", 2)[0] + "/" for one in truth(paper)}
    found = [url for section in sorted(sections) for url in walked(paper, section)]
    assert sorted(found) == sorted(one.url for one in truth(paper))


def test_a_long_section_has_a_second_page(paper):
    page = body(paper, paper.url + "novosti/obshchestvo/page/2/").decode()
    assert 'class="prev"' in page
    assert 'class="next"' not in page
    assert paper.answer("/novosti/obshchestvo/page/3/").status == 404


def test_every_link_of_every_page_leads_somewhere(paper):
    waiting, seen = [paper.url], set()
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        document = paper.answer(urlsplit(url).path)
        assert document.status == 200, url
        if not document.kind.startswith("text/html"):
            continue
        page = lxml.html.fromstring(document.body.decode())
        links = page.xpath("//a/@href | //link[not(@rel='canonical')]/@href | //img/@src")
        absolute = (urljoin(url, link).partition("#")[0] for link in links)
        waiting += [link for link in absolute if link.startswith(paper.url)]
    assert {one.url for one in truth(paper)} <= seen


def test_the_feed_names_the_twenty_newest_it_may_name(paper):
    feed = etree.fromstring(body(paper, paper.url + "feed/"))
    items = [
        (item.findtext("link"), item.findtext("title"), parsedate_to_datetime(item.findtext("pubDate")))
        for item in feed.iter("item")
    ]
    allowed = [one for one in truth(paper) if one.dated in ("page", "feed")]
    assert items == [(one.url, one.title, one.published) for one in allowed[:20]]
    assert [
        one for one in truth(paper) if one.dated == "feed" and one.url not in {item[0] for item in items}
    ] == []


def test_the_news_sitemap_has_date_and_title_of_all_it_may_name(paper):
    sitemap = etree.fromstring(body(paper, paper.url + "news-sitemap.xml"))
    rows = [
        (
            url.findtext("s:loc", namespaces=NAMES),
            url.findtext("n:news/n:title", namespaces=NAMES),
            datetime.fromisoformat(url.findtext("n:news/n:publication_date", namespaces=NAMES)),
        )
        for url in sitemap.iterfind("s:url", NAMES)
    ]
    assert rows == [
        (one.url, one.title, one.published) for one in truth(paper) if one.dated in ("page", "sitemap")
    ]


def test_the_sitemap_index_leads_to_every_article_once(paper):
    index = etree.fromstring(body(paper, paper.url + "sitemap.xml"))
    named, stamps = [], {}
    for place in index.iterfind("s:sitemap/s:loc", NAMES):
        data = body(paper, place.text)
        sitemap = etree.fromstring(gzip.decompress(data) if place.text.endswith(".gz") else data)
        for url in sitemap.iterfind("s:url", NAMES):
            named.append(url.findtext("s:loc", namespaces=NAMES))
            stamps[named[-1]] = url.findtext("s:lastmod", namespaces=NAMES)
    assert sorted(named) == sorted(one.url for one in truth(paper))
    for one in truth(paper):
        expected = (one.modified or one.published).isoformat() if one.dated == "page" else None
        assert stamps[one.url] == expected


def test_robots_txt_names_both_sitemaps(paper):
    lines = body(paper, paper.url + "robots.txt").decode().splitlines()
    assert f"Sitemap: {paper.url}sitemap.xml" in lines
    assert f"Sitemap: {paper.url}news-sitemap.xml" in lines
    assert not any(line.lower().startswith("crawl-delay") for line in lines)


def test_the_profile_allows_every_article_and_no_list(paper):
    profile = tomllib.loads(paper.profile_toml)
    assert profile["home"] == paper.url
    for url in (
        *profile["feeds"],
        *profile["sitemaps"],
        *(listing["url"] for listing in profile["listings"]),
    ):
        body(paper, url)
    (allow,), (deny,) = profile["articles"]["allow"], profile["articles"]["deny"]
    assert all(re.search(allow, one.path) and not re.search(deny, one.path) for one in truth(paper))
    others = (
        "/",
        "/novosti/",
        "/novosti/page/2/",
        "/novosti/vlast/",
        "/novosti/vlast/page/2/",
        "/en/news/sport/",
    )
    assert not any(
        re.search(allow, path) and not re.search(deny, path) for path in (*others, "/ru/tag/паводок/")
    )

"""The pages about all archives: in three languages, strict, whole, and each leading where it says."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from lxml import etree

from tests.site.several.conftest import Together
from tests.site.test_every_page import LOADING, Tags
from tests.site.test_feeds import ATOM
from tests.site.test_search_page import TYPED

OURS = (
    *("/", "/search", "/search?q=мост", "/search?q=мост&sort=relevance&source=steppe_news"),
    *("/search?q=ghghgh", "/search?q=***", "/sources"),
    *("/changes", "/charts", "/charts?q=мост"),
)


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("path", OURS)
def test_a_page_answers_in_each_language_and_prints_no_machine_word(
    site: Together, path: str, language: str
) -> None:
    html = site.page(path, language)
    assert f'<html lang="{language}">' in html
    for machine in ("None", "built-in method", "Undefined", "{{", "steppe_news<", "&lt;mark", "Mounted"):
        assert machine not in html.replace("{{7*7}}", ""), machine


@pytest.mark.parametrize("path", OURS)
def test_pages_carry_the_strict_policy_obey_it_and_load_nothing_from_outside(
    site: Together, path: str
) -> None:
    answer = site.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' data:;")
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    for tag, attributes in Tags(answer.text).found:
        assert tag not in {"style", "script", "iframe", "object", "math", "img"}, tag
        assert not [name for name in attributes if name.startswith("on") or name == "style"], attributes
        for name, value in attributes.items():
            if (tag, name) in LOADING:
                assert not re.match(r"(?i)[a-z]+:|//", value or ""), (tag, value)


@pytest.mark.parametrize("path", OURS)
def test_headings_go_down_one_step_at_a_time(site: Together, path: str) -> None:
    levels = [int(tag[1]) for tag, _ in Tags(site.page(path)).found if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize("path", OURS)
def test_every_id_is_there_once(site: Together, path: str) -> None:
    ids = [attributes["id"] for _, attributes in Tags(site.page(path)).found if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", ["/", "/search?q=мост", "/sources", "/2026-04/", "/2026-03/search?q=мост"])
def test_every_link_within_the_site_leads_somewhere(site: Together, path: str) -> None:
    links = {
        attributes.get("href") for tag, attributes in Tags(site.page(path)).found if tag in {"a", "link"}
    }
    inside = {link for link in links if link and link.startswith("/")}
    assert len(inside) > 5
    for link in inside:
        assert site.get(link).status_code == 200, link


@pytest.mark.parametrize(
    ("language", "said"),
    [("ru", "Выберите архив"), ("kk", "Мұрағатты таңдаңыз"), ("en", "Choose an archive")],
)
@pytest.mark.parametrize("page", ["changes", "charts"])
def test_what_each_archive_has_of_its_own_is_found_from_the_root(
    site: Together, page: str, language: str, said: str
) -> None:
    html = site.page(f"/{page}?q=мост&lang={language}")
    assert said in html
    query = urlencode({"q": "мост", "lang": language}).replace("&", "&amp;")
    for name in ("2026-03", "2026-04"):
        assert f'href="/{name}/{page}?{query}"' in html
        assert site.get(f"/{name}/{page}?q=мост&lang={language}").status_code == 200


def test_each_archive_is_asked_for_all_that_was_asked(site: Together) -> None:
    html = site.page("/charts?source=steppe_news&q=мост&source=aul_kz&until=&lang=en")
    query = urlencode([("source", "steppe_news"), ("source", "aul_kz"), ("q", "мост"), ("lang", "en")])
    assert f'href="/2026-03/charts?{query.replace("&", "&amp;")}"' in html


def test_the_front_page_tells_what_each_archive_holds_and_what_is_newest_in_all(site: Together) -> None:
    html = site.page("/")
    assert html.index('type="search"') < html.index('id="latest"')
    assert site.hits("/")[:2] == [("2026-04", "Көпір жөнделуде"), ("2026-04", "Мост закрыли на ремонт")]
    assert "2 archives: 9 articles" in html
    assert re.search(
        r'<a href="/2026-04/"><span class="label" dir="auto">2026-04</span> <span class="n">4<', html
    )
    assert "10 March 2026 – 2 April 2026" in html
    assert html.index('"/2026-04/"><span class="label"') < html.index('"/2026-03/"><span class="label"')


def test_an_undated_article_is_not_among_the_newest(site: Together) -> None:
    assert "Untitled" not in [title for _, title in site.hits("/")]
    assert "Untitled" in [title for _, title in site.hits("/search")]


def test_each_archive_leads_back_to_all_and_keeps_the_language(site: Together) -> None:
    html = site.page("/2026-03/?lang=kk")
    assert '<a class="brand above" href="/?lang=kk">' in html
    assert "Барлық мұрағат" in html
    assert '<a class="whose" href="/2026-03/?lang=kk" dir="auto">2026-03</a>' in html
    assert 'href="/2026-03/a/' in html
    assert 'href="/"' in site.page("/2026-03/news/articles")
    assert 'href="/2026-04/a/' in site.page("/?lang=kk")


def test_a_language_once_chosen_is_kept_for_all_archives(site: Together) -> None:
    for path in ("/?lang=kk", "/2026-03/?lang=kk"):
        assert "Path=/;" in site.get(path).headers["set-cookie"]
    kept = site.get("/search", cookie="muragat_language=kk", accept_language="en")
    assert kept.headers["content-language"] == "kk"
    assert site.get("/", cookie='a="; \x80=,;;', accept_language="en").headers["content-language"] == "en"


def test_a_source_leads_to_the_archives_that_have_it(site: Together) -> None:
    html = site.page("/source/steppe_news")
    assert 'href="/2026-03/source/steppe_news"' in html
    assert 'href="/2026-04/source/steppe_news"' in html
    assert "9 articles" in html
    assert site.get("/source/nowhere").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/2026-05/",
        "/2026-03/nowhere",
        "/a/1",
        "/changes.atom",
        "//evil.example",
        "/\\evil.example/",
    ],
)
def test_what_is_not_there_is_said_in_the_readers_language(site: Together, path: str) -> None:
    answer = site.get(path, accept_language="kk")
    assert answer.status_code == 404
    assert "Мұндай бет жоқ" in answer.text
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_name_without_its_slash_is_sent_on_within_the_site(site: Together) -> None:
    answer = site.get("/2026-03?lang=kk")
    assert (answer.status_code, answer.headers["location"]) == (302, "/2026-03/?lang=kk")
    for path in ("/2026-03//evil.example/", "/2026-03/\\evil.example/", "/2026-03/news/"):
        assert site.get(path).headers.get("location", "/2026-03/").startswith("/2026-03/")


def test_what_browsers_and_robots_ask_of_a_host_is_at_its_root(site: Together) -> None:
    assert "Disallow: /" in site.get("/robots.txt").text
    assert site.get("/favicon.ico").content.startswith(b"\x89PNG")
    (href,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', site.page("/"))
    assert "immutable" in site.get(href).headers["cache-control"]
    assert site.get("/", method="POST").status_code == 405
    assert site.get("/", method="HEAD").status_code == 200


@pytest.mark.parametrize("typed", TYPED)
def test_fault_50_whatever_is_typed_is_text(site: Together, typed: str) -> None:
    for sort in ("", "relevance"):
        html = site.page(f"/search?{urlencode({'q': typed, 'sort': sort})}")
        assert "<script" not in html


@pytest.mark.parametrize(
    "query",
    [
        *("q=%FF%FE", "q=%ED%A0%80", "page=99999", "page=-1", "page=x", "page=٣", "since=x", "month=9999-99"),
        *("source=%00", "until=2026-02-30", "lang=xx", "q=a&q=b", "sort=%27", "section=" + "x" * 5000),
    ],
)
def test_fault_52_no_address_is_an_error(site: Together, query: str) -> None:
    assert site.get(f"/search?{query}").status_code == 200
    assert site.get(f"/search.atom?{query}").status_code == 200


@pytest.mark.parametrize("path", ["/feed.atom", "/search.atom", "/search.atom?q=мост&sort=relevance"])
def test_a_feed_of_all_is_valid_and_each_entry_leads_into_its_archive(site: Together, path: str) -> None:
    answer = site.get(path)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    tree = etree.fromstring(answer.content)
    for one in [tree, *tree.iter(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            (element,) = one.findall(f"{ATOM}{name}")
            assert (element.text or "").strip(), name
    ids = [element.text for element in tree.iterfind(f"{ATOM}entry/{ATOM}id")]
    assert len(ids) == len(set(ids)) > 1
    (own,) = [link.get("href") for link in tree.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own.startswith("http://localhost/")
    hrefs = [
        link.get("href")
        for link in tree.iterfind(f"{ATOM}entry/{ATOM}link")
        if link.get("rel") == "alternate"
    ]
    assert re.fullmatch(r"http://localhost/2026-04/a/\d+", hrefs[0])
    assert all(site.get(href.removeprefix("http://localhost")).status_code == 200 for href in hrefs)
    again = site.get(path, if_none_match=answer.headers["etag"])
    assert again.status_code == 304


def test_a_feed_of_a_search_has_the_newest_first(site: Together) -> None:
    tree = etree.fromstring(site.get("/search.atom?q=мост&sort=relevance").content)
    titles = [one.text for one in tree.iterfind(f"{ATOM}entry/{ATOM}title")]
    assert titles == ["Мост закрыли на ремонт", "В Степном открыли мост"]

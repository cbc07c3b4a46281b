"""What holds for every page: an answer, strict headers, no trace of a machine, nothing from outside."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

OURS = (
    "/",
    "/search",
    "/search?q=мост",
    "/search?q=мост&sort=relevance&source=steppe_news",
    "/search?q=ghghgh",
    "/a/{bridge}",
    "/a/{school}",
    "/a/{hostile}",
    "/a/{bare}",
    "/a/{gone}",
    "/a/{reworded}",
    "/a/{reworded}/changes",
    "/a/{bridge}/changes",
    "/a/{reworded}/changes?view=sides",
    "/a/{bridge}/cite",
    "/a/{hostile}/cite",
    "/a/{bare}/cite",
    "/a/{bridge}/story",
    "/changes",
    "/changes?kind=gone",
    "/charts",
    "/charts?q=мост",
    "/sources",
    "/source/steppe_news",
)
DATASETTES = ("/news", "/news/articles", "/news/articles/{hostile}", "/news/sources", "/news/revision_texts")
LOADING = {("img", "src"), ("script", "src"), ("link", "href"), ("iframe", "src"), ("source", "srcset")}


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("path", OURS)
def test_a_page_answers_in_each_language_and_prints_no_machine_word(
    site: Any, path: str, language: str
) -> None:
    html = site.page(path.format(**site.ids), language)
    assert f'<html lang="{language}">' in html
    for machine in ("None", "built-in method", "Undefined", "{{", "steppe_news<", "&lt;mark"):
        # A BibTeX entry has doubled braces of its own.
        kept = re.sub(r"(?s)<pre.*?</pre>|\{\{7\*7\}\}", "", html)
        assert machine not in kept, machine


@pytest.mark.parametrize("path", OURS)
def test_fault_41_our_pages_carry_the_strict_policy_and_obey_it(site: Any, path: str) -> None:
    answer = site.get(path.format(**site.ids))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' data:;")
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    for tag, attributes in Tags(answer.text).found:
        assert tag not in {"style", "iframe", "object", "math", "img"}, tag
        # The article for machines is data: no browser runs it.
        assert tag != "script" or attributes == {"type": "application/ld+json"}, attributes
        assert not [name for name in attributes if name.startswith("on") or name == "style"], attributes


@pytest.mark.parametrize("path", DATASETTES)
def test_datasettes_pages_carry_a_policy_that_keeps_all_else_out(site: Any, path: str) -> None:
    answer = site.get(path.format(**site.ids))
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'unsafe-inline';")
    assert "http" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", OURS + DATASETTES)
def test_nothing_is_loaded_from_outside_and_links_lead_to_the_web_only(site: Any, path: str) -> None:
    html = site.page(path.format(**site.ids))
    for tag, attributes in Tags(html).found:
        for name, value in attributes.items():
            if (tag, name) in LOADING and attributes.get("rel") not in {"alternate", "canonical"}:
                assert not re.match(r"(?i)[a-z]+:|//", value or ""), (tag, value)
        if tag == "a" and re.match(r"(?i)\s*[a-z]+:", attributes.get("href") or ""):
            assert re.match(r"https?://", attributes["href"] or ""), attributes
            if path in OURS:
                assert attributes["rel"] == "nofollow noopener noreferrer"


@pytest.mark.parametrize("path", ["/", "/search?q=мост", "/a/{bridge}", "/a/{reworded}"])
def test_every_link_within_the_site_leads_somewhere(site: Any, path: str) -> None:
    links = {
        attributes.get("href")
        for tag, attributes in Tags(site.page(path.format(**site.ids))).found
        if tag == "a"
    }
    inside = {link for link in links if link and link.startswith("/")}
    assert len(inside) > 5
    for link in inside:
        assert site.get(link).status_code == 200, link


@pytest.mark.parametrize("path", OURS)
def test_headings_go_down_one_step_at_a_time(site: Any, path: str) -> None:
    levels = [
        int(tag[1])
        for tag, _ in Tags(site.page(path.format(**site.ids))).found
        if re.fullmatch("h[1-6]", tag)
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_the_stylesheet_is_served_and_kept(site: Any) -> None:
    (href,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', site.page("/"))
    answer = site.get(href)
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert "http" not in answer.text


@pytest.mark.parametrize(
    "path", ["/a/1", "/a/9999999999999999999", "/a/{reworded}/changes?new=9", "/nowhere", "/news/x"]
)
def test_what_is_not_there_is_said_in_the_readers_language(site: Any, path: str, capfd: Any) -> None:
    answer = site.get(path.format(**site.ids), accept_language="kk")
    assert answer.status_code == 404
    assert "Мұндай бет жоқ" in answer.text
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "Traceback" not in "".join(capfd.readouterr())


def test_robots_are_asked_to_keep_out(site: Any) -> None:
    assert "Disallow: /" in site.get("/robots.txt").text

"""Which of the names a page gives itself is its title, and what is no part of one."""

from __future__ import annotations

import json
import time

import pytest

from archive.records import Article, Found
from crawler.cleaning import clean
from crawler.cleaning.document import Document, read_document
from crawler.cleaning.structured import read_stated
from crawler.cleaning.titles import title_candidates

URL = "https://rail.example/news/two-more-trains-a-day/"
TEXT = (
    "<p>The line from the port to the hills will have two more trains a day from May, the railway said.</p>"
    * 4
)


def page(*, head: str = "", body: str = "", url: str = URL) -> Article:
    return clean(f"<html><head>{head}</head><body>{body}{TEXT}</body></html>".encode(), url)


def json_ld(kind: str, headline: str) -> str:
    node = {"@context": "https://schema.org", "@type": kind, "headline": headline, "url": URL}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def test_a_headline_written_for_search_engines_gives_way_to_the_one_readers_see() -> None:
    said = "Best offers for trains 2026"
    head = f'<title>{said}</title><meta property="og:title" content="{said}">{json_ld("BlogPosting", said)}'
    assert page(head=head, body="<h1>Two more trains a day</h1>").title == "Two more trains a day"


def test_a_paper_s_own_headline_in_json_ld_is_believed() -> None:
    head = f"<title>Trains: more of them</title>{json_ld('NewsArticle', 'Two more trains a day')}"
    assert page(head=head, body="<h1>Railway news live</h1>").title == "Two more trains a day"


@pytest.mark.parametrize(
    ("heading", "title", "kicker"),
    [
        (
            '<h1><span class="dachzeile">Railway</span> <span>Two more trains</span></h1>',
            "Two more trains",
            "Railway",
        ),
        (
            '<h1><span class="a__overline">Railway</span><span> - </span><span>Two more trains</span></h1>',
            "Two more trains",
            "Railway",
        ),
        (
            '<h1><span class="kicker">Railway</span><span class="vh">: </span>Two more trains</h1>',
            "Railway: Two more trains",
            None,
        ),
        ("<h1>Two more trains<small>10.03.2026 News</small></h1>", "Two more trains", None),
        ("<h1>Two more trains<style>.a{color:red}</style><sup>*</sup></h1>", "Two more trains", None),
        ('<p class="kicker">Railway:</p><h1>Two more trains</h1>', "Two more trains", "Railway"),
    ],
)
def test_what_is_set_into_a_heading_is_no_part_of_the_title(
    heading: str, title: str, kicker: str | None
) -> None:
    read = page(head="<title>Two more trains | Rail</title>", body=heading)
    assert (read.title, read.kicker) == (title, kicker)


def test_a_heading_that_leads_to_the_front_page_names_the_site() -> None:
    body = '<h1><a href="/">The Port Gazette</a></h1><h2>Two more trains a day</h2>'
    read = page(head="<title>Two more trains a day - The Port Gazette</title>", body=body)
    assert read.title == "Two more trains a day"
    assert read.evidence["title"] == "heading"


@pytest.mark.parametrize(
    "title",
    [
        "Two more trains a day | Rail",
        "Two more trains a day | News | Rail Example",
        "Rail: Two more trains a day",
        "Two more trains a day |",
        "» Two more trains a day",
        "Two more trains a day » rail.example",
    ],
)
def test_a_title_is_without_the_sites_name_and_sections(title: str) -> None:
    read = page(head=f'<meta property="og:site_name" content="Rail"><title>{title}</title>')
    assert read.title == "Two more trains a day"


@pytest.mark.parametrize("title", ["«Two more trains»", "A minister: «Two more trains»", "»Two more trains«"])
def test_the_marks_of_a_quotation_stay(title: str) -> None:
    assert page(body=f"<h1>{title}</h1>").title == title


def test_two_scripts_need_no_space_between_title_and_site() -> None:
    head = '<meta property="og:site_name" content="铁路网"><title>港口线路增加列车-铁路网</title>'
    assert page(head=head).title == "港口线路增加列车"


def test_every_name_is_a_candidate_with_its_place() -> None:
    metas = '<title>Two trains | Rail</title><meta property="og:title" content="Trains, two">'
    head = metas + json_ld("NewsArticle", "More trains")
    document = read_document(f"<head>{head}</head><h1>Two more trains</h1>".encode())
    assert isinstance(document, Document)
    found = (Found(url=URL, via="feed", title="Trains of the port"),)
    said = title_candidates(document.tree, read_stated(document, URL), selector=None, found=found)
    assert [(one.value, one.evidence) for one in said] == [
        ("Two more trains", "h1"),
        ("Trains, two", "og:title"),
        ("More trains", "json-ld headline"),
        ("Two trains", "title"),
        ("Trains of the port", "feed"),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "<h1>" + "<span>" * 1_500 + "Two more trains" + "</span>" * 1_500 + "</h1>",
        "<h1>" + "<span class='date'>x</span>" * 20_000 + "</h1>",
        "<h1><a href='/x'>Two</a>" + "<p>So it went on and on.</p><a href='/y'>more</a>" * 10_000,
        "<h1>" + "» " * 50_000 + "</h1>",
    ],
)
def test_fault_39_no_heading_is_too_much(heading: str) -> None:
    started = time.process_time()
    page(head=f"<title>{'» ' * 50_000}</title>", body=heading)
    assert time.process_time() - started < 4

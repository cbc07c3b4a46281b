"""Bytes made to hurt, by the number of their fault: bounded time, never an exception, nothing else lost."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

from archive.records import Article
from crawler.cleaning import clean
from crawler.cleaning.document import too_complex
from crawler.cleaning.jsonable import as_json

URL = "https://rail.example/news/two-more-trains-a-day/"
VISIT = datetime(2026, 3, 10, 12, tzinfo=UTC)
TITLE = "Two more trains a day"
TEXT = "The valley railway will run two more trains a day from June, after a very full winter."
PARAGRAPH = f"<p>{TEXT}</p>"


def page(body: str = "", head: str = "") -> bytes:
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{TITLE}</title>{head}</head>"
        f"<body><article><h1>{TITLE}</h1>{PARAGRAPH * 3}{body}</article></body></html>"
    ).encode("utf-8", "surrogatepass")


def cleaned(raw: bytes, url: str = URL) -> Article:
    return clean(raw, url, fetched_at=VISIT)


def timed(raw: bytes, url: str = URL) -> tuple[Article, float]:
    """The article and the CPU time it cost."""
    begun = time.process_time()
    article = cleaned(raw, url)
    return article, time.process_time() - begun


def seconds(call: Callable[[], object], *, times: int = 1) -> float:
    """The least CPU time of a few calls; the collector, which walks all the tests hold, rests meanwhile."""

    def once() -> float:
        begun = time.process_time()
        call()
        return time.process_time() - begun

    gc.collect()
    gc.disable()
    try:
        return min(once() for _ in range(times))
    finally:
        gc.enable()


COMPLEX = {
    "100,000 attributes": "<p " + " ".join(f"a{n}" for n in range(100_000)) + ">x</p>",
    "40,000 attributes": "<p " + " ".join(f"a{n}=1" for n in range(40_000)) + ">x</p>",
    "40,000 quoted attributes": "<p " + " ".join(f"a{n}='>'" for n in range(40_000)) + ">x</p>",
    "200,000 paragraphs": "<p>word</p>" * 200_000,
    "200,000 nested tags": "<div>" * 200_000,
    "2,500 nested tags": "<div>" * 2_500,
}


@pytest.mark.parametrize("flood", COMPLEX.values(), ids=COMPLEX.keys())
def test_fault_30_what_is_too_complex_is_refused_within_a_second(flood: str) -> None:
    article, cost = timed(page(flood))
    assert [problem.code for problem in article.problems] == ["too_complex"]
    assert cost < 1


LARGE = {
    "100,000 paragraphs": "<p>Word and word.</p>" * 100_000,
    "ten megabytes of text": f"<p>{'word and more, ' * 700_000}</p>",
    "ten megabytes of a title": f'<p title="{"a b " * 2_500_000}">x</p>',
    "ten megabytes of an address": f'<p><a href="/{"a-b/" * 2_500_000}">one two</a></p>',
    "ten megabytes of class": f'<div class="{"crumb paywall a-b " * 600_000}">x</div>',
    "200,000 comments": "<!-- a -->" * 200_000,
    "200,000 comments never closed": "<!--" * 200_000,
    "40,000 links": "".join(f"<p><a href='/n/{n}'>Title of another {n}</a></p>" for n in range(40_000)),
    "sixty times 1,900 attributes": ("<p " + " ".join(f"a{n}=1" for n in range(1_900)) + ">x</p>") * 60,
    "code with long tags": f"<script>{('i<a ' + 'b ' * 2_100) * 2_000}</script>",
    "240 nested tags": "<div>" * 240 + PARAGRAPH,
}


@pytest.mark.parametrize("flood", LARGE.values(), ids=LARGE.keys())
def test_fault_30_what_is_large_is_read_in_seconds_and_the_article_with_it(flood: str) -> None:
    article, cost = timed(page(flood))
    assert article.title == TITLE
    assert cost < 5


GROWING = {
    "paragraphs": PARAGRAPH * 400,
    "a text": f"<p>{'word and more, ' * 20_000}</p>",
    "lines": f"<p>{'word and word<br>' * 2_000}</p>",
    "bold words": f"<p>{'<b>word</b> ' * 1_500}</p>",
    "rows": f"<table>{'<tr><td>word one</td><td>2</td></tr>' * 400}</table>",
    "items": f"<ul>{'<li>word one and two</li>' * 700}</ul>",
    "links": "<p><a href='/n'>Title of another article</a></p>" * 1_000,
    "headings": f"<h1>{TITLE}</h1>" * 1_000,
    "crumbs": "<a class=crumb href=/c>x</a>" * 1_000,
    "tags": "<a rel=tag href=/t>x</a>" * 1_000,
    "code with long tags": f"<script>{('i<a ' + 'b ' * 2_100) * 300}</script>",
}


@pytest.mark.parametrize("part", GROWING.values(), ids=GROWING.keys())
def test_fault_30_ten_times_the_size_costs_at_most_twelve_times(part: str) -> None:
    small, large = page(part), page(part * 10)
    cleaned(small)  # what is read once for all
    assert seconds(lambda: cleaned(large), times=4) <= 12 * seconds(lambda: cleaned(small), times=4)


def test_fault_30_the_scan_costs_a_fraction_of_parsing() -> None:
    boxes = "".join(
        f'<div class="a b" id="n{n}" data-x="1"><p>{TEXT}</p><a href="/n/{n}">{TITLE}</a></div>'
        for n in range(2_000)
    )
    raw = page(boxes)
    scan = seconds(lambda: too_complex(raw), times=5)
    assert scan < 0.2 * seconds(lambda: document_fromstring(raw), times=3)


SPACES, LETTERS = " " * 300_000, "a" * 1_000_000
TRAPS = {
    "spaces in the text": f"<p>a{SPACES}b</p>",
    "spaces of no width to break": f"<p>передает{SPACES.replace(' ', chr(0xA0))}b</p>",
    "spaces in a heading": f"<h2>a{SPACES}b</h2>",
    "spaces in a byline": f"<p class=byline>By a{SPACES}b</p>",
    "spaces in a date": f"<time class=date datetime='1{SPACES}2'>1{SPACES}2</time>",
    "spaces in code": f"<script type='application/ld+json'>{{'a'{SPACES}</script>",
    "letters in the text": f"<p>{LETTERS}</p>",
    "letters in a byline": f"<p class=byline>By {LETTERS}</p>",
    "letters in a class": f"<p class='{LETTERS}'>x</p>",
    "letters in a picture": f"<img src='/{LETTERS}.jpg' alt='{LETTERS}'>",
    "digits": f"<p class=date>{LETTERS.replace('a', '1')}</p>",
    "digits apart": f"<p class=date>{'1 ' * 300_000}</p>",
    "dashes": f"<p>{'- ' * 300_000}</p>",
    "dots": f"<p>{'a.b.' * 200_000}</p>",
    "commas": f"<p class=author>{'A b, ' * 100_000}</p>",
    "quotes": f"<p>{'«' * 300_000}</p>",
    "verbs of credit": f"<p>{'передает деп хабарлайды reported ' * 20_000}</p>",
    "sources": f"<p>{'Источник: ' * 50_000}</p>",
    "offers": f"<p>{'Читайте также: ' * 50_000}</p>",
}


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS.keys())
def test_fault_31_no_pattern_is_trapped(trap: str) -> None:
    article, cost = timed(page(trap))
    assert article.title == TITLE
    assert cost < 2


@pytest.mark.parametrize(
    "head",
    [
        f"<title>{SPACES}</title>",
        f"<meta property='og:title' content='a{SPACES}b'>",
        f"<meta property='og:title' content='{LETTERS}'>",
        f"<meta name=author content='{'A b, ' * 100_000}'>",
        f"<meta name=description content='{'&lt;' * 100_000}'>",
        f"<meta name=description content='{'&amp;' * 100_000}'>",
        f"<meta property='article:published_time' content='{'2026-' * 100_000}'>",
        f"<meta property='article:tag' content='{'a,' * 300_000}'>",
        f"<link rel=canonical href='/{LETTERS}'>",
        f"<meta http-equiv=content-type content='text/html;{SPACES}charset'>",
    ],
    ids=lambda head: head[:40],
)
def test_fault_31_no_pattern_is_trapped_in_the_head(head: str) -> None:
    article, cost = timed(page(head=head))
    assert TEXT in article.body
    assert cost < 2


@pytest.mark.parametrize("step", ["tag/", "video/", "video-", "page/1/", "a-", "ru/", "//", "index.", "%20"])
def test_fault_31_no_address_is_a_trap(step: str) -> None:
    url = f"https://rail.example/{step * 50_000}"
    assert timed(page(), url)[1] < 2


@given(
    st.text(alphabet=" \n\xa0a1.,:;-–—«»\"'()[]{}<>/\\&#@|?!=", min_size=1, max_size=12),
    st.integers(1, 3_000),
)
@settings(max_examples=60, deadline=None)
def test_fault_31_no_repeated_piece_is_a_trap(piece: str, times: int) -> None:
    assert timed(page(piece * times))[1] < 2


RUSSIAN = "Городской совет утвердил план ремонта набережной и выделил на него средства."


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (RUSSIAN.encode("utf-8-sig"), "text/html; charset=windows-1251"),
        (b"<meta charset=windows-1251><p>" + RUSSIAN.encode(), "text/html; charset=koi8-r"),
        (b"<meta charset=koi8-r><p>" + RUSSIAN.encode("cp1251"), "text/html; charset=windows-1251"),
        (b"<meta charset=windows-1251><p>" + RUSSIAN.encode("cp1251"), "text/html; charset=bogus-8"),
        (b"<meta charset=utf-8><p>" + RUSSIAN.encode("cp1251"), "text/html; charset=iso-8859-1"),
        (RUSSIAN.encode("utf-16"), None),
        (RUSSIAN.encode("cp1251"), None),
    ],
    ids=[
        "mark first",
        "valid utf-8 first",
        "header, then meta",
        "bogus",
        "both wrong",
        "utf-16",
        "undeclared",
    ],
)
def test_fault_32_whatever_is_declared_the_letters_are_right(raw: bytes, content_type: str | None) -> None:
    article = clean(raw, URL, content_type=content_type, fetched_at=VISIT)
    assert RUSSIAN in article.body


def test_fault_32_many_unreadable_letters_are_a_problem() -> None:
    raw = page(PARAGRAPH * 200).replace(b"winter", b"w\xff\xfe\xffnter", 20)
    article = clean(raw, URL, content_type="text/html; charset=utf-8", fetched_at=VISIT)
    assert "encoding_replaced" in [problem.code for problem in article.problems]


MARKS = ("\0", "\x07", "\x1b", "\x85", "\ud83d", "\u202e", "\u200b", "\ufeff", "\ue001")


@pytest.mark.parametrize("mark", MARKS, ids=ascii)
def test_fault_33_no_field_keeps_what_no_store_takes(mark: str) -> None:
    title = f"Two{mark} more trains a day"
    node = {"@type": "NewsArticle", "headline": title, "author": {"name": f"Mira{mark} Oakes"}}
    head = f"{script(json.dumps(node))}<meta property='article:section' content='Rail{mark}ways'>"
    body = f"<p>{TEXT}{mark} {TEXT}</p><p><a href='/a'>A{mark}b</a></p><img src='/a.jpg' alt='a{mark}b'>"
    article = cleaned(page(body, head))
    assert mark not in json.dumps(as_json(article), ensure_ascii=False).replace("\\n", "")
    assert (article.authors[0].name, article.body.count(TEXT)) == ("Mira Oakes", 5)


def script(said: str) -> str:
    """A JSON-LD script as a page has it."""
    return '<script type="application/ld+json">' + said.replace("</", "<\\/") + "</script>"


ARTICLE = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2026-03-01T10:00:00+05:00"}
LD = {
    "100,000 brackets": "[" * 100_000,
    "100,000 braces": '{"a":' * 100_000,
    "graph": json.dumps({"@graph": [{"@type": "WebPage"}, ARTICLE]}),
    "headline is a node": json.dumps(ARTICLE | {"headline": {}}),
    "headline is a list of lists": json.dumps(ARTICLE | {"headline": [[["x"]]]}),
    "everything is a number": json.dumps(dict.fromkeys(ARTICLE, 7) | {"@type": "NewsArticle"}),
    "everything is null": json.dumps(dict.fromkeys(ARTICLE) | {"@type": "NewsArticle"}),
    "two articles": json.dumps([ARTICLE, ARTICLE | {"headline": "Another story altogether"}]),
    "markup in strings": json.dumps(ARTICLE | {"headline": f"<b>{TITLE}</b>"}),
    "a comma too many": json.dumps(ARTICLE)[:-1] + ",}",
    "comments": "/* a */ " + json.dumps(ARTICLE) + " // b",
    "no end": json.dumps(ARTICLE)[:-5],
    "type is a node": json.dumps(ARTICLE | {"@type": {"a": 1}}),
    "50,000 articles": json.dumps([ARTICLE] * 50_000),
}


@pytest.mark.parametrize("said", LD.values(), ids=LD.keys())
def test_fault_34_no_json_ld_loses_the_page(said: str) -> None:
    article, cost = timed(page(head=script(said)))
    assert article.title == TITLE
    assert TEXT in article.body
    assert cost < 2


@pytest.mark.parametrize("broken", ["100,000 brackets", "headline is a node", "no end"])
def test_fault_34_a_bad_field_is_a_problem(broken: str) -> None:
    article = cleaned(page(head=script(LD[broken])))
    assert any(problem.code.startswith("json_ld") for problem in article.problems)


@pytest.mark.parametrize(
    "kept", ["graph", "two articles", "markup in strings", "a comma too many", "comments"]
)
def test_fault_34_what_can_be_read_is(kept: str) -> None:
    assert str(cleaned(page(head=script(LD[kept]))).published_date) == "2026-03-01"

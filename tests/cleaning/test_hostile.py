"""Pages made to cost time, memory or an exception, and pages nobody meant (FAULTS 30-36, 39-41)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

import pytest
from corpora import demo_pages
from fuzz import case, pages_to_spoil, tried
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import CHARSETS, ENCODINGS, NAMES, WAYS, spoiled
from promises import broken_promises

from archive.records import Article, Author, Image, Link
from crawler.cleaning import clean

URL = "https://gazeta.example/news/most-cherez-reku-zakryt"
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
CPU_SECONDS = 5.0  # each takes 2.1 at most on a quiet machine
SPOILED_PAGES = 150

PARAGRAPH = "Мост через реку закрыли на ремонт до осени, сообщил акимат города во вторник вечером. "
ARTICLE = f"<article><h1>Мост через реку закрыт</h1>{f'<p>{PARAGRAPH * 3}</p>' * 4}</article>".encode()


def cleaned(raw: bytes, url: str = URL, content_type: str | None = None) -> Article:
    """The article of some bytes; what is promised of every article has been looked at."""
    article = clean(raw, url, content_type=content_type, fetched_at=NOW)
    assert broken_promises(article) == []
    return article


def in_page(piece: bytes, head: bytes = b"") -> bytes:
    """An ordinary article with something odd before its text."""
    return b"<!DOCTYPE html><html><head><meta charset=utf-8>%s</head><body>%s%s</body></html>" % (
        head,
        piece,
        ARTICLE,
    )


def json_ld(text: bytes) -> bytes:
    """A page that says this of itself for machines."""
    return in_page(b"", b'<script type="application/ld+json">' + text + b"</script>")


# FAULTS 30 and 31: each names a page and whether its text may be read all the same.
COSTLY: dict[str, tuple[Callable[[], bytes], bool]] = {
    "100,000 attributes": (
        lambda: in_page(b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">"),
        False,
    ),
    "40,000 attributes with > in them": (
        lambda: in_page(b"<p " + b" ".join(b'a%d=">"' % n for n in range(40_000)) + b">"),
        False,
    ),
    "40,000 attributes behind a <": (
        lambda: in_page(b"<p>1 < 2 <p " + b" ".join(b"a%d" % n for n in range(40_000)) + b">"),
        False,
    ),
    "1,900 attributes on each of 100 tags": (
        lambda: in_page((b"<i " + b" ".join(b"a%d" % n for n in range(1_900)) + b"></i>") * 100),
        True,
    ),
    "140,000 paragraphs": (lambda: in_page(b"<p>x" * 140_000), True),
    "400,000 paragraphs": (lambda: in_page(b"<p>x" * 400_000), False),
    "200,000 line breaks": (lambda: in_page(b"<br>" * 200_000), True),
    "a text node of 10 MB": (lambda: in_page(b"<div hidden>" + b"word " * 2_000_000 + b"</div>"), True),
    "an attribute of 10 MB": (
        lambda: in_page(b'<img src="data:image/png;base64,' + b"A" * 10_000_000 + b'">'),
        True,
    ),
    "200,000 nested tags": (lambda: in_page(b"<div>" * 200_000), False),
    "2,000 nested tags": (lambda: in_page(b"<div>" * 2_000 + b"</div>" * 2_000), False),
    "20,000 dates behind as many elements": (
        lambda: in_page(b"<div class=date>" + "<b>x</b> 12 мая 2024 ".encode() * 20_000 + b"</div>"),
        True,
    ),
    "a class of 60 kB around 2,000 authors": (
        lambda: in_page(
            b"<div class='" + b"a " * 30_000 + b"'>" + b"<i itemprop=author>A B</i>" * 2_000 + b"</div>"
        ),
        True,
    ),
    "1,000 properties on each of 200 elements": (
        lambda: in_page(b"<span itemprop='" + b"author " * 1_000 + b"'>x</span>" * 200),
        True,
    ),
    "200 nested names of authors around 20,000 elements": (
        lambda: in_page(b"<div itemprop=author>" * 200 + b"<b>x</b>" * 20_000),
        True,
    ),
    "80 headings in each other around a megabyte": (
        lambda: in_page(b"<div><h2><span>" * 80 + b"word " * 200_000),
        True,
    ),
    "80,000 headings behind the text": (lambda: in_page("<h2>Абв где</h2>".encode() * 80_000), True),
    "400,000 ampersands in a paragraph": (lambda: in_page(b"<p>" + b"a & " * 400_000 + b"</p>"), True),
    "1,500 nested names of authors": (
        lambda: in_page(b"<div itemprop=author>" * 1_500 + b"<b>x</b>" * 8_000),
        False,
    ),
    "200 nested tags": (lambda: in_page(b"<div>" * 200 + b"</div>" * 200), True),
    "200,000 comments": (lambda: in_page(b"<!--" * 200_000 + b"-->"), True),
    "300,000 spaces": (lambda: in_page(b"<p>" + b" " * 300_000 + b"x</p>"), True),
    "a million letters": (lambda: in_page(b"<p hidden>" + b"a" * 1_000_000 + b"</p>"), True),
    "a million figures": (lambda: in_page(b"<time>" + b"1" * 1_000_000 + b"</time>"), True),
    "a title of 100 kB": (lambda: in_page(b"", b"<title>" + b"Title " * 17_000 + b"</title>"), True),
    "100,000 ampersands": (lambda: in_page(b"&" * 100_000), True),
    "a srcset of 20,000": (lambda: in_page(b"<img srcset='" + b"/a.jpg 1x," * 20_000 + b"'>"), True),
    "100,000 brackets of JSON": (lambda: json_ld(b"[" * 100_000), True),
    "50,000 things of JSON": (
        lambda: json_ld(b'{"@graph":[' + b'{"@type":"Person","name":"A"},' * 50_000 + b"{}]}"),
        True,
    ),
    "20,000 headlines": (lambda: in_page(b"<h1>x</h1>" * 20_000), True),
    "10,000 dates": (lambda: in_page(b"<p class=date>10.03.2026</p>" * 10_000), True),
    "32 MiB and a byte": (lambda: b"<p>" + b"x" * 2**25, False),
}


@pytest.mark.parametrize("name", COSTLY)
def test_a_costly_page_is_read_or_refused_within_seconds(name):
    made, is_read = COSTLY[name]
    raw = made()
    started = time.process_time()
    article = clean(raw, URL, fetched_at=NOW)
    assert time.process_time() - started < CPU_SECONDS
    assert broken_promises(article) == []
    if is_read:
        assert "закрыли на ремонт до осени" in article.body
    else:
        assert article.problems


WRONG_TYPES = (
    "{}",
    "[]",
    "[[]]",
    "null",
    "0",
    "1e999",
    "-1",
    "true",
    '""',
    '{"@id":"#none"}',
    '"\\ud800"',
)
STATED = (
    *(
        "headline",
        "author",
        "datePublished",
        "dateModified",
        "publisher",
        "image",
        "keywords",
        "url",
        "@type",
    ),
    *(
        "articleSection",
        "inLanguage",
        "mainEntityOfPage",
        "isAccessibleForFree",
        "description",
        "name",
        "@id",
    ),
    *("creator", "@graph", "itemListElement", "articleBody", "thumbnailUrl"),
)


@pytest.mark.parametrize("field", STATED)
def test_a_field_of_the_wrong_type_in_json_ld_costs_only_itself(field):
    for value in WRONG_TYPES:
        article = cleaned(json_ld(f'{{"@type":"NewsArticle","{field}":{value}}}'.encode()))
        assert article.title == "Мост через реку закрыт", value
        assert article.body.count("\n\n") == 3, value
        assert article.published_at is None, value


@pytest.mark.parametrize(
    "stated",
    [
        '{"@type":"NewsArticle","headline":"Мост через реку закрыт",}'.encode(),
        b'/* x */ {"@type":"NewsArticle"}',
        b'{"@type":"NewsArticle"} {"@type":"NewsArticle"}',
        b'<!-- {"@type":"NewsArticle"} -->',
        b'{"@type":["NewsArticle",{},null]}',
        b'{"@graph":{"@graph":{"@graph":[]}}}',
        b'{"@id":"#a","author":{"@id":"#a"}}',
        b"\xff\xfe{\x00}\x00",
        b"NaN",
    ],
)
def test_broken_json_ld_does_not_cost_the_page(stated):
    assert cleaned(json_ld(stated)).title == "Мост через реку закрыт"


@pytest.mark.parametrize(
    "base",
    [
        "javascript:alert(1)",
        "http://[::1",
        "file:///etc/",
        "//",
        "data:text/html,x",
        "\x00",
        "http://x:99999/",
    ],
)
def test_fault_35_a_base_that_is_none_makes_no_address_that_is_none(base):
    piece = f'<base href="{base}"><p><a href="/a">сюда</a> <img src="b.jpg"></p>'.encode()
    article = cleaned(in_page(b"", piece) + b'<link rel=canonical href="' + base.encode() + b'">')
    assert article.canonical_url is None


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "{{7*7}}",
        "=HYPERLINK(1)",
        "\x1b[2J",
        "'; DROP TABLE articles; --",
        "a\r\nb\x00",
    ],
)
def test_fault_41_text_that_is_code_elsewhere_is_text_here(text):
    escaped = text.replace("<", "&lt;").replace("\x1b", "&#27;").replace("\x00", "&#0;")
    raw = in_page(b"", f"<title>{escaped}</title>".encode()) + f"<p>{escaped} {PARAGRAPH}</p>".encode()
    article = cleaned(raw)
    assert "<script" not in article.body_html
    assert "\x1b" not in article.body


@pytest.mark.parametrize("unseen", ["\x80", "\ue000", "\u200e", "\u202e"])
def test_a_paragraph_of_what_nobody_sees_leaves_no_gap(unseen):
    piece = f"<p>{unseen}</p><p>{PARAGRAPH}<br>{unseen}</p>".encode()
    body = cleaned(in_page(b"").replace(b"</article>", piece + b"</article>")).body
    assert body.count("\n\n") == 4
    assert body.endswith("во вторник вечером.")


UNSEEN = st.sampled_from(
    ["\u202e", "\u200b", "\ufeff", "\x00", "\x85", "\ud800", "\ue000", "\U0010ffff", "\r", "\u2028"]
)
WORDS = st.one_of(
    st.text(max_size=8),
    UNSEEN,
    st.sampled_from([PARAGRAPH, "10 марта 2026, 12:00", "Автор: А. Б.", "x" * 300]),
)
NAME = st.sampled_from([name.decode() for name in NAMES])
ATTRIBUTE = st.tuples(
    st.sampled_from(
        ["class", "id", "href", "src", "itemprop", "datetime", "content", "property", "rel", "style", "lang"]
    ),
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            ["articleBody", "comments", "author", "javascript:x", "http://[", "http://x:99999", "2026-13-45"]
        ),
        st.sampled_from(
            ["/a/1", "https://gazeta.example/a/2", "article:published_time", "og:title", "display:none"]
        ),
    ),
)


def start_tag(name: str, attributes: list[tuple[str, str]]) -> str:
    """An opening tag as a careless template writes it."""
    written = [f'{key}="{value}"' for key, value in attributes]
    return f"<{' '.join([name, *written])}>"


PIECES = st.one_of(
    WORDS,
    st.builds(start_tag, NAME, st.lists(ATTRIBUTE, max_size=3)),
    NAME.map("</{}>".format),
    st.sampled_from(
        ["<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE", "<?xml", "&#xD800;", "&amp;lt;b>", "<", ">", '"']
    ),
)
SOUP = st.lists(PIECES, max_size=40).map("".join)
JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from(["NewsArticle"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(STATED), inner, max_size=4)
    ),
    max_leaves=12,
)
ENCODED = st.sampled_from(["utf-8", *ENCODINGS])
HEADER = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from([f"text/html; charset={name.decode()}" for name in CHARSETS]),
)
thorough = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def as_bytes(text: str, encoding: str) -> bytes:
    """A text in an encoding; lone surrogates go out as broken servers send them."""
    return text.encode(
        encoding, "surrogatepass" if encoding.startswith("utf-") and encoding != "utf-7" else "ignore"
    )


@thorough
@given(st.binary(max_size=400), st.text(max_size=40), HEADER)
def test_no_bytes_address_or_header_make_cleaning_raise(raw, url, content_type):
    cleaned(raw, url, content_type)


@thorough
@given(SOUP, ENCODED, HEADER)
def test_any_soup_of_tags_in_any_encoding_gives_an_article_that_keeps_every_promise(
    soup, encoding, content_type
):
    cleaned(as_bytes(soup, encoding), content_type=content_type)
    cleaned(in_page(as_bytes(soup, "utf-8")), content_type=content_type)


@thorough
@given(JSON, WORDS)
def test_any_json_gives_an_article_that_keeps_every_promise(stated, word):
    told = {"@type": "NewsArticle", "headline": word, "value": stated}
    told |= stated if isinstance(stated, dict) else {}
    for said in (stated, told):
        cleaned(json_ld(json.dumps(said).replace("</", "<\\/").encode("utf-8", "surrogatepass")))


@settings(max_examples=60, deadline=None)
@given(SOUP, HEADER)
def test_a_page_is_read_the_same_twice(soup, content_type):
    raw = in_page(as_bytes(soup, "utf-8"))
    assert cleaned(raw, content_type=content_type) == cleaned(raw, content_type=content_type)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(WAYS)), st.integers(0, 10_000), st.sampled_from(demo_pages()))
def test_a_page_spoiled_in_one_way_keeps_every_promise(way, seed, page):
    url, raw = page
    cleaned(WAYS[way](Random(seed), raw, ARTICLE), url)


def test_spoiled_real_pages_cost_no_exception_and_little_time():
    pages = pages_to_spoil(None)
    ended = [tried(case(pages, 7, number)) for number in range(SPOILED_PAGES)]
    assert [f"{one.case} {'+'.join(one.ways)}: {one.failed}" for one in ended if one.failed] == []
    assert sum(one.kind == "article" for one in ended) > SPOILED_PAGES / 5  # spoiled, not destroyed


def test_a_page_is_spoiled_the_same_way_for_the_same_seed():
    first = [spoiled(f"3:{n}", ARTICLE * 20, b"other" * 50) for n in range(60)]
    assert first == [spoiled(f"3:{n}", ARTICLE * 20, b"other" * 50) for n in range(60)]
    assert {way for one in first for way in one.ways} == set(WAYS)
    assert sum(one.raw != ARTICLE * 20 for one in first) > 55


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ({"body": "a\x1b[2J"}, "body holds"),
        ({"title": "a\nb"}, "not one line"),
        ({"title": ""}, "empty instead of None"),
        ({"body_html": "<p onclick='x'>a</p>"}, "<p onclick>"),
        ({"body_html": "<script>a</script>"}, "<script>"),
        ({"body_html": "<p><a href='javascript:x'>a</a></p>"}, "links to"),
        ({"published_at": datetime(2026, 3, 10)}, "no zone"),  # noqa: DTZ001 - the fault
        ({"links": (Link("file:///etc/passwd", "x", "inline"),)}, "an address is"),
        ({"images": (Image("data:image/png;base64,AA"),)}, "an address is"),
        ({"authors": (Author("A\u202eB"),)}, "authors holds"),
        ({"article_type": "news"}, "article_type"),
        ({"is_article": 2.0}, "is_article is"),
        ({"article_type": "not_article"}, "no reason why"),
        ({"evidence": {"title": {1}}}, "no JSON"),
    ],
)
def test_a_broken_promise_is_seen(broken, told):
    sound: dict[str, object] = {"article_type": "article"}
    article = Article(URL, URL, "gazeta.example/news", **sound | broken)
    assert any(told in said for said in broken_promises(article))
    assert broken_promises(Article(URL, URL, "gazeta.example/news", article_type="article")) == []

"""What a page states for machines, as plain data."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.cleaning.document import Document, read_document
from crawler.cleaning.json_ld import MAX_NODES, read_json_ld, strings, types_of
from crawler.cleaning.structured import Stated, read_stated

URL = "https://rail.example/news/two-more-trains/"


def stated(html: str, url: str = URL) -> Stated:
    document = read_document(html.encode())
    assert isinstance(document, Document)
    return read_stated(document, url)


def script(*nodes: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "Article", "headline": "A \\"b\\" // c /* d */ ,]"}',
        '{"@type": "Article", "headline": "A \\"b\\" // c /* d */ ,]",}',
        '<!-- {"@type": "Article", "headline": "A \\"b\\" // c /* d */ ,]",} -->',
        '/*<![CDATA[*/ {"@type": "Article", "headline": "A \\"b\\" // c /* d */ ,]"} /*]]>*/',
        '{"@type": "Article", // one\n "headline": "A \\"b\\" // c /* d */ ,]" /* two */ }',
        '{"@type": "Article", "headline": "A \\"b\\" // c /* d */ ,]"};',
        '{"@type": "Article"\n "headline": "A \\"b\\" // c /* d */ ,]"}',
    ],
)
def test_a_broken_script_says_what_it_meant(text: str) -> None:
    json_ld = read_json_ld([text])
    assert [node["headline"] for node in json_ld.nodes] == ['A "b" // c /* d */ ,]']


def test_single_fields_are_saved_of_a_script_beyond_repair() -> None:
    json_ld = read_json_ld(
        ['{"@type": "NewsArticle", "headline": "A "b" c", "datePublished": "2026-02-01T08:30:00Z"']
    )
    assert json_ld.nodes[0]["datePublished"] == "2026-02-01T08:30:00Z"
    assert [problem.code for problem in json_ld.problems] == ["json_ld_salvaged"]


@pytest.mark.parametrize("text", ["nonsense", "[" * 100_000, '{"a":' * 50_000, '"' * 1001, "{" + "/*" * 1000])
def test_what_no_one_can_read_is_a_problem(text: str) -> None:
    json_ld = read_json_ld([text])
    assert json_ld.nodes == ()
    assert [problem.code for problem in json_ld.problems] == ["json_ld_broken"]


def test_two_values_in_one_script_are_both_read() -> None:
    json_ld = read_json_ld(['{"@type": "Article"} {"@type": "Person"}'])
    assert [set(types_of(node)) for node in json_ld.nodes] == [{"Article"}, {"Person"}]


def test_nodes_are_bounded() -> None:
    json_ld = read_json_ld([json.dumps([{"@type": "Article", "n": n} for n in range(3 * MAX_NODES)])])
    assert len(json_ld.nodes) == MAX_NODES


def test_articles_of_a_list_are_not_this_pages() -> None:
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "Article", "headline": "Two more trains"}]}
    assert stated(script(listed)).article is None


def test_an_article_inside_its_page_is_found() -> None:
    nested = {"@type": "WebPage", "mainEntity": {"@type": "https://schema.org/NewsArticle", "headline": "A"}}
    article = stated(script(nested)).article
    assert article is not None
    assert article["headline"] == "A"


@pytest.mark.parametrize(
    "own",
    [
        {"url": "/news/two-more-trains/?utm_source=feed"},
        {"mainEntityOfPage": {"@id": "https://www.rail.example/news/two-more-trains"}},
        {"headline": "Two more trains a day"},
    ],
    ids=["url", "mainEntityOfPage", "headline"],
)
def test_of_several_articles_this_pages_own_is_chosen(own: dict[str, object]) -> None:
    other = {"@type": "NewsArticle", "url": "https://rail.example/b/", "headline": "The old mill is for sale"}
    html = (
        script(other, {"@type": "NewsArticle", "mine": True, **own}, other) + "<h1>Two more trains a day</h1>"
    )
    article = stated(html).article
    assert article is not None
    assert article.get("mine")


def test_of_several_articles_that_do_not_fit_none_is_chosen() -> None:
    others = [
        {"@type": "NewsArticle", "url": f"https://rail.example/{n}/", "headline": f"No {n}"} for n in "ab"
    ]
    assert stated(script(*others) + "<h1>Two more trains a day</h1>").article is None


def test_names_of_metas_are_one_case_and_keep_every_value() -> None:
    page = stated(
        '<meta NAME="Author" content="A"><meta property="author" content="B"><meta name=author content="">'
    )
    assert page.metas["author"] == ("A", "B")
    assert page.first_meta("nothing", "author") == "A"


def test_a_title_drawn_in_a_picture_is_no_title_of_the_page() -> None:
    page = stated("<body><svg><title>Close</title></svg><p>text</p></body>")
    assert page.page_title is None


@pytest.mark.parametrize(
    ("href", "base"),
    [("/a/", "https://rail.example/a/"), ("javascript:x", URL), ("file:///etc/", URL), ("http://[::1", URL)],
)
def test_a_base_that_is_no_web_address_is_not_believed(href: str, base: str) -> None:
    assert stated(f'<base href="{href}"><p>text').base == base


def test_microdata_knows_what_it_belongs_to() -> None:
    page = stated(
        '<div itemscope itemtype="http://schema.org/NewsArticle">'
        '<meta itemprop="datePublished" content="2026-02-01">'
        '<b itemprop="author" itemscope itemtype="http://schema.org/Person"><i itemprop="name">Mira</i></b>'
    )
    assert [(item.name, item.value, item.kind) for item in page.items] == [
        ("datePublished", "2026-02-01", "NewsArticle"),
        ("author", "", "NewsArticle"),
        ("name", "", "Person"),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["@type", "@id", "@graph", "name", "headline", "url", "author"]), inner
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_no_json_makes_it_raise(value: object) -> None:
    page = stated(script(value, {"@type": "Article", "headline": value, "url": value, "author": value}))
    assert all(isinstance(text, str) for text in strings(value))
    assert page.json_ld.nodes

"""The body as small safe HTML: the same as the text, and nothing that runs."""

from __future__ import annotations

import re

import pytest
from lxml import html

from crawler.cleaning.body import Body, read_body

FIRST = "The orchard behind the school gave more apples this autumn than in any of the ten years before."
SECOND = "Pupils picked them on two Saturdays, and what they could not eat was pressed into juice by parents."
THIRD = "Next year the school wants to plant pears as well, the gardener told us when we came to see it."
KEPT = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "a", "em", "strong", "br", "table", "tr", "td",
    "th", "figure", "figcaption", "img", "tbody",
}  # fmt: skip


def body_of(article: str) -> Body:
    source = f"<html><body><article><h1>Apples</h1>{article}</article></body></html>"
    tree = html.document_fromstring(source, parser=html.HTMLParser(encoding="utf-8"))
    return read_body(tree, base_url="https://school.example/apples", title="Apples")


def words(markup: str) -> list[str]:
    return re.findall(r"\w+", html.fromstring(f"<div>{markup}</div>").text_content())


def test_paragraphs_headings_and_emphasis_are_kept() -> None:
    body = body_of(
        f"<p>{FIRST}</p><h2>The <i>second</i> harvest</h2><p><b>So</b> many: {SECOND}</p>"
        f"<h5>Pears</h5><p>{THIRD}</p>"
    )
    assert body.html == (
        f"<p>{FIRST}</p><h2>The <em>second</em> harvest</h2><p><strong>So</strong> many: {SECOND}</p>"
        f"<h4>Pears</h4><p>{THIRD}</p>"
    )


def test_lists_quotes_and_tables_keep_their_shape() -> None:
    body = body_of(
        f"<p>{FIRST}</p><ol><li>Wash the apples</li><li>Press them</li></ol>"
        f"<blockquote><p>{SECOND}</p></blockquote><table><tr><th>Year</th><td>Sacks</td></tr><tr><th>Last</th><td>nine</td></tr></table><p>{THIRD}</p>"
    )
    assert "<ol><li><p>Wash the apples</p></li><li><p>Press them</p></li></ol>" in body.html
    assert f"<blockquote><p>{SECOND}</p></blockquote>" in body.html
    rows = html.fromstring(f"<div>{body.html}</div>").xpath("//tr")
    assert [[cell.text_content() for cell in row] for row in rows] == [["Year", "Sacks"], ["Last", "nine"]]


def test_links_are_absolute_and_spaces_around_them_stay() -> None:
    body = body_of(
        f"<p>{FIRST}</p><p>It was <a href='../juice'>a lot of</a> juice, as all agreed.</p><p>{THIRD}</p>"
    )
    assert (
        '<p>It was <a href="https://school.example/juice" rel="nofollow noopener">a lot of</a> juice'
        in body.html
    )


def test_the_picture_stands_where_the_page_shows_it() -> None:
    figure = (
        "<figure><img src='/tree.jpg' alt='A tree'><figcaption>The tree. Photo: Anna</figcaption></figure>"
    )
    body = body_of(f"<p>{FIRST}</p>{figure}<p>{SECOND}</p><p>{THIRD}</p>")
    image = '<img src="https://school.example/tree.jpg" alt="A tree">'
    picture = f"<figure>{image}<figcaption>The tree. Anna</figcaption></figure>"
    assert body.html == f"<p>{FIRST}</p>{picture}<p>{SECOND}</p><p>{THIRD}</p>"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<p onclick='alert(1)' style='position:fixed'>The gardener said that the pears would come.</p>",
        "<p><a href='javascript:alert(1)'>The gardener</a> smiled and said that pears would come.</p>",
        "<p><a href='java\nscript:alert(1)'>The gardener</a> smiled and said that pears would come.</p>",
        "<img src='x' onerror='alert(1)'><img src='javascript:alert(1)'>",
        '<p>The gardener wrote &lt;script&gt;alert(1)&lt;/script&gt; and "quotes" there &amp; laughed.</p>',
        "<iframe src='https://evil.example'></iframe><svg onload='alert(1)'><p>x</p></svg><math></math>",
        "<p><a href='https://ok.example/\"onmouseover=alert(1)'>The gardener</a> smiled as pears came.</p>",
    ],
)
def test_nothing_in_the_markup_runs(hostile: str) -> None:
    made = html.fromstring(
        f"<div>{body_of(f'<p>{FIRST}</p>{hostile}<p>{SECOND}</p><p>{THIRD}</p>').html}</div>"
    )
    inside = list(made.iterdescendants())
    assert {element.tag for element in inside} <= KEPT
    assert {name for element in inside for name in element.attrib} <= {"href", "src", "alt", "rel"}
    for element in inside:
        address = element.get("href") or element.get("src")
        assert address is None or address.startswith(("http://", "https://"))


def test_text_and_markup_say_the_same() -> None:
    body = body_of(
        f"<p>{FIRST} &lt;b&gt; &amp; more</p><ul><li>One <b>red</b> apple</li><li>Two</li></ul>"
        f"<p>{SECOND}<br>{THIRD}</p>"
    )
    assert words(body.html.replace("<", " <")) == re.findall(r"\w+", body.text)

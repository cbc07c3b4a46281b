"""The demo newspaper's pages say what its truth says, and hold the traps they are made for."""

from __future__ import annotations

import json
from collections import Counter
from copy import deepcopy
from datetime import UTC, datetime

import lxml.html
import pytest

from crawler.demo import DemoArticle, DemoNewspaper
from crawler.demo.markup import block_html, read_blocks

TEXT_OF = {"plain": "div.story-text", "theme": "div.td-post-content"}
VISITED = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def paper():
    newspaper = DemoNewspaper(now=VISITED)
    yield newspaper
    newspaper.close()


@pytest.fixture(scope="module")
def pages(paper) -> list[tuple[DemoArticle, lxml.html.HtmlElement]]:
    found = []
    for edition in (1, 2):
        paper.publish(edition)
        found += [
            (one, lxml.html.fromstring(paper.answer(one.path).body.decode())) for one in paper.truth(edition)
        ]
    paper.publish(1)
    return found


def only(page: lxml.html.HtmlElement, selector: str) -> lxml.html.HtmlElement:
    (found,) = page.cssselect(selector)
    return found


def squeezed(text: str) -> str:
    return "".join(text.replace(" | ", "").split())


def meta(page: lxml.html.HtmlElement, name: str) -> list[str]:
    return page.xpath(f"//meta[@property='{name}']/@content")


def test_the_paper_is_large_and_written_in_three_languages(paper):
    articles = paper.truth(1)
    languages = Counter(one.language for one in articles)
    assert len(articles) >= 44
    assert languages["ru"] >= 24
    assert languages["kk"] >= 12
    assert languages["en"] >= 8
    assert len({one.section for one in articles}) >= 12
    assert min(Counter(one.design for one in articles).values()) >= 15


def test_every_article_is_whole(paper):
    for edition in (1, 2):
        for one in paper.truth(edition):
            assert one.title
            assert one.section
            assert one.lead == one.paragraphs[0]
            assert 4 <= len(one.paragraphs) <= 12, one.id
            assert len(one.body) >= 600, one.id
            assert len(set(one.paragraphs)) == len(one.paragraphs), one.id


def test_days_of_publication_can_be_learned_where_truth_says(paper):
    dated = Counter(one.dated for one in paper.truth(1))
    assert dated["feed"] >= 2
    assert dated["sitemap"] >= 2
    assert [one.published for one in paper.truth(1) if one.dated == "nowhere"] == [None]


def test_truth_is_what_the_page_shows(pages):
    for article, page in pages:
        text = deepcopy(only(page, TEXT_OF[article.design]))
        for figure in text.cssselect("figure"):
            figure.drop_tree()
        assert squeezed(text.text_content()) == squeezed(article.body), article.id
        assert only(page, "h1").text_content() == article.title
        assert [image.url for image in article.images] == meta(page, "og:image")
        assert meta(page, "og:title") == [article.title]
        assert meta(page, "og:description") == [article.lead]
        related = page.cssselect(".related a, .td_block_related_posts h3 a")
        assert tuple(link.get("href") for link in related) == article.related
        assert tuple(link.get("href") for link in text.cssselect("a")) == article.inline
        names = page.cssselect(".byline .author, .tdb-author-name")
        assert tuple(name.text for name in names) == article.authors
        assert tuple(tag.text for tag in page.cssselect("a[rel=tag]")) == article.tags


def test_an_agency_is_named_by_the_text_or_the_line_under_it(pages):
    credited = [(article, page) for article, page in pages if article.agency]
    assert len(credited) >= 10
    for article, page in credited:
        under = page.cssselect(".article-source, .td-post-source-via")
        assert article.agency in article.body + "".join(line.text_content() for line in under), article.id


def test_captions_and_credits_stand_in_the_figure(pages):
    for article, page in pages:
        for image in article.images:
            caption = " ".join(page.cssselect("figcaption")[0].text_content().split())
            assert caption == " ".join(filter(None, (image.caption, image.credit)))
    assert (
        sum(1 for article, _ in pages for image in article.images if "Коллаж:" in (image.credit or "")) >= 5
    )


def test_plain_pages_state_their_day_in_every_way(pages):
    plain = [(article, page) for article, page in pages if article.design == "plain"]
    for article, page in plain:
        stated = article.published.isoformat()
        assert meta(page, "article:published_time") == [stated]
        assert page.cssselect("article time")[0].get("datetime") == stated


def test_json_ld_comes_whole_as_a_graph_and_broken(pages):
    graphs, broken = 0, set()
    for article, page in pages:
        for script in page.xpath("//script[@type='application/ld+json']"):
            try:
                node = json.loads(script.text)
            except json.JSONDecodeError:
                broken.add(article.id)
                assert script.text.rstrip().endswith(",\n}")
                continue
            if "@graph" in node:
                graphs += 1
                node = node["@graph"][1]
            assert node["headline"] == article.title
            assert node["datePublished"] == article.published.isoformat()
    assert graphs >= 2
    assert broken == {"ceny-na-hleb-i-muku"}


def test_theme_pages_state_their_day_in_a_meta_tag_or_not_at_all(pages):
    for article, page in pages:
        if article.design != "theme":
            continue
        expected = [article.published.isoformat()] if article.dated == "page" else []
        assert meta(page, "article:published_time") == expected
        times = page.cssselect("time")
        assert times
        assert all("entry-date" in time.get("class") for time in times)
        assert not page.cssselect("h1 ~ time, .td-ss-main-content time")


def test_theme_pages_surround_the_text_with_every_trap(pages):
    empty, filled = 0, 0
    for article, page in pages:
        if article.design != "theme":
            continue
        order = list(page.iter())
        assert order.index(page.cssselect("time.entry-date")[0]) < order.index(
            only(page, "h1.tdb-title-text")
        )
        assert "2026" in only(page, ".tdb-head-date-txt").text
        assert only(page, ".tdb-weather-deg").text == "-3"
        assert page.cssselect(".comment-reply-title")
        assert page.cssselect(".td-scroll-up")
        assert len(page.cssselect(".td-ss-main-sidebar .td-excerpt")) == 6
        assert article.url not in page.xpath("//*[contains(@class, 'td-main-sidebar')]//a/@href")
        assert only(page, ".td-post-content").cssselect("p")[0].cssselect("strong")
        assert only(page, ".td_block_related_posts h4").text_content()
        empty += not article.related
        filled += bool(article.related)
    assert empty >= 5
    assert filled >= 5


def test_the_header_prints_the_day_of_the_visit_in_the_pages_language(paper, pages):
    expected = {
        "ru": "Понедельник, 23 ноября, 2026",
        "kk": "Дүйсенбі, 23 Қараша, 2026",
        "en": "Monday, November 23, 2026",
    }
    seen = {
        article.language: only(page, ".tdb-head-date-txt").text
        for article, page in pages
        if article.design == "theme"
    }
    assert seen == expected


def test_nobody_can_learn_the_day_of_the_undated_article(paper):
    (article,) = (one for one in paper.truth(1) if one.dated == "nowhere")
    for path in ("/", "/novosti/", "/novosti/page/2/", "/novosti/page/3/", "/novosti/vlast/", article.path):
        page = lxml.html.fromstring(paper.answer(path).body.decode())
        for teaser in page.cssselect(".teaser, .td_module_wrap, .td_module_mega_menu"):
            if article.url in teaser.xpath(".//a/@href"):
                assert not teaser.cssselect("time")
    assert article.url not in paper.answer("/feed/").body.decode()
    assert article.url not in paper.answer("/news-sitemap.xml").body.decode()
    assert "2026-03-03" not in lxml.html.tostring(
        lxml.html.fromstring(paper.answer(article.path).body.decode()).head, encoding="unicode"
    )


def test_signs_of_markup_in_a_title_reach_the_reader_as_they_are(paper):
    (article,) = (one for one in paper.truth(1) if one.id == "kak-nazyvayut-kafe")
    assert {"<", "&", '"', "«"} <= set(article.title)
    html = paper.answer(article.path).body.decode()
    assert "Кофе <3" not in html
    assert "<b>" not in html
    page = lxml.html.fromstring(html)
    assert only(page, "h1").text == article.title
    assert page.findtext(".//title").startswith(article.title)
    assert "Кофе &lt;3" in article.body


def test_kazakh_in_other_alphabets_is_marked_as_such(paper):
    articles = {one.id: one for one in paper.truth(1)}
    latin, arabic = articles["dombyra-sheberi"], articles["zhana-kitapkhana"]
    assert {latin.language, arabic.language} == {"kk"}
    assert lxml.html.fromstring(paper.answer(latin.path).body.decode()).get("lang") == "kk-Latn"
    right_to_left = lxml.html.fromstring(paper.answer(arabic.path).body.decode())
    assert (right_to_left.get("lang"), right_to_left.get("dir")) == ("kk-Arab", "rtl")
    assert "7 ناۋرىز 2026" in right_to_left.cssselect("article time")[0].text


def test_marks_of_a_manuscript_become_blocks():
    text = "## Дорога\n\n- раз & два\n- три\n\n| а | б |\n| 1 | [2](@x) |\n\n> «Да»,\n> — сказал он.\n\nа < б"
    blocks = read_blocks(text)
    assert [block.kind for block in blocks] == ["heading", "list", "table", "quote", "paragraph"]
    assert [block.text for block in blocks] == [
        "Дорога",
        "раз & два\nтри",
        "а | б\n1 | 2",
        "«Да», — сказал он.",
        "а < б",
    ]
    html = [block_html(block, lambda name: f"/{name}?a=1&b") for block in blocks]
    assert html[0] == "<h2>Дорога</h2>"
    assert html[1] == "<ul><li>раз &amp; два</li><li>три</li></ul>"
    assert '<td><a href="/x?a=1&amp;b">2</a></td>' in html[2]
    assert html[4] == "<p>а &lt; б</p>"

"""The article's text: what is kept, what is left out, and in what order."""

from __future__ import annotations

import gzip
import importlib.util
import json
import time
from pathlib import Path
from types import ModuleType

import pytest
from lxml import etree, html

from crawler.cleaning.body import Body, read_body

FIRST = "The ferry across the river began its season on Monday, two weeks earlier than a year before."
SECOND = "Its captain said that the ice had gone quickly, and that the crew was ready since the end of March."
THIRD = "Tickets cost the same as last summer, while children under seven travel free of charge all season."
FOURTH = "The city promises a second boat by July, if the shipyard keeps to what was agreed upon in winter."
TEXT = [FIRST, SECOND, THIRD, FOURTH]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def page(article: str, before: str = "", after: str = "") -> str:
    title = "<h1>The ferry is back</h1>"
    return f"<html><body>{before}<main><article>{title}{article}</article></main>{after}</body></html>"


def body_of(source: str, **given: object) -> Body:
    tree = html.document_fromstring(source, parser=html.HTMLParser(encoding="utf-8"))
    return read_body(tree, base_url="https://news.example/ferry", **given)


def test_paragraphs_come_in_the_page_s_order_with_blank_lines_between() -> None:
    assert body_of(page(paragraphs(*TEXT))).text == "\n\n".join(TEXT)


def test_two_line_breaks_part_paragraphs_and_one_does_not() -> None:
    body = body_of(page(f"<div>{FIRST}<br><br>{SECOND}<br>{THIRD}<br/> <br/>{FOURTH}</div>"))
    assert body.text == f"{FIRST}\n\n{SECOND}\n{THIRD}\n\n{FOURTH}"


def test_text_straight_in_divs_is_text() -> None:
    body = body_of(page("".join(f"<div>{text}</div>" for text in TEXT)))
    assert body.text == "\n\n".join(TEXT)


def test_subheadings_lists_quotes_and_tables_of_the_article_stay() -> None:
    body = body_of(
        page(
            paragraphs(FIRST, SECOND)
            + "<h2>What it costs</h2><ul><li>Adults pay three coins</li><li>Dogs pay one coin</li></ul>"
            + f"<blockquote>{THIRD}</blockquote>"
            + "<table><tr><th>Pier</th><th>Hour</th></tr><tr><td>North</td><td>seven</td></tr></table>"
            + paragraphs(FOURTH)
        )
    )
    assert body.text == "\n\n".join(
        [
            FIRST, SECOND, "What it costs", "- Adults pay three coins\n- Dogs pay one coin", THIRD,
            "Pier | Hour\nNorth | seven", FOURTH,
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    "stray",
    [
        "<div class='related-posts'><h3>Related</h3><p>The old pier was sold to boat builders.</p></div>",
        "<p><b>Читайте также:</b> <a href='/pier'>Старый причал продали мастерам</a></p>",
        "<p>Оқи отырыңыз: <a href='/pier'>Ескі айлақ сатылды, иесі белгілі</a></p>",
        "<h3>Материалы по теме</h3><ul><li><a href='/a'>Причал продали мастерам</a></li></ul>",
        "<figure><img src='/a.jpg'><figcaption>The boat at the pier. Photo: A. Writer</figcaption></figure>",
        "<div class='photo'><img src='/a.jpg'><p>The boat at the northern pier in April</p></div>",
        "<p>Фото: Анна Снимала</p>",
        "<div class='adv'><p>Buy a boat at our shop today, and get an anchor for nothing at all.</p></div>",
        "<p>Подписывайтесь на наш Telegram-канал и узнавайте новости первыми!</p>",
        "<div class='share'><span>Share</span><a href='https://social.example/?u=1'>Post it</a></div>",
        "<div class='comments'><h3>Comments</h3><p>I waited for this boat all winter long.</p></div>",
        "<div class='author-box'><p>Anna has written of rivers for a dozen years by now.</p></div>",
        "<div class='tags'><a href='/tag/boat'>boat</a> <a href='/tag/river'>river</a></div>",
        "<div class='cookie-notice'><p>We use cookies to count our readers, if you agree.</p></div>",
        "<div class='newsletter'><p>Our letter comes each morning with the best of ours.</p></div>",
        "<aside class='sidebar'><p>The mayor met the fishermen, and both were content.</p></aside>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", [2, 4])
def test_what_is_no_text_of_the_article_is_left_out(stray: str, place: int) -> None:
    parts = [f"<p>{text}</p>" for text in TEXT]
    parts.insert(place, stray)
    assert body_of(page("".join(parts))).text == "\n\n".join(TEXT)


def test_title_byline_and_date_above_the_text_are_no_text() -> None:
    article = f"<div class='byline'>By Anna Writer</div><div>12.04.2026, 10:15</div>{paragraphs(*TEXT)}"
    body = body_of(page(article), title="The ferry is back")
    assert body.text == "\n\n".join(TEXT)


def test_an_article_wrapped_in_misleading_names_is_still_read() -> None:
    body = body_of(page(f"<div class='sidebar ad-wrapper social-news'>{paragraphs(*TEXT * 3)}</div>"))
    assert body.text == "\n\n".join(TEXT * 3)


def test_teasers_of_other_articles_beside_the_text_are_not_taken_for_it() -> None:
    teaser = "<div><h3><a href='/x{n}'>The bridge closes for repairs again</a></h3><p>{text}</p></div>"
    teasers = "".join(teaser.format(n=n, text=text) for n, text in enumerate(TEXT))
    body = body_of(page(paragraphs(*TEXT), before=f"<div>{teasers}</div>", after=f"<div>{teasers}</div>"))
    assert body.text == "\n\n".join(TEXT)


def test_a_standfirst_above_the_picture_opens_the_text_once_and_is_the_lead() -> None:
    summary = "The boat that links both banks started again, and the tickets cost what they did a year ago."
    picture = "<figure><img src='/boat.jpg'><figcaption>The boat</figcaption></figure>"
    article = (
        f"<p class='lead'>{summary}</p><div class='byline'>A</div>{picture}<div>{paragraphs(*TEXT)}</div>"
    )
    body = body_of(page(article), lead_stated=summary)
    assert body.text == "\n\n".join([summary, *TEXT])
    assert body.lead == summary


def test_a_bold_first_paragraph_is_the_lead_and_stays_in_the_text() -> None:
    body = body_of(page(f"<p><strong>{FIRST}</strong></p>{paragraphs(SECOND, THIRD, FOURTH)}"))
    assert body.lead == FIRST
    assert body.text.startswith(FIRST)


def test_a_first_paragraph_set_apart_that_the_page_s_head_repeats_is_the_lead() -> None:
    source = page(f"<p class='big'>{FIRST}</p>{paragraphs(SECOND, THIRD, FOURTH)}")
    assert body_of(source, lead_stated=FIRST).lead == FIRST
    assert body_of(source, lead_stated=SECOND).lead is None


def test_a_plain_first_paragraph_is_no_lead() -> None:
    assert body_of(page(paragraphs(*TEXT)), lead_stated=FIRST).lead is None


@pytest.mark.parametrize(
    "sentences",
    [
        ["Паром через реку открыл сезон в понедельник, на две недели раньше, чем годом ранее."] * 3,
        ["Өзен арқылы жүретін паром маусымын дүйсенбі күні ашты, бұл былтырғыдан екі апта ерте."] * 3,
        ["川を渡る船は月曜日に今季の運航を始めた。昨年より二週間早いという。船長は氷が早く解けたと話した。"]
        * 3,
        ["بدأت العبارة موسمها يوم الاثنين قبل أسبوعين من العام الماضي، وقال القبطان إن الجليد ذاب."] * 3,
    ],
    ids=["ru", "kk", "ja", "ar"],
)
def test_texts_of_any_script_are_found(sentences: list[str]) -> None:
    menu = "".join(f"<li><a href='/{n}'>{sentences[0][:20]}</a></li>" for n in range(30))
    source = page(
        "".join(f"<p>{n}. {text}</p>" for n, text in enumerate(sentences)), before=f"<ul>{menu}</ul>"
    )
    assert body_of(source).text == "\n\n".join(f"{n}. {text}" for n, text in enumerate(sentences))


def test_a_profile_s_selector_decides_where_the_text_is() -> None:
    source = page(f"<div>{paragraphs(*TEXT)}</div><section id='real'>{paragraphs(SECOND)}</section>")
    for selector in ("#real", "//section[@id='real']"):
        assert body_of(source, selectors={"body": selector}).text == SECOND


@pytest.mark.parametrize(
    ("selector", "code"),
    [(".gone", "field_vanished"), ("p:::", "selector_unreadable"), ("//p[", "selector_unreadable")],
)
def test_a_selector_that_does_not_fit_is_told_and_passed_over(selector: str, code: str) -> None:
    body = body_of(page(paragraphs(*TEXT)), selectors={"body": selector})
    assert [problem.code for problem in body.problems] == [code]
    assert body.text == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    "source", ["<html></html>", "<p>", "<frameset><frame src='/x'></frameset>", "<!-- -->x"]
)
def test_a_page_without_text_has_an_empty_body_and_says_so(source: str) -> None:
    body = body_of(source)
    assert (body.text, body.html, body.container, body.is_article) == ("", "", None, 0.0)
    assert [problem.code for problem in body.problems] == ["body_empty"]


def test_the_tree_is_left_as_it_was() -> None:
    tree = html.document_fromstring(page(paragraphs(*TEXT) + "<!-- note --><script>x</script>"))
    before = etree.tostring(tree)
    read_body(tree, base_url="https://news.example/ferry")
    assert etree.tostring(tree) == before


def test_an_article_is_more_like_one_than_a_list_of_links() -> None:
    links = "".join(f"<li><a href='/{n}'>The bridge closes for repairs, part {n}</a></li>" for n in range(40))
    article, listing = body_of(page(paragraphs(*TEXT * 4))), body_of(page(f"<p>{FIRST}</p><ul>{links}</ul>"))
    assert article.is_article > 0.7 > 0.5 > listing.is_article


def test_very_many_paragraphs_take_seconds() -> None:
    tree = html.document_fromstring(page(paragraphs(*TEXT * 12_500)))
    start = time.process_time()
    assert read_body(tree, base_url="https://news.example/ferry").text.count("\n\n") == 49_999
    assert time.process_time() - start < 10


def test_very_deep_nesting_is_read_without_recursion() -> None:
    root = html.fromstring("<html><body></body></html>")
    inner = root.find("body")
    for depth in range(20_000):
        inner = etree.SubElement(inner, "div" if depth % 2 else "span", {"class": "related nav comments"})
    inner.append(html.fromstring(page(paragraphs(*TEXT)).replace("html>", "div>").replace("body>", "div>")))
    assert "ferry" in read_body(root, base_url="https://news.example/ferry").text


def scorer(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "tools" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def stated(tree: html.HtmlElement, name: str) -> str | None:
    found = tree.xpath(f'//meta[@property="og:{name}"]/@content')
    return str(found[0]) if found else None


@pytest.mark.parametrize(
    ("corpus", "every", "floor"), [("fundus", 1, 0.96), ("kz", 1, 0.97), ("wcxb-dev", 5, 0.92)]
)
def test_body_of_real_pages_keeps_its_quality(shared: Path, corpus: str, every: int, floor: float) -> None:
    folder = shared / "corpora" / corpus
    rows = [json.loads(line) for line in (folder / "truth.jsonl").open(encoding="utf-8")]
    truth = [row for row in rows if "body" in row and row.get("page_type", "article") == "article"][::every]
    found = {}
    for row in truth:
        source = gzip.decompress((folder / "pages" / f"{row['id']}.html.gz").read_bytes())
        tree = html.document_fromstring(source, parser=html.HTMLParser(encoding="utf-8"))
        body = read_body(
            tree, base_url=row["url"], title=stated(tree, "title"), lead_stated=stated(tree, "description")
        )
        found[row["id"]] = {"id": row["id"], "body": body.text}
    assert scorer(shared).score(truth, found, 0)[0]["body"]["f1"] >= floor


def test_the_model_case_is_exact(shared: Path) -> None:
    folder = shared / "corpora" / "kz-synthetic"
    for line in (folder / "truth.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        tree = html.document_fromstring(
            gzip.decompress((folder / "pages" / f"{row['id']}.html.gz").read_bytes()),
            parser=html.HTMLParser(encoding="utf-8"),
        )
        body = read_body(tree, base_url=row["url"], title=row["title"])
        assert body.text.split() == row["body"].split(), row["id"]
        assert [link for link in body.links if link.zone == "related"] == [], row["id"]

"""The article's links by zone, and its pictures with caption and credit."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from lxml import html

from archive.records import Image, Link
from crawler.cleaning.body import Body, read_body

FIRST = "The library on the hill opens its doors again after a year of repairs, the town council has said."
SECOND = "Its roof was laid anew, and the reading room got the windows that it had before the great fire."
THIRD = "Readers may come from Monday on, and nobody pays for a card during the whole of the first month."
TEXT = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
OTHER = "<a href='/news/roof'>The roof that took a year to lay</a>"


def body_of(article: str, after: str = "", before: str = "", **given: object) -> Body:
    main = f"<main><article><h1>The library opens</h1>{article}</article></main>"
    source = f"<html><body>{before}{main}{after}</body></html>"
    tree = html.document_fromstring(source, parser=html.HTMLParser(encoding="utf-8"))
    return read_body(tree, base_url="https://town.example/news/library", title="The library opens", **given)


def related(body: Body) -> list[str]:
    return [link.url for link in body.links if link.zone == "related"]


def test_links_of_the_text_are_inline_absolute_and_once_each() -> None:
    linked = "<p>The <a href='/fire#top'>great fire</a> took roof and <a href='/fire'>fire</a> its books.</p>"
    assert body_of(TEXT + linked).links == (Link("https://town.example/fire", "great fire", "inline"),)


@pytest.mark.parametrize(
    "href", ["#top", "javascript:alert(1)", "mailto:a@b.example", "tel:1", "/news/library", "http://["]
)
def test_what_leads_to_no_other_page_is_no_link(href: str) -> None:
    assert (
        body_of(
            f'{TEXT}<p>Those who want to know more may <a href="{href}">ask us</a> at any time.</p>'
        ).links
        == ()
    )


@pytest.mark.parametrize(
    "head", ["Похожие статьи", "Читайте также", "Материалы по теме", "Related", "Оқи отырыңыз"]
)
def test_a_box_headed_as_related_is_related_inside_and_below_the_text(head: str) -> None:
    box = f"<div><h3>{head}</h3><ul><li>{OTHER}</li></ul></div>"
    assert related(body_of(TEXT + box)) == ["https://town.example/news/roof"]
    assert related(body_of(TEXT + box + f"<p>{FIRST[:-1]} again.</p>")) == ["https://town.example/news/roof"]


def test_a_read_also_line_in_the_text_is_related_and_no_text() -> None:
    body = body_of(f"<p>{FIRST}</p><p>Читайте также: {OTHER}</p><p>{SECOND}</p><p>{THIRD}</p>")
    assert related(body) == ["https://town.example/news/roof"]
    assert "roof that took" not in body.text


def test_a_box_named_related_is_related_without_a_heading() -> None:
    assert related(body_of(f"{TEXT}<div class='td_block_related_posts'>{OTHER}</div>")) == [
        "https://town.example/news/roof"
    ]


@pytest.mark.parametrize(
    "box",
    [
        "<aside class='sidebar'><h3>Related</h3><ul><li>{other}</li></ul></aside>",
        "<div class='lenta'><h3>Лента новостей</h3><ul><li>{other}</li></ul></div>",
        "<div><h3>Последние новости</h3><ul><li>{other}</li></ul></div>",
        "<div><h3>Популярное</h3><ul><li>{other}</li></ul></div>",
        "<div class='tags'>{other}</div>",
        "<nav><ul><li>{other}</li></ul></nav>",
        "<footer><ul><li>{other}</li></ul></footer>",
        "<div><h3>Похожие статьи</h3></div>",
    ],
)
def test_menus_tags_sidebars_and_feeds_are_no_related_links(box: str) -> None:
    filled = box.format(other=OTHER)
    assert related(body_of(TEXT, after=filled)) == []
    assert related(body_of(TEXT, before=filled)) == []


def test_tag_and_front_pages_are_no_related_links() -> None:
    links = "<a href='/tag/books'>Everything we wrote of books</a> <a href='/'>To the front page of ours</a>"
    assert related(body_of(f"{TEXT}<div><h3>Related</h3><p>{links}</p></div>")) == []


@pytest.mark.parametrize("on", ["Подробнее", "Толығырақ", "Читать далее…", "Read more", "Weiterlesen »"])
def test_a_card_in_the_text_with_a_word_to_read_on_is_related(on: str) -> None:
    card = f"<figure><img src='/roof.jpg'><div>{OTHER} <span>{on}</span></div></figure>"
    body = body_of(f"<p>{FIRST}</p>{card}<p>{SECOND}</p><p>{THIRD}</p>")
    assert related(body) == ["https://town.example/news/roof"]
    assert "roof that took" not in body.text


def test_a_link_with_a_caption_is_no_offer_to_read_on() -> None:
    caption = "<figcaption>The roof, by <a href='/a'>Anna Writer</a></figcaption>"
    card = f"<figure><img src='/roof.jpg'>{caption}</figure>"
    assert related(body_of(f"<p>{FIRST}</p>{card}<p>{SECOND}</p><p>{THIRD}</p>")) == []


def test_beside_a_site_s_own_offers_those_of_others_are_none() -> None:
    strange = "<a href='https://shop.other.example/lamp'>Ten lamps that every reader should have</a>"
    sister = "<a href='https://sport.town.example/run'>The town runs for its library again</a>"
    box = "<div><h3>Related</h3><ul><li>{}</li><li>{}</li></ul></div>"
    assert related(body_of(TEXT + box.format(strange, OTHER))) == ["https://town.example/news/roof"]
    assert len(related(body_of(TEXT + box.format(sister, OTHER)))) == 2
    assert related(body_of(TEXT + box.format(strange, ""))) == ["https://shop.other.example/lamp"]


@pytest.mark.parametrize(
    "link",
    [
        "<a href='/themen/books'>Everything we ever wrote of books</a>",
        "<a href='/dossier/books/'>Everything we ever wrote of books</a>",
        "<a href='/x/books'>Mehr zum Thema Bücher und Lesen</a>",
        "<a href='/x/books'>Все материалы раздела «Книги»</a>",
    ],
)
def test_a_link_to_a_list_is_no_related_article(link: str) -> None:
    box = f"<div><h3>Related</h3><ul><li>{OTHER}</li><li>{link}</li></ul></div>"
    assert related(body_of(TEXT + box)) == ["https://town.example/news/roof"]


@pytest.mark.parametrize("place", [f"{TEXT}{{line}}", f"{TEXT}<div class='meta'>{{line}}</div>"])
def test_a_credit_line_names_the_source(place: str) -> None:
    line = "<p>Источник: <a href='https://agency.example/1'>Agency</a></p>"
    assert body_of(place.format(line=line)).links == (Link("https://agency.example/1", "Agency", "source"),)


def test_a_profile_s_selector_decides_what_is_related() -> None:
    article = f"{TEXT}<div class='more-box'>{OTHER}</div><div class='related'><a href='/b'>One more</a></div>"
    assert related(body_of(article, selectors={"related": ".more-box"})) == ["https://town.example/news/roof"]


@pytest.mark.parametrize(
    ("told", "caption", "credit"),
    [
        ("Фото: Анна Снимала", None, "Анна Снимала"),
        ("Коллаж: Наша газета", None, "Наша газета"),
        ("Сурет: ашық дереккөз", None, "ашық дереккөз"),
        ("The hill in May. Photo: A. Writer", "The hill in May.", "A. Writer"),
        ("The hill in May © A. Writer", "The hill in May", "A. Writer"),
        ("The hill in May", "The hill in May", None),
    ],
)
def test_the_lead_picture_has_caption_and_credit_apart(
    told: str, caption: str | None, credit: str | None
) -> None:
    figure = f"<figure><img src='/hill.jpg' alt='A hill'><figcaption>{told}</figcaption></figure>"
    body = body_of(figure + TEXT)
    assert body.images == (Image("https://town.example/hill.jpg", "A hill", caption, credit, "lead"),)
    assert told not in body.text


def test_fault_40_later_pictures_have_the_role_body_and_lazy_ones_their_real_address() -> None:
    lazy = "<img src='data:image/gif;base64,R0' data-src='/window.jpg'>"
    body = body_of(f"<img src='/hill.jpg'>{TEXT}<p>{FIRST}</p>{lazy}<p>{SECOND}</p>")
    assert [(image.url, image.role) for image in body.images] == [
        ("https://town.example/hill.jpg", "lead"),
        ("https://town.example/window.jpg", "body"),
    ]


@pytest.mark.parametrize(
    "stray",
    [
        "<div class='related'><img src='/other.jpg'></div>",
        "<div class='author'><img src='/anna.jpg'></div>",
        "<img src='/i/pixel.gif'>",
        "<img src='/dot.jpg' width='1' height='1'>",
        "<img src='/static/icons/share.png'>",
    ],
)
def test_pictures_of_something_else_are_left_out(stray: str) -> None:
    assert body_of(f"<p>{FIRST}</p>{stray}<p>{SECOND}</p><p>{THIRD}</p>").images == ()


def test_related_links_of_real_pages_keep_their_quality(shared: Path) -> None:
    found = list(links_benchmark().verdicts(shared / "corpora" / "kz"))
    right = sum(len(verdict.right) for verdict in found)
    assert right / (right + sum(len(verdict.wrong) for verdict in found)) >= 0.95
    assert right / (right + sum(len(verdict.missed) for verdict in found)) >= 0.95


def links_benchmark() -> ModuleType:
    """`benchmarks/links.py`, which is no part of a package."""
    spec = spec_from_file_location("links", Path(__file__).parents[2] / "benchmarks" / "links.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["links"] = module
    spec.loader.exec_module(module)
    return module

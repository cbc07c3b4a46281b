"""The part of a listing an article stands in."""

from __future__ import annotations

import pytest

from crawler.discovery import read_listing
from crawler.sources.profile import Listing

URL = "https://gazeta.example/"


def blocks(body: str, link: str = "a") -> dict[str, str | None]:
    """The path of each teaser's address to its block, in the page's order."""
    reading = read_listing(f"<html><body>{body}</body></html>".encode(), URL, Listing(URL, link))
    return {one.url.removeprefix(URL): one.block for one in reading.teasers}


def test_a_block_is_what_holds_several_articles_not_the_card_of_one():
    page = (
        "<section id='main'><div class='card'><a href='1'>Мост</a></div>"
        "<div class='card'><a href='2'>Свет</a></div></section>"
        "<ul class='latest wide'><li class='item'><a href='3'>Вода</a></li>"
        "<li class='item'><a href='4'>Газ</a></li></ul>"
    )
    assert blocks(page) == {"1": "section#main", "2": "section#main", "3": "ul.latest", "4": "ul.latest"}


def test_several_anchors_to_one_article_make_no_block():
    card = "<div class='card'><a href='1'><img></a><a href='1'>Мост</a></div>"
    assert blocks(f"<main class='news'>{card}<a href='2'>Свет</a></main>") == {
        "1": "main.news",
        "2": "main.news",
    }


@pytest.mark.parametrize("name", ["b-5f3a2e11", "block-20261126", "css-1x2y3z", "1st", "", "a" * 61])
def test_a_name_made_by_a_machine_is_none(name):
    links = "<a href='1'>Мост</a><a href='2'>Свет</a>"
    page = f"<div class='feed'><div id='{name}' class='{name}'>{links}</div></div>"
    assert blocks(page) == {"1": "div.feed", "2": "div.feed"}


def test_where_nothing_is_named_or_the_selector_points_to_a_text_there_is_no_block():
    assert blocks("<div><a href='1'>Мост</a><a href='2'>Свет</a></div>") == {"1": None, "2": None}
    page = "<div class='feed'><a href='1'>Мост</a><a href='2'>Свет</a></div>"
    assert blocks(page, "//a/@href") == {"1": None, "2": None}


def test_teasers_stand_in_the_order_of_the_page_with_their_own_headline():
    page = "<a href='2'>Свет <b>дали</b></a><a href='1'>Мост</a><a href='2'>ещё раз</a>"
    reading = read_listing(f"<html><body>{page}</body></html>".encode(), URL, Listing(URL, "a"))
    assert [(one.url, one.headline) for one in reading.teasers] == [
        (URL + "2", "Свет дали"),
        (URL + "1", "Мост"),
    ]

"""Who signed an article: people by any of the ways pages name them, and who is no author."""

from __future__ import annotations

import json

import pytest

from archive.records import Article
from crawler.cleaning import clean
from crawler.cleaning.names import is_login, names_in, reads_like_a_name

URL = "https://rail.example/news/two-more-trains-a-day/"
TEXT = "".join(
    f"<p>From {month} the line from the port to the hills will have two more trains a day, said the railway, "
    "which has been asked for them by the towns along the coast since the last winter.</p>"
    for month in ("May", "June", "July", "August")
)


def page(*, head: str = "", above: str = "", opening: str = "", end: str = "", behind: str = "") -> Article:
    title = "<title>Two more trains a day</title>"
    text = f"<div class='text'>{opening}{TEXT}{end}</div>"
    body = f"<article><h1>Two more trains a day</h1>{above}{text}</article>{behind}"
    return clean(f"<html><head>{title}{head}</head><body>{body}</body></html>".encode(), URL)


def names(article: Article) -> list[str]:
    return [author.name for author in article.authors]


def json_ld(author: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "url": URL, "author": author}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        (
            "<p class='byline'>By <a href='/a/1'>Ann Marlow</a>, Ben Okoro and Cy Twist</p>",
            ["Ann Marlow", "Ben Okoro", "Cy Twist"],
        ),
        ("<p class='byline'>Von Ann Marlow und Ben Okoro</p>", ["Ann Marlow", "Ben Okoro"]),
        ("<div class='author'><p>Ann Marlow</p><p>4 March 2026</p></div>", ["Ann Marlow"]),
        ("<div class='author'><p>4 March 2026</p><p>By</p><p>Ann Marlow</p></div>", ["Ann Marlow"]),
        (
            "<div class='author-box'><b>Ann Marlow</b><p>Senior Reporter</p><p>She writes of it.</p></div>",
            ["Ann Marlow"],
        ),
        ("<div class='elementor-widget'><span class='author-name'>Ann Marlow</span></div>", ["Ann Marlow"]),
        ("<p>Text: Ann Marlow</p>", ["Ann Marlow"]),
        ("<p><span>Автор:</span> <b>Мария Соколова</b></p>", ["Мария Соколова"]),
        ("<p>Ann Marlow | 04.03.2026</p>", ["Ann Marlow"]),
        ("<p><a href='/authors/ann'>Ann Marlow</a></p>", ["Ann Marlow"]),
        ("<p class='byline'><a rel='author' href='/a'>Anselm van der Berg</a></p>", ["Anselm van der Berg"]),
        ("<div class='author'>railwayfan</div>", ["railwayfan"]),
    ],
)
def test_a_visible_byline_is_read(above: str, expected: list[str]) -> None:
    assert names(page(above=above)) == expected


@pytest.mark.parametrize(
    "above",
    [
        "<p class='author'>Follow Us</p>",
        "<p class='byline'>Posted By</p>",
        "<div class='author-box'><h3>About the Author</h3><p>Read more about our trains.</p></div>",
        "<p class='author'>Twitter Facebook</p>",
        "<div class='sidebar'><a rel='author' href='/a'>Ann Marlow</a></div>",
        "<article class='card'><span class='author'>Ann Marlow</span></article>",
        "<p class='author'>Редакция</p>",
        "<p class='author'>News Desk</p>",
        "<p class='author'>desk@rail.example</p>",
    ],
)
def test_what_stands_beside_authors_is_none(above: str) -> None:
    assert names(page(behind=above)) == []


@pytest.mark.parametrize(
    ("opening", "end"),
    [
        ("<p><strong>Ann Marlow/Ben Okoro</strong></p>", ""),
        ("<p>…a line above all</p><p><strong>Ann Marlow/Ben Okoro</strong></p>", ""),
        ("", "<p>Ann Marlow, Ben Okoro</p>"),
        ("", "<p>(Ann Marlow, Ben Okoro)</p>"),
        ("", "<div>Auteurs : Ann Marlow, Ben Okoro</div>"),
    ],
)
def test_a_signature_set_into_the_text_is_read(opening: str, end: str) -> None:
    assert names(page(opening=opening, end=end)) == ["Ann Marlow", "Ben Okoro"]


def test_a_log_in_gives_way_to_the_name_readers_see() -> None:
    byline = "<p class='byline'>By Ann Marlow</p>"
    assert names(page(head=json_ld({"name": "a.marlow"}), above=byline)) == ["Ann Marlow"]
    assert names(page(head=json_ld({"name": "a.marlow"}))) == ["a.marlow"]


def test_a_desk_stands_in_only_where_nobody_else_signs() -> None:
    byline = "<p class='byline'>By Ann Marlow</p>"
    assert names(page(head=json_ld({"name": "Rail Staff"}), above=byline)) == ["Ann Marlow"]
    assert names(page(head=json_ld({"name": "Rail Staff"}))) == ["Rail Staff"]


@pytest.mark.parametrize(
    "office", ["Пресс-служба акимата города", "Press Office of the Valley Rail", "Баспасөз қызметі"]
)
def test_the_office_a_text_is_from_is_no_author(office: str) -> None:
    assert names(page(head=json_ld({"name": office}))) == []


def test_an_office_of_the_paper_is_no_second_author() -> None:
    site = '<meta property="og:site_name" content="PGR">'
    byline = "<p class='byline'>Ann Marlow, PGR NORTH</p>"
    assert names(page(head=site, above=byline)) == ["Ann Marlow"]


def test_an_author_has_the_address_his_name_leads_to() -> None:
    byline = "<p class='byline'>By <a href='/a/ann'>Ann Marlow</a> and <a href='/a/ben'>Ben Okoro</a></p>"
    links = {author.name: author.url for author in page(above=byline).authors}
    assert links == {
        "Ann Marlow": "https://rail.example/a/ann",
        "Ben Okoro": "https://rail.example/a/ben",
    }


def test_a_text_about_an_author_in_microdata_names_nobody() -> None:
    about = "Hello, I am Ann, and I began to write of trains when nobody did, " * 6
    behind = f"<div itemprop='author'><p>{about}</p></div>"
    assert names(page(behind=behind)) == []


@pytest.mark.parametrize(
    "name",
    [
        "Ann Marlow",
        "Anselm van der Berg",
        "MARIA O’NEIL",
        "J. R. Stone",
        "Айгүл Сәрсенова",
        "松村太郎",
        "김민수",
    ],
)
def test_a_persons_name_looks_like_one(name: str) -> None:
    assert reads_like_a_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "Full Bio",
        "Read More",
        "Über den Autor",
        "1月13日",
        "完了しました",
        "Senior Editor",
        "two trains",
        "Ann",
    ],
)
def test_other_words_do_not_look_like_a_name(text: str) -> None:
    assert not reads_like_a_name(text)


@pytest.mark.parametrize(
    ("name", "expected"), [("a.marlow", True), ("annm", True), ("ann7", True), ("Ann", False)]
)
def test_a_log_in_is_told_from_a_name(name: str, expected: bool) -> None:
    assert is_login(name) is expected


@pytest.mark.parametrize(
    "line", ["Written by Ann Marlow", "Erstellt von Ann Marlow", "Автор текста: Ann Marlow", "Ann Marlow, MD"]
)
def test_a_label_and_a_degree_are_no_part_of_a_name(line: str) -> None:
    assert list(names_in(line)) == ["Ann Marlow"]

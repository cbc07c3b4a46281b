"""How an article is cited: in words, and as files that programs read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from archive.site.citing import Cited, apa, bibtex, csl, gost, in_tex, news_article, ris

BRIDGE = Cited(
    number=12,
    title="Мост через Нуру закрыли",
    authors=("Айгерим Сатова", "Болат Жумабеков"),
    paper="Степная газета",
    url="https://steppe.example/news/bridge?a=1&b=2",
    permanent="http://127.0.0.1:8001/a/12",
    language="ru",
    day=date(2026, 3, 10),
    read_on=date(2026, 11, 26),
)
BARE = replace(BRIDGE, title="", authors=(), day=None, language="")


def test_gost_names_authors_as_printed_and_when_the_page_was_read() -> None:
    assert gost(BRIDGE) == (
        "Мост через Нуру закрыли [Электронный ресурс] / Айгерим Сатова, Болат Жумабеков // Степная газета. "
        "2026. 10 марта. URL: https://steppe.example/news/bridge?a=1&b=2 (дата обращения: 26.11.2026). "
        "Архивная копия: http://127.0.0.1:8001/a/12"
    )


def test_gost_names_three_authors_and_says_there_are_more() -> None:
    many = replace(BRIDGE, authors=("А", "Б", "В", "Г"))
    assert " / А, Б, В [и др.] // " in gost(many)
    assert "[и др.]" not in gost(replace(BRIDGE, authors=("А", "Б", "В")))


def test_apa_puts_the_title_first_where_nobody_signed() -> None:
    assert apa(BRIDGE).startswith("Айгерим Сатова, & Болат Жумабеков. (2026, March 10). Мост через Нуру")
    assert apa(BARE) == "[Untitled]. (n.d.). Степная газета. https://steppe.example/news/bridge?a=1&b=2"


@pytest.mark.parametrize("write", [gost, apa, bibtex, ris, csl], ids=lambda one: one.__name__)
def test_what_the_page_did_not_say_is_left_out(write: Any) -> None:
    said = write(BARE)
    assert "None" not in said
    assert "2026-03" not in said
    assert "10 марта" not in said


def test_bibtex_has_balanced_braces_whatever_the_title_says() -> None:
    hostile = replace(BRIDGE, title=r"50 % {of} the_\budget $ #1 & ~ ^ }}", authors=("A {B} and C",))
    entry = bibtex(hostile)
    plain = re.sub(r"\\[{}]", "", entry)
    assert plain.count("{") == plain.count("}")
    assert r"50 \% \{of\} the\_\textbackslash{}budget \$ \#1 \& \textasciitilde{}" in entry
    assert "author = {{A \\{B\\} and C}}" in entry  # one person, not two


def test_tex_prints_a_text_as_it_is() -> None:
    assert in_tex("мост") == "мост"
    assert in_tex("\\") == r"\textbackslash{}"


def test_ris_is_a_line_for_each_value() -> None:
    lines = ris(BRIDGE).split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert lines[-2:] == ["ER  - ", ""]
    assert lines.count("AU  - Айгерим Сатова") == 1
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])


def test_csl_json_is_what_zotero_reads() -> None:
    (item,) = json.loads(csl(BRIDGE))
    assert item["type"] == "article-newspaper"
    assert item["issued"] == {"date-parts": [[2026, 3, 10]]}
    assert item["author"] == [{"literal": "Айгерим Сатова"}, {"literal": "Болат Жумабеков"}]
    assert "issued" not in json.loads(csl(BARE))[0]


def test_an_article_for_machines_ends_no_element() -> None:
    row = {"published_local": None, "published_precision": None, "modified_at": None, "section": None}
    row |= {"tags": '["</script><script>alert(1)</script>"]', "access": "free"}
    said = news_article(row, replace(BRIDGE, title="</script>&<b>"))
    assert not set(said) & set("<>&")
    assert json.loads(said)["headline"] == "</script>&<b>"
    assert json.loads(said)["keywords"] == ["</script><script>alert(1)</script>"]


def test_the_page_offers_every_form_and_files_of_some(site: Any) -> None:
    number = site.ids["bridge"]
    html = site.page(f"/a/{number}/cite")
    assert "ГОСТ Р 7.0.5" in html
    for ending, kind in (("bib", "x-bibtex"), ("ris", "x-research-info"), ("csl.json", "citationstyles")):
        assert f'href="/a/{number}.{ending}"' in html
        answer = site.get(f"/a/{number}.{ending}")
        assert answer.status_code == 200
        assert kind in answer.headers["content-type"]
        assert f"muragat-{number}.{ending}" in answer.headers["content-disposition"]
        assert f"http://localhost/a/{number}" in answer.text


def test_the_reading_page_states_the_article_for_machines(site: Any) -> None:
    html = site.page(f"/a/{site.ids['bridge']}")
    (stated,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    said = json.loads(stated)
    assert said["@type"] == "NewsArticle"
    assert said["datePublished"] == "2026-03-10T00:30:00+05:00"
    assert said["archivedAt"] == f"http://localhost/a/{site.ids['bridge']}"

"""How an article is cited: in words, and as files that programs read."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from archive.site.application import application
from archive.site.citing import Cited, apa, bibtex, csl, gost, in_tex, news_article, ris
from archive.site.openness import Openness, PublicAddress
from tests.site.raw_asking import ask

BRIDGE = Cited(
    number=12,
    title="Мост через Нуру закрыли",
    authors=("Айгерим Сатова", "Болат Жумабеков"),
    paper="Степная газета",
    url="https://steppe.example/news/bridge?a=1&b=2",
    permanent="https://archive.example/a/12",
    language="ru",
    day=date(2026, 3, 10),
    read_on=date(2026, 11, 26),
)
BARE = replace(BRIDGE, title="", authors=(), day=None, language="", read_on=None, permanent="")
FORMS = (gost, apa, bibtex, ris, csl)


def test_gost_names_authors_as_printed_and_when_the_page_was_read() -> None:
    assert gost(BRIDGE) == (
        "Мост через Нуру закрыли [Электронный ресурс] / Айгерим Сатова, Болат Жумабеков // Степная газета. "
        "2026. 10 марта. URL: https://steppe.example/news/bridge?a=1&b=2 (дата обращения: 26.11.2026). "
        "Архивная копия: https://archive.example/a/12"
    )


def test_gost_names_three_authors_and_says_there_are_more() -> None:
    many = replace(BRIDGE, authors=("А", "Б", "В", "Г"))
    assert " / А, Б, В [и др.] // " in gost(many)
    assert "[и др.]" not in gost(replace(BRIDGE, authors=("А", "Б", "В")))


def test_apa_puts_the_title_first_where_nobody_signed() -> None:
    assert apa(BRIDGE).startswith("Айгерим Сатова, & Болат Жумабеков. (2026, March 10). Мост через Нуру")
    assert apa(BARE) == "[Untitled]. (n.d.). Степная газета. https://steppe.example/news/bridge?a=1&b=2"


@pytest.mark.parametrize("write", FORMS, ids=lambda one: one.__name__)
def test_what_nobody_else_can_open_is_in_no_citation(write: Any) -> None:
    said = write(replace(BRIDGE, permanent=""))
    assert "https://steppe.example/news/bridge" in said
    assert re.search(r"26\.11\.2026|November 26, 2026|2026[-/]11[-/]26|2026,\s+11,\s+26", said)
    for word in ("Архивная копия", "note", "L2", "Muragat", "archive_location"):
        assert word not in said


@pytest.mark.parametrize("write", FORMS, ids=lambda one: one.__name__)
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
        assert "https://steppe.example/news/bridge" in answer.text
        assert re.search(r"2026[-/]03[-/]12|2026,\s+3,\s+12", answer.text)  # when the archive saw it


def stated(html: str) -> Any:
    """What a reading page states for machines."""
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(found)


def test_the_reading_page_states_the_article_for_machines(site: Any) -> None:
    said = stated(site.page(f"/a/{site.ids['bridge']}"))
    assert said["@type"] == "NewsArticle"
    assert said["datePublished"] == "2026-03-10T00:30:00+05:00"


CITING = ("/a/{n}/cite", "/a/{n}.bib", "/a/{n}.ris", "/a/{n}.csl.json", "/a/{n}")


@pytest.mark.parametrize("path", CITING)
@pytest.mark.parametrize("host", ["127.0.0.1:8001", "localhost", "[::1]:8001"])
def test_an_address_of_ones_own_machine_is_in_no_citation(
    site: Any, archive_folder: Any, path: str, host: str
) -> None:
    app = application(archive_folder.news, "127.0.0.1", Openness())
    number = site.ids["bridge"]
    answer = asyncio.run(ask(app, path.format(n=number), {"host": host, "accept-language": "en"}))
    assert answer.status_code == 200
    assert host not in answer.text
    assert "https://steppe.example/news/bridge" in answer.text
    assert "archivedAt" not in answer.text
    if path.endswith("cite"):
        assert "this archive has none that others can open" in answer.text


@pytest.mark.parametrize("path", CITING)
def test_a_public_address_is_in_every_citation(site: Any, archive_folder: Any, path: str) -> None:
    public = Openness(PublicAddress.of("https://archive.example/news-archive/"))
    app = application(archive_folder.news, "127.0.0.1", public)
    number = site.ids["bridge"]
    asked = f"/news-archive{path.format(n=number)}"
    answer = asyncio.run(ask(app, asked, {"host": "127.0.0.1:8001", "accept-language": "en"}))
    permanent = f"https://archive.example/news-archive/a/{number}"
    assert permanent in answer.text
    assert "127.0.0.1" not in answer.text
    assert "others can open" not in answer.text
    if path == "/a/{n}":
        assert stated(answer.text)["archivedAt"] == permanent

"""`muragat extract --explain`: why a page was read as it was, as lines, as JSON and as a web page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import html

from crawler.cli import cli

TEXT = "The council has voted to close the bridge for repairs until the autumn of this year."
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>&amp; \"'"
ESCAPED = EVIL.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
PAGE = f"""<html><head><title>{ESCAPED}</title>
<meta property="article:section" content="{ESCAPED}"><meta name="author" content="javascript:alert(3)"></head>
<body><div class='x"><b>'><article><h1>The bridge: {ESCAPED}</h1>
<div class="text">{f"<p>{TEXT}</p>" * 4}<p>{ESCAPED} {TEXT}</p></div>
<div class="comments"><p>{ESCAPED} What a pity, says a reader of this page in a comment.</p></div>
</article></div></body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    file.write_text(PAGE, encoding="utf-8")
    return file


def extract(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["extract", *map(str, arguments)])


def test_without_explain_a_line_of_json_is_printed_as_ever(page):
    done = extract(page, "--url", "https://gazeta.example/a/1")
    assert json.loads(done.stdout)["body"].count(TEXT) == 5
    assert "blocks" not in json.loads(done.stdout)


def test_a_person_is_told_winners_losers_problems_and_blocks(page):
    said = extract(page, "--url", "https://gazeta.example/a/1", "--explain").stdout
    assert re.search(r"^title \[h1\]: The bridge:", said, re.MULTILINE)
    assert re.search(r"^  \+ h1 +The bridge:", said, re.MULTILINE)
    assert re.search(r"^  - title +alert", said, re.MULTILINE)
    assert re.search(r"^published_at: the page does not say$", said, re.MULTILINE)
    assert re.search(r"^blocks: 5 of \d+ kept$", said, re.MULTILINE)
    assert re.search(r"^  \+ \d\.\d\d p +The council", said, re.MULTILINE)
    assert re.search(r"^ +named comments: .*div\.comments > p$", said, re.MULTILINE)
    assert "\x1b" not in said


def test_problems_are_told(tmp_path):
    (tmp_path / "no.html").write_bytes(b"%PDF-1.7")
    said = extract(tmp_path / "no.html", "--explain").stdout
    assert "problems: 1\n  not_html: a PDF" in said
    assert "blocks: 0 of 0 kept" in said


def test_a_machine_gets_the_same_as_json(page):
    said = json.loads(extract(page, "--explain", "--json").stdout)
    assert said["url"] is None
    title = next(field for field in said["fields"] if field["name"] == "title")
    assert {"value": said["title"], "evidence": "h1", "won": True} in title["candidates"]
    assert sum(block["kept"] for block in said["blocks"]) == 5
    assert set(said["blocks"][0]) == {"text", "tag", "path", "score", "kept", "why"}


def test_the_web_page_shows_every_block_marked_in_words(page, tmp_path):
    done = extract(page, "--html", tmp_path / "why.html")
    assert json.loads(done.stdout)["title"]
    tree = html.parse(str(tmp_path / "why.html")).getroot()
    kept = tree.xpath("//li[@class='block kept']")
    dropped = tree.xpath("//li[@class='block dropped']")
    assert len(kept) == 5
    assert all("✓ kept" in node.text_content() for node in kept)
    assert all("✗ dropped" in node.text_content() for node in dropped)
    assert any(
        "named comments" in node.text_content() and "div.comments" in node.text_content() for node in dropped
    )
    order = [node.text_content() for node in tree.xpath("//li[contains(@class, 'block')]")]
    assert order.index(kept[0].text_content()) < order.index(dropped[-1].text_content())


def test_the_web_page_holds_no_code_of_the_page_and_loads_nothing(page, tmp_path):
    extract(page, "--url", "https://gazeta.example/a/1?q='x'&amp=1", "--html", tmp_path / "why.html")
    written = (tmp_path / "why.html").read_text("utf-8")
    tree = html.fromstring(written)
    assert not tree.xpath("//script | //img | //a | //b | //iframe | //object | //form")
    assert not tree.xpath("//@src | //@href | //@onerror | //@style")
    assert tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content") == [
        "default-src 'none'; style-src 'unsafe-inline'"
    ]
    assert "url(" not in written
    assert EVIL.split("&")[0] in tree.text_content()  # it is there to read, as text
    assert "prefers-color-scheme: dark" in written


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--json"], "--json is for --explain"),
        (["second.html", "--html", "why.html"], "--html is for one page"),
    ],
)
def test_what_cannot_be_is_refused_in_words(page, arguments, told):
    done = extract(page, *arguments)
    assert done.exit_code == 2
    assert told in done.output


def test_a_folder_for_its_page_is_made_unless_a_file_lies_there(page, tmp_path):
    assert extract(page, "--html", tmp_path / "new" / "deep" / "why.html").exit_code == 0
    assert (tmp_path / "new" / "deep" / "why.html").is_file()
    refused = extract(page, "--html", page / "why.html")
    assert refused.exit_code == 2
    assert "why.html: a file lies where its folder would" in refused.output


def test_an_address_of_another_kind_is_no_missing_file():
    done = extract("ftp://foo/")
    assert done.exit_code == 2
    assert (
        "ftp://foo/: no file, and of addresses only those with http:// or https:// are asked" in done.stderr
    )


def test_a_saved_page_without_address_is_read_as_the_one_it_says_it_is(tmp_path):
    canonical = '<link rel="canonical" href="https://gazeta.example/news/bridge-closed-for-repairs">'
    saved = tmp_path / "saved.html"
    saved.write_text(PAGE.replace("<head>", f"<head>{canonical}"), encoding="utf-8")
    said = json.loads(extract(saved).stdout)
    assert said["url"] is None
    assert said["canonical_url"] == "https://gazeta.example/news/bridge-closed-for-repairs"
    assert "the front page" not in str(said["problems"])


def test_a_page_that_says_no_address_is_no_front_page(page):
    assert "the front page" not in extract(page).stdout


@pytest.mark.parametrize("target", ["itself", "-"])
def test_the_web_page_replaces_neither_its_page_nor_standard_output(page, target):
    before = page.read_bytes()
    done = extract(page, "--html", page if target == "itself" else "-")
    assert done.exit_code == 2
    assert "name another file" in done.stderr
    assert page.read_bytes() == before

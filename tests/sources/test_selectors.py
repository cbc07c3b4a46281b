"""Selectors are CSS, or XPath when they start with a slash or a bracket."""

from __future__ import annotations

import pytest
from lxml import html

from crawler.sources.selectors import compiled

PAGE = html.document_fromstring(
    '<main><h1 class="title"> Новый мост </h1><a href="/a">a</a><p><a href="/b">b</a></p>'
    '<time datetime="2026-03-10T09:00:00+05:00">утром</time></main>'
)
FOUND = {
    "h1.title": ["h1"],
    "a": ["a", "a"],
    "main > a": ["a"],
    "a[href$='b'], h1": ["h1", "a"],
    "//p/a": ["a"],
    "(//a)[2]": ["a"],
    "//h2": [],
}
STRINGS = {
    "//time/@datetime": ["2026-03-10T09:00:00+05:00"],
    "//p/ancestor::main//time/text()": ["утром"],
    "//a[contains(@href, 'b:c(') or starts-with(@href, '/b')]/@href": ["/b"],
    "(//p//a)/@href": ["/b"],
}
BAD = {
    "": "empty",
    "  ": "empty",
    "h1..x": "not a CSS selector",
    "a::attr(href)": "not a CSS selector",
    "//a[": "not an XPath",
    "//nowhere[foo()]": "unknown function foo",
    "//nowhere[re:test(., 'x')]": "unknown function re:test",
    "//svg:path": "namespace prefixes",
    "//a[$x]": "variables",
    "//a[contains(.)]": "not an XPath",
    "(1 + 1)": "not a number",
    "(//a = 'a')": "yes or no",
    "a" * 1_001: "longer than",
    "h1\x1b[2J": "cannot be seen",
}


@pytest.mark.parametrize(("selector", "tags"), FOUND.items())
def test_elements_are_found_in_document_order(selector: str, tags: list[str]) -> None:
    assert [node.tag for node in compiled(selector)(PAGE)] == tags


@pytest.mark.parametrize(("selector", "texts"), STRINGS.items())
def test_an_xpath_may_name_attributes_and_text(selector: str, texts: list[str]) -> None:
    assert compiled(selector)(PAGE) == texts


def test_a_string_expression_gives_one_text_or_none() -> None:
    assert compiled("(normalize-space(//h1))")(PAGE) == ["Новый мост"]
    assert compiled("(string(//h2))")(PAGE) == []


@pytest.mark.parametrize(("selector", "words"), BAD.items())
def test_a_selector_that_cannot_be_read_says_why_in_one_line(selector: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        compiled(selector)
    assert "\n" not in str(caught.value)

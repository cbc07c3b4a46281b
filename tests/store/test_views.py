"""Which addresses are views of an article, and which only look like one."""

from __future__ import annotations

import pytest

from archive.identity import url_key
from archive.views import is_view_of

WHOLE = "https://steppe.example/news/river-left-its-banks"
VIEWS = [
    "https://m.steppe.example/news/river-left-its-banks",
    "https://amp.steppe.example/news/river-left-its-banks/",
    "https://steppe.example/amp/news/river-left-its-banks",
    "https://steppe.example/news/river-left-its-banks/amp/",
    "https://steppe.example/news/river-left-its-banks?amp",
    "https://steppe.example/news/river-left-its-banks?outputType=amp",
    "https://steppe.example/news/river-left-its-banks?print=Y&utm_source=x",
    "https://steppe.example/print/news/river-left-its-banks",
    "https://steppe.example/news/river-left-its-banks/2",
    "https://steppe.example/news/river-left-its-banks/page/3/",
    "https://steppe.example/news/river-left-its-banks?page=2",
]
OTHERS = {
    WHOLE: WHOLE,
    "https://steppe.example/news/river-left-its-banks-again": WHOLE,
    "https://steppe.example/news/river-left-its-banks?id=7": WHOLE,
    "https://steppe.example/news/river-left-its-banks?view=all-of-them": WHOLE,
    "https://steppe.example/news/12": "https://steppe.example/news",
    "https://steppe.example/index.php?p=12": "https://steppe.example/index.php",
    "https://steppe.example/news?page=2": "https://steppe.example/news",
    "https://m.steppe.example/news/river-left-its-banks": "https://m.steppe.example/news/another",
}


@pytest.mark.parametrize("view", VIEWS)
def test_fault_37_a_view_is_known_by_its_address(view):
    assert is_view_of(url_key(view), url_key(WHOLE))


def test_fault_37_an_ending_may_ask_for_a_view():
    assert is_view_of("steppe.example/news/river.amp.html", "steppe.example/news/river.html")
    assert is_view_of("steppe.example/a/12345-river-print.html", "steppe.example/a/12345-river.html")
    assert is_view_of("steppe.example/a/1234567?page=2", "steppe.example/a/1234567")


@pytest.mark.parametrize(("address", "named"), OTHERS.items())
def test_fault_37_what_only_looks_like_a_view_is_none(address, named):
    assert not is_view_of(url_key(address), url_key(named))

"""What the speed benchmark measures, and that cleaning keeps its promises of time."""

from __future__ import annotations

import pytest
from corpora import demo_pages
from speed import INSIDE_BODY, PARSE, Promise, chosen_pages, growth, middling, promised, speed_table, timed

PAGES = demo_pages()


def test_without_the_corpora_the_made_up_newspaper_is_read():
    assert chosen_pages(None, None, 5) == PAGES[:5]
    assert all(INSIDE_BODY.search(raw) for _, raw in PAGES)


def test_each_reader_is_timed_on_each_page_and_shown_against_the_parse():
    found = timed(PAGES[:3], ["muragat"], rounds=1)
    assert {name: len(times) for name, times in found.items()} == {PARSE: 3, "muragat": 3}
    table = speed_table({PARSE: [0.001, 0.001, 0.002], "muragat": [0.004, 0.004, 0.012]})
    assert "| muragat | 4.0 | 12.0 | 12.0 | 4.0 | 5.0 | 1.0 |" in table


def test_cleaning_is_linear_and_a_flood_of_attributes_costs_little():
    kept = list(promised(PAGES[:20], rounds=3))
    assert len(kept) == 5
    assert [promise.what for promise in kept if not promise.is_kept] == []


@pytest.mark.parametrize(("measured", "is_kept"), [(11.9, True), (12.1, False)])
def test_a_promise_is_kept_up_to_its_most(measured, is_kept):
    assert Promise("times", measured, 12.0).is_kept == is_kept


def test_a_page_is_made_ten_times_as_large_and_only_middling_ones_are(monkeypatch):
    sizes = []
    monkeypatch.setattr("speed.clean", lambda raw, url: sizes.append(raw.count(b"<p>")))
    growth("https://gazeta.example/a", b"<html><body><p>one</p></body></html>", rounds=1)
    assert sizes == [1, 10]
    pages = [("", b"<body>" + b"x" * n + b"</body>") for n in range(9)] + [("", b"no body")]
    assert [len(raw) - 13 for _, raw in middling(pages, most=3)] == [3, 4, 5]

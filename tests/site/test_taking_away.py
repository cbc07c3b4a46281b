"""What a search finds, as files: just that, in the order of newness, safe for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest


def test_a_file_holds_what_the_page_lists(site: Any) -> None:
    rows = [json.loads(line) for line in site.get("/search.jsonl?q=мост").text.splitlines()]
    assert {row["title"] for row in rows} == {"В Степном открыли мост"}
    everything = [json.loads(line) for line in site.get("/search.jsonl").text.splitlines()]
    assert {row["id"] for row in everything} == set(site.ids.values())
    ids = [row["id"] for row in everything]
    assert ids == sorted(ids, reverse=True)


def test_csv_reads_back_and_runs_nothing(site: Any) -> None:
    answer = site.get("/search.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {int(row["id"]) for row in rows} == set(site.ids.values())
    assert not any(value[:1] in "=+-@" for row in rows for value in row.values() if value)
    assert site.get("/search.excel.csv").content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("path", ["/search.csv?q=---", "/search.jsonl?q=нетакогословабрям"])
def test_nothing_found_is_an_empty_file(site: Any, path: str) -> None:
    lines = site.get(path).text.splitlines()
    assert len(lines) == (1 if "csv" in path else 0)


def test_the_file_is_named_for_what_was_looked_for(site: Any) -> None:
    said = site.get("/search.csv?q=мост&since=2026-01-01").headers["content-disposition"]
    assert said.startswith('attachment; filename="muragat-')
    assert "filename*=UTF-8''muragat-%D0%BC%D0%BE%D1%81%D1%82" in said
    assert "\n" not in site.get("/search.csv?q=a%0d%0aSet-Cookie:x").headers["content-disposition"]


def test_the_page_says_how_much_it_gives_before_the_click(site: Any) -> None:
    html = site.page("/search?q=мост&source=steppe_news")
    assert "The newest of these: 1 article." in html
    for ending in ("csv", "excel.csv", "jsonl", "atom"):
        assert f"/search.{ending}?q=%D0%BC%D0%BE%D1%81%D1%82&amp;source=steppe_news" in html

"""Datasette's CSV: a formula is a text, everything else is as it was."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.exports.text_formats import safe_cell as safe_value
from archive.site.safe_csv import safe_csv

TEXTS = st.text(alphabet=st.sampled_from('=+-@ab,"\r\n\t1.жＨ＝'), max_size=8)


def written(rows: list[list[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=3), max_size=4))
def test_each_cell_is_as_an_export_would_write_it(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(safe_csv(written(rows)), newline="")))
    for before, after in zip(rows, read, strict=True):
        for was, now in zip(before, after, strict=True):
            assert now in {was, safe_value(was)}
            assert now[:1] not in "=@＝" or now == ""


@pytest.mark.parametrize("number", ["-5", "+7", "-3.25", "-1e5"])
def test_numbers_stay_numbers(number: str) -> None:
    assert safe_csv(f"{number},{number}\r\n") == f"{number},{number}\r\n"


def test_a_long_text_is_no_trouble() -> None:
    body = "мост, " * 60_000 + '"=1+1"\r\n'
    text = written([["=1", body, "=2"]])
    assert safe_csv(text) == written([["'=1", body, "'=2"]])


def test_datasettes_csv_of_a_table_a_row_and_a_query_is_safe(site: Any, formula_site: Any) -> None:
    for path in (
        "/news/articles.csv?_col=title",
        "/news/articles.csv?_dl=1",
        "/~6Eews/~61rticles.csv?_col=title",
        "/news/articles.csv?_labels=1",
        "/news/vanished.csv",
    ):
        answer = formula_site.get(path)
        assert answer.status_code == 200, path
        cells = [cell for row in csv.reader(io.StringIO(answer.text, newline="")) for cell in row]
        assert any(cell.startswith("'=HYPERLINK") for cell in cells), path
        assert not [cell for cell in cells if cell.startswith(("=", "@"))]
    assert site.get("/news/nowhere.csv").status_code == 404

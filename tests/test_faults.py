"""docs/faults.md names all 56 cases, and each has tests that carry its number."""

from __future__ import annotations

import re
from pathlib import Path

from .test_docs import generator

ROOT = Path(__file__).resolve().parents[1]
CASES = 56
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| ?(.*?) ?\|$", re.MULTILINE)


def rows() -> dict[int, tuple[str, str, str]]:
    """What the page says of each number: the case, how it ends, the files of its tests."""
    page = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    found = [(int(number), (case, ends, tests)) for number, case, ends, tests in ROW.findall(page)]
    assert len(found) == len(dict(found)), "a number stands twice"
    return dict(found)


def test_all_cases_are_named_in_their_order_with_how_they_end() -> None:
    assert list(rows()) == list(range(1, CASES + 1))
    assert all(len(case) > 10 and len(ends) > 5 for case, ends, _ in rows().values())


def test_each_case_has_tests_of_its_number() -> None:
    assert [number for number, (_, _, tests) in rows().items() if not tests] == []


def test_the_page_names_the_files_where_those_tests_are() -> None:
    shown = generator().tests_by_fault()
    assert set(shown) <= set(range(1, CASES + 1)), "a test of a number that is no case"
    for number, (_, _, tests) in rows().items():
        assert tests == ", ".join(shown.get(number, [])), f"case {number}: run make docs"

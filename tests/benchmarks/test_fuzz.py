"""The fuzz tells what fails, and how to make the page again."""

from __future__ import annotations

import subprocess
import sys

import fuzz
import pytest
from corpora import HERE, demo_pages
from fuzz import case, tried

from archive.records import Article

PAGES = list(demo_pages())


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(HERE / "fuzz.py"), "--processes", "1", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_a_run_ends_with_a_summary_and_a_page_can_be_made_again(tmp_path):
    whole = run("--mutations", "20", "--seed", "5", "--shared", str(tmp_path))
    assert whole.returncode == 0, whole.stdout
    assert "20 spoiled pages" in whole.stdout
    assert "0 failed" in whole.stdout
    once = run("--only", "5:7", "--save", str(tmp_path / "page.html"), "--shared", str(tmp_path))
    assert "1 spoiled pages" in once.stdout
    assert (tmp_path / "page.html").read_bytes() == case(PAGES, 5, 7).made()[0]


def raising(*arguments: object, **options: object) -> Article:
    raise RecursionError("too deep")


def promising_nothing(*arguments: object, **options: object) -> Article:
    return Article("u", "u", "u", title="two\nlines", article_type="article")


@pytest.mark.parametrize(
    ("cleaning", "kind", "told"),
    [(raising, "raised", "too deep"), (promising_nothing, "article", "title is not one line")],
)
def test_what_raises_and_what_breaks_a_promise_has_failed(cleaning, kind, told, monkeypatch):
    monkeypatch.setattr(fuzz, "clean", cleaning)
    ended = tried(case(PAGES, 1, 1))
    assert ended.kind == kind
    assert told in ended.failed
    assert ended.case == "1:1"


def test_what_takes_too_long_has_failed(monkeypatch):
    monkeypatch.setattr(fuzz, "SLOW_SECONDS", 0.0)
    assert "took more than" in tried(case(PAGES, 1, 1)).failed

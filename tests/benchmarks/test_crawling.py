"""The benchmark of a crawl: its pages are nobody's copies, its figures are what they say, its floors hold."""

from __future__ import annotations

import json
from dataclasses import replace

import crawling
import pytest
from contenders import Took
from corpora import shared_folder
from replayed import lay_out, shuffled

PAGE = b"<p>%s</p><script>stays(1) as it is</script>" % b" ".join(b"word%d" % n for n in range(60))


def test_a_further_round_of_a_page_has_the_same_words_in_another_order():
    first, second = shuffled(PAGE, 1), shuffled(PAGE, 2)
    assert first != second
    assert shuffled(PAGE, 1) == first
    assert b"<script>stays(1) as it is</script>" in first
    words = [page.split(b"</p>")[0].removeprefix(b"<p>").split() for page in (PAGE, first, second)]
    assert sorted(words[0]) == sorted(words[1]) == sorted(words[2])
    assert words[0] != words[1] != words[2]


def test_a_site_has_as_many_different_pages_as_asked_for(tmp_path):
    shared = shared_folder()
    if shared is None:
        pytest.skip("no corpora of real pages beside this project")
    size = lay_out(shared, tmp_path / "site", 30)
    rows = (tmp_path / "site" / "truth.jsonl").read_text().splitlines()
    pages = {path.read_bytes() for path in (tmp_path / "site" / "pages").iterdir()}
    assert len(rows) == len(pages) == 30
    assert 3_000 <= size <= 150_000


def runs(**cpu):
    """One run of every contender, with this CPU in seconds."""
    most = Took(most_kb=100, lag_ms=(1.0, 20.0, 30.0), bytes=1_000_000, cleaned=0)
    return {name: [replace(most, cpu=seconds)] for name, seconds in cpu.items()}


def test_figures_are_ratios_without_the_start_and_floors_fail_above_them(monkeypatch, tmp_path, capsys):
    found = runs(bare=3.0, kept=5.0, full=10.0, again=1.0, revisit=2.0)
    start = dict.fromkeys(found, 1.0)
    figures = crawling.figures_of(found, start, pages=1_000)
    assert figures["kept_cpu"] == 2.0
    assert figures["full_cpu"] == 4.5
    assert figures["again_cpu"] == 0.1
    assert figures["lag_p99_ms"] == 20.0
    floors = tmp_path / "floors.json"
    monkeypatch.setattr(crawling, "FLOORS", floors)
    floors.write_text(json.dumps({"crawling": {"max_full_cpu": 4.5, "max_kept_cpu": 2.0}}))
    assert crawling.is_kept(figures)
    floors.write_text(json.dumps({"crawling": {"max_full_cpu": 4.4, "max_kept_cpu": 2.0}}))
    assert not crawling.is_kept(figures)
    assert "max_full_cpu: 4.5 is more than 4.4" in capsys.readouterr().out


def test_every_floor_of_the_project_is_of_a_figure_that_is_measured():
    found = runs(bare=3.0, kept=5.0, full=10.0, again=1.0, revisit=2.0)
    measured = crawling.figures_of(found, dict.fromkeys(found, 1.0), pages=1_000)
    floors = json.loads(crawling.FLOORS.read_text(encoding="utf-8"))["crawling"]
    assert floors
    assert {name.removeprefix("max_") for name in floors} <= set(measured)

"""What the benchmark of copies measures, and that copies are found as well as is said."""

from __future__ import annotations

import json

import pytest
from copies import FLOORS, compared, costs, exact_pairs, main, quality
from made_articles import Made, made_articles, true_pairs, true_share


def made(*moments: int, family: int = 1) -> Made:
    return Made(0, family, "made", tuple((f"слово{moment}", moment) for moment in moments))


def test_what_was_taken_is_counted_by_where_it_was_written():
    assert true_share(made(1, 2, 3, 4), made(9, 1, 2, 3, 8, 7)) == 0.75
    assert true_share(made(1, 2), made(3, 4)) == 0.0
    pairs = [made(1, 2), made(1, 2, 3), made(1, 2, family=2)]
    assert true_pairs(pairs, 0.8) == {(0, 1)}


def test_one_seed_makes_the_same_articles_of_every_kind_again():
    articles = made_articles(1500)
    assert articles == made_articles(1500)
    assert {one.how for one in articles} >= {
        "verbatim",
        "rewritten",
        "shortened",
        "lengthened",
        "quoting",
        "form",
    }
    assert len(articles) == 1500


def test_a_set_of_pairs_is_held_against_the_truth():
    found = compared({(0, 1), (2, 3)}, {(0, 1), (4, 5), (6, 7), (8, 9)})
    assert (found.recall, found.precision) == (0.25, 0.5)


def test_copies_are_found_among_made_articles(tmp_path):
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))["copies"]
    for name, found in quality(tmp_path, 1500).items():
        assert found.true > 300
        # A tenth of the articles: one pair more or less is half a per cent.
        assert found.recall >= floors["recall"] - 0.01, name
        assert found.precision >= floors["precision"] - 0.01, name


def test_comparing_each_with_every_other_needs_no_fingerprints(monkeypatch):
    monkeypatch.setattr("archive.syndication.fingerprints.fingerprints", None)
    copy = made(*range(100))
    articles = [copy, made(*range(200, 300)), copy, made(*range(20, 100))]
    assert exact_pairs(articles, 0.8) == {(0, 2), (0, 3), (2, 3)}


def test_saving_costs_no_more_in_a_larger_archive(tmp_path):
    few, many = costs(tmp_path, [2_000, 8_000])
    assert many.mean_ms < 2 * few.mean_ms
    assert 0.2 < few.paired < 0.8
    assert few.bytes < 1_500


@pytest.mark.slow
def test_the_floors_are_kept():
    assert main([]) == 0

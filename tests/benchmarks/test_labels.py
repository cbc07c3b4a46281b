"""What the body model learns from: which blocks a truth holds, and which model may judge a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpora import Page
from labels import kept_blocks
from train_body import fixed, mark_of
from unseen import FOLDS, fold_of

LONG = "The reservoir above the town is fuller than in any spring since people began to write its level down"


def test_blocks_that_stand_in_the_truth_in_its_order_are_kept() -> None:
    blocks = ["Menu", "First words here", "Share", LONG, "Last words here"]
    assert kept_blocks(blocks, f"First words here\n\n{LONG}.\n\nLast words here") == [0, 1, 0, 1, 1]


def test_a_block_printed_twice_is_kept_once() -> None:
    assert sum(kept_blocks([LONG, "Other", LONG], LONG)) == 1


def test_a_short_word_of_a_menu_is_not_taken_for_the_one_in_the_text() -> None:
    blocks = ["News", LONG, "News", "More of what happened in the town"]
    assert kept_blocks(blocks, f"{LONG}\n\nNews\n\nMore of what happened in the town") == [0, 1, 1, 1]


def test_a_long_block_the_truth_cuts_is_still_its_block() -> None:
    shares = kept_blocks([LONG + " and a remark that no truth has"], LONG)
    assert 0.5 < shares[0] < 1


def test_a_page_without_its_truth_s_words_keeps_nothing() -> None:
    assert kept_blocks(["One", "Two", ""], LONG) == [0, 0, 0]


def test_a_fix_sets_a_label_right_and_tells_no_text() -> None:
    import numpy as np

    marks = {"keep": [mark_of("A sub-heading")], "drop": [mark_of("Advertisement")]}
    labels = fixed(np.array([False, True, True]), ["A sub-heading", "Advertisement", LONG], marks)
    assert labels.tolist() == [True, False, True]
    assert "heading" not in mark_of("A sub-heading")


@pytest.mark.parametrize("url", ["https://www.gazeta.kz/a/1", "https://news.gazeta.kz/b?x=2"])
def test_all_pages_of_a_publisher_fall_in_one_fold(url: str) -> None:
    def page(address: str) -> Page:
        return Page("fundus", {"id": "x", "url": address}, Path("x"))

    assert fold_of(page(url)) == fold_of(page("https://gazeta.kz/")) < FOLDS

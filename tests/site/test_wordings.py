"""Comparing two wordings: nothing is lost, and nothing takes for ever."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.site.wordings import passages

WORDS = st.text("ab \u0451", max_size=12)


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS.filter(str.strip), max_size=6), st.lists(WORDS.filter(str.strip), max_size=6))
def test_both_wordings_can_be_read_from_the_comparison(old: list[str], new: list[str]) -> None:
    pieces = [piece for passage in passages(old, new) for piece in passage.pieces]
    for side, texts in (("removed", old), ("added", new)):
        left = "".join(piece.text for piece in pieces if piece.fate in {"same", side})
        assert "".join(left.split()) == "".join("".join(texts).split())


def test_a_changed_word_is_shown_alone() -> None:
    (passage,) = passages(["вода поднялась на два метра"], ["вода поднялась на три метра"])
    assert [(p.fate, p.text.strip()) for p in passage.pieces] == [
        ("same", "вода поднялась на"), ("removed", "два"), ("added", "три"), ("same", "метра"),
    ]  # fmt: skip


def test_long_texts_that_share_nothing_are_compared_soon() -> None:
    old = [" ".join(f"a{n}" for n in range(30_000))]
    new = [" ".join(f"b{n}" for n in range(30_000))]
    begun = time.process_time()
    (passage,) = passages(old, new)
    assert [piece.fate for piece in passage.pieces] == ["removed", "added"]
    assert time.process_time() - begun < 2

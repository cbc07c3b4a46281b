"""Keys made where the page was read: used once, and only for the very texts they were made of."""

from __future__ import annotations

import pytest

from archive.search import article_keys
from archive.search.article_keys import MOST_PREPARED, PreparedKeys, keys_of

TEXTS = ("Мосты города", None, "Жители видели мосты.")


def test_prepared_keys_are_those_that_would_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made = keys_of(TEXTS)
    assert made != TEXTS
    prepared = PreparedKeys()
    prepared.add(TEXTS, made)
    asked: list[object] = []
    monkeypatch.setattr(article_keys, "keys_of", lambda texts: asked.append(texts) or made)
    assert prepared.of(("Мосты города", None, "Жители видели мосты.")) == made
    assert asked == []
    prepared.of(TEXTS)  # once only
    other = ("Мосты города", None, "Жители видели мост.")
    prepared.of(other)
    assert asked == [TEXTS, other]


def test_what_is_never_kept_is_forgotten() -> None:
    prepared = PreparedKeys()
    for number in range(3 * MOST_PREPARED):
        prepared.add((str(number), None, ""), ("", None, ""))
    assert len(prepared.known) == MOST_PREPARED

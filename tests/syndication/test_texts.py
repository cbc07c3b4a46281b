"""Texts compared: by fingerprints, which find, and word by word, which decides."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.store.migrations import FINGERPRINT_BYTES, MOST_FINGERPRINTS
from archive.syndication.article_fingerprints import BYTES
from archive.syndication.fingerprints import LEAST_WORDS, MOST
from archive.syndication.fingerprints import fingerprints as fingerprints_of
from archive.syndication.sharing import Shared
from archive.syndication.sharing import shared as shared_by
from archive.syndication.words import words_of

from .conftest import words


def fingerprints(listed: list[str]) -> bytes:
    return fingerprints_of(words_of(" ".join(listed)))


def shared(one: list[str], other: list[str]) -> Shared:
    return shared_by(words_of(" ".join(one)), words_of(" ".join(other)))


def hashes(listed: list[str]) -> set[bytes]:
    packed = fingerprints(listed)
    return {packed[n : n + BYTES] for n in range(0, len(packed), BYTES)}


@pytest.mark.parametrize("count", [LEAST_WORDS, 100, 200, 1000, 20_000])
def test_a_text_has_a_few_fingerprints_however_long(count):
    assert 20 <= len(hashes(words(1, count))) <= MOST


def test_the_schema_has_room_for_them():
    assert (FINGERPRINT_BYTES, MOST_FINGERPRINTS) == (BYTES, MOST)


def test_a_text_of_a_few_words_has_none():
    assert fingerprints(words(1, LEAST_WORDS - 1)) == b""
    assert fingerprints([]) == b""


def test_a_part_keeps_the_fingerprints_of_the_whole_that_are_its():
    whole = words(1, 360)
    assert len(hashes(whole) & hashes(whole[100:250])) >= 10
    assert not hashes(whole[:100]) & hashes(whole[100:])


def test_fingerprints_are_the_same_on_every_machine():
    counted = [str(number) for number in range(40)]
    assert fingerprints(counted)[: 2 * BYTES].hex() == "05ea109df2761292345de8f7"


def test_spelling_that_no_reader_notices_makes_no_difference():
    assert words_of("Ещё\u00a0раз: «ПОДО\u00adЖДЁМ» — 3\u202f000!") == ["еще", "раз", "подождем", "3", "000"]
    assert words_of("ﬁн 12,5 %") == ["fiн", "12", "5"]


@given(st.lists(st.sampled_from("абвгд"), max_size=80), st.lists(st.sampled_from("абвгд"), max_size=80))
def test_shares_are_shares_and_the_same_from_both_sides(one, other):
    found, back = shared(one, other), shared(other, one)
    assert 0 <= found.share <= 1
    assert (found.share, found.share_of_other) == (back.share_of_other, back.share)
    assert (found.words, found.words_of_other) == (back.words_of_other, back.words)
    assert shared(one, one).share == (1.0 if len(one) >= 3 else 0.0)


def test_a_part_is_wholly_in_the_whole():
    whole = words(1, 400)
    found = shared(whole[100:200], whole)
    assert (found.share, found.share_of_other, found.words) == (1.0, 0.25, 100)


def test_passages_in_another_order_are_still_common():
    whole = words(1, 100)
    assert shared(whole[50:] + whole[:50], whole).share == 1.0


@pytest.mark.parametrize("every", [5, 7, 10, 20])
def test_a_word_replaced_here_and_there_leaves_the_others_common(every):
    whole = words(1, 400)
    rewritten = [f"иначе{n}" if n % every == 0 else word for n, word in enumerate(whole)]
    assert shared(rewritten, whole).share == pytest.approx(1 - 1 / every, abs=0.01)


def test_what_stands_behind_words_left_out_or_put_in_is_common():
    whole = words(1, 90)
    changed = whole[:30] + whole[33:60] + ["ново", "иначе"] + whole[60:]
    assert shared(changed, whole).words == 87
    # Two words alone between changes are met from behind as well as from before.
    assert shared([*whole[:20], "а", "б", *whole[21:23], "в", *whole[24:]], whole).words == 88


def test_the_same_few_words_far_apart_are_no_common_text():
    random = Random(1)
    little = [random.choice("вина") for _ in range(8)]
    one = [word for pair in zip(words(1, 80), little * 10, strict=True) for word in pair]
    other = [word for pair in zip(words(2, 80), little * 10, strict=True) for word in pair]
    assert shared(one, other).words == 0


def test_a_form_filled_in_anew_has_other_numbers():
    form = [str(n) if n % 4 == 0 else word for n, word in enumerate(words(1, 80))]
    again = [str(n + 1000) if n % 4 == 0 else word for n, word in enumerate(words(1, 80))]
    assert shared(form, again).share >= 0.7
    assert shared(form, again).same_numbers == 0.0
    assert shared(form, form[:60]).same_numbers == 1.0
    assert shared(words(1), words(1)).same_numbers is None

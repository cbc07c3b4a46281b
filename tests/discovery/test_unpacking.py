"""gzip within limits."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.unpacking import MAX_MEMBERS, Unpacked, unpacked

MIB = 1024 * 1024


@given(st.lists(st.binary(max_size=300_000), min_size=1, max_size=4))
def test_all_members_are_unpacked(members):
    content = b"".join(members)
    packed = b"".join(map(gzip.compress, members))
    if not content.startswith(b"\x1f\x8b"):
        assert unpacked(packed, MIB * 2) == Unpacked(content)


def test_plain_bytes_stay_as_they_are():
    assert unpacked(b"<urlset/>", MIB) == Unpacked(b"<urlset/>")


def test_what_follows_the_gzip_is_ignored():
    assert unpacked(gzip.compress(b"abc") + b"\0" * 512, MIB) == Unpacked(b"abc")


@pytest.mark.parametrize("layers", [0, 1, 2, 3])
def test_more_than_the_limit_is_cut_and_said(layers):
    body = b"x" * (3 * MIB)
    for _ in range(layers):
        body = gzip.compress(body)
    assert unpacked(body, MIB) == Unpacked(b"x" * MIB, "too_large")


def test_exactly_the_limit_is_whole():
    assert unpacked(gzip.compress(b"x" * MIB), MIB) == Unpacked(b"x" * MIB)


def test_cut_and_broken_gzip_give_what_was_before():
    content = bytes(range(256)) * 4_000
    packed = gzip.compress(content)
    cut = unpacked(packed[:-20], 2 * MIB)
    assert cut.problem == "truncated"
    assert content.startswith(cut.body)
    assert len(cut.body) > 900_000
    broken = unpacked(packed[:1_000] + b"\xff" * 50 + packed[1_050:], 2 * MIB)
    assert broken.problem == "truncated"


def test_endless_members_end():
    assert unpacked(gzip.compress(b"") * (50 * MAX_MEMBERS) + gzip.compress(b"x"), MIB).body == b""


@given(st.binary(max_size=500))
def test_unpacking_never_raises(noise):
    assert len(unpacked(b"\x1f\x8b\x08" + noise, MIB).body) <= MIB
    assert len(unpacked(gzip.compress(noise)[:-3] + noise, MIB).body) <= MIB

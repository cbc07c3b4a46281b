"""Two archives' wordings of one article made one: all of them, none twice, in both orders, and again."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.merging.wordings import Side, Wording, joined, seen_again

URL = "https://steppe.example/a/1"
TEXTS = ("один", "два", "три", "четыре")


def at(second):
    return f"2026-03-10T07:00:{second:02}Z"


def wording(second, text, *, cause="publisher", cleaned_with="1", page_id=1, row_id=None):
    return Wording(at(second), cause, cleaned_with, text, None, page_id, text, None, text, text, row_id)


def article(text, seen, last_seen, **columns):
    dates = ("at", "local", "date", "raw", "precision", "evidence")
    stated = {
        "id": 1, "page_id": 1, "source": "steppe", "url": URL, "url_key": "steppe.example/a/1",
        "title": text, "kicker": None, "lead": None, "body": text, "body_html": text, "content_hash": text,
        "modified_at": None, "authors": "[]", "agency": None, "section": None, "breadcrumbs": "[]",
        "tags": "[]", "language": "ru", "evidence": "{}", "access": "free", "gone_at": None, "revisions": 1,
        **dict.fromkeys(f"published_{part}" for part in dates),
    }  # fmt: skip
    return stated | {"first_seen_at": at(seen), "last_seen_at": at(last_seen)} | columns


def side(*wordings, last_seen=None, gone=None, gone_until=None, **columns):
    """What an archive knows that saw these wordings, pairs of a second and a text, one after the other."""
    rows = tuple(
        one if isinstance(one, Wording) else wording(*one, cause="publisher" if place else "first")
        for place, one in enumerate(wordings)
    )
    last = rows[-1]
    seen = last_seen if last_seen is not None else int(last.seen_at[-3:-1])
    known = article(last.content_hash, int(rows[0].seen_at[-3:-1]), seen, **columns)
    if gone is not None:
        known["gone_at"] = at(gone)
    return Side(known, rows, (), at(gone_until or gone) if gone is not None else None)


def as_side(both, *parts):
    """What is known of both, as an archive that took both in knows it, with what it left out of its parts."""
    numbered = tuple(replace(one, id=place) for place, one in enumerate(both.wordings, 1))
    gone = both.columns["gone_at"]
    sights = {row.sight for row in numbered}
    left = [(row.seen_at, 1) for part in parts for row in part.wordings if row.sight not in sights]
    return Side(both.columns | {"id": 1, "page_id": 1}, numbered, seen_again(numbered, left), gone)


def told(both):
    return [(one.seen_at[-3:-1].lstrip("0") or "0", one.content_hash) for one in both.wordings]


def said(both):
    return [one.said for one in both.wordings], both.columns


@st.composite
def sides(draw):
    """An archive that looked now and then, several times a second too, and saw what it saw."""
    seconds = sorted(draw(st.lists(st.integers(1, 6), min_size=1, max_size=5)))
    texts = [draw(st.sampled_from(TEXTS))]
    for _ in seconds[1:]:
        texts.append(draw(st.sampled_from([text for text in TEXTS if text != texts[-1]])))
    version = draw(st.sampled_from("12"))
    rows = [
        wording(second, text, cause="publisher" if place else "first", cleaned_with=version)
        for place, (second, text) in enumerate(zip(seconds, texts, strict=True))
    ]
    section = draw(st.sampled_from([None, "Город"]))
    last_seen = seconds[-1] + draw(st.integers(0, 3))
    gone = draw(st.none() | st.integers(last_seen, 9))
    return side(*rows, last_seen=last_seen, gone=gone, section=section)


@settings(max_examples=200, deadline=None)
@given(sides(), sides())
def test_both_orders_give_the_same(one, other):
    assert said(joined(one, other)) == said(joined(other, one))


@settings(max_examples=200, deadline=None)
@given(sides(), sides())
def test_what_is_taken_in_again_changes_nothing(one, other):
    both = joined(one, other)
    for again in (one, other):
        after = joined(as_side(both, one, other), again)
        assert [row.said for row in after.wordings] == [row.said for row in both.wordings]
        assert [row.id for row in after.wordings] == list(range(1, len(both.wordings) + 1))
        assert after.columns == both.columns


@settings(max_examples=200, deadline=None)
@given(sides(), sides())
def test_every_wording_is_there_in_order_none_twice_in_a_row(one, other):
    both = joined(one, other)
    hashes = [row.content_hash for row in both.wordings]
    assert {row.content_hash for row in (*one.wordings, *other.wordings)} == set(hashes)
    assert all(before != after for before, after in pairwise(hashes))
    times = [row.seen_at for row in both.wordings]
    assert times == sorted(times)
    assert both.columns["revisions"] == len(hashes)
    assert both.columns["content_hash"] == hashes[-1]
    assert [row.cause == "first" for row in both.wordings] == [True, *[False] * (len(hashes) - 1)]
    assert both.columns["first_seen_at"] == min(one.article["first_seen_at"], other.article["first_seen_at"])
    assert both.columns["last_seen_at"] == max(one.last_seen_at, other.last_seen_at)


@given(sides())
def test_an_archive_and_its_copy_are_the_archive(one):
    both = joined(one, one)
    assert both.wordings == one.wordings
    assert both.columns == {n: v for n, v in one.article.items() if n not in ("id", "page_id")} | {
        "revisions": len(one.wordings)
    }


def test_wordings_stand_in_the_order_they_were_seen_and_the_newest_in_the_article():
    both = joined(side((1, "a"), (5, "c")), side((3, "b"), (7, "d")))
    assert told(both) == [("1", "a"), ("3", "b"), ("5", "c"), ("7", "d")]
    assert both.columns["body"] == "d"


def test_one_wording_seen_by_both_is_once_as_it_was_first_seen():
    both = joined(side((2, "a"), (6, "b")), side((1, "a"), (7, "b")))
    assert told(both) == [("1", "a"), ("6", "b")]
    assert (both.columns["first_seen_at"], both.columns["last_seen_at"]) == (at(1), at(7))


def test_a_change_that_was_taken_back_is_three_wordings():
    assert told(joined(side((1, "a"), (9, "a")), side((5, "b")))) == [("1", "a"), ("5", "b"), ("9", "a")]


def test_counters_and_clocks_are_no_edits():
    def seen(second, views):
        text = f"Мост открыли.\n\nПросмотров: {views}"
        return replace(wording(second, f"{views}"), title=None, body=text, cause="first")

    one, other = side(seen(1, 5)), side(seen(3, 900))
    for both in (joined(one, other), joined(other, one)):
        assert told(both) == [("1", "5")]
        assert both.columns["content_hash"] == "5"
    later = joined(as_side(both), side(seen(3, 900), wording(7, "b")))
    assert told(later) == [("1", "5"), ("7", "b")]


def test_the_publisher_is_not_accused_of_what_two_versions_of_the_cleaning_read():
    old = side(wording(1, "a", cause="first", cleaned_with="1"))
    new = side(wording(3, "b", cause="first", cleaned_with="2"))
    assert [one.cause for one in joined(old, new).wordings] == ["first", "recleaned"]
    same = side(wording(3, "b", cause="first", cleaned_with="1"))
    assert [one.cause for one in joined(old, same).wordings] == ["first", "publisher"]


def test_a_reading_again_of_an_old_page_does_not_stand_before_a_new_page():
    read_again = side((1, "a"), wording(20, "a better", cause="recleaned"), last_seen=3)
    both = joined(read_again, side((10, "b")))
    assert told(both) == [("1", "a"), ("20", "a better"), ("10", "b")]
    assert both.columns["body"] == "b"


def test_a_teaser_before_a_paywall_and_a_mere_view_replace_nothing():
    whole = side((1, "весь текст"))
    for mere in (
        side((5, "весь"), access="paywalled"),
        side((5, "весь и ещё"), url="https://steppe.example/a/1/amp"),
    ):
        both = joined(whole, mere)
        assert both.columns["body"] == "весь текст"
        assert [text for _, text in told(both)] == ["весь текст", mere.standing.body, "весь текст"]
        assert both.wordings[-1].cause == "recleaned"


@pytest.mark.parametrize(
    ("one", "other", "gone"),
    [
        ({"gone": 5}, {"last_seen": 7}, None),  # it was there when looked for later
        ({"gone": 5}, {"last_seen": 3}, 5),
        ({"gone": 5, "gone_until": 9}, {"last_seen": 7}, 9),  # and was not, when looked for later still
        ({"gone": 5}, {"gone": 4}, 4),
        ({"gone": 5, "gone_until": 9}, {"last_seen": 7, "gone": 8}, 8),
        ({"last_seen": 5}, {"last_seen": 4}, None),
    ],
)
def test_it_is_gone_only_if_the_newest_look_says_so(one, other, gone):
    mine, theirs = side((1, "a"), **one), side((1, "a"), **other)
    expected = at(gone) if gone else None
    assert joined(mine, theirs).columns["gone_at"] == expected
    assert joined(theirs, mine).columns["gone_at"] == expected


def test_what_the_last_look_saw_stands_again_and_nobody_is_accused():
    both = joined(side((1, "a"), last_seen=9), side((5, "b")))
    assert told(both) == [("1", "a"), ("5", "b"), ("9", "a")]
    assert both.wordings[-1].cause == "recleaned"
    assert told(joined(side((1, "a"), last_seen=3), side((5, "b")))) == [("1", "a"), ("5", "b")]


def test_what_was_left_out_as_a_repetition_is_remembered_when_a_third_archive_saw_something_between():
    first, second, third = side((1, "a")), side((9, "a"), last_seen=12), side((5, "b"), (15, "c"))
    two = joined(first, second)
    assert told(two) == [("1", "a")]
    three = joined(as_side(two, first, second), third)
    assert told(three) == [("1", "a"), ("5", "b"), ("9", "a"), ("15", "c")]
    assert told(joined(as_side(three, third), second)) == told(three)


def test_what_only_the_other_page_stated_stays_with_where_it_was_read():
    earlier = side((1, "a"), section="Город", evidence='{"section": "breadcrumb"}')
    both = joined(earlier, side((5, "b"), agency="Kazinform", evidence='{"agency": "body"}'))
    assert (both.columns["section"], both.columns["agency"]) == ("Город", "Kazinform")
    assert both.columns["evidence"] == '{"agency": "body", "section": "breadcrumb"}'


def test_rows_that_are_here_keep_their_numbers():
    here = side(wording(1, "a", cause="first", row_id=7), wording(5, "b", row_id=8))
    assert [one.id for one in joined(here, side((3, "c"))).wordings] == [7, None, 8]

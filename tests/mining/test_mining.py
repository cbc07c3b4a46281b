"""What publishers say of text and data mining, as machines write it for machines."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.mining import page_reservation, rule_for, site_rules


def page(*metas, padding=0):
    return ("<html><head>" + "<!-- x -->" * padding + "".join(metas) + "</head><body></body></html>").encode()


@pytest.mark.parametrize(
    ("headers", "metas", "reserved"),
    [
        ([("TDM-Reservation", "1")], [], True),
        ([("tdm-reservation", "0")], [], False),
        ([("X-Robots-Tag", "noai, noimageai")], [], True),
        ([("X-Robots-Tag", "noimageai")], [], False),
        ([("X-Robots-Tag", "noindex, noarchive")], [], None),
        ([("X-Robots-Tag", "otherbot: noai")], [], None),
        ([("X-Robots-Tag", "muragat: noai")], [], True),
        ([], ['<meta name="tdm-reservation" content="1">'], True),
        ([], ["<META NAME='robots' CONTENT='index, NoAI'>"], True),
        ([], ["<meta content=noai name=robots />"], True),
        ([], ['<meta name="robots" content="noml">'], True),
        ([], ['<meta name="description" content="noai is a directive">'], None),
        ([], ['<meta name="keywords" content="tdm-reservation">'], None),
        ([("tdm-reservation", "0")], ['<meta name="robots" content="noai">'], True),
        ([("tdm-policy", "https://x.example/terms")], [], None),
        ([], [], None),
    ],
    ids=[
        *("header", "header_zero", "robots_tag", "pictures_only", "other_words", "another_bot", "our_name"),
        *(
            "meta",
            "capitals",
            "unquoted",
            "noml",
            "a_text",
            "a_keyword",
            "either_will_do",
            "terms_alone",
            "none",
        ),
    ],
)
def test_a_page_and_its_headers_are_heard(headers, metas, reserved):
    said = page_reservation(headers, page(*metas))
    assert (said.reserved if said else None) == reserved


def test_it_is_kept_where_it_was_said_and_which_terms_it_names():
    said = page_reservation(
        [("TDM-Reservation", "1")], page('<meta name="tdm-policy" content="https://x.example/terms?a&amp;b">')
    )
    assert said.said == ("header tdm-reservation: 1",)
    assert said.policy is None or said.policy.endswith("a&b")


def test_the_terms_are_kept():
    metas = (
        '<meta name="tdm-reservation" content="1">',
        '<meta name="tdm-policy" content="https://x.example/t">',
    )
    said = page_reservation([], page(*metas))
    assert (said.said, said.policy) == (("meta tdm-reservation: 1",), "https://x.example/t")


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=50))), st.binary(max_size=300))
def test_any_answer_is_read(headers, body):
    page_reservation(headers, b'<meta name="noai' + body)


def test_a_large_page_without_the_words_costs_a_search_for_them():
    body = page(padding=100_000)
    before = time.process_time()
    for _ in range(20):
        assert page_reservation([], body) is None
    assert (time.process_time() - before) / 20 < 0.01


def rules(*entries):
    return site_rules(json.dumps(entries).encode())


def entry(location, reserved=1, **more):
    return {"location": location, "tdm-reservation": reserved, **more}


def test_the_first_rule_that_speaks_of_a_path_counts():
    stated = rules(
        entry("/open/", 0), entry("/news/*.pdf$", 1, **{"tdm-policy": "https://x.example/t"}), entry("/b")
    )
    assert rule_for(stated, "https://x.example/open/a").reserved is False
    assert rule_for(stated, "https://x.example/news/a.pdf").policy == "https://x.example/t"
    assert rule_for(stated, "https://x.example/news/a.pdf?page=2") is None
    assert rule_for(stated, "https://x.example/b/c").reserved is True
    assert rule_for(stated, "https://x.example/") is None


@pytest.mark.parametrize(
    "location", ["/", "*", "/*", "/a?b[c]", ""], ids=["root", "star", "both", "signs", "none"]
)
def test_locations_are_prefixes_and_stars_no_expressions(location):
    (rule,) = rules(entry(location))
    url = "https://x.example/a?b[c]d"
    assert rule_for((rule,), url) is rule


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"{}",
        b"null",
        b"[1, null, {}]",
        b'[{"location": 1, "tdm-reservation": 1}]',
        b"[" * 100_000,
    ],
    ids=["empty", "html", "object", "null", "entries", "types", "nested"],
)
def test_what_is_no_such_file_says_nothing(body):
    assert site_rules(body) == ()


def test_a_location_of_stars_is_compared_soon():
    (rule,) = rules(entry("/" + "*a" * 900 + "b"))
    before = time.process_time()
    assert rule_for((rule,), "https://x.example/" + "a" * 2_000) is None
    assert time.process_time() - before < 1

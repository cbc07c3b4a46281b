"""Bytes to a tree: encodings, limits, and what the scan before parsing lets through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.cleaning.document import Document, Unreadable, read_document
from crawler.cleaning.elements import text_of
from crawler.cleaning.encoding import settled

RUSSIAN = "Городской совет утвердил план ремонта набережной и выделил на него средства. "
GERMAN = "Der Gemeinderat prüft nächste Woche größere Änderungen für die Straßen der Stadt. "


def read(raw: bytes, content_type: str | None = None) -> Document:
    document = read_document(raw, content_type=content_type)
    assert isinstance(document, Document)
    return document


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems]


@pytest.mark.parametrize(
    ("raw", "content_type", "encoding"),
    [
        (RUSSIAN.encode("utf-8-sig"), "text/html; charset=windows-1251", "utf-8"),
        (RUSSIAN.encode("utf-16"), None, "utf-16le"),
        (("<p>" + RUSSIAN).encode("utf-16-le"), None, "utf-16-le"),
        (RUSSIAN.encode(), "text/html; charset=iso-8859-1", "utf-8"),
        (RUSSIAN.encode("cp1251"), "text/html; charset=windows-1251", "cp1251"),
        (b'<meta charset="koi8-r">' + RUSSIAN.encode("koi8-r"), None, "koi8-r"),
        (b'<meta charset="koi8-r">' + RUSSIAN.encode("cp1251"), "text/html; charset=cp1251", "cp1251"),
        (RUSSIAN.encode("cp1251"), None, "cp1251"),
        (RUSSIAN.encode("koi8-r"), None, "koi8-r"),
        (RUSSIAN.encode("cp866"), None, "cp866"),
        (b'<meta charset="utf-8">' + RUSSIAN.encode("cp1251"), None, "cp1251"),
        (b'<meta charset="iso-8859-1">' + GERMAN.encode("cp1252"), None, "cp1252"),
    ],
)
def test_the_best_witness_of_an_encoding_wins(raw: bytes, content_type: str | None, encoding: str) -> None:
    document = read(raw, content_type)
    assert document.encoding == encoding
    assert text_of(document.tree).strip() in (RUSSIAN.strip(), GERMAN.strip())


@pytest.mark.parametrize("name", ["bogus-8", "utf-7", "base64", "rot13", "idna", "unicode_escape"])
def test_a_name_that_is_no_charset_is_a_problem_and_no_codec(name: str) -> None:
    document = read(RUSSIAN.encode("cp1251"), f"text/html; charset={name}")
    assert document.encoding == "cp1251"
    assert codes(document) == ["charset_unknown"]


def test_a_few_broken_bytes_do_not_change_the_encoding_but_many_are_a_problem() -> None:
    few = read(("<p>" + RUSSIAN * 200).encode() + b"\xff")
    many = read(("<p>" + RUSSIAN * 200).encode() + b"\xff " * 300, "text/html; charset=utf-8")
    assert (few.encoding, codes(few)) == ("utf-8", [])
    assert (many.encoding, codes(many)) == ("utf-8", ["encoding_replaced"])


def test_a_letter_cut_off_at_the_end_is_still_utf8() -> None:
    assert settled(RUSSIAN.encode() + b"\xd0", content_type=None).encoding == "utf-8"


def test_a_prolog_with_an_encoding_does_not_break_the_page() -> None:
    prolog = b'<?xml version="1.0" encoding="windows-1251"?><html><body><p>'
    assert text_of(read(prolog + RUSSIAN.encode("cp1251")).tree).strip() == RUSSIAN.strip()


def test_zero_bytes_do_not_end_the_page() -> None:
    assert text_of(read(b"<p>one\0</p><p>two</p>").tree) == "onetwo"


def test_comments_are_no_part_of_the_tree() -> None:
    assert text_of(read(b"<p>one<!-- two --><?three?></p>").tree) == "one"


@pytest.mark.parametrize(
    "raw",
    [
        b"<style>a{" + b"color:red; margin: 0 1px 2px; " * 3000 + b"}</style><p>x</p>",
        b"<script>if(i<n && " + b'{"a": "b c d", "e": 1}, ' * 3000 + b")</script><p>x</p>",
        b'<img src="data:image/png;base64,' + b"A" * 500_000 + b'"><p>x</p>',
        b'<p title="' + b"word " * 5000 + b'">x</p>',
        b"<p>" + b"a = b, c = d " * 5000 + b"</p>",
        b"<p " + b" ".join(b"a%d" % i for i in range(1500)) + b">x</p>",
    ],
    ids=["style", "script", "data url", "long value", "equations", "1,500 attributes"],
)
def test_what_only_looks_like_a_flood_of_attributes_is_read(raw: bytes) -> None:
    assert text_of(read(raw).tree).strip()


@pytest.mark.parametrize(
    ("number", "attribute"),
    [(2_100, b"a%d"), (2_100, b"a%d=1"), (40_000, b"a%d"), (40_000, b"a%d='x>'"), (40_000, b'\na%d = "<>"')],
)
def test_too_many_attributes_are_seen_before_parsing(number: int, attribute: bytes) -> None:
    raw = b"<p>x</p><p " + b" ".join(attribute % i for i in range(number)) + b">y</p>"
    document = read_document(raw)
    assert isinstance(document, Unreadable)
    assert document.problem.code == "too_complex"


def test_elements_are_found_by_a_word_in_their_class_or_id() -> None:
    raw = (
        b"<style>.crumb{}</style><script>x='<b class=crumb>'</script><p>crumb</p>"
        b"<div class='my-crumbs'>one</div><span id=\ncrumb>two</span><DIV CLASS=crumb>three</DIV>"
    )
    assert sorted(node.text for node in read(raw).named("crumb")) == ["one", "three", "two"]
    assert list(read(b"<p>crumb</p>").named("crumb")) == []
    assert list(read(b"<p class=bread>x</p>").named("crumb")) == []


def test_attributes_in_a_script_are_counted_wherever_it_ends() -> None:
    flood = b"<p " + b" ".join(b"a%d" % number for number in range(2_100)) + b">"
    code = b"<script>" + flood * 3 + b"</script>"
    assert isinstance(read_document(code + b"<p>x</p>" + code), Document)
    assert isinstance(read_document(code + flood + code), Unreadable)
    assert isinstance(read_document(b"<script>x</script>" + flood), Unreadable)


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=40)))
def test_bytes_come_out_as_valid_utf8(raw: bytes, content_type: str | None) -> None:
    assert settled(raw, content_type=content_type).utf8.decode("utf-8", "strict") is not None

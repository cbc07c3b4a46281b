"""Documents made to cost time, memory or an exception (hostile feeds and sitemaps)."""

from __future__ import annotations

import gzip
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.identity import url_key
from crawler.discovery import Reading, read_feed, read_listing, read_sitemap
from crawler.sources.profile import Listing

URL = "https://gazeta.example/doc"
CPU_SECONDS = 8.0  # each takes under 3 on a quiet machine
ITEM = b"<item><title>T</title><link>https://gazeta.example/%d</link><pubDate>2026-03-10T00:00:00Z</pubDate></item>"


def feed(inside: bytes) -> bytes:
    return b"<rss><channel>" + inside + b"</channel></rss>"


def codes(reading: Reading) -> list[str]:
    return [rejected.code for rejected in reading.rejected]


HOSTILE_FEEDS: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "100,000 items": (lambda: feed(b"".join(ITEM % n for n in range(100_000))), 2_000, "too_many_items"),
    "50 MB": (
        lambda: feed(b"".join(ITEM % n + b"<!--" + b"x" * 5_000 + b"-->" for n in range(10_000))),
        2_000,
        "too_large",
    ),
    "50 MB of CDATA": (
        lambda: feed((ITEM % 1 + b"<d><![CDATA[" + b"&nbsp;<p>" * 500 + b"]]></d>") * 11_000),
        1,
        "too_large",
    ),
    "50 MB without an item": (lambda: feed(b"x" * 50_000_000), 0, "too_large"),
    "100,000 nested tags": (lambda: feed(ITEM % 1 + b"<a>" * 100_000 + b"</a>" * 100_000), 1, "too_complex"),
    "100,000 nested items": (lambda: feed(b"<item>" * 100_000), 0, "too_complex"),
    "3,000,000 empty tags": (lambda: feed(ITEM % 1 + b"<a/>" * 3_000_000), 1, "too_complex"),
    "1,000,000 attributes": (
        lambda: feed(b"<a " + b" ".join(b'a%d=""' % n for n in range(1_000_000)) + b"/>"),
        0,
        "too_complex",
    ),
    "5,000,000 ampersands": (lambda: feed(b"&" * 5_000_000), 0, "too_complex"),
    "200,000 comments never closed": (lambda: feed(ITEM % 1 + b"<!--" * 200_000), 1, ""),
    "200,000 CDATA never closed": (lambda: feed(ITEM % 1 + b"<![CDATA[" * 200_000), 1, ""),
    "100,000 bad links": (lambda: feed(b"<item><link>file:///x</link></item>" * 100_000), 0, "more_rejected"),
    "100,000 brackets": (lambda: b"[" * 100_000, 0, "parse"),
    "3,000,000 objects": (lambda: b'{"items":[' + b"{}," * 2_500_000 + b"{}]}", 0, "more_rejected"),
    "9 MB of JSON": (lambda: b'{"items":["' + b"x" * 9_000_000 + b'"]}', 0, "too_large"),
    "a number of 100,000 digits": (lambda: b'{"items":[' + b"9" * 100_000 + b"]}", 0, "parse"),
}


@pytest.mark.parametrize("name", HOSTILE_FEEDS)
def test_hostile_feed_costs_seconds_and_gives_what_it_has(name):
    made, found, code = HOSTILE_FEEDS[name]
    body = made()
    started = time.process_time()
    reading = read_feed(body, URL)
    assert time.process_time() - started < CPU_SECONDS
    assert len(reading.found) == found
    assert not code or code in codes(reading)


HOSTILE_LISTINGS: dict[str, tuple[Callable[[], bytes], str]] = {
    "40,000 attributes": (
        lambda: b"<p " + b" ".join(b'a%d="1"' % n for n in range(40_000)) + b">",
        "too_complex",
    ),
    "40,000 attributes with > in them": (
        lambda: b"<p " + b" ".join(b'a%d=">"' % n for n in range(40_000)) + b">",
        "too_complex",
    ),
    "40,000 bare attributes": (
        lambda: b"<p " + b" ".join(b"a%d" % n for n in range(40_000)) + b">",
        "too_complex",
    ),
    "280,000 open tags": (lambda: b"<a " * 280_000, "too_complex"),
    "280,000 open quotes": (lambda: b'<a b="' * 280_000, "too_complex"),
    "7 MB of spaces in a tag": (lambda: b"<a" + b" " * 7_000_000, "no_matches"),
    "1,000,000 tags": (lambda: b"<p>" * 1_000_000, "too_complex"),
    "250,000 nested tags": (lambda: b"<div>" * 250_000 + b"<i class=x>", "no_matches"),
    "200,000 comments": (lambda: b"<!--" * 200_000, "parse"),
    "50 MB": (lambda: b"x" * 50_000_000, "too_large"),
    "280,000 meta tags in no encoding": (lambda: b"\xff\xfe<meta "[2:] * 280_000 + b"\x98", "too_complex"),
}


@pytest.mark.parametrize("name", HOSTILE_LISTINGS)
def test_hostile_listing_costs_seconds(name):
    made, code = HOSTILE_LISTINGS[name]
    body = made()
    started = time.process_time()
    reading = read_listing(body, URL, Listing(URL, "div a.x", "a[rel=next]"))
    assert time.process_time() - started < CPU_SECONDS
    assert code in codes(reading)


def test_a_full_sitemap_is_read_within_a_second():
    record = (
        b"<url>\n  <loc>https://gazeta.example/news/politics/most-cherez-reku-%d/</loc>\n"
        b"  <lastmod>2026-03-10T10:00:00+05:00</lastmod>\n</url>\n"
    )
    body = b"<urlset>" + b"".join(record % n for n in range(50_000)) + b"</urlset>"
    seconds = []
    for _ in range(3):
        started = time.process_time()
        reading = read_sitemap(body, URL)
        seconds.append(time.process_time() - started)
    assert len(reading.found) == 50_000
    assert min(seconds) <= 1.0, seconds


READING = """
import resource, sys
from crawler.discovery import read_sitemap
unit = 1024 * 1024 if sys.platform == "darwin" else 1024
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
body = sys.stdin.buffer.read()
before = peak()
reading = read_sitemap(body, "https://gazeta.example/sitemap.xml.gz")
print(peak() - before, [rejected.code for rejected in reading.rejected])
"""


def memory_for(body: bytes) -> tuple[int, str]:
    """MiB by which a fresh process grows when it reads the body as a sitemap, and its codes."""
    ended = subprocess.run(
        [sys.executable, "-c", READING], input=body, capture_output=True, check=True, timeout=60
    )
    megabytes, _, said = ended.stdout.decode().partition(" ")
    return int(megabytes), said


def test_a_bomb_is_stopped_while_it_unpacks():
    one_mib = b"<url><loc>/1</loc></url>" * (1024 * 1024 // 24)
    megabytes, said = memory_for(gzip.compress(b"<urlset>" + one_mib * 400, compresslevel=1))
    assert "too_large" in said
    assert megabytes < 300


def test_memory_does_not_grow_with_the_markup_of_a_sitemap():
    megabytes, said = memory_for(
        b"<urlset>" + (b"<a/><url>" + b"<b/>" * 30 + b"<loc>/1</loc></url>") * 45_000
    )
    assert "truncated" in said
    assert megabytes < 60  # 1.4 million tags of 110 bytes stay if they are not let go


PARTS = st.lists(
    st.one_of(
        st.binary(max_size=6),
        st.sampled_from(
            [
                b"<rss>",
                b"<channel>",
                b"<item>",
                b"</item>",
                b"<link>",
                b"</link>",
                b"<title>",
                b"</title>",
                b"<urlset>",
                b"<url>",
                b"</url>",
                b"<loc>",
                b"</loc>",
                b"<news:news>",
                b"</news:news>",
                b"<sitemap>",
                b"</sitemap>",
                b'<feed xmlns="http://www.w3.org/2005/Atom">',
                b"<entry>",
                b"</entry>",
                b'<link href="http://[::1"/>',
                b'<item xml:base="http://[">',
                b"&nbsp;",
                b"&#xD800;",
                b"&#0;",
                b"&x;",
                b"<![CDATA[",
                b"]]>",
                b"<!--",
                b"-->",
                b"<!DOCTYPE a [",
                b"<!ENTITY",
                b"]>",
                b"<?pi ?>",
                b"\x00",
                b"\xff\xfe",
                b"\xed\xa0\x80",
                b"\xef\xbf\xbf",
                b'{"items":[',
                b'{"url":"https://gazeta.example/\\ud800","title":"\\ud800"}',
                b"]}",
                b"\x1f\x8b\x08",
                b"https://gazeta.example/1",
                b"http://x:99999/",
                b"javascript:1",
                b"\n",
                b"<a href=x>",
                b"<base href='//['>",
                b"<a:b>",
                b"<:>",
                b'<meta charset="utf-7">',
                "ы".encode("cp1251"),
                b"xmlns:a=''",
            ]
        ),
    ),
    max_size=25,
).map(b"".join)


@settings(max_examples=400, deadline=None)
@given(
    PARTS,
    st.sampled_from([b"", b"<rss><channel>", b"<urlset>", b"<html>"]),
    st.sampled_from([None, "", "http://[", URL]),
)
def test_no_bytes_make_reading_raise_or_give_what_cannot_be_kept(parts, start, home):
    body = start + parts
    readings = [read_feed(body, URL, home=home), read_sitemap(body, URL, home=home)]
    readings += [
        read_listing(body, URL, Listing(URL, link, "a"), home=home) for link in ("a", "//a/@href", "a:(")
    ]
    for reading in readings:
        for found in reading.found:
            assert url_key(found.url)
            f"{found.url}{found.title}{found.published}{found.modified}".encode()
        for rejected in reading.rejected:
            f"{rejected.url}{rejected.detail}".encode()


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=50), st.sampled_from(["text/xml; charset=", "charset=", ""]), st.text(max_size=20))
def test_no_address_or_header_makes_reading_raise(url, header, charset):
    body = "<rss><item><link>/1</link><title>Ы</title></item></rss>".encode("cp1251")
    for content_type in (header + charset, None):
        read_feed(body, url, content_type=content_type)
        read_sitemap(body, url, content_type=content_type, home=url)
        read_listing(body, url, Listing(url, "item"), content_type=content_type)

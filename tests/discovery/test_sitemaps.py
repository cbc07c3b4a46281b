"""Sitemaps, news sitemaps, indexes and lists of addresses."""

from __future__ import annotations

import gzip

import pytest

from archive.records import Found, Refusal
from crawler.discovery import Child, Reading, read_sitemap

SITEMAP = "https://gazeta.example/sitemap.xml"
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    ' xmlns:video="http://www.google.com/schemas/sitemap-video/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)


def urlset(records: str, namespaces: str = NAMESPACES) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {namespaces}>{records}</urlset>'.encode()


def index(records: str) -> bytes:
    return f'<?xml version="1.0"?><sitemapindex {NAMESPACES}>{records}</sitemapindex>'.encode()


def urls(reading: Reading) -> list[str]:
    return [found.url for found in reading.found]


def codes(reading: Reading) -> list[str]:
    return [rejected.code for rejected in reading.rejected]


def test_addresses_come_with_their_lastmod_as_written():
    reading = read_sitemap(
        urlset(
            "<url>\n <loc>\n https://gazeta.example/1 </loc><lastmod> 2026-03-10 </lastmod>"
            "<changefreq>daily</changefreq><priority>0.5</priority></url><url><loc>/2</loc></url>"
        ),
        SITEMAP,
    )
    assert reading == Reading(
        (
            Found("https://gazeta.example/1", "sitemap", SITEMAP, modified="2026-03-10"),
            Found("https://gazeta.example/2", "sitemap", SITEMAP),
        )
    )


NEWS = (
    "<news:news><news:publication><news:name>Газета</news:name><news:language>ru</news:language>"
    "</news:publication>"
    "<news:publication_date>2026-03-10T09:30+05:00</news:publication_date>"
    "<news:title>Мост &amp; река</news:title></news:news>"
)


@pytest.mark.parametrize("namespaces", [NAMESPACES, ""], ids=["declared", "undeclared"])
def test_news_sitemap_keeps_title_and_publication_date(namespaces):
    record = f"<url><loc>https://gazeta.example/1</loc><lastmod>2026-03-11</lastmod>{NEWS}</url>"
    assert read_sitemap(urlset(record, namespaces), SITEMAP).found == (
        Found(
            "https://gazeta.example/1",
            "news sitemap",
            SITEMAP,
            "Мост & река",
            "2026-03-10T09:30+05:00",
            "2026-03-11",
        ),
    )


def test_images_videos_and_translations_are_no_articles():
    reading = read_sitemap(
        urlset(
            "<url><image:image><image:loc>https://gazeta.example/1.jpg</image:loc></image:image>"
            "<image:loc>https://gazeta.example/2.jpg</image:loc><video:video><video:title>Ролик</video:title></video:video>"
            '<xhtml:link rel="alternate" hreflang="kk" href="https://gazeta.example/kk/1"/>'
            "<loc>https://gazeta.example/1</loc></url>"
        ),
        SITEMAP,
    )
    assert reading.found == (Found("https://gazeta.example/1", "sitemap", SITEMAP),)


@pytest.mark.parametrize("prefix", ["", "s:"])
def test_namespaces_and_prefixes_make_no_difference(prefix):
    body = (
        f'<{prefix}urlset xmlns:s="https://made.up/schema"><{prefix}url><{prefix}loc>https://gazeta.example/1'
        f"</{prefix}loc></{prefix}url></{prefix}urlset>"
    )
    assert urls(read_sitemap(body.encode(), SITEMAP)) == ["https://gazeta.example/1"]


def test_index_gives_children_with_their_lastmod():
    reading = read_sitemap(
        index(
            "<sitemap><loc>https://gazeta.example/2026-03.xml</loc><lastmod>2026-03-10</lastmod></sitemap>"
            "<sitemap><loc>https://gazeta.example/2026-02.xml.gz</loc></sitemap>"
            "<sitemap><loc>https://www.gazeta.example/2026-03.xml</loc></sitemap>"
        ),
        SITEMAP,
    )
    assert reading.children == (
        Child("https://gazeta.example/2026-03.xml", "2026-03-10"),
        Child("https://gazeta.example/2026-02.xml.gz"),
    )
    assert reading.found == ()


def test_index_that_names_itself_or_strangers_keeps_its_other_children():
    reading = read_sitemap(
        index(
            "<sitemap><loc>http://www.gazeta.example/sitemap.xml?utm_source=x</loc></sitemap>"
            "<sitemap><loc>https://other.example/sitemap.xml</loc></sitemap>"
            "<sitemap><loc>file:///etc/hostname</loc></sitemap>"
            "<sitemap><loc>https://gazeta.example/1.xml</loc></sitemap>"
        ),
        SITEMAP,
    )
    assert reading.children == (Child("https://gazeta.example/1.xml"),)
    assert codes(reading) == ["loop", "offsite", "scheme"]


@pytest.mark.parametrize(
    ("loc", "code"),
    [
        ("javascript:alert(1)", "scheme"),
        ("java\nscript:alert(1)", "scheme"),
        ("file:///etc/hostname", "scheme"),
        ("ftp://gazeta.example/1", "scheme"),
        ("data:text/html,x", "scheme"),
        ("mailto:editor@gazeta.example", "scheme"),
        ("http://[::1", "bad_url"),
        ("http://gazeta.example:99999/1", "bad_url"),
        ("http://gaz eta.example/1", "bad_url"),
        ("https://user:word@gazeta.example/1", "bad_url"),
        ("https://gazeta.example/" + "a" * 5_000, "bad_url"),
        ("http://" + "ы" * 100 + "/1", "bad_url"),
        ("https://other.example/1", "offsite"),
        ("https://gazeta.example.evil.example/1", "offsite"),
        ("http://127.0.0.1/1", "offsite"),
        ("", "no_link"),
    ],
)
def test_fault_1_fault_16_a_bad_address_is_rejected_and_the_next_is_still_read(loc, code):
    reading = read_sitemap(
        urlset(f"<url><loc>{loc}</loc></url><url><loc>https://gazeta.example/2</loc></url>"), SITEMAP
    )
    assert urls(reading) == ["https://gazeta.example/2"]
    assert codes(reading) == [code]


def test_rejected_passwords_are_not_kept():
    reading = read_sitemap(urlset("<url><loc>https://user:geheim@gazeta.example/1</loc></url>"), SITEMAP)
    assert "geheim" not in repr(reading)


def test_text_sitemap_has_an_address_a_line():
    lines = ("\ufeffhttps://gazeta.example/1\r\n", " https://gazeta.example/жол", "javascript:x", "no link")
    reading = read_sitemap("\n".join(lines).encode(), SITEMAP)
    assert urls(reading) == ["https://gazeta.example/1", "https://gazeta.example/жол"]
    assert codes(reading) == ["scheme", "bad_url"]


@pytest.mark.parametrize("layers", [1, 2])
def test_packed_sitemap_is_read_without_being_announced(layers):
    body = urlset("<url><loc>https://gazeta.example/1</loc></url>")
    for _ in range(layers):
        body = gzip.compress(body)
    assert urls(read_sitemap(body, SITEMAP + ".gz")) == ["https://gazeta.example/1"]


def test_cut_gzip_gives_what_it_holds_and_says_so():
    body = gzip.compress(
        urlset("".join(f"<url><loc>https://gazeta.example/{n * n}</loc></url>" for n in range(5_000)))
    )
    reading = read_sitemap(body[: len(body) // 2], SITEMAP)
    assert 1_000 < len(reading.found) < 4_000
    assert set(urls(reading)) <= {f"https://gazeta.example/{n * n}" for n in range(5_000)}
    assert codes(reading) == ["truncated"]


def test_feed_in_place_of_a_sitemap_is_read_as_a_feed():
    body = b"<rss><channel><item><title>T</title><link>https://gazeta.example/1</link></item></channel></rss>"
    assert read_sitemap(body, SITEMAP).found == (Found("https://gazeta.example/1", "feed", SITEMAP, "T"),)


def test_page_in_place_of_a_sitemap_is_rejected():
    page = b"<!doctype html><html><body><url><loc>https://gazeta.example/1</loc></url></body></html>"
    assert read_sitemap(page, SITEMAP) == Reading(rejected=(Refusal(SITEMAP, "parse", page.decode()),))


def test_empty_urlset_is_well():
    assert read_sitemap(urlset(""), SITEMAP) == Reading()
    assert read_sitemap(b"<urlset/>", SITEMAP) == Reading()


def test_no_more_than_50_000_addresses_are_read():
    reading = read_sitemap(
        urlset("".join(f"<url><loc>https://gazeta.example/{n}</loc></url>" for n in range(50_010))), SITEMAP
    )
    assert len(reading.found) == 50_000
    assert codes(reading) == ["too_many_items"]


def test_many_rejections_are_counted_not_listed():
    reading = read_sitemap(urlset("<url><loc>javascript:x</loc></url>" * 3_000), SITEMAP)
    assert len(reading.rejected) == 1_001
    assert reading.rejected[-1] == Refusal(SITEMAP, "more_rejected", "and 2000 more")


def test_home_says_which_site_counts():
    body = urlset("<url><loc>https://gazeta.example/1</loc></url><url><loc>https://cdn.example/2</loc></url>")
    reading = read_sitemap(body, "https://cdn.example/gazeta.xml", home="https://www.gazeta.example/")
    assert urls(reading) == ["https://gazeta.example/1"]
    assert codes(reading) == ["offsite"]

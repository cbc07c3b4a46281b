"""Feeds of every kind, as made and as broken on the web."""

from __future__ import annotations

import gzip
import json
import random
from datetime import UTC, datetime, timedelta

import pytest

from archive.records import Found
from crawler.discovery import Reading, read_feed

FEED = "https://gazeta.example/rss/all.xml"
HOME = "https://gazeta.example/"


def rss(items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    channel = f"<channel><title>Газета</title><link>{HOME}</link>{items}</channel>"
    return f'{head}<rss version="2.0">{channel}</rss>'.encode()


def urls(reading: Reading) -> list[str]:
    return [found.url for found in reading.found]


def codes(reading: Reading) -> list[str]:
    return [rejected.code for rejected in reading.rejected]


def test_rss_item_gives_address_title_and_date_as_written():
    reading = read_feed(
        rss(
            "<item><title>Мост открыт</title><link>https://gazeta.example/most</link>"
            "<pubDate>Tue, 10 Mar 2026 09:30:00 +0500</pubDate></item>"
        ),
        FEED,
    )
    assert reading.found == (
        Found(
            url="https://gazeta.example/most",
            via="feed",
            document=FEED,
            title="Мост открыт",
            published="Tue, 10 Mar 2026 09:30:00 +0500",
        ),
    )
    assert reading.rejected == ()


def test_rss_without_version_and_namespaces_is_read():
    reading = read_feed(b"<rss><channel><item><link>/a</link></item></channel></rss>", FEED)
    assert urls(reading) == ["https://gazeta.example/a"]


def test_rss_1_items_stand_beside_the_channel_and_take_dublin_core_dates():
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://gazeta.example/"><title>G</title><items><rdf:Seq/></items></channel>
      <item rdf:about="https://gazeta.example/1"><title>One</title><link>https://gazeta.example/1</link>
        <dc:date>2026-03-10T09:30:00+05:00</dc:date></item>
      <item rdf:about="https://gazeta.example/2"><title>Two</title></item>
    </rdf:RDF>"""
    reading = read_feed(body, FEED)
    assert urls(reading) == ["https://gazeta.example/1", "https://gazeta.example/2"]
    assert reading.found[0].published == "2026-03-10T09:30:00+05:00"


def test_atom_entry_gives_its_html_alternate_and_both_dates():
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Г</title>
      <link href="https://gazeta.example/rss/all.xml" rel="self"/>
      <entry><title type="html">Цены &amp;amp; &lt;b&gt;рынок&lt;/b&gt;</title>
        <id>tag:gazeta.example,2026:1</id>
        <link rel="self" href="https://gazeta.example/api/1"/>
        <link rel="alternate" type="application/json" href="https://gazeta.example/1.json"/>
        <link rel="alternate" type="text/html" href="/1"/>
        <published>2026-03-10T04:30:00Z</published><updated>2026-03-10T05:00:00Z</updated></entry>
    </feed>""".encode()
    (found,) = read_feed(body, FEED).found
    assert found.url == "https://gazeta.example/1"
    assert found.title == "Цены & рынок"
    assert (found.published, found.modified) == ("2026-03-10T04:30:00Z", "2026-03-10T05:00:00Z")


def test_atom_updated_is_never_taken_for_published():
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/1"/>
        <updated>2026-03-10T05:00:00Z</updated></entry></feed>"""
    (found,) = read_feed(body, FEED).found
    assert found.published is None
    assert found.modified == "2026-03-10T05:00:00Z"


def test_atom_links_start_from_xml_base():
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://gazeta.example/kk/">
        <entry><link href="news/1"/></entry></feed>"""
    assert urls(read_feed(body, FEED)) == ["https://gazeta.example/kk/news/1"]


def test_json_feed_gives_address_title_and_dates():
    items = [
        {
            "id": "1",
            "url": "/1",
            "title": "Бір",
            "date_published": "2026-03-10",
            "date_modified": "2026-03-11",
        },
        {"id": 2, "url": 7, "title": {"no": "text"}},
        "no item",
    ]
    reading = read_feed(
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode(), FEED
    )
    assert reading.found == (
        Found("https://gazeta.example/1", "feed", FEED, "Бір", "2026-03-10", "2026-03-11"),
    )
    assert codes(reading) == ["no_link", "no_link"]


def test_cdata_is_plain_text_and_its_ampersands_stay():
    reading = read_feed(
        rss(
            "<item><title><![CDATA[Дом & сад &laquo;Уют&raquo; <b>новый</b>]]></title>"
            "<link><![CDATA[ https://gazeta.example/?id=1&amp=2 ]]></link></item>"
        ),
        FEED,
    )
    assert reading.found[0].title == "Дом & сад «Уют» новый"
    assert urls(reading) == ["https://gazeta.example/?id=1&amp=2"]


def test_unknown_entities_and_bare_ampersands_lose_nothing():
    reading = read_feed(
        rss(
            "<item><title>До&nbsp;свидания &mdash; &unknown; &amp; привет&#33;</title>"
            "<link>https://gazeta.example/?a=1&b=2&copy=3&amp;d=4</link></item>"
        ),
        FEED,
    )
    assert reading.found[0].title == "До свидания — &unknown; & привет!"
    assert urls(reading) == ["https://gazeta.example/?a=1&b=2&copy=3&d=4"]


def test_titles_keep_text_inside_markup_and_lose_control_characters():
    reading = read_feed(
        rss("<item><title><b>Имя</b>: слово\x00\x0b\n\n дня &#x1b; &#xD800;</title><link>/1</link></item>"),
        FEED,
    )
    assert reading.found[0].title == "Имя: слово дня"


def test_what_is_too_long_to_be_a_title_or_a_date_is_not_stated():
    reading = read_feed(
        rss(f"<item><title>{'Ы' * 2_000}</title><pubDate>{'9' * 200}</pubDate><link>/1</link></item>"), FEED
    )
    assert reading.found == (Found("https://gazeta.example/1", "feed", FEED),)


@pytest.mark.parametrize(
    ("guid", "expected"),
    [
        ("<guid>https://gazeta.example/1</guid>", ["https://gazeta.example/1"]),
        ('<guid isPermaLink="true">https://gazeta.example/1</guid>', ["https://gazeta.example/1"]),
        ('<guid isPermaLink="false">https://gazeta.example/1</guid>', []),
        ("<guid>7f3c-11</guid>", []),
        ("", []),
    ],
)
def test_fault_24_guid_stands_in_for_a_missing_link_only_if_it_is_one(guid, expected):
    reading = read_feed(rss(f"<item><title>Т</title>{guid}</item>"), FEED)
    assert urls(reading) == expected
    assert codes(reading) == ([] if expected else ["no_link"])


def test_own_link_wins_over_feed_links_media_and_guid():
    reading = read_feed(
        rss(
            '<item xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">'
            '<media:title>Подпись</media:title><atom:link rel="self" href="/self"/>'
            "<media:link>/media</media:link>"
            "<link>/real</link><title>Заголовок</title><guid>https://gazeta.example/guid</guid></item>"
        ),
        FEED,
    )
    assert urls(reading) == ["https://gazeta.example/real"]
    assert reading.found[0].title == "Заголовок"


def test_original_link_wins_over_the_one_of_a_feed_proxy():
    reading = read_feed(
        rss(
            '<item xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><link>https://proxy.example/~r/1</link>'
            "<feedburner:origLink>https://gazeta.example/1</feedburner:origLink></item>"
        ),
        "https://proxy.example/gazeta",
        home=HOME,
    )
    assert urls(reading) == ["https://gazeta.example/1"]


def test_relative_links_of_a_proxied_feed_belong_to_the_source():
    reading = read_feed(rss("<item><link>/1</link></item>"), "https://proxy.example/gazeta", home=HOME)
    assert urls(reading) == ["https://gazeta.example/1"]


def test_channel_and_image_links_are_no_articles():
    reading = read_feed(rss("<image><link>https://gazeta.example/</link><url>/logo.png</url></image>"), FEED)
    assert reading == Reading()


def test_other_sites_are_rejected_and_subdomains_are_not():
    reading = read_feed(
        rss(
            "<item><link>https://other.example/1</link></item>"
            "<item><link>https://notgazeta.example/1</link></item>"
            "<item><link>https://kaz.gazeta.example/1</link></item>"
            "<item><link>https://www.gazeta.example/1</link></item>"
        ),
        FEED,
    )
    assert urls(reading) == ["https://kaz.gazeta.example/1", "https://www.gazeta.example/1"]
    assert codes(reading) == ["offsite", "offsite"]


def test_fault_24_duplicates_merge_and_later_ones_fill_what_was_missing():
    reading = read_feed(
        rss(
            "<item><link>https://gazeta.example/1?utm_source=rss</link></item>"
            "<item><link>http://www.gazeta.example/1/</link><title>Есть</title><pubDate>2026-03-10</pubDate></item>"
            "<item><link>https://gazeta.example/1#comments</link><title>Другой</title></item>"
        ),
        FEED,
    )
    assert reading.found == (
        Found("https://gazeta.example/1?utm_source=rss", "feed", FEED, "Есть", "2026-03-10"),
    )


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (rss("<item><title>Ұлттық</title><link>/1</link></item>"), None),
        (b"\xef\xbb\xbf  \n" + rss("<item><title>Ұлттық</title><link>/1</link></item>"), None),
        (
            rss(
                "<item><title>Ұлттық</title><link>/1</link></item>",
                '<?xml version="1.0" encoding="windows-1251"?>',
            ),
            "text/xml; charset=windows-1251",
        ),
        (
            rss(
                "<item><title>Ұлттық</title><link>/1</link></item>",
                '<?xml version="1.1" encoding="bogus-8"?>',
            ),
            None,
        ),
        (rss("<item><title>Ұлттық</title><link>/1</link></item>").decode().encode("utf-16"), None),
        (rss("<item><title>Ұлттық</title><link>/1</link></item>").decode().encode("utf-16-le"), None),
    ],
    ids=[
        "utf-8",
        "bom and white space",
        "wrongly declared",
        "unknown encoding",
        "utf-16",
        "utf-16 without bom",
    ],
)
def test_encoding_is_what_the_bytes_are_not_what_they_claim(body, content_type):
    (found,) = read_feed(body, FEED, content_type=content_type).found
    assert found.title == "Ұлттық"


@pytest.mark.parametrize(
    ("declared", "content_type"),
    [
        ("windows-1251", None),
        ("utf-8", None),
        ("utf-8", "text/xml; charset=cp1251"),
        ("utf-7", None),
        ("punycode", None),
    ],
)
def test_windows_1251_is_read_declared_or_not(declared, content_type):
    text = rss(
        "<item><title>Вечерние новости</title><link>/1</link></item>",
        f'<?xml version="1.0" encoding="{declared}"?>',
    )
    (found,) = read_feed(text.decode().encode("windows-1251"), FEED, content_type=content_type).found
    assert found.title == "Вечерние новости"


def test_a_broken_character_does_not_change_the_encoding():
    padding = "<item><title>Weather</title></item>" * 10_000
    body = rss(f"{padding}<item><title>Погода на завтра и на неделю</title><link>/1</link></item>")
    cut = body.replace("неделю".encode(), "неделю".encode()[:-1])
    (found,) = read_feed(cut, FEED).found
    assert found.title == "Погода на завтра и на недел\ufffd"


@pytest.mark.parametrize(
    ("body", "begins"),
    [
        (
            b"<!DOCTYPE html><html><body>\n<h1>502  Bad Gateway</h1></body></html>",
            "<!DOCTYPE html><html><body> <h1>502 Bad",
        ),
        (b'{"error": "not found"}', '{"error": "not found"}'),
        (b'{"items": "none"', '{"items": "none"'),
        (b"Internal Server Error", "Internal Server Error"),
        (b"<page><item><link>/1</link></item></page>", "<page>"),
    ],
)
def test_what_is_no_feed_is_rejected_with_its_first_words(body, begins):
    reading = read_feed(body, FEED)
    assert reading.found == ()
    (rejected,) = reading.rejected
    assert (rejected.url, rejected.code) == (FEED, "parse")
    assert rejected.detail.startswith(begins)


@pytest.mark.parametrize("body", [b"", b" \n\t", b"\xef\xbb\xbf", b"\0\0"])
def test_nothing_is_rejected_as_empty(body):
    assert codes(read_feed(body, FEED)) == ["empty"]


def test_warnings_printed_before_the_feed_are_skipped():
    body = b"<br />\n<b>Warning</b>: mysql is away in <b>/var/www</b><br />\n" + rss(
        "<item><link>/1</link></item>"
    )
    assert urls(read_feed(body, FEED)) == ["https://gazeta.example/1"]


def test_a_cut_feed_gives_its_whole_items_and_says_so():
    body = rss("<item><link>/1</link></item><item><title>Т</title><link>/news/long-slug</link></item>")
    reading = read_feed(body[: body.index(b"-slug")], FEED)
    assert urls(reading) == ["https://gazeta.example/1"]
    assert codes(reading) == ["truncated"]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE rss [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]>',
    ],
)
def test_documents_that_define_entities_are_refused(doctype):
    reading = read_feed(
        rss("<item><title>&b;&a;</title><link>/1</link></item>", f"<?xml version='1.0'?>{doctype}"), FEED
    )
    assert reading.found == ()
    assert codes(reading) == ["entities"]


def test_a_doctype_without_entities_is_harmless():
    doctype = '<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss-0.91.dtd">'
    reading = read_feed(rss("<item><link>/1</link></item>", doctype), FEED)
    assert urls(reading) == ["https://gazeta.example/1"]


def test_sitemap_in_place_of_a_feed_is_read_as_a_sitemap():
    reading = read_feed(b"<urlset><url><loc>https://gazeta.example/1</loc></url></urlset>", FEED)
    assert [(found.url, found.via) for found in reading.found] == [("https://gazeta.example/1", "sitemap")]


def test_gzipped_feed_is_read_without_being_announced():
    assert urls(read_feed(gzip.compress(rss("<item><link>/1</link></item>")), FEED)) == [
        "https://gazeta.example/1"
    ]


@pytest.mark.parametrize("form", ["%Y-%m-%dT%H:%M:%S+05:00", "%a, %d %b %Y %H:%M:%S +0500"])
def test_of_a_huge_feed_the_newest_are_kept_wherever_they_stand(form):
    start = datetime(2019, 12, 31, tzinfo=UTC)
    dates = {f"/{n}": (start + timedelta(hours=n)).strftime(form) for n in range(3_000)}
    shuffled = random.Random(7).sample(sorted(dates), len(dates))
    items = "".join(f"<item><link>{path}</link><pubDate>{dates[path]}</pubDate></item>" for path in shuffled)
    reading = read_feed(rss(items), FEED)
    assert {found.url for found in reading.found} == {
        f"https://gazeta.example/{n}" for n in range(1_000, 3_000)
    }
    assert urls(reading) == [f"https://gazeta.example{path}" for path in shuffled if int(path[1:]) >= 1_000]
    assert codes(reading) == ["too_many_items"]


def test_of_a_huge_undated_feed_the_first_are_kept():
    reading = read_feed(rss("".join(f"<item><link>/{n}</link></item>" for n in range(2_500))), FEED)
    assert urls(reading) == [f"https://gazeta.example/{n}" for n in range(2_000)]

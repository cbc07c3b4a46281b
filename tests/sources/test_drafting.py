"""A profile is drafted from a home page and what answered at the addresses it led to."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
import time
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.sources.documents import Kind, kind_of
from crawler.sources.drafting import addresses_to_probe, draft_source
from crawler.sources.reading import read_profile
from crawler.sources.writing import profile_text

HOME = "https://www.example.kz/"
TITLES = [
    "В посёлке открыли новый мост через реку",
    "Школьники собрали книги для сельской библиотеки",
    "Весной в парке посадят двести молодых деревьев",
    "Город готовится к ярмарке местных мастеров",
]
TEASERS = "".join(
    f'<div class="teaser"><a href="/{rubric}/novost-{number}-{number}77/">{TITLES[number % 4]}</a></div>'
    for number, rubric in enumerate(["obshchestvo", "gorod", "kultura"] * 4, start=1)
)
PAGE = f"""<!DOCTYPE html><html lang="ru-RU"><head><meta charset="utf-8">
<title>Новости — Пример.kz</title><meta property="og:site_name" content="Example KZ">
<link rel="alternate" type="application/rss+xml" href="/feed/" title="Новости">
<link rel="alternate" type="application/rss+xml" href="/comments/feed/" title="Комментарии">
<link rel="alternate" hreflang="kz" href="https://www.example.kz/kk/">
<link rel="alternate" hreflang="en" href="https://en.example.kz/"></head>
<body><nav><a href="/obshchestvo/">Общество</a><a href="/novosti/">Новости</a>
<a href="/o-redaktsii-i-kontakty-sayta/">Контакты</a>
<a href="https://other.example/some-long-path-1234/">Материал совсем другого сайта о чём-то ещё</a></nav>
{TEASERS}<a href="javascript:alert(1)">{TITLES[0]}</a><a href="http://[::1">{TITLES[1]}</a></body></html>""".encode()
RSS = (
    b'<?xml version="1.0"?><!-- a > b --><rss version="2.0"><channel>'
    b"<item><link>https://www.example.kz/a</link></item></channel></rss>"
)
ATOM = b'\xef\xbb\xbf<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id></entry></feed>'
SITEMAP = b"<urlset xmlns='http://www.example/0.9'><url><loc>https://www.example.kz/1</loc></url></urlset>"
KINDS = {
    "rss": (RSS, Kind.FEED),
    "atom after a byte order mark": (ATOM, Kind.FEED),
    "rdf": (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">', Kind.FEED),
    "json feed": (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', Kind.FEED),
    "utf-16": ("\ufeff<?xml version='1.0' encoding='utf-16'?><rss>".encode("utf-16-le"), Kind.FEED),
    "sitemap": (SITEMAP, Kind.SITEMAP),
    "prefixed sitemap index": (b"<sm:sitemapindex xmlns:sm='x'>", Kind.SITEMAP),
    "packed sitemap": (gzip.compress(SITEMAP), Kind.SITEMAP),
    "html": (PAGE, None),
    "other json": (b'{"status": 404}', None),
    "empty": (b"", None),
    "plain text": (b"User-agent: *\nDisallow:", None),
    "broken gzip": (b"\x1f\x8b\x08\x00garbage", None),
    "endless comment": (b"<!--" * 5_000, None),
    "a word like a root": (b"<rssx>", None),
}


@pytest.mark.parametrize(("body", "kind"), KINDS.values(), ids=KINDS)
def test_a_document_is_known_by_its_beginning(body: bytes, kind: Kind | None) -> None:
    assert kind_of(body) is kind


def test_a_packed_bomb_is_looked_at_and_never_unpacked() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    started = time.perf_counter()
    assert kind_of(bomb) is None
    assert time.perf_counter() - started < 0.2


def test_declared_feeds_and_named_sitemaps_are_probed_before_the_usual_paths() -> None:
    robots = "User-agent: *\nSitemap: https://www.example.kz/news.xml\nsitemap:/more.xml\nSitemap: https://other.example/s.xml"
    probes = addresses_to_probe(HOME, PAGE, robots)
    assert probes[:3] == [HOME + "feed/", HOME + "news.xml", HOME + "more.xml"]
    assert HOME + "sitemap.xml" in probes
    assert HOME + "wp-sitemap.xml" in probes
    assert HOME + "rss/all.rss" in probes
    assert all("comments" not in url and "other.example" not in url for url in probes)
    assert len(probes) == len(set(probes)) <= 20


def test_hundreds_of_named_sitemaps_leave_room_for_the_usual_paths() -> None:
    robots = "\n".join(f"Sitemap: {HOME}s{number}.xml" for number in range(500))
    probes = addresses_to_probe(HOME, b"", robots)
    assert len(probes) <= 20
    assert HOME + "sitemap.xml" in probes


def test_a_draft_keeps_what_answered_and_lists_what_it_guessed() -> None:
    answers = {
        HOME + "feed/": (200, "text/html", RSS),
        HOME + "rss": (200, "application/rss+xml", RSS),
        HOME + "atom.xml": (404, "application/xml", ATOM),
        HOME + "sitemap.xml": (200, None, SITEMAP),
        HOME + "news.rss": (200, "application/rss+xml", PAGE),
    }
    source = draft_source(HOME, PAGE, answers, seen_on=date(2026, 3, 10))
    assert (source.id, source.name) == ("example_kz", "Example KZ")
    assert source.languages == ("ru", "kk")
    assert source.timezone == "Asia/Almaty"
    assert source.feeds == (HOME + "feed/",)
    assert source.sitemaps == (HOME + "sitemap.xml",)
    assert [listing.url for listing in source.listings] == [HOME, HOME + "novosti/"]
    assert source.listings[0].link == ".teaser a"
    assert source.pace.delay_seconds >= 2
    assert source.known.as_of == "2026-03-10"
    guessed = " ".join(source.known.unverified)
    assert all(word in guessed for word in ("timezone", "languages", "articles.allow", "listings"))


def test_the_drafted_pattern_takes_the_articles_and_leaves_the_other_pages() -> None:
    (allow,) = draft_source(HOME, PAGE, {}).articles.allow
    assert re.search(allow, "/sport/novost-nomer-99-99550/?utm=1")
    for other in ("/", "/obshchestvo/", "/novosti/", "/o-redaktsii-i-kontakty-sayta/", "/novosti/page/2/"):
        assert not re.search(allow, other)


def home_of(*links: str) -> bytes:
    anchors = "".join(f'<a href="{link}">{TITLES[at % 4]} {at}</a>' for at, link in enumerate(links))
    return f"<html lang='kk'><title>x</title>{anchors}</html>".encode()


SHAPES = {
    "dated": ("/2026/03/{n}/jana-kopir-ashyldy/", "/2025/11/9/basqa-bir-zhanalyq/", "/2025/11/"),
    "number and name": ("/article/3822{n}-jana-kopir", "/article/17-a-b", "/article/"),
    "html": ("/gorod/novyy-most-{n}.html", "/gorod/drugoy-tekst-sovsem.html", "/gorod/o-nas.php"),
    "number in a parameter": (
        "/news/article.php?storyid=5{n}",
        "/news/article.php?a=1&storyid=7",
        "/news/article.php",
    ),
    "hexadecimal ending": ("/novyy-most-22b{n}4", "/drugoy-tekst-9f8e71", "/novyy-most"),
    "bare name": ("/novyy-most-otkryli-{n}-fevralya-x/", "/sovsem-drugoy-tekst/", "/gorod/"),
}


@pytest.mark.parametrize(("form", "article", "other"), SHAPES.values(), ids=SHAPES)
def test_the_shape_of_addresses_is_told_from_headlines(form: str, article: str, other: str) -> None:
    links = [form.format(n=number) for number in range(10, 20)]
    source = draft_source("https://example.kz/", home_of(*links), {})
    assert any(re.search(pattern, article) for pattern in source.articles.allow)
    assert not any(re.search(pattern, other) for pattern in source.articles.allow)


def test_the_id_comes_from_host_port_and_language() -> None:
    ids = {
        "https://www.example.kz/": "example_kz",
        "https://khabar.example/kk/": "khabar_example_kk",
        "http://127.0.0.1:8123/": "127_0_0_1_8123",
        "https://жаңалық.kz/": "xn--",
    }
    for home, start in ids.items():
        assert draft_source(home, b"", {}).id.startswith(start)


def test_a_page_without_headlines_gets_a_draft_that_says_so() -> None:
    source = draft_source(HOME, b"<html><body><div id=app></div></body></html>", {})
    assert source.articles.allow == ()
    assert [listing.url for listing in source.listings] == [HOME]
    assert "JavaScript" in " ".join(source.known.unverified)


def test_a_windows_1251_page_keeps_its_name() -> None:
    page = '<html><head><meta charset="windows-1251"><title>Наш город</title></head></html>'.encode("cp1251")
    assert draft_source(HOME, page, {}).name == "Наш город"


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(
        lambda text: f"<title>{text}</title><a href='{text}'>{text}</a>".encode("utf-8", "replace")
    )
)
def test_any_bytes_give_a_draft_that_reads_back_unchanged(page: bytes) -> None:
    source = draft_source(HOME, page, {HOME + "rss": (200, None, page)})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draft.toml"
        path.write_text(profile_text(source), encoding="utf-8")
        assert read_profile(path) == source


HOSTILE = {
    "attributes": b"<a " + b"".join(b"x%d=1 " % number for number in range(100_000)) + b">",
    "angle brackets": b"<" * 2_000_000,
    "nested": b"<div>" * 200_000,
    "links": b'<a href="/x-1-2-3">x</a>' * 100_000,
    "one long text": b"<p>" + b"a" * 5_000_000,
    "one long address": b'<a href="/' + b"-1" * 7_000 + b'">a b c d e f g h i j k l m n o p</a>',
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_page_is_read_in_a_moment(page: bytes) -> None:
    started = time.process_time()
    draft_source(HOME, page, {HOME + "rss": (200, None, page)})
    addresses_to_probe(HOME, page, page.decode())
    assert time.process_time() - started < 5


def kept_pages(shared: Path) -> dict[str, tuple[dict, bytes]]:
    folder = shared / "corpora" / "kz-lists"
    rows = map(json.loads, (folder / "index.jsonl").read_text().splitlines())
    return {
        row["id"]: (row, gzip.decompress((folder / "pages" / f"{row['id']}.html.gz").read_bytes()))
        for row in rows
        if (folder / "pages" / f"{row['id']}.html.gz").exists()
    }


def test_kept_pages_give_a_pattern_that_takes_every_article_they_list(shared: Path) -> None:
    pages = kept_pages(shared)
    for name in ("tengrinews_kz_list_1", "tengrinews_kz_home_1", "tengrinews_kz_home_2"):
        source = draft_source("https://tengrinews.kz/", pages[name][1], {})
        assert source.name == "Tengrinews.kz"
        assert "https://tengrinews.kz/news/" in [listing.url for listing in source.listings]
        named = [urlsplit(item["url"]).path for item in pages["tengrinews_kz_list_1"][0]["truth"]["items"]]
        assert all(any(re.search(allow, path) for allow in source.articles.allow) for path in named)
        assert not any(re.search(allow, "/kazakhstan_news/") for allow in source.articles.allow)


def test_a_kept_home_page_of_another_builder_gives_its_articles_too(shared: Path) -> None:
    source = draft_source("https://www.bbc.com/russian", kept_pages(shared)["bbc_russian_home_1"][1], {})
    assert (source.id, source.languages) == ("bbc_com", ("ru",))
    assert any(re.search(allow, "/russian/features-52080314") for allow in source.articles.allow)


def test_kept_feeds_are_known_as_feeds(shared: Path) -> None:
    feeds = sorted((shared / "corpora" / "kz-lists" / "pages").glob("*.xml.gz"))
    assert len(feeds) >= 5
    assert {kind_of(gzip.decompress(path.read_bytes())) for path in feeds} == {Kind.FEED}


def test_a_pattern_that_would_leave_out_what_the_feed_names_is_not_drafted():
    links = "".join(
        f'<a href="/novosti/sobytie-nomer-{n}/">Событие номер {n} в жизни города</a>' for n in range(12)
    )
    home = f"<html lang='ru'><body>{links}</body></html>".encode()
    items = "".join(
        f"<item><link>https://gazeta.example/zhanalyq/oqiga-{n}/</link></item>" for n in range(12)
    )
    feed = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    address = "https://gazeta.example/feed/"
    alone = draft_source("https://gazeta.example/", home, {})
    assert alone.articles.allow
    beside = draft_source("https://gazeta.example/", home, {address: (200, "application/rss+xml", feed)})
    assert beside.articles.allow == ()
    assert doubts_of(beside, "articles.allow") == [
        "articles.allow: none, as the front page's pattern would leave out what the feed names"
    ]


def test_of_a_page_without_headlines_beside_a_feed_one_reason_is_told_for_its_pattern():
    empty = b"<html><body><div id=app></div></body></html>"
    for answers in ({HOME + "rss": (200, None, RSS)}, {}):
        source = draft_source(HOME, empty, answers)
        assert doubts_of(source, "articles.allow") == [
            "articles.allow: too few links of the home page look like headlines; it may need JavaScript"
        ]
    assert doubts_of(source, "listings") == ["listings: the home page alone"]


def doubts_of(source, field):
    return [doubt for doubt in source.known.unverified if doubt.startswith(f"{field}:")]

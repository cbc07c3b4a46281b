"""What clean() promises of any page and any bytes."""

from __future__ import annotations

import gzip
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.records import Article, Found
from crawler.cleaning import CLEANING_VERSION, clean
from crawler.cleaning.jsonable import as_json
from crawler.sources.profile import Source

URL = "https://rail.example/news/two-more-trains-a-day/"
VISIT = datetime(2026, 3, 10, 12, tzinfo=UTC)
TEXT = "The valley railway will run two more trains a day from June, after a very full winter. "
PARAGRAPHS = f"<p>{TEXT * 2}</p>" * 3
TRAPS = b"""<h1>T</h1><time>10 March 2026</time><p itemprop=author><script type="application/ld+json">"""


def page(*, head: str = "", body: str = "", title: str = "Two more trains a day") -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{body}<p>{TEXT * 3}</p><p>{TEXT * 3}</p></article></body></html>"
    ).encode()


def codes(article: Article) -> list[str]:
    return [problem.code for problem in article.problems]


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    assert clean(raw, URL, fetched_at=VISIT).url == URL
    assert clean(TRAPS + raw, URL, fetched_at=VISIT).cleaned_with == CLEANING_VERSION


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_address_makes_it_raise(url: str) -> None:
    assert clean(page(), url, fetched_at=VISIT).title == "Two more trains a day"


@pytest.mark.parametrize("url", ["", "not an address", "http://[::1", "javascript:x", "http://x:99999/"])
def test_an_address_that_is_none_is_a_problem(url: str) -> None:
    assert "bad_url" in codes(clean(page(), url, fetched_at=VISIT))


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_what_leaves_has_nothing_a_store_refuses(title: str) -> None:
    head = (
        f'<script type="application/ld+json">{json.dumps({"@type": "Article", "headline": title})}</script>'
    )
    raw = page(head=head.replace("</", "<\\/")).replace(b"Two more", title.encode("utf-8", "replace"))
    said = json.dumps(as_json(clean(raw, URL, fetched_at=VISIT)), ensure_ascii=False)
    assert said.encode("utf-8")
    assert not any(ord(letter) < 32 or 0x202A <= ord(letter) <= 0x202E for letter in said)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty"),
        (b" \n" * 5000, "empty"),
        (b"%PDF-1.7\n\x00\x01", "not_html"),
        (b"<p " + b" ".join(b"a%d=1" % i for i in range(40_000)) + b">x", "too_complex"),
        (b"<p " + b" ".join(b'a%d=">"' % i for i in range(40_000)) + b">x", "too_complex"),
        (b"<div>" * 200_000, "too_complex"),
        (b"<" * 1_000_000, "too_complex"),
        (b"x" * (32 * 2**20 + 1), "too_complex"),
    ],
    ids=["empty", "blank", "pdf", "attributes", "quoted attributes", "nested", "brackets", "large"],
)
def test_a_page_not_worth_parsing_ends_at_once_with_its_reason(raw: bytes, code: str) -> None:
    started = time.perf_counter()
    article = clean(raw, URL, fetched_at=VISIT)
    assert time.perf_counter() - started < 2
    assert article.article_type == "not_article"
    assert codes(article) == [code]


@pytest.mark.parametrize(
    "flood",
    [
        "<!--" * 200_000,
        "<p>" + "word " * 2_000_000,
        '<p title="' + "a" * 10_000_000 + '">x</p>',
        "<p>" + " " * 3_000_000,
        "<h1>Another title</h1>" * 20_000,
        '<div class="date">12.05.2020 <a href="/x">A line that leads to another article</a></div>' * 5_000,
        '<a class="author" href="/x">Mira Oakes</a>' * 20_000,
        '<i itemprop="datePublished">9:05</i>' * 20_000,
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        '<script type="application/ld+json">{"a": "' + '\\"' * 150_000 + "</script>",
        '<script type="application/ld+json">{' + "/*" * 150_000 + "</script>",
        '<script type="application/ld+json">{"a"' + "\n" * 300_000 + "</script>",
    ],
    ids=lambda flood: flood[:40],
)
def test_a_flood_is_read_in_seconds(flood: str) -> None:
    started = time.perf_counter()
    clean(page(body=flood), URL, fetched_at=VISIT)
    assert time.perf_counter() - started < 5


def test_text_behind_a_node_of_ten_megabytes_is_not_lost() -> None:
    article = clean(page(body="<p>" + "word " * 2_000_000 + "</p>"), URL, fetched_at=VISIT)
    assert article.body.endswith(TEXT.strip())


def test_a_profiles_own_places_win() -> None:
    body = """<b class="t">The railway grows</b> <i class="d">2 марта 2026, 09:30</i>
              <u class="a">Mira Oakes</u> <s class="s">Transport</s>"""
    profile = Source(
        id="rail",
        name="The Valley Rail",
        home="https://rail.example/",
        languages=("ru",),
        timezone="Asia/Almaty",
        fields={"title": "b.t", "published_at": "//i[@class='d']/text()", "authors": ".a", "section": ".s"},
    )
    head = '<meta property="article:published_time" content="2026-03-02T04:30:00Z">'
    article = clean(page(head=head, body=body), URL, fetched_at=VISIT, profile=profile)
    assert article.title == "The railway grows"
    assert article.published_local is not None
    assert article.published_local.isoformat() == "2026-03-02T09:30:00+05:00"
    assert article.published_evidence == "profile"
    assert [author.name for author in article.authors] == ["Mira Oakes"]
    assert article.section == "Transport"


def test_a_selector_nobody_can_read_finds_nothing() -> None:
    profile = Source(
        id="r", name="R", home="https://rail.example/", fields={"title": "//[", "section": "a:::"}
    )
    assert clean(page(), URL, fetched_at=VISIT, profile=profile).title == "Two more trains a day"


def test_dates_of_feed_and_page_that_contradict_are_a_problem() -> None:
    head = '<meta property="article:published_time" content="2026-03-02T04:30:00Z">'
    found = Found(url=URL, via="feed", published="Sun, 01 Feb 2026 10:00:00 GMT")
    article = clean(page(head=head), URL, fetched_at=VISIT, stated=[found])
    assert article.published_at == datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
    assert codes(article) == ["published_contradicted"]


@pytest.mark.parametrize(
    "header",
    [
        '<div class="top">Tuesday, March 10, 2026</div>',
        '<header><span class="date">Вторник, 10 марта 2026</span></header>',
        '<div id="today">10 March 2026</div>',
        "<nav><ul><li>10.03.2026</li></ul></nav>",
        '<div class="td-header-sp"><time datetime="2026-03-10">10 March</time><a href="/x">Weather</a></div>',
    ],
)
def test_the_visits_date_in_a_header_is_never_the_articles(header: str) -> None:
    menu = "<nav>" + "".join(f'<a href="/{i}/">Section number {i}</a>' for i in range(20)) + "</nav>"
    raw = page().replace(b"<body>", f"<body>{header}{menu}".encode())
    assert clean(raw, URL, fetched_at=VISIT).published_at is None


@pytest.mark.parametrize(
    "teaser",
    [
        '<aside class="sidebar"><time datetime="2026-03-01">1 March</time></aside>',
        '<div class="related"><i class="date">01.03.2026</i> <a href="/b/">The mill is for sale</a></div>',
        '<div><h3><a href="/b/">The old mill is for sale</a></h3><time>1 March 2026</time></div>',
        '<ul class="comments"><li><time datetime="2026-03-01">a week ago</time> Well done!</li></ul>',
        "<p>On 1 March 2026 the company met the mayor of the town for the first time.</p>",
        '<footer class="page-footer">© 2026 The Valley Rail, updated 01.03.2026</footer>',
    ],
)
def test_a_date_of_something_else_is_never_the_articles(teaser: str) -> None:
    raw = page().replace(b"</article>", b"</article>" + teaser.encode())
    assert clean(raw, URL, fetched_at=VISIT).published_at is None


def test_the_model_page_has_its_own_date_or_none(shared: Path) -> None:
    corpus = shared / "corpora" / "kz-synthetic"
    for line in (corpus / "truth.jsonl").read_bytes().splitlines():
        truth = json.loads(line)
        raw = gzip.decompress((corpus / "pages" / f"{truth['id']}.html.gz").read_bytes())
        article = clean(raw, truth["url"], fetched_at=VISIT)
        day = article.published_date and article.published_date.isoformat()
        assert day == (truth["published"] and truth["published"][:10]), truth["id"]
        assert article.title == truth["title"]


def test_no_day_of_a_real_page_is_wrong(shared: Path) -> None:
    corpus = shared / "corpora" / "kz"
    for line in (corpus / "truth.jsonl").read_bytes().splitlines():
        truth = json.loads(line)
        raw = gzip.decompress((corpus / "pages" / f"{truth['id']}.html.gz").read_bytes())
        article = clean(raw, truth["url"])
        assert article.published_at is not None, truth["id"]
        # Where the page states only UTC, its day is UTC's.
        told = datetime.fromisoformat(truth["published"])
        told_days = {told.date(), told.astimezone(UTC).date() if told.tzinfo else told.date()}
        assert {article.published_at.date(), article.published_date} & told_days, truth["id"]
        assert article.article_type != "not_article"


def page_with_canonical(canonical: str) -> bytes:
    sentence = "The valley railway will run two more trains a day from June, after a full winter."
    return (
        f'<html lang="en"><head><title>Trains</title><link rel="canonical" href="{canonical}"></head>'
        f"<body><article><h1>Two more trains</h1>{f'<p>{sentence}</p>' * 4}</article></body></html>"
    ).encode()


def test_a_category_in_the_address_makes_no_second_article():
    page = page_with_canonical("https://rail.example/news/two-more-trains-a-day/")
    article = clean(page, "https://rail.example/news/two-more-trains-a-day/?cat=12")
    assert article.url_key == "rail.example/news/two-more-trains-a-day"


def test_articles_told_apart_by_a_parameter_stay_apart_whatever_the_page_calls_itself():
    page = page_with_canonical("https://rail.example/modules/news/article.php")
    article = clean(page, "https://rail.example/modules/news/article.php?storyid=7")
    assert article.url_key == "rail.example/modules/news/article.php?storyid=7"


def test_a_wrong_canonical_address_does_not_make_one_article_of_two():
    page = page_with_canonical("https://rail.example/news/another-article-entirely/")
    article = clean(page, "https://rail.example/news/two-more-trains-a-day/?cat=12")
    assert article.url_key == "rail.example/news/two-more-trains-a-day?cat=12"


def test_a_tag_that_a_title_speaks_of_is_no_markup():
    page = (
        '<html lang="en"><head><title>A sign that says &lt;b&gt;</title>'
        '<meta property="og:title" content="A sign that says &lt;b&gt;"></head>'
        f"<body><article><h1>A sign that says &lt;b&gt;</h1>{PARAGRAPHS}</article></body></html>"
    )
    assert clean(page.encode(), "https://rail.example/news/a-sign/").title == "A sign that says <b>"


def test_the_section_is_found_in_a_trail_of_crumbs_under_any_name():
    page = (
        '<html lang="en"><head><title>Two more trains</title></head><body>'
        '<div class="td-crumb-container"><a class="entry-crumb" href="/">Home</a> '
        '<a class="entry-crumb" href="/economy/">Economy</a></div>'
        f"<article><h1>Two more trains</h1>{PARAGRAPHS}</article></body></html>"
    )
    assert clean(page.encode(), "https://rail.example/news/trains/").section == "Economy"


def test_a_timetable_in_the_text_is_no_list_of_dates():
    times = (
        "<ul><li>from the station at 06:20 and 22:40 daily;</li><li>from the mill at 06:05 daily;</li></ul>"
    )
    page = (
        '<html lang="en"><head><title>Two more trains</title></head>'
        f"<body><article><h1>Two more trains</h1>{PARAGRAPHS}{times}{PARAGRAPHS}</article></body></html>"
    )
    assert "from the mill at 06:05" in clean(page.encode(), "https://rail.example/news/trains/").body


def test_an_address_the_text_links_to_may_be_offered_for_further_reading_too():
    page = (
        '<html lang="en"><head><title>Two more trains</title></head><body><article><h1>Two more trains</h1>'
        f'{PARAGRAPHS}<p>The railway said so <a href="/news/in-may/">in a letter of May</a> as well.</p>'
        f'{PARAGRAPHS}<div class="related"><h4>Related</h4><ul>'
        '<li><a href="/news/in-may/">A letter of May about the valley railway</a></li></ul></div>'
        "</article></body></html>"
    )
    article = clean(page.encode(), "https://rail.example/news/trains/")
    zones = [link.zone for link in article.links if link.url == "https://rail.example/news/in-may/"]
    assert sorted(zones) == ["inline", "related"]


def test_a_style_sheet_named_like_a_trail_or_a_wall_is_neither():
    head = "<style id='breadcrumb-css'>a{}</style><link id='paywall-css' rel=stylesheet href='/p.css'>"
    trail = "<div class='breadcrumbs'><a href='/'>Home</a> <a href='/rail'>Railways</a></div>"
    article = clean(page(head=head, body=trail), URL, fetched_at=VISIT)
    assert (article.breadcrumbs, article.access) == (("Railways",), "unknown")
    walled = clean(page(body="<div class='paywall-note'>Subscribe</div>"), URL, fetched_at=VISIT)
    assert walled.access == "paywalled"


def test_no_evidence_carries_what_a_terminal_obeys() -> None:
    paragraphs = "<p>The reservoir above the town is fuller than in any spring since people began.</p>" * 5
    page = f"<h1>The reservoir is full</h1><div class='x&#27;]52;c;cm0gLXJm&#7;'>{paragraphs}</div>"
    article = clean(page.encode(), "https://town.example/news/reservoir-is-full")
    assert "div.x" in article.evidence["body"]
    assert article.evidence["body"].isprintable()

"""Why an article says what it says: candidates of each field, and what became of each block."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from corpora import demo_pages
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from archive.records import Found
from crawler.cleaning import clean
from crawler.cleaning.body.judging import JudgedBlock, judged_blocks
from crawler.cleaning.explaining import MAX_CANDIDATES, Explained, Explanation, Seen, distinct, explain
from crawler.cleaning.structured import squeezed

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
URL = "https://gazeta.example/news/bridge-closed"
TOLD = "of the article tells what happened at the bridge on that day, and tells it at length."
PARAGRAPHS = "".join(f"<p>Paragraph {number} {TOLD}</p>" for number in "1234")
PAGE = f"""<!DOCTYPE html><html lang="ru-RU"><head>
<title>The bridge is closed | Gazeta</title>
<meta property="og:title" content="Bridge closed: read more">
<meta property="og:site_name" content="Gazeta">
<meta property="article:published_time" content="2026-03-09T10:00:00+05:00">
<meta property="article:section" content="City">
<meta name="description" content="Nobody crosses until autumn.">
<meta name="news_keywords" content="bridge, river">
<meta name="author" content="Gazeta">
<link rel="canonical" href="https://elsewhere.example/x">
<meta property="og:url" content="{URL}">
<script type="application/ld+json">{{"@type":"NewsArticle","headline":"The bridge is closed",
"datePublished":"2026-03-09T11:00:00+05:00","author":{{"@type":"Person","name":"Асель Нурова"}}}}</script>
</head><body>
<nav class="menu"><a href="/">Home</a> <a href="/city">City</a></nav>
<div class="wrap"><article class="post"><h1>The bridge is closed</h1>
<div class="byline">By Иван Петров</div>
<div class="entry-content">{PARAGRAPHS}
<div class="share-buttons"><span>Share this with all of your friends today</span></div>
<p><a href="/a/2">Something else entirely that has happened elsewhere</a></p></div>
<div class="comments"><p>I have an opinion on the bridge, and here it is in a whole sentence.</p></div>
</article></div><footer>Gazeta, 2026. All rights are reserved.</footer></body></html>""".encode()


@pytest.fixture(scope="module")
def explanation() -> Explanation:
    return explain(PAGE, URL, fetched_at=NOW)


def field(explanation: Explanation, name: str) -> Explained:
    return next(field for field in explanation.fields if field.name == name)


def winners(explained: Explained) -> list[tuple[str, str]]:
    return [(seen.value, seen.evidence) for seen in explained.candidates if seen.won]


def losers(explained: Explained) -> list[tuple[str, str]]:
    return [(seen.value, seen.evidence) for seen in explained.candidates if not seen.won]


def block(explanation: Explanation, text: str) -> JudgedBlock:
    return next(block for block in explanation.blocks if text in block.text)


def test_the_article_is_the_one_cleaning_makes(explanation):
    assert explanation.article == clean(PAGE, URL, fetched_at=NOW)


def test_a_field_has_its_winner_with_evidence_and_the_losers_with_theirs(explanation):
    title = field(explanation, "title")
    assert (title.value, title.evidence) == ("The bridge is closed", "h1")
    assert winners(title) == [("The bridge is closed", "h1")]
    assert ("Bridge closed: read more", "og:title") in losers(title)
    assert ("The bridge is closed", "json-ld headline") in losers(title)


def test_dates_that_lost_are_shown_as_they_are_written(explanation):
    published = field(explanation, "published_at")
    assert published.value == "2026-03-09 11:00:00+05:00, to the second"
    assert winners(published) == [("2026-03-09T11:00:00+05:00", "json-ld datePublished")]
    assert losers(published)[0] == ("2026-03-09T10:00:00+05:00", "meta article:published_time")


@pytest.mark.parametrize(
    ("name", "won", "lost"),
    [
        ("authors", ("Асель Нурова", "json-ld author"), ("Gazeta", "meta author")),
        ("section", ("City", "meta article:section"), None),
        ("language", ("en", "text"), ("ru-RU", "declared")),
        ("canonical_url", (URL, "meta og:url"), ("https://elsewhere.example/x", "link canonical")),
        ("lead", None, ("Nobody crosses until autumn.", "stated in the head")),
    ],
)
def test_each_field_tells_what_it_took_and_what_it_passed_over(explanation, name, won, lost):
    explained = field(explanation, name)
    assert winners(explained) == ([won] if won else [])
    assert lost is None or lost in losers(explained)


def test_a_list_takes_all_of_the_place_that_won(explanation):
    assert winners(field(explanation, "tags")) == [
        ("bridge", "meta news_keywords"),
        ("river", "meta news_keywords"),
    ]


def test_what_the_page_does_not_say_has_no_value(explanation):
    assert field(explanation, "modified_at") == Explained("modified_at", None, None, ())
    assert field(explanation, "kicker").value is None


def test_publication_and_change_are_told_on_one_clock():
    head = (
        "<meta property='article:modified_time' content='2026-03-10T09:30:00Z'>"
        "<meta property='article:published_time' content='2026-03-10T12:00:00+05:00'>"
    )
    page = f"<html><head>{head}</head><body><article><h1>Вода</h1><p>Вода пришла.</p></article></body></html>"
    explained = explain(page.encode(), "https://a.kz/1", fetched_at=datetime(2026, 3, 11, tzinfo=UTC))
    assert field(explained, "published_at").value == "2026-03-10 12:00:00+05:00, to the second"
    assert field(explained, "modified_at").value == "2026-03-10 14:30:00+05:00"
    alone = page.replace("article:published_time", "x")
    explained = explain(alone.encode(), "https://a.kz/1", fetched_at=datetime(2026, 3, 11, tzinfo=UTC))
    assert field(explained, "modified_at").value == "2026-03-10 09:30:00+00:00"


def test_what_feeds_said_is_among_the_candidates():
    found = (
        Found(URL, "feed", title="The bridge is closed, says the feed", published="2026-03-08T10:00:00Z"),
    )
    explained = explain(PAGE, URL, fetched_at=NOW, stated=found)
    assert ("The bridge is closed, says the feed", "feed") in losers(field(explained, "title"))
    assert ("2026-03-08T10:00:00Z", "feed") in losers(field(explained, "published_at"))


@pytest.mark.parametrize(
    ("text", "kept", "why", "path"),
    [
        ("Paragraph 2", True, "in the article's box", "div.entry-content > p"),
        ("The bridge is closed", False, "the title", "article.post > h1"),
        ("By Иван Петров", False, "byline", "div.byline"),
        ("Share this", False, "share", "div.share-buttons"),
        ("Something else", False, "mostly links", "div.entry-content > p"),
        ("I have an opinion", False, "comments", "div.comments > p"),
        ("All rights", False, "furniture", "footer"),
    ],
)
def test_a_block_is_kept_or_dropped_for_a_reason_at_a_place(explanation, text, kept, why, path):
    judged = block(explanation, text)
    assert judged.kept == kept
    assert why in judged.why
    assert judged.path.endswith(path)


def test_text_scores_higher_than_what_is_none(explanation):
    text, share = block(explanation, "Paragraph 1"), block(explanation, "Share this")
    assert text.score is not None
    assert share.score is not None
    assert text.score > 0.9 > 0.1 > share.score


@pytest.mark.parametrize(("url", "raw"), demo_pages()[::5])
def test_the_kept_blocks_are_the_body(url, raw):
    explained = explain(raw, url, fetched_at=NOW)
    kept = " ".join(block.text for block in explained.blocks if block.kept)
    assert squeezed(kept) == squeezed(explained.article.body)


def test_a_profile_s_selector_settles_where_the_text_stands():
    tree = html.document_fromstring(PAGE.decode())
    kept = [
        b.text
        for b in judged_blocks(tree, title="The bridge is closed", selectors={"body": ".comments"})
        if b.kept
    ]
    assert kept == ["I have an opinion on the bridge, and here it is in a whole sentence."]


def test_a_page_that_is_none_has_problems_alone():
    explained = explain(b"%PDF-1.7", URL, fetched_at=NOW)
    assert (explained.fields, explained.blocks) == ((), ())
    assert [problem.code for problem in explained.article.problems] == ["not_html"]


def test_a_page_without_text_says_so_of_each_block():
    explained = explain(b"<html><body><nav><p>a</p><p>b</p></nav></body></html>", URL, fetched_at=NOW)
    assert {block.why for block in explained.blocks} <= {"no running text"}


def test_endless_candidates_are_cut_but_the_winner_stays():
    many = [Seen(f"value {n}", "place", n == 90) for n in range(100)]
    kept = distinct(iter(many))
    assert len(kept) == MAX_CANDIDATES
    assert [seen.value for seen in kept if seen.won] == ["value 90"]


def test_values_are_free_of_what_a_terminal_would_obey():
    raw = PAGE.replace(b"By ", b"By \x1b[2J\xe2\x80\xae").replace(
        b'content="City"', b'content="Ci\x1b]0;x\x07ty"'
    )
    explained = explain(raw, URL, fetched_at=NOW)
    texts = [seen.value for one in explained.fields for seen in one.candidates]
    texts += [text for block in explained.blocks for text in (block.text, block.path, block.why, block.tag)]
    assert not any("\x1b" in text or "\u202e" in text or "\x07" in text for text in texts)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=30))
def test_no_bytes_make_explaining_raise(raw, url):
    assert explain(raw + PAGE[:600], url, fetched_at=NOW).article.url == url

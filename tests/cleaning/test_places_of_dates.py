"""Where the date of publication is looked for, and in which order."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from archive.records import Article
from crawler.cleaning import clean
from crawler.cleaning.date_places import script_dates
from crawler.cleaning.visible_dates import datelines

URL = "https://rail.example/news/two-more-trains"
VISIT = datetime(2026, 3, 10, 12, tzinfo=UTC)
TEXT = "<p>The line from the port to the hills will have two more trains a day, the railway said.</p>" * 8


def page(*, head: str = "", above: str = "", text: str = TEXT, behind: str = "", url: str = URL) -> Article:
    title = "<h1>Two more trains a day</h1>"
    body = f"<article>{title}{above}<div>{text}</div></article>{behind}"
    return clean(f"<html><head>{head}</head><body>{body}</body></html>".encode(), url, fetched_at=VISIT)


def day(article: Article) -> str | None:
    return article.published_date.isoformat() if article.published_date else None


@pytest.mark.parametrize(
    "above",
    [
        "<p>Stand: 04.03.2026, 11:05 Uhr</p>",
        "<p class='stand'>Stand: 4. März 2026</p>",
        "<p><b>News24</b>4 Mar 2026, 22:11 GMT+10</p>",
        "<div class='box'><a href='/blog'><h3>The railway's own news</h3></a><i>4 March 2026</i></div>",
        "<div class='node-signature'><span class='published-at'>le 4 mars 2026</span></div>",
    ],
)
def test_a_day_beside_the_title_is_read(above: str) -> None:
    assert day(page(above=above)) == "2026-03-04"


def test_a_day_set_into_the_title_is_read() -> None:
    raw = "<article><h1>Two more trains<small>04.03.2026 • News</small></h1>" + TEXT + "</article>"
    assert day(clean(raw.encode(), URL, fetched_at=VISIT)) == "2026-03-04"


@pytest.mark.parametrize(
    "foot",
    [
        "<div class='post-footer'>Dieser Artikel wurde am 4. März 2026 um 14:48 von</div>",
        "<div class='left author'>Author: ann7 am 04.03.2026, 14:48 Uhr</div>",
    ],
)
def test_the_foot_of_an_article_that_says_so_is_read(foot: str) -> None:
    assert day(page(text=TEXT + "<p>" + "And so it went on. " * 12 + "</p>" + foot)) == "2026-03-04"


@pytest.mark.parametrize(
    "said",
    [
        "Friends of the railway met on 4 March 2026 at the Terminus.",
        "The friends of the valley railway met its new director on 4 March 2026 at the Terminus",
    ],
)
def test_a_sentence_below_the_title_is_no_date_line(said: str) -> None:
    assert day(page(text=f"<p>{said}</p>")) is None


@pytest.mark.parametrize(
    ("meta", "visible", "expected"),
    [
        ("date", "4 March 2026", "2026-03-04"),
        ("dc.date", "4 March 2026", "2026-03-04"),
        ("date", "", "2026-03-06"),
    ],
)
def test_a_meta_that_does_not_say_what_happened_gives_way_to_what_readers_see(
    meta: str, visible: str, expected: str
) -> None:
    head = f'<meta name="{meta}" content="2026-03-06T10:00:00Z">'
    assert day(page(head=head, above=f"<p class='date'>{visible}</p>")) == expected


def test_a_vague_meta_still_tells_the_time_of_the_day_readers_see() -> None:
    head = '<meta name="date" content="2026-03-04T10:20:30Z">'
    article = page(head=head, above="<p class='date'>4 March 2026</p>")
    assert article.published_at == datetime(2026, 3, 4, 10, 20, 30, tzinfo=UTC)


def test_the_day_in_the_address_comes_before_a_day_beside_the_title() -> None:
    above = "<p class='date'>5 March 2026</p><p class='time'>4 March 2026, 09:15</p>"
    article = page(above=above, url="https://rail.example/2026/03/04/two-more-trains")
    assert article.published_at == datetime(2026, 3, 4, 9, 15, tzinfo=UTC)
    assert day(page(url="https://rail.example/2026/03/04/two-more-trains")) == "2026-03-04"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('{"publishedAt":"2026-03-04T15:58:43+01:00"}', "2026-03-04T15:58:43+01:00"),
        ('{"published_at":"2026-03-04","x":1,"published_at":"2026-03-04T06:22:28"}', "2026-03-04T06:22:28"),
        (r"{\"publishDate\":\"2026-03-04T15:58:43Z\"}", "2026-03-04T15:58:43Z"),
        ('{"publishedAt":"2026-03-04"},{"publishedAt":"2026-03-05"}', None),
        ('{"updatedAt":"2026-03-04T15:58:43+01:00"}', None),
    ],
)
def test_a_day_that_all_scripts_agree_on_is_the_last_resort(script: str, expected: str | None) -> None:
    found = [one.value for one in script_dates(script.encode())]
    assert found == ([expected] if expected else [])
    read = page(behind=f"<script>var data = {script}</script>")
    assert day(read) == (expected and expected[:10])


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        ("Karlsruhe, (04.03.2026). ", "04.03.2026"),
        ("04.03.2026 – ", "04.03.2026"),
        ("Astana, 4 March 2026. ", "4 March 2026"),
        ("St. Paul, March 4, 2026 – ", "March 4, 2026"),
        ("On 4 March 2026 ", None),
        ("4 March 2026 was the day on which ", None),
    ],
)
def test_a_dateline_opens_a_text(opening: str, expected: str | None) -> None:
    text = f"{opening}the railway said that there would be two more trains a day from the port to the hills."
    assert [one.value for one in datelines(text)] == ([expected] if expected else [])


def test_a_dateline_dates_a_page_that_states_nothing_else() -> None:
    opening = (
        "<p>Astana, (04.03.2026). The railway said that there would be two more trains a day in May.</p>"
    )
    article = page(text=opening + TEXT)
    assert (day(article), article.evidence["published_at"]) == ("2026-03-04", "dateline")


@pytest.mark.parametrize("stamp", ["2026-03-04T00:00:00Z", "2026-03-04T00:00:00+05:00", "2026-03-04T00:00"])
def test_midnight_to_the_second_is_a_bare_day(stamp: str) -> None:
    article = page(head=f'<meta property="article:published_time" content="{stamp}">')
    assert (day(article), article.published_precision) == ("2026-03-04", "day")


def test_a_stamp_in_utc_is_shown_on_the_clock_another_date_of_the_page_states() -> None:
    node = {
        "@type": "NewsArticle",
        "url": URL,
        "datePublished": "2026-03-03T22:04:00Z",
        "dateModified": "2026-03-04T09:00:00+02:00",
    }
    article = page(head=f'<script type="application/ld+json">{json.dumps(node)}</script>')
    assert article.published_at == datetime(2026, 3, 3, 22, 4, tzinfo=UTC)
    assert article.published_date == date(2026, 3, 4)
    assert article.published_local is not None
    assert article.published_local.isoformat() == "2026-03-04T00:04:00+02:00"

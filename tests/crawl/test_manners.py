"""How a site is asked: what it forbids, how fast, and as whom."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.crawl.conftest import article_page


def keeps(gaps, delay):
    """Whether requests came no faster than one in `delay`; a busy machine may hold one up a little."""
    return sum(gaps) >= 0.95 * delay * len(gaps) and min(gaps) >= 0.5 * delay


def robots(site, text, status=200):
    site.routes["/robots.txt"] = lambda visitor: visitor.answer(text, "text/plain", status=status)


def test_what_robots_txt_forbids_is_not_asked_and_becomes_a_row(site, crawl_site, archive):
    robots(site, "User-agent: *\nDisallow: /a/secret\n")
    site.article("/a/open")
    site.article("/a/secret")
    assert crawl_site().code == 0
    assert "/a/secret" not in site.paths_asked()
    assert archive.reasons()["/a/secret"] == "robots"
    assert archive.rows("SELECT count(*) FROM articles") == [(1,)]


def test_a_missing_robots_txt_allows_all(site, crawl_site, archive):
    site.article("/a/1")
    assert crawl_site().code == 0
    assert archive.rows("SELECT count(*) FROM articles") == [(1,)]


def test_fault_13_a_robots_txt_that_fails_means_not_yet(site, crawl_site, archive):
    robots(site, "busy", status=500)
    site.article("/a/1")
    done = crawl_site()
    assert done.code == 4
    assert "robots.txt answered 500" in done.out
    assert "/feed" not in site.paths_asked()
    robots(site, "User-agent: *\nAllow: /\n")
    assert crawl_site().code == 0
    assert archive.rows("SELECT count(*) FROM articles") == [(1,)]


def test_the_books_say_when_robots_and_reservations_were_answered(site, crawl_site, archive):
    answered = {}

    def late(visitor, status=200):
        time.sleep(1.2)
        answered[visitor.path] = datetime.now(UTC)
        visitor.answer("", "text/plain", status=status)

    site.routes["/robots.txt"] = late
    site.routes["/.well-known/tdmrep.json"] = lambda visitor: late(visitor, 404)
    site.article("/a/1")
    assert crawl_site().code == 0
    rows = archive.rows("SELECT url, fetched_at FROM fetches WHERE kind IN ('robots', 'tdmrep')")
    told = {url.removeprefix(site.url): datetime.fromisoformat(at) for url, at in rows}
    assert told.keys() == answered.keys()
    assert all(at >= answered[path].replace(microsecond=0) for path, at in told.items())


def test_a_stated_crawl_delay_is_kept(site, crawl_site):
    robots(site, "User-agent: *\nCrawl-delay: 0.4\n")
    for number in range(4):
        site.article(f"/a/{number}")
    assert crawl_site().code == 0
    assert site.most_at_once == 1
    assert keeps(site.gaps()[1:], 0.4)


def test_the_profiles_pace_is_kept(site, crawl_site):
    site.pace = "delay_seconds = 0.3\nconcurrent_requests = 1"
    for number in range(4):
        site.article(f"/a/{number}")
    assert crawl_site().code == 0
    assert site.most_at_once == 1
    assert keeps(site.gaps(), 0.3)


def test_no_more_requests_run_at_once_than_the_profile_allows_even_without_a_delay(site, crawl_site):
    def slowly(visitor):
        time.sleep(0.1)
        site.good_article(visitor)

    for number in range(20):
        site.article(f"/a/{number}", slowly)
    assert crawl_site().code == 0
    assert site.most_at_once == 2


def busy_once(answer_headers):
    """A route that is busy at first and then answers."""
    visits = []

    def route(visitor):
        visits.append(1)
        if len(visits) == 1:
            visitor.answer("busy", status=503, **answer_headers)
        else:
            visitor.site.good_article(visitor)

    return route


def test_fault_11_retry_after_is_waited_for_in_the_same_crawl(site, crawl_site, archive):
    site.pace = "delay_seconds = 0\nconcurrent_requests = 1"
    site.article("/a/busy", busy_once({"Retry_After": "1"}))
    assert crawl_site().code == 0
    times = [at for at, path, _ in site.asked if path == "/a/busy"]
    assert len(times) == 2
    assert times[1] - times[0] >= 0.95
    assert archive.rows("SELECT count(*) FROM articles") == [(1,)]


def test_fault_11_who_asks_for_an_hour_gets_it(site, crawl_site, archive):
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    site.article("/a/busy", lambda visitor: visitor.answer("busy", status=429, Retry_After=later))
    assert crawl_site().code == 0
    assert site.paths_asked().count("/a/busy") == 1
    ((not_before,),) = archive.rows("SELECT not_before FROM frontier")
    assert datetime.fromisoformat(not_before) > datetime.now(UTC) + timedelta(minutes=55)
    crawl_site()
    assert site.paths_asked().count("/a/busy") == 1


def test_the_site_is_told_who_asks_and_gets_no_cookie_back(site, crawl_site):
    site.article("/a/1")
    site.routes["/feed"] = lambda visitor: visitor.answer(
        f"<rss version='2.0'><channel><item><link>{site.url}/a/1</link></item></channel></rss>",
        "application/rss+xml",
        Set_Cookie="visit=1; Path=/",
    )
    assert crawl_site().code == 0
    headers = [headers for _, _, headers in site.asked]
    assert all(one["User-Agent"].startswith("Muragat/") for one in headers)
    assert not any("Cookie" in one or "Referer" in one for one in headers)


@pytest.mark.slow
def test_what_a_site_says_of_mining_is_asked_once_a_day_and_kept(site, crawl_site, archive):
    site.article("/a/1", lambda visitor: visitor.answer(article_page("/a/1"), TDM_Reservation="1"))
    site.article("/a/2")
    rules = '[{"location": "/a/2", "tdm-reservation": 1, "tdm-policy": "https://x.example/terms"}]'
    site.routes["/.well-known/tdmrep.json"] = lambda visitor: visitor.answer(rules, "application/json")
    assert crawl_site().code == 0
    site.article("/a/3")
    assert crawl_site().code == 0
    assert site.paths_asked().count("/.well-known/tdmrep.json") == 1
    said = archive.rows("SELECT reserved, said FROM reservations")
    assert said == [(1, '["header tdm-reservation: 1"]')]
    ((origin, kept),) = archive.rows("SELECT origin, rules FROM site_reservations")
    assert origin == site.url
    assert '"location": "/a/2", "reserved": true' in kept

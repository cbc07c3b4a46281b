"""robots.txt files as the web has them: what they mean for us."""

from __future__ import annotations

import time

import pytest

from crawler.fetching.robots_text import READ_BYTES, RobotsAnswer, read_robots

ORIGIN = "https://news.example"


def read(body, *, status=200, content_type="text/plain"):
    data = body.encode() if isinstance(body, str) else body
    return read_robots(RobotsAnswer(ORIGIN, status, data, content_type), "Muragat")


def allows(rules, path):
    return rules.closed is None and rules.allows(ORIGIN + path, "Muragat")


@pytest.mark.parametrize(
    ("status", "means"),
    [
        (200, "nothing"),
        (301, "all"),
        (401, "all"),
        (404, "all"),
        (410, "all"),
        (429, "closed"),
        (503, "closed"),
    ],
)
def test_fault_13_the_status_says_what_is_allowed(status, means):
    rules, robots = read("User-agent: *\nDisallow: /\n", status=status)
    assert robots.means == means
    assert allows(rules, "/a") == (means == "all")
    assert bool(rules.closed) == (means == "closed")


def test_fault_13_no_answer_allows_nothing_until_there_is_one():
    rules, robots = read_robots(RobotsAnswer(ORIGIN, None, why="DownloadTimeoutError"), "Muragat")
    assert (rules.closed, robots.means, robots.status) == (robots.detail, "closed", None)
    assert "DownloadTimeoutError" in robots.detail


def test_a_group_of_our_own_wins_over_that_of_all():
    rules, robots = read(
        "User-agent: *\nDisallow: /\n\nUser-agent: muragat\nDisallow: /private\nCrawl-delay: 3\n"
    )
    assert allows(rules, "/a")
    assert not allows(rules, "/private/a")
    assert (robots.means, robots.crawl_delay, robots.delay_seconds) == ("part", "3", 3.0)


def test_fault_13_two_megabytes_are_read_as_far_as_the_rfc_asks_and_it_is_told():
    body = "User-agent: *\nDisallow: /early\n" + "Disallow: /x\n" * 160_000 + "Disallow: /late\n"
    rules, robots = read(body)
    assert len(body) > 2_000_000
    assert not allows(rules, "/early")
    assert allows(rules, "/late")
    assert f"the first {READ_BYTES} are read" in robots.detail


def test_a_rule_that_is_cut_by_the_limit_is_left_out():
    head = "User-agent: *\n"
    body = head + "#" * (READ_BYTES - len(head) - 12) + "\nDisallow: /ab/cd\n"
    rules, _ = read(body)
    assert allows(rules, "/about")


def test_fault_13_ten_thousand_wildcards_are_answered_soon():
    many = "User-agent: *\n" + "".join(f"Disallow: /*x{n}*y$\n" for n in range(10_000))
    one = "User-agent: *\nDisallow: /" + "*a" * 10_000 + "b\n"
    for body in (many, one):
        before = time.process_time()
        rules, _ = read(body)
        assert allows(rules, "/" + "a" * 200)
        assert time.process_time() - before < 2


def test_fault_13_a_web_page_in_its_place_names_no_rules():
    page = "<!DOCTYPE html><html><body>\nUser-agent: *\nDisallow: /\n</body></html>"
    rules, robots = read(page, content_type="text/html")
    assert allows(rules, "/a")
    assert (robots.means, robots.detail) == ("all", "a web page instead of rules")


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.encode("cp1251"),
        lambda text: text.replace("\n", "\r").encode(),
    ],
    ids=["utf_8_bom", "utf_16_le", "utf_16_be", "cp1251", "old_mac_lines"],
)
def test_fault_13_rules_are_read_in_whatever_encoding_they_came(encode):
    rules, _ = read(encode("User-agent: *\nDisallow: /редакция/\nDisallow: /b\n"))
    assert not allows(rules, "/b")
    assert not allows(rules, "/%D1%80%D0%B5%D0%B4%D0%B0%D0%BA%D1%86%D0%B8%D1%8F/1")


@pytest.mark.parametrize(
    ("written", "kept", "told"),
    [
        ("86400", 60.0, "Crawl-delay 86400 is kept as 60 s"),
        ("abc", None, "Crawl-delay 'abc' is no number"),
        ("-5", None, ""),
        ("0.5", 0.5, ""),
        ("10 # please", 10.0, ""),
    ],
    ids=["a_day", "no_number", "negative", "half", "comment"],
)
def test_fault_13_odd_delays_are_bounded_and_told(written, kept, told):
    _, robots = read(f"User-agent: *\nCrawl-delay: {written}\nDisallow:\n")
    assert robots.delay_seconds == kept
    assert robots.detail == told
    assert robots.means == "all"


def test_crawlers_of_ai_companies_that_are_shut_out_are_noted():
    text = (
        "User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n\nUser-agent: ClaudeBot\nAllow: /\n\n"
        "User-agent: *\nContent-Signal: search=yes, ai-train=no\nDisallow: /admin\n"
    )
    rules, robots = read(text)
    assert robots.ai_agents == ("CCBot", "GPTBot")
    assert robots.signals == "search=yes, ai-train=no"
    assert allows(rules, "/a")


def test_a_file_that_shuts_everyone_out_says_nothing_of_ai():
    _, robots = read("User-agent: *\nDisallow: /\n")
    assert (robots.means, robots.ai_agents) == ("nothing", ())


@pytest.mark.parametrize("flood", [" ", "\t", "a", "a ", "-", "a:", "#", "\r"])
def test_fault_13_a_flooded_line_is_read_soon_and_the_rules_after_it_hold(flood):
    text = f"User-agent: *\n{flood * (300_000 // len(flood))}\nDisallow : /closed\n"
    started = time.process_time()
    rules, robots = read(text)
    assert time.process_time() - started < 2
    assert not allows(rules, "/closed")
    assert robots.means == "part"

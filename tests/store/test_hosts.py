"""What hosts said of how they want to be treated: kept, with history, and found again when it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from archive.mining import SiteRule
from archive.records import Reservation
from archive.store.hosts import GAP_STEPS, Gap, Robots, Wait
from tests.store.conftest import NOON, SITE

HOUR = timedelta(hours=1)
RULES = Robots("part", 200, body_hash="a", crawl_delay="5", delay_seconds=5.0, ai_agents=("CCBot",))


def test_robots_txt_has_a_row_for_each_change_and_says_how_long_it_held(desk):
    hosts = desk.archive.hosts
    for hours, robots in enumerate([RULES, replace(RULES, page_id=9), Robots("closed", 503, "x"), RULES]):
        hosts.note_robots(SITE, robots, at=NOON + hours * HOUR)
    rows = desk.rows("SELECT means, fetched_at, checked_at, page_id FROM robots ORDER BY id")
    assert [(row["means"], row["fetched_at"][11:13], row["checked_at"][11:13]) for row in rows] == [
        ("part", "07", "08"),
        ("closed", "09", "09"),
        ("part", "10", "10"),
    ]
    assert rows[0]["page_id"] == 9


@pytest.mark.parametrize(
    ("robots", "age", "is_used"),
    [
        (RULES, timedelta(), True),
        (RULES, timedelta(hours=23, minutes=59), True),
        (RULES, timedelta(hours=24), False),
        (RULES, timedelta(hours=-1), False),
        (Robots("closed", 500), timedelta(), False),
    ],
    ids=["now", "almost_a_day", "a_day", "clock_put_back", "closed"],
)
def test_what_was_read_is_used_for_a_day_and_what_was_not_read_never(desk, robots, age, is_used):
    desk.archive.hosts.note_robots(SITE, robots, at=NOON)
    found = desk.archive.hosts.robots(SITE, now=NOON + age)
    assert found == (robots if is_used else None)


def test_an_archive_gives_the_rules_as_bytes_and_asks_anew_when_they_are_lost(desk):
    page_id = desk.archive.pages.keep(desk.page("/robots.txt", b"User-agent: *\n"), kind="robots")
    desk.archive.hosts.note_robots(SITE, replace(RULES, page_id=page_id), at=NOON)
    known = desk.archive.host(SITE, "steppe.example", now=NOON)
    assert (known.text, known.was_asked, known.quiet_until) == (b"User-agent: *\n", True, None)
    desk.archive.hosts.note_robots(SITE, replace(RULES, body_hash="b", page_id=99), at=NOON)
    known = desk.archive.host(SITE, "steppe.example", now=NOON)
    assert (known.robots, known.was_asked) == (None, True)
    assert not desk.archive.host("https://other.example", "other.example", now=NOON).was_asked


def test_the_longest_wait_of_a_host_counts(desk):
    hosts = desk.archive.hosts
    for hours, host in ((5, "steppe.example"), (1, "steppe.example"), (9, "other.example")):
        hosts.note_wait(Wait(host, SITE, 429, None, asked_at=NOON, until=NOON + hours * HOUR))
    assert hosts.quiet_until(["steppe.example"]) == NOON + 5 * HOUR
    assert hosts.quiet_until(["none.example"]) is None


def test_gaps_are_added_up_by_day_and_step(desk):
    one = Gap("steppe.example", "2026-03-10", GAP_STEPS[6], 3, 2.5)
    desk.archive.hosts.note_gaps([one])
    desk.archive.hosts.note_gaps([replace(one, requests=2, smallest=2.1), replace(one, day="2026-03-11")])
    assert desk.rows("SELECT requests, smallest FROM gaps ORDER BY day") == [
        {"requests": 5, "smallest": 2.1},
        {"requests": 3, "smallest": 2.5},
    ]


def test_a_site_is_asked_for_its_reservations_once_a_day(desk):
    store = desk.archive.reservations
    assert store.is_due(SITE, now=NOON)
    store.note_site(SITE, 200, (SiteRule("/", True),), at=NOON)
    assert not store.is_due(SITE, now=NOON + 23 * HOUR)
    assert store.is_due(SITE, now=NOON + 24 * HOUR)
    store.note_site(SITE, 503, None, at=NOON + 24 * HOUR)
    (row,) = desk.rows("SELECT * FROM site_reservations")
    assert (row["rules"], row["status"]) == ('[{"location": "/", "reserved": true, "policy": null}]', 503)
    assert row["since"] < row["checked_at"]
    store.note_site(SITE, 404, (), at=NOON + 48 * HOUR)
    assert desk.value("SELECT rules FROM site_reservations") == "[]"


def test_what_a_page_says_of_mining_follows_the_page(desk):
    desk.keep("/a/1")
    number = desk.value("SELECT id FROM articles")
    store = desk.archive.reservations
    store.note_page(number, Reservation(True, ("meta robots: noai",), "https://x.example/t"), at=NOON)
    (row,) = desk.rows("SELECT reserved, said, policy FROM reservations")
    assert row == {"reserved": 1, "said": '["meta robots: noai"]', "policy": "https://x.example/t"}
    store.note_page(number, None, at=NOON)
    assert desk.rows("SELECT * FROM reservations") == []

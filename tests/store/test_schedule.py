"""Leases and plans of sources: kept, renewed, taken over from the dead, and read from older archives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from archive.store.schedule import LEASE, Lease, Published, ScheduleStore, Turn

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCE = "steppe_news"
SITE = "https://steppe.example"


def test_a_lease_is_held_put_off_and_given_back(desk):
    schedule = desk.archive.schedule
    schedule.take(SOURCE, pid=7, now=NOON)
    assert schedule.turn(SOURCE).lease == Lease(7, NOON, NOON + LEASE, 0)
    schedule.sign_of_life(SOURCE, now=NOON + HOUR)
    assert schedule.turn(SOURCE).lease == Lease(7, NOON, NOON + HOUR + LEASE, 0)
    schedule.give_back(SOURCE)
    assert schedule.turn(SOURCE).lease is None


def test_a_dead_holders_lease_is_taken_over_and_counted(desk):
    schedule = desk.archive.schedule
    for n in range(3):
        schedule.take(SOURCE, pid=7 + n, now=NOON + n * HOUR)
    assert schedule.turn(SOURCE).lease == Lease(9, NOON + 2 * HOUR, NOON + 2 * HOUR + LEASE, 2)
    schedule.give_back(SOURCE)
    schedule.take(SOURCE, pid=1, now=NOON)
    assert schedule.turn(SOURCE).lease.kills == 0


def test_a_plan_is_kept_and_replaced(desk):
    for failures in (0, 1):
        desk.archive.schedule.plan(
            SOURCE, due_at=NOON + HOUR, interval=HOUR, why="publishes 24 a day", failures=failures, now=NOON
        )
    turn = desk.archive.schedule.turn(SOURCE)
    assert (turn.due_at, turn.interval, turn.why, turn.failures) == (
        NOON + HOUR,
        HOUR,
        "publishes 24 a day",
        1,
    )
    assert turn.crawled_at == NOON
    assert desk.archive.schedule.turn("unknown") == Turn("unknown")


def test_the_first_visit_or_put_off_address_is_what_waits(desk):
    schedule = desk.archive.schedule
    assert schedule.waits_since(SOURCE) is None
    desk.keep("/a", published_at=NOON)
    assert schedule.waits_since(SOURCE) == NOON + HOUR
    desk.archive.frontier.offer(SOURCE, [desk.found("/w")], now=NOON)
    assert schedule.waits_since(SOURCE) == NOON + HOUR, "what waits for its first turn counts not"
    desk.archive.frontier.put_back(desk.visit("/w"))
    assert schedule.waits_since(SOURCE) == NOON + timedelta(minutes=5)
    desk.archive.frontier.settle(SOURCE, desk.visit("/w"), "rejected")
    desk.archive.frontier.offer_visits(SOURCE, now=NOON + HOUR)
    assert schedule.waits_since(SOURCE) is None, "a visit on the list waits for its turn there"


def test_publications_are_told_with_their_hour_where_it_is_known(desk):
    day = NOON.replace(hour=0)
    later = NOON + timedelta(days=3)
    desk.keep("/exact", published_at=NOON)
    desk.keep(
        "/day",
        at=later,
        published_at=later.replace(hour=0),
        published_date=later.date(),
        published_precision="day",
    )
    desk.keep("/old-day", at=later, published_at=day, published_date=day.date(), published_precision="day")
    no_date = {"published_at": None, "published_date": None, "published_precision": None}
    desk.keep("/undated", at=later, **no_date)
    desk.keep("/undated-in-the-first-crawl", **no_date)
    long_ago = NOON - timedelta(days=40)
    desk.keep("/long-ago", published_at=long_ago, published_date=long_ago.date())
    found = desk.archive.schedule.published(SOURCE, since=NOON - timedelta(days=28))
    assert sorted(found, key=lambda one: (one.at, one.is_exact)) == [
        Published(day, is_exact=False),
        Published(NOON, is_exact=True),
        Published(later, is_exact=False),
        Published(later, is_exact=False),
    ]


def test_an_archive_of_an_earlier_version_is_read_as_never_scheduled(tmp_path):
    path = tmp_path / "news.db"
    db = Database(path)
    db["sources"].insert({"id": SOURCE})
    assert ScheduleStore(db, path).turns([SOURCE]) == {SOURCE: Turn(SOURCE)}
    db.close()

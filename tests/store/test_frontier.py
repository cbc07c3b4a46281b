"""Which addresses wait, which are handed out, and what is known of those that were asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archive.records import Outcome, Refusal
from archive.store.frontier import GIVE_UP_AFTER

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
SOURCE = "steppe_news"
SITE = "https://steppe.example"


@pytest.fixture
def frontier(desk):
    return desk.archive.frontier


def taken(desk, now=NOON, limit=100):
    return [
        one.url.removeprefix(SITE)
        for one in desk.archive.frontier.take(SOURCE, desk.run, limit=limit, now=now)
    ]


def test_an_address_waits_once_however_often_it_is_named(desk, frontier):
    assert frontier.offer(SOURCE, [desk.found("/a"), desk.found("/b")], now=NOON) == 2
    again = [desk.found("/a/"), desk.found("/a?utm_source=x"), desk.found("/a", via="sitemap")]
    assert frontier.offer(SOURCE, again, now=NOON) == 0
    assert frontier.waiting(SOURCE) == 2


def test_what_each_document_said_is_handed_out_with_the_address(desk, frontier):
    feed = desk.found("/a", title="Заголовок", published="2026-03-10")
    sitemap = desk.found("/a", via="sitemap", document=SITE + "/sitemap.xml", modified="2026-03-10")
    frontier.offer(SOURCE, [feed], now=NOON)
    frontier.offer(SOURCE, [sitemap], now=NOON)
    (waiting,) = frontier.take(SOURCE, desk.run, limit=5, now=NOON)
    assert waiting.found == (feed, sitemap)


def test_more_addresses_than_one_statement_asks_for_all_wait(desk, frontier):
    found = [desk.found(f"/{n}") for n in range(1_201)]
    assert frontier.offer(SOURCE, found, now=NOON) == 1_201
    assert frontier.offer(SOURCE, found, now=NOON) == 0


def test_an_address_is_handed_out_once_until_it_is_released(desk, frontier):
    frontier.offer(SOURCE, [desk.found("/a"), desk.found("/b")], now=NOON)
    assert taken(desk, limit=1) == ["/a"]
    assert taken(desk) == ["/b"]
    assert taken(desk) == []
    frontier.release(SOURCE)
    assert taken(desk) == ["/a", "/b"]


def test_documents_come_first_and_visits_last(desk, frontier):
    desk.keep("/old", published_at=None)
    frontier.offer_visits(SOURCE, now=NOON + timedelta(days=1))
    frontier.offer(SOURCE, [desk.found("/new")], now=NOON)
    sitemap = [desk.found("/sitemap-2.xml", via="sitemap")]
    frontier.offer_documents(
        SOURCE, "sitemap", sitemap, root=SITE + "/sitemap.xml", step=1, budget=5, now=NOON
    )
    assert taken(desk) == ["/sitemap-2.xml", "/new", "/old"]


def test_a_settled_address_leaves_the_list_and_is_known(desk, frontier):
    frontier.offer(SOURCE, [desk.found("/a")], now=NOON)
    visit = desk.visit("/a", etag='"1"', last_modified="Tue, 10 Mar 2026 07:00:00 GMT")
    frontier.settle(SOURCE, visit, Outcome.REJECTED)
    assert frontier.waiting(SOURCE) == 0
    assert frontier.known(visit.url)["etag"] == '"1"'
    assert frontier.offer(SOURCE, [desk.found("/a", via="listing")], now=NOON) == 0


def test_validators_stay_as_they_were_when_nothing_changed(desk, frontier):
    frontier.settle(SOURCE, desk.visit("/feed", kind="feed", etag='"1"'), Outcome.READ)
    frontier.settle(SOURCE, desk.visit("/feed", kind="feed", status=304), Outcome.NOT_MODIFIED)
    assert frontier.known(SITE + "/feed")["etag"] == '"1"'
    frontier.settle(SOURCE, desk.visit("/feed", kind="feed", etag=None), Outcome.READ)
    assert frontier.known(SITE + "/feed")["etag"] is None


@pytest.mark.parametrize(
    ("via", "then", "now", "changed"),
    [
        ("sitemap", {"modified": "2026-03-10"}, {"modified": "2026-03-11"}, True),
        ("sitemap", {"modified": "2026-03-10"}, {"modified": "2026-03-10"}, False),
        ("sitemap", {"modified": "2026-03-10"}, {}, False),
        ("feed", {"title": "Было"}, {"title": "Стало"}, True),
        ("news sitemap", {"title": "Было"}, {"title": "Стало"}, True),
        ("listing", {"title": "12 минут назад Было"}, {"title": "13 минут назад Было"}, False),
    ],
)
def test_a_known_address_waits_again_when_a_document_states_a_change(desk, frontier, via, then, now, changed):
    frontier.offer(SOURCE, [desk.found("/a", via=via, **then)], now=NOON)
    frontier.settle(SOURCE, desk.visit("/a"), Outcome.REJECTED)
    assert frontier.offer(SOURCE, [desk.found("/a", via=via, **now)], now=NOON) == int(changed)
    # The change is stated once; the same statement again is none.
    frontier.settle(SOURCE, desk.visit("/a"), Outcome.REJECTED)
    assert frontier.offer(SOURCE, [desk.found("/a", via=via, **now)], now=NOON) == 0


def test_an_address_put_back_waits_longer_each_time_and_is_given_up_at_last(desk, frontier):
    frontier.offer(SOURCE, [desk.found("/a")], now=NOON)
    waits, now = [], NOON
    for _ in range(GIVE_UP_AFTER - 1):
        assert frontier.put_back(desk.visit("/a", status=503, fetched_at=now))
        until = datetime.fromisoformat(desk.value("SELECT not_before FROM frontier"))
        assert taken(desk, now=until - timedelta(seconds=1)) == []
        assert taken(desk, now=until) == ["/a"]
        waits.append(until - now)
        now = until
    assert waits[:3] == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20)]
    assert max(waits) == timedelta(days=1)
    assert not frontier.put_back(desk.visit("/a", status=503, fetched_at=now))


def test_a_server_is_obeyed_when_it_names_the_wait_but_a_day_at_most(desk, frontier):
    frontier.offer(SOURCE, [desk.found("/a")], now=NOON)
    frontier.put_back(desk.visit("/a", status=429), wait=timedelta(minutes=40))
    assert desk.value("SELECT not_before FROM frontier") == "2026-03-10T07:40:00Z"
    frontier.put_back(desk.visit("/a", status=429), wait=timedelta(days=3650))
    assert desk.value("SELECT not_before FROM frontier") == "2026-03-11T07:00:00Z"


def test_an_address_tried_too_often_ends_as_rejected_with_its_reason(desk):
    desk.archive.frontier.offer(SOURCE, [desk.found("/a")], now=NOON)
    visit = desk.visit("/a", status=None, reason="timeout", detail="no answer in 30 s")
    outcomes = [desk.archive.put_back(desk.run, SOURCE, visit) for _ in range(GIVE_UP_AFTER)]
    assert set(outcomes[:-1]) == {Outcome.FAILED}
    assert outcomes[-1] is Outcome.REJECTED
    assert desk.archive.frontier.waiting(SOURCE) == 0
    assert desk.rows("SELECT code, times FROM problems") == [{"code": "timeout", "times": GIVE_UP_AFTER}]


def test_documents_are_put_on_the_list_within_their_budget(desk, frontier):
    found = [desk.found(f"/sitemap-{n}.xml", via="sitemap", modified="2026-03-10") for n in range(5)]

    def offered(found, budget=100):
        root = SITE + "/sitemap.xml"
        return frontier.offer_documents(SOURCE, "sitemap", found, root=root, step=1, budget=budget, now=NOON)

    assert offered(found, budget=3) == 3
    assert offered(found) == 2
    for one in frontier.take(SOURCE, desk.run, limit=9, now=NOON):
        assert (one.kind, one.root, one.step) == ("sitemap", SITE + "/sitemap.xml", 1)
        frontier.settle(SOURCE, desk.visit(one.url.removeprefix(SITE), kind="sitemap"), Outcome.READ)
    assert offered(found) == 0
    assert offered([desk.found("/sitemap-1.xml", via="sitemap", modified="2026-03-11")]) == 1


def test_an_article_is_visited_again_less_and_less_often_then_no_more(desk, frontier):
    desk.keep("/a")
    due, gaps = NOON, []
    while (written := frontier.known(SITE + "/a")["next_visit_at"]) is not None:
        gaps.append(datetime.fromisoformat(written) - due)
        due = datetime.fromisoformat(written)
        assert frontier.offer_visits(SOURCE, now=due - timedelta(seconds=1)) == 0
        assert frontier.offer_visits(SOURCE, now=due) == 1
        desk.archive.settle(
            desk.run, SOURCE, desk.visit("/a", status=304, fetched_at=due), Outcome.NOT_MODIFIED
        )
    assert gaps == [timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7)]


def test_a_change_begins_the_visits_anew(desk, frontier):
    desk.keep("/a")
    desk.keep("/a", at=NOON + timedelta(hours=1))
    desk.keep("/a", at=NOON + timedelta(hours=7), body="Иначе.")
    assert frontier.known(SITE + "/a")["next_visit_at"] == "2026-03-10T15:00:00Z"


def test_every_known_article_can_be_visited_but_not_those_that_went(desk, frontier):
    for path in ("/a", "/b", "/c"):
        desk.keep(path)
    desk.archive.settle(desk.run, SOURCE, desk.visit("/b", status=410), Outcome.GONE)
    assert frontier.offer_visits(SOURCE, now=NOON, every=True) == 2


def test_the_address_a_visited_one_led_to_is_not_asked_as_well(desk, frontier):
    frontier.offer(SOURCE, [desk.found("/short"), desk.found("/long/title")], now=NOON)
    desk.keep("/short", url=SITE + "/long/title")
    assert frontier.waiting(SOURCE) == 0
    assert frontier.offer(SOURCE, [desk.found("/long/title", via="sitemap")], now=NOON) == 0


def test_an_address_that_a_page_only_names_as_its_own_is_still_asked(desk, frontier):
    frontier.offer(SOURCE, [desk.found("/a"), desk.found("/b")], now=NOON)
    desk.keep("/a", canonical_url=SITE + "/b")
    assert taken(desk) == ["/b"]


def test_the_books_count_what_became_of_each_address(desk):
    desk.keep("/a")
    desk.keep("/a", body="Иначе.")
    desk.archive.settle(desk.run, SOURCE, desk.visit("/a", status=304), Outcome.NOT_MODIFIED)
    desk.archive.settle(desk.run, SOURCE, desk.visit("/x", reason="not_article"), Outcome.REJECTED)
    refusals = [Refusal("ftp://x", "scheme"), Refusal("ftp://x", "scheme")]
    visit = desk.visit("/feed", kind="feed", bytes=700)
    desk.archive.read_document(
        desk.run, SOURCE, visit, Outcome.READ, found=[desk.found("/n")], refusals=refusals
    )
    counts = desk.archive.runs.counts(desk.run)
    assert {name: int(n) for name, n in counts.items() if n} == {
        "new": 1, "revised": 1, "unchanged": 1, "rejected": 1, "requests": 5, "bytes": 700
    }  # fmt: skip
    assert desk.archive.runs.reasons(desk.run) == {"not_article": 1, "scheme": 1}
    assert desk.value("SELECT times FROM problems WHERE code = 'scheme'") == 2


def test_a_run_that_never_ended_is_marked_as_killed_by_the_next(desk):
    second = desk.archive.runs.begin(SOURCE, started_at=NOON, version="test")
    desk.archive.runs.end(
        second, status="done", reason=None, ended_at=NOON + timedelta(seconds=90), seconds=90.0
    )
    runs = desk.rows("SELECT status, seconds FROM runs ORDER BY id")
    assert [run["status"] for run in runs] == ["killed", "done"]
    assert runs[1]["seconds"] == pytest.approx(90, abs=0.01)


def test_kept_pages_that_nobody_read_are_named_after_a_kill(desk):
    desk.keep("/read")
    unread = desk.archive.pages.keep(desk.page("/unread", b"<p>kept, then killed</p>"), kind="article")
    desk.archive.pages.keep(desk.page("/feed", b"<rss/>"), kind="feed")
    assert desk.archive.unread_pages(SOURCE) == [unread]
    assert desk.archive.last_visit_of(SITE + "/unread") is None
    assert desk.archive.last_visit_of(SITE + "/read") == NOON

"""Which addresses wait, which are handed out, and what is known of those that were asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest

from archive.records import Outcome, Refusal
from archive.store.frontier import GIVE_UP_AFTER
from archive.store.visits import MOST_BEGINNINGS, PLAN

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
    hours = [gap / timedelta(hours=1) for gap in gaps]
    assert list(accumulate(hours)) == [1, 6, 24, 7 * 24, 30 * 24]


def test_a_change_begins_the_visits_anew(desk, frontier):
    desk.keep("/a")
    desk.keep("/a", at=NOON + timedelta(hours=1))
    desk.keep("/a", at=NOON + timedelta(hours=7), body="Иначе.")
    assert frontier.known(SITE + "/a")["next_visit_at"] == "2026-03-10T15:00:00Z"


def test_a_better_reading_of_ours_begins_no_visits_anew(desk, frontier):
    desk.keep("/a")
    desk.keep("/a", at=NOON + timedelta(hours=1))
    before = desk.archive.articles.reworded(desk.article("/a", body="Иначе."))
    desk.archive.articles.reread(before, desk.article("/a", body="Иначе."), at=NOON, all_read=True)
    desk.keep("/a", at=NOON + timedelta(hours=7), body="Иначе.")
    assert frontier.known(SITE + "/a")["next_visit_at"] == "2026-03-11T07:00:00Z"


def test_what_changes_at_every_visit_is_not_visited_for_ever(desk, frontier):
    now, visits = NOON, 0
    while now is not None:
        desk.keep("/a", at=now, body=f"Слово номер {visits} другое.")
        visits += 1
        written = frontier.known(SITE + "/a")["next_visit_at"]
        now = datetime.fromisoformat(written) if written else None
    assert visits == 1 + MOST_BEGINNINGS + len(PLAN)


@pytest.mark.parametrize(
    ("published", "precision", "hours"),
    [
        (timedelta(0), "minute", 1),
        (timedelta(minutes=50), "minute", 6 - 50 / 60),  # ten minutes are too soon
        (timedelta(hours=2), "minute", 4),
        (timedelta(days=3), "minute", 4 * 24),
        (timedelta(days=40), "minute", None),
        (timedelta(hours=7), "day", 1),  # a bare day says no hour
        (timedelta(days=5), "day", 3 * 24),
        (timedelta(hours=-5), "minute", 1),  # a time to come is no time
        (None, None, 1),
    ],
)
def test_the_plan_counts_from_publication(desk, frontier, published, precision, hours):
    stated = None if published is None else NOON - published
    desk.keep("/a", published_at=stated, published_precision=precision)
    written = frontier.known(SITE + "/a")["next_visit_at"]
    due = datetime.fromisoformat(written) - NOON if written else None
    assert due == (None if hours is None else timedelta(hours=hours))


def test_visits_keep_to_their_budget_and_the_longest_due_come_first(desk, frontier):
    for number in range(5):
        desk.keep(f"/{number}", at=NOON - timedelta(minutes=number), published_at=None)
    now = NOON + timedelta(hours=2)
    assert frontier.offer_visits(SOURCE, now=now, budget=2) == 2
    assert frontier.offer_visits(SOURCE, now=now, budget=2) == 0
    assert frontier.offer_visits(SOURCE, now=now, budget=3) == 1
    assert taken(desk, now=now) == ["/4", "/3", "/2"]
    assert frontier.offer_visits(SOURCE, now=now, budget=0, every=True) == 2


def look(desk, status, at, outcome=None, path="/a"):
    visit = desk.visit(path, status=status, fetched_at=at, reason="gone")
    if outcome is None:
        return desk.archive.missing(desk.run, SOURCE, visit)
    desk.archive.settle(desk.run, SOURCE, visit, outcome)
    return outcome


def gone_at(desk):
    return desk.value("SELECT gone_at FROM articles")


def test_404_is_gone_when_a_second_look_an_hour_later_confirms_it(desk, frontier):
    desk.keep("/a")
    first = NOON + timedelta(hours=1)
    assert look(desk, 404, first) is Outcome.FAILED
    assert gone_at(desk) is None
    assert taken(desk, now=first + timedelta(minutes=59)) == []
    assert taken(desk, now=first + timedelta(hours=1)) == ["/a"]
    assert look(desk, 404, first + timedelta(minutes=30)) is Outcome.FAILED  # a document named it meanwhile
    assert look(desk, 404, first + timedelta(hours=1)) is Outcome.GONE
    assert gone_at(desk) == "2026-03-10T09:00:00Z"
    assert frontier.waiting(SOURCE) == 0
    assert desk.value("SELECT count(*) FROM missing") == 0


def test_410_is_gone_at_once(desk):
    desk.keep("/a")
    assert look(desk, 410, NOON) is Outcome.GONE


def test_an_article_that_is_back_at_the_second_look_was_never_gone(desk):
    desk.keep("/a")
    look(desk, 404, NOON + timedelta(hours=1))
    look(desk, 304, NOON + timedelta(hours=2), Outcome.NOT_MODIFIED)
    assert look(desk, 404, NOON + timedelta(days=3)) is Outcome.FAILED
    assert gone_at(desk) is None


def test_what_has_gone_is_looked_for_by_the_plan_and_coming_back_is_said(desk, frontier):
    desk.keep("/a")
    look(desk, 410, NOON + timedelta(hours=1))
    assert frontier.known(SITE + "/a")["next_visit_at"] == "2026-03-10T09:00:00Z"
    assert frontier.offer_visits(SOURCE, now=NOON + timedelta(hours=2)) == 1
    desk.keep("/a", at=NOON + timedelta(hours=2))
    assert gone_at(desk) is None
    assert desk.archive.runs.reasons(desk.run)["came_back"] == 1
    assert desk.rows("SELECT outcome, reason FROM fetches ORDER BY id DESC LIMIT 1") == [
        {"outcome": "unchanged", "reason": "came_back"}
    ]
    look(desk, 410, NOON + timedelta(hours=3))
    look(desk, 304, NOON + timedelta(hours=4), Outcome.NOT_MODIFIED)
    assert desk.archive.runs.reasons(desk.run)["came_back"] == 2


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


def test_fault_36_what_changes_each_minute_makes_no_wording_each_minute(desk, frontier):
    def stated(minute):
        return desk.found("/live", via="sitemap", modified=f"2026-03-10T12:{minute:02}:00+05:00")

    def asked(at):
        return [one.url for one in frontier.take(SOURCE, desk.run, limit=9, now=at, articles=True)]

    url = desk.article("/live").url
    minutes = [NOON + timedelta(minutes=number) for number in range(30)]
    frontier.offer(SOURCE, [stated(0)], now=NOON)
    desk.keep("/live", at=minutes[0], article_type="live")
    frontier.offer(SOURCE, [stated(1)], now=minutes[1])
    assert asked(minutes[1]) == [url], "a first correction is asked for at once"
    desk.keep("/live", at=minutes[1], body="Вода прибывает.", article_type="live")
    for number in range(2, 16):
        frontier.offer(SOURCE, [stated(number)], now=minutes[number])
        assert asked(minutes[number]) == []
    assert asked(minutes[16]) == [url], "it waits on the list, and is not forgotten"


def test_fault_19_what_a_wrong_clock_put_off_for_years_is_due_now(desk):
    """The clock stood in 2099 when an address gave no answer and an article was seen."""
    then = NOON.replace(year=2099)
    desk.keep("/a", at=then, published_at=None, published_date=None)
    desk.archive.frontier.offer(SOURCE, [desk.found("/w")], now=then)
    desk.archive.frontier.put_back(desk.visit("/w", fetched_at=then, status=503))
    assert [one.url for one in desk.archive.frontier.take(SOURCE, desk.run, limit=9, now=NOON)] == [
        SITE + "/w"
    ]
    assert desk.archive.frontier.offer_visits(SOURCE, now=NOON) == 1


def test_fault_19_a_clock_set_back_by_minutes_hurries_nothing(desk):
    later = NOON + timedelta(minutes=30)
    desk.keep("/a", at=later)
    desk.archive.frontier.offer(SOURCE, [desk.found("/w")], now=later)
    desk.archive.frontier.put_back(desk.visit("/w", fetched_at=later, status=503), wait=timedelta(days=1))
    assert desk.archive.frontier.take(SOURCE, desk.run, limit=9, now=NOON) == []
    assert desk.archive.frontier.offer_visits(SOURCE, now=NOON) == 0

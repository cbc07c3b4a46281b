"""What runs leave for verdicts, and how it is read back."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from rich.console import Console

from archive.health.history import Day, Expected, Reason, Verdict
from archive.health.judging import close_run
from archive.health.missing_days import MissingDay, missing_days
from archive.health.missing_showing import closing_line, print_missing, show
from archive.health.recalling import history_of
from archive.records import Outcome, Problem
from archive.store.archive import Archive

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
SOURCE = "steppe_news"
SITE = "https://steppe.example"


def close(desk, at=NOON, status="done"):
    return close_run(desk.archive, desk.run, SOURCE, status=status, reason=None, at=at, seconds=1)


def begin(desk, at):
    desk.run = desk.archive.runs.begin(SOURCE, started_at=at, version="test")


def measured(desk):
    return desk.rows("SELECT * FROM run_health ORDER BY run_id DESC LIMIT 1")[0]


def test_a_run_is_measured_by_its_own_new_and_reworded_articles(desk):
    desk.keep("/a", section="Спорт")
    desk.keep("/b", published_at=None, published_date=None, authors=(), images=(), language="kk")
    doubts = (Problem("date_unreadable"), Problem("date_unreadable", "again"), Problem("x"))
    desk.keep("/c", title=None, body="Слово. " * 300, problems=doubts)
    desk.archive.settle(desk.run, SOURCE, desk.visit("/x", reason="not_article"), Outcome.REJECTED)
    close(desk)
    row = measured(desk)
    names = ("articles", "with_title", "with_date", "with_body", "with_authors", "with_section", "with_image")
    assert [row[name] for name in names] == [3, 2, 2, 3, 2, 1, 2]
    assert (row["asked"], row["body_chars"]) == (4, len("Первый абзац /a.\n\nВторой абзац."))
    assert json.loads(row["languages"]) == {"ru": 2, "kk": 1}
    assert json.loads(row["errors"]) == {"not_article": 1}
    assert json.loads(row["problems"]) == {"date_unreadable": 1, "x": 1}
    begin(desk, NOON + timedelta(hours=1))
    close(desk, NOON + timedelta(hours=1))
    assert (measured(desk)["articles"], measured(desk)["body_chars"]) == (0, None)


def test_a_dead_link_that_is_tried_again_counts_once(desk):
    desk.archive.frontier.offer(SOURCE, [desk.found("/dead"), desk.found("/other")], now=NOON)
    for hour in range(2):
        at = NOON + timedelta(hours=hour)
        begin(desk, at)
        visit = desk.visit("/dead", status=500, reason="server_error", fetched_at=at)
        desk.archive.put_back(desk.run, SOURCE, visit)
        close(desk, at)
        told = (measured(desk)["asked"], json.loads(measured(desk)["errors"]))
        assert told == ((1, {"server_error": 1}) if hour == 0 else (0, {}))


def test_a_run_that_cannot_be_measured_is_not_ended_either(desk, monkeypatch):
    monkeypatch.setattr(desk.archive.health, "measure", lambda run_id: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        close(desk)
    assert desk.value("SELECT status FROM runs") == "running"


def read_feed(desk, at, names, outcome=Outcome.READ, **fields):
    visit = desk.visit("/feed", kind="feed", fetched_at=at, **fields)
    desk.archive.read_document(desk.run, SOURCE, visit, outcome, found=[desk.found(name) for name in names])


def test_documents_that_no_profile_names_are_not_judged(desk):
    desk.archive.health.expect(SOURCE, Expected(), [SITE + "/sitemap.xml"])
    read_feed(desk, NOON, ["/1"])
    assert desk.rows("SELECT * FROM documents") == []
    desk.archive.health.expect(SOURCE, Expected(), [SITE + "/feed"])
    read_feed(desk, NOON, ["/1"])
    assert len(history_of(desk.archive.news, SOURCE, NOON).documents) == 1
    desk.archive.health.expect(SOURCE, Expected(), [SITE + "/other"])
    assert history_of(desk.archive.news, SOURCE, NOON).documents == ()


def test_articles_that_led_to_the_front_page_before_do_not_count_again(desk):
    desk.archive.frontier.offer(SOURCE, [desk.found("/moved")], now=NOON)
    for expected in (1, 0):
        begin(desk, NOON)
        visit = desk.visit("/moved", reason="front_page", detail="leads to the front page")
        desk.archive.put_back(desk.run, SOURCE, visit)
        close(desk)
        assert measured(desk)["front_page"] == expected


def test_what_waits_was_found_lately_and_never_asked(desk):
    desk.archive.frontier.offer(SOURCE, [desk.found("/old")], now=NOON - timedelta(days=9))
    desk.archive.frontier.offer(SOURCE, [desk.found("/dead"), desk.found("/1"), desk.found("/2")], now=NOON)
    desk.archive.put_back(desk.run, SOURCE, desk.visit("/dead", status=500, reason="server_error"))
    assert history_of(desk.archive.news, SOURCE, NOON).waiting == 2


def test_a_document_is_known_by_what_it_last_named_and_since_when(desk):
    hour = timedelta(hours=1)
    desk.archive.health.expect(SOURCE, Expected(), [SITE + "/feed"])
    read_feed(desk, NOON, ["/1", "/2"])
    read_feed(desk, NOON + hour, ["/2", "/1"])
    read_feed(desk, NOON + 2 * hour, [], Outcome.NOT_MODIFIED, status=304)
    (row,) = desk.rows("SELECT * FROM documents")
    assert (row["named"], row["changed_at"], row["read_at"]) == (
        2, "2026-03-10T07:00:00Z", "2026-03-10T09:00:00Z"
    )  # fmt: skip
    lost = desk.visit("/feed", kind="feed", status=500, reason="server_error", fetched_at=NOON + 3 * hour)
    desk.archive.put_back(desk.run, SOURCE, lost)
    desk.archive.put_back(desk.run, SOURCE, lost)
    (row,) = desk.rows("SELECT * FROM documents")
    assert (row["failing_since"], row["failure"], row["named"]) == ("2026-03-10T10:00:00Z", "server_error", 2)
    read_feed(desk, NOON + 4 * hour, [])
    (row,) = desk.rows("SELECT * FROM documents")
    assert (row["failing_since"], row["named"], row["named_before"]) == (None, 0, 2)
    assert row["changed_at"] == "2026-03-10T11:00:00Z"


def test_a_history_has_the_publishers_days_and_knows_which_were_looked_at(desk):
    # Noon UTC is 5 p.m. in Almaty; a run at 20:00 UTC is of the next day there.
    desk.keep("/a")
    close(desk)
    begin(desk, NOON + timedelta(days=3, hours=13))
    desk.keep("/b", published_at=None, published_date=None, at=NOON + timedelta(days=3, hours=13))
    close(desk, NOON + timedelta(days=3, hours=13))
    history = history_of(desk.archive.news, SOURCE, NOON + timedelta(days=5))
    assert history.days == (
        Day(NOON.date(), 1, looked=True),
        Day(NOON.date() + timedelta(days=1), 0, looked=False),
        Day(NOON.date() + timedelta(days=2), 0, looked=False),
        Day(NOON.date() + timedelta(days=3), 0, looked=True),
        Day(NOON.date() + timedelta(days=4), 1, looked=True),
    )
    assert (history.kept, len(history.runs), history.first_crawled_at) == (2, 2, NOON)


def test_the_runs_of_a_history_are_in_the_order_of_time(desk):
    archive = desk.archive
    for days, status in ((0, "done"), (-9, "failed"), (5, "stopped")):
        at = NOON + timedelta(days=days)
        run = archive.runs.begin(SOURCE, started_at=at, version="test")
        archive.runs.end(run, status=status, reason=None, ended_at=at, seconds=1)
        archive.health.measure(run)
    history = history_of(archive.news, SOURCE, NOON + timedelta(days=6))
    assert [one.status for one in history.runs] == ["failed", "done", "stopped"]
    assert history.first_crawled_at == NOON - timedelta(days=9)


def test_what_the_profile_expects_and_the_same_text_are_part_of_the_history(desk):
    desk.archive.health.expect(SOURCE, Expected(5, 0.9, 300))
    for number in range(7):
        desk.keep(f"/{number}", body="Мы используем cookies." if number > 1 else f"Свой текст {number}.")
    history = history_of(desk.archive.news, SOURCE, NOON)
    assert history.expected == Expected(5, 0.9, 300)
    assert (history.newest, history.repeated) == (7, 5)


def test_a_verdict_keeps_since_when_it_holds(desk):
    reason = Reason("robots", "silent", "robots.txt forbids it.")
    for day, found in enumerate(
        [Verdict("well"), Verdict("silent", (reason,)), Verdict("silent", (reason,))]
    ):
        desk.archive.health.keep(SOURCE, found, at=NOON + timedelta(days=day))
    (row,) = desk.rows("SELECT * FROM source_health")
    assert (row["state"], row["since"], row["judged_at"]) == (
        "silent", "2026-03-11T07:00:00Z", "2026-03-12T07:00:00Z"
    )  # fmt: skip


def test_an_address_remembers_which_kinds_of_documents_named_it_first_and_when(desk):
    later = NOON + timedelta(hours=1)
    offer = desk.archive.frontier.offer
    offer(SOURCE, [desk.found("/1"), desk.found("/1", via="news sitemap", document="s")], now=NOON)
    desk.keep("/1")
    offer(SOURCE, [desk.found("/1"), desk.found("/1", via="listing", document="l")], now=later)
    offer(SOURCE, [desk.found("/1", via="listing", document="m")], now=later + timedelta(hours=1))
    assert [tuple(row.values()) for row in desk.rows("SELECT kind, first_at FROM namings ORDER BY kind")] == [
        ("feed", "2026-03-10T07:00:00Z"),
        ("listing", "2026-03-10T08:00:00Z"),
        ("sitemap", "2026-03-10T07:00:00Z"),
    ]


def test_an_older_archive_learns_which_documents_named_what(desk):
    desk.archive.frontier.offer(SOURCE, [desk.found("/1"), desk.found("/2", via="news sitemap")], now=NOON)
    desk.keep("/1")
    desk.archive.close()
    db = Archive(desk.folder).news
    for table in ("run_health", "documents", "expectations", "source_health", "alarms_told", "namings"):
        db.conn.execute(f"DROP TABLE {table}")
    db.conn.execute("DROP INDEX articles_source_seen")
    db.conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'm040_health'")
    db.conn.commit()
    db.close()
    with Archive(desk.folder) as again:
        rows = again.news.query("SELECT kind, first_at FROM namings ORDER BY kind")
        assert [tuple(row.values()) for row in rows] == [
            ("feed", "2026-03-10T07:00:00Z"), ("sitemap", "2026-03-10T07:00:00Z")
        ]  # fmt: skip
    desk.archive = Archive(desk.folder)


@pytest.fixture
def named_day(desk):
    """A day of 30 articles: the feed named 20, the sitemap 20, both 10; the next day all agree."""
    kinds = {"feed": range(20), "sitemap": range(10, 30)}
    for via, numbers in kinds.items():
        found = [desk.found(f"/{number}", via=via, document=via) for number in numbers]
        desk.archive.frontier.offer(SOURCE, found, now=NOON)
        tomorrow = [desk.found(f"/t{number}", via=via, document=via) for number in range(12)]
        desk.archive.frontier.offer(SOURCE, tomorrow, now=NOON)
    for number in range(30):
        desk.keep(f"/{number}")
    next_day = NOON + timedelta(days=1)
    for number in range(12):
        desk.keep(f"/t{number}", published_at=next_day, published_date=next_day.date())
    close(desk)
    begin(desk, next_day)
    close(desk, next_day)
    return desk


def test_a_day_its_looks_disagree_on_is_told_with_its_estimate(named_day):
    first, second, unseen = missing_days(
        named_day.archive.news, SOURCE, since=NOON.date(), at=NOON + timedelta(days=3)
    )
    assert (first.articles, first.named, first.why) == (
        30, {"feed": 20, "sitemap": 20, "listing": 0}, "unnamed"
    )  # fmt: skip
    assert round(first.estimate.likely) == 39
    assert (second.articles, second.why, second.estimate.missing) == (12, None, 0)
    assert (unseen.articles, unseen.why, unseen.estimate) == (0, "not looked at", None)


def test_days_with_likely_gaps_are_shown_with_what_to_do(named_day, capsys):
    print_missing(named_day.folder, since=NOON.date(), as_json=False)
    head, first, *others = capsys.readouterr().out.splitlines()
    assert head.split("\t")[:2] == ["source", "day"]
    assert first.split("\t")[:7] == [SOURCE, "2026-03-10", "30", "20", "20", "0", "39"]
    assert first.endswith("\tfeed and sitemap name too few of the same: likely 9 that none named")
    assert others[0].endswith("\tno crawl on that day or the next")
    unseen = len(others) - 1
    assert f"2 could be estimated, {unseen} not: no crawl on that day or the next." in others[-1]
    assert others[-1].endswith(f"Look again: muragat backfill {SOURCE} --since 2026-03-10")
    print_missing(named_day.folder, since=NOON.date(), as_json=True)
    days = json.loads(capsys.readouterr().out)
    assert (days[0]["day"], days[0]["why"], days[1]["why"]) == ("2026-03-10", "unnamed", None)


@pytest.mark.parametrize(("width", "is_wide"), [(80, False), (200, True)])
def test_each_day_with_a_likely_gap_has_its_reason_on_any_terminal(named_day, width, is_wide):
    days = missing_days(named_day.archive.news, SOURCE, since=NOON.date(), at=NOON + timedelta(days=3))
    screen = Console(file=StringIO(), width=width, force_terminal=False)
    show([day for day in days if day.why], screen)
    head, *lines = screen.file.getvalue().splitlines()
    assert all(len(line) <= width for line in (head, *lines))
    assert ("sitemap" in head) == is_wide
    shown = " ".join(" ".join(lines).split())
    assert "feed and sitemap name too few of" in shown
    assert "none named" in shown
    assert "no crawl on that day or the" in shown


def test_days_that_cannot_be_estimated_are_counted_by_their_reason():
    few = MissingDay(SOURCE, NOON.date(), 3, {}, None, None, None)
    unseen = dataclasses.replace(few, why="not looked at")
    assert closing_line([few, few, unseen], [unseen]).startswith(
        "days with likely gaps 1 of 3; 0 could be estimated, "
        "2 not: too few articles that two kinds of documents named, 1 not: no crawl on that day or the next."
    )


def test_a_source_without_a_complete_day_is_told_why_none_is_judged(desk, capsys):
    begin(desk, datetime.now(UTC))
    print_missing(desk.folder, since=None, as_json=False)
    head, why, closing = capsys.readouterr().out.splitlines()
    assert head.startswith("source\t")
    assert why == f"{SOURCE}: days are judged once they are over; none is yet"
    assert closing == "days with likely gaps 0 of 0; 0 could be estimated"

"""Each reason is given for the history that shows it, and none for a sound source, holidays or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.health.history import FIELDS, Day, Document, Expected, History, Measured, Verdict
from archive.health.verdict import verdict

from .made import AT, FEED, SITEMAP, days_until, lately, run, sound, sound_days, sound_runs


def codes(history: History) -> dict[str, str]:
    return {reason.code: reason.state for reason in verdict(history).reasons}


def without(name: str, have: int = 0) -> dict[str, int]:
    return {**dict.fromkeys(FIELDS, 10), name: have}


def feed(**fields):
    return Document(**({"url": FEED, "kind": "feed", "named": 20, "named_before": 20} | fields))


OTHER = Document(SITEMAP, "sitemap", named=500, named_before=500, changed_at=AT)
WEEKS = [10, 10, 10, 10, 10, 3, 3] * 8
SPOILED = {
    "no articles for four working days": (
        {"days": days_until(AT, [10] * 59 + [0] * 4)}, "no_articles", "silent"),
    "none for two days of a busy source": (
        {"days": days_until(AT, [90] * 61 + [0] * 2)}, "no_articles", "silent"),
    "none of a weekly paper for five weeks": (
        {"days": days_until(AT, ([4] + [0] * 6) * 9 + [0] * 35)}, "no_articles", "silent"),
    "next to nothing for five days": (
        {"days": days_until(AT, [30] * 58 + [2] * 5)}, "fewer_articles", "worse"),
    "a fifth of the usual for a week": (
        {"days": days_until(AT, [10] * 56 + [2] * 7)}, "fewer_articles", "worse"),
    "less than half for a month": (
        {"days": days_until(AT, [10] * 35 + [4] * 28)}, "fewer_articles", "worse"),
    "fewer than the profile expects": (
        {"days": days_until(AT, [2] * 63), "expected": Expected(articles_per_day_min=5)},
        "fewer_than_expected", "worse"),
    "dates are missing": ({"runs": lately(filled=without("date", 4))}, "fewer_dates", "worse"),
    "fewer dates than the profile expects": (
        {"runs": tuple(replace(one, filled=without("date", 5)) for one in sound_runs()),
         "expected": Expected(date_share_min=0.9)}, "fewer_dates", "worse"),
    "authors are missing": ({"runs": lately(filled=without("authors"))}, "fewer_authors", "worse"),
    "texts are empty": ({"runs": lately(filled=without("body", 2))}, "fewer_bodies", "worse"),
    "texts are short": ({"runs": lately(body_chars=300)}, "shorter_text", "worse"),
    "texts are shorter than the profile expects": (
        {"expected": Expected(body_chars_min=3000)}, "short_text", "worse"),
    "another language": ({"runs": lately(languages={"kk": 10})}, "other_language", "worse"),
    "more problems of cleaning": ({"runs": lately(problems={"field_vanished": 8})}, "more_problems", "worse"),
    "the same text": ({"repeated": 7}, "same_body", "worse"),
    "all lead to the front page": (
        {"runs": lately(articles=0, filled={}, front_page=10, errors={"front_page": 10})},
        "front_page", "silent"),
    "all are rejected": (
        {"runs": lately(articles=0, filled={}, errors={"not_article": 10})}, "all_refused", "silent"),
    "most are rejected": (
        {"runs": lately(8, articles=2, filled=dict.fromkeys(FIELDS, 2), errors={"not_article": 8})},
        "more_refused", "worse"),
    "the server refuses many": ({"runs": lately(articles=7, errors={"forbidden": 3}, asked=8)},
        "server_errors", "worse"),
    "robots forbids the feed": (
        {"documents": (feed(failing_since=AT, failure="robots"), OTHER)}, "robots", "silent"),
    "robots forbids the articles": (
        {"runs": lately(1, articles=0, filled={}, errors={"robots": 10})}, "robots", "silent"),
    "the feed is empty, the sitemap is not": (
        {"documents": (feed(named=0), OTHER)}, "feed_empty", "worse"),
    "the feed is empty and alone": ({"documents": (feed(named=0),)}, "feed_empty", "silent"),
    "the feed stands still": (
        {"documents": (feed(changed_at=AT - timedelta(days=6)), OTHER)}, "feed_stuck", "worse"),
    "a document answers 500 for a day": (
        {"documents": (feed(failing_since=AT - timedelta(days=1), failure="server_error"), OTHER)},
        "document_unreadable", "worse"),
    "no document can be read for a day": (
        {"documents": (feed(failing_since=AT - timedelta(days=1), failure="forbidden"),)},
        "document_unreadable", "silent"),
    "never an article": ({"kept": 0}, "never", "silent"),
}  # fmt: skip


@pytest.mark.parametrize("spoiled", SPOILED, ids=str)
def test_a_spoiled_history_gives_its_reason_and_says_it_in_words(spoiled):
    changed, code, state = SPOILED[spoiled]
    found = verdict(sound(**changed))
    assert {reason.code: reason.state for reason in found.reasons}.get(code) == state
    assert found.state == ("silent" if "silent" in {r.state for r in found.reasons} else "worse")
    evidence = next(reason.evidence for reason in found.reasons if reason.code == code)
    assert evidence[0].isupper() or evidence[0].isdigit() or evidence.startswith("robots.txt")
    assert evidence.endswith(".")
    assert any(letter.isdigit() for letter in evidence) or "robots.txt forbids" in evidence


SOUND = {
    "a plain one": {},
    "weekends": {"days": days_until(AT, WEEKS)},
    "one holiday": {"days": days_until(AT, [10] * 62 + [0])},
    "three days of holidays": {"days": days_until(AT, [10] * 60 + [0] * 3)},
    "holidays as long as any before": {"days": days_until(AT, [10] * 30 + [0] * 5 + [10] * 23 + [0] * 5)},
    "one article a week": {"days": days_until(AT, ([1] + [0] * 6) * 9)},
    "an article every few days": {"days": days_until(AT, [1, 0, 0, 0, 2, 0, 0] * 9)},
    "a busy day before": {"days": days_until(AT, [10] * 40 + [400] + [10] * 22)},
    "days nobody looked at": {"days": days_until(AT, [10] * 40) + days_until(AT, [0] * 5, looked=False)},
    "articles still waiting": {"days": days_until(AT, [10] * 58 + [0] * 5), "waiting": 50},
    "too few runs to tell": {"runs": (run(articles=4, filled={}, body_chars=10),)},
    "old articles that went": {"runs": lately(articles=0, filled={}, errors={"gone": 10})},
    "a few rejected": {"runs": lately(articles=8, asked=10, errors={"not_article": 2})},
    "a bad hour of the server": {"documents": (feed(failing_since=AT, failure="server_error"), OTHER)},
    "a night without a network": {
        "documents": (feed(failing_since=AT - timedelta(hours=9), failure="dns"),)},
    "a quiet feed of a quiet source": {
        "documents": (feed(changed_at=AT - timedelta(days=6)), OTHER), "days": days_until(AT, [1] * 63)},
    "a feed that was always empty": {"documents": (feed(named=0, named_before=0), OTHER)},
    "no author ever": {"runs": tuple(replace(one, filled=without("authors")) for one in sound_runs())},
    "two languages": {"runs": tuple(replace(one, languages={"ru": 6, "kk": 4}) for one in sound_runs())},
    "problems as ever": {
        "runs": tuple(replace(one, problems={"date_unreadable": 8}) for one in sound_runs())},
    "what the profile expects": {"expected": Expected(5, 0.9, 300)},
}  # fmt: skip


@pytest.mark.parametrize("kind", SOUND, ids=str)
def test_a_sound_source_is_well(kind):
    assert codes(sound(**SOUND[kind])) == {}
    assert verdict(sound(**SOUND[kind])).state == "well"


@pytest.mark.parametrize("a_day", [0.5, 3, 12, 60])
def test_weekends_chance_and_a_holiday_that_ends_yesterday_are_no_alarm(a_day):
    told = [seed for seed in range(100) if codes(sound(days=sound_days(seed, a_day)))]
    assert len(told) <= 1, told


@pytest.mark.parametrize("a_day", [3, 12, 60])
def test_a_source_that_stops_is_told_within_a_week(a_day):
    for seed in range(50):
        days = sound_days(seed, a_day, AT - timedelta(days=8))
        stopped = (*days, *days_until(AT, [0] * 8))
        assert codes(sound(days=stopped)).get("no_articles") == "silent", seed


def test_a_new_source_that_no_crawl_could_read_says_why():
    unread = {"first_crawled_at": AT - timedelta(days=1), "kept": 0, "days": (), "documents": ()}
    failed = run(articles=0, status="failed", reason="feed https://steppe.example/feed: refused")
    found = verdict(sound(runs=(failed,), **unread))
    assert (found.state, found.reasons[0].code) == ("new", "not_crawled")
    assert found.why == "The only crawl failed: feed https://steppe.example/feed: refused."
    assert verdict(sound(runs=(failed, failed), **unread)).why.startswith(
        "The last 2 crawls failed, the newest: "
    )
    for other in ((failed, run(articles=0)), (run(articles=0, status="stopped"),), ()):
        assert verdict(sound(runs=other, **unread)) == Verdict("new")
    assert verdict(sound(runs=(failed,), **(unread | {"kept": 5}))) == Verdict("new")


def test_too_young_a_source_is_new_whatever_it_shows():
    spoiled = {"repeated": 40, "runs": lately(articles=0, errors={"not_article": 10})}
    assert verdict(sound(first_crawled_at=AT - timedelta(days=2), **spoiled)).state == "new"
    assert verdict(sound(first_crawled_at=AT - timedelta(days=9), kept=3, **spoiled)).state == "new"
    assert verdict(sound(first_crawled_at=None)).state == "new"
    assert (
        verdict(sound(first_crawled_at=AT - timedelta(days=4), days=days_until(AT, [10] * 4))).state == "well"
    )


def test_the_worst_reason_comes_first_and_decides():
    found = verdict(sound(repeated=9, documents=(feed(named=0),)))
    assert (found.state, [reason.code for reason in found.reasons]) == ("silent", ["feed_empty", "same_body"])
    assert found.why.startswith(f"The feed {FEED} names no article any more; it named 20. 9 of the last 50 ")


counts = st.integers(0, 10**6)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
reasons = st.dictionaries(st.sampled_from(["forbidden", "not_article", "gone", "robots", "x"]), counts)
days = st.builds(Day, st.dates(), counts, st.booleans())
runs = st.builds(
    Measured, moments, st.text(), st.none() | st.text(), counts, reasons, reasons, counts, counts,
    st.dictionaries(st.sampled_from(FIELDS), counts), st.none() | st.floats(0, 1e9),
    st.dictionaries(st.sampled_from(["ru", "kk", "en"]), counts), reasons,
)  # fmt: skip
documents = st.builds(
    Document, st.text(), st.sampled_from(["feed", "sitemap", "listing"]), counts, counts,
    st.none() | moments, st.none() | moments, st.none() | st.text(),
)  # fmt: skip
optional = st.none() | st.floats(0, 1e6)
histories = st.builds(
    History, moments, st.none() | moments, counts,
    st.builds(Expected, optional, optional, st.none() | counts),
    st.lists(days, max_size=40).map(tuple), st.lists(runs, max_size=12).map(tuple),
    st.lists(documents, max_size=4).map(tuple), counts, counts, counts,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(histories)
def test_no_history_makes_a_verdict_raise(history):
    found = verdict(history)
    assert found.state in ("new", "well", "worse", "silent")
    assert bool(found.reasons) == (found.state in ("worse", "silent"))
    assert len({reason.code for reason in found.reasons}) == len(found.reasons)

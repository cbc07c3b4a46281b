"""How often a source is looked at follows what it publishes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.store.schedule import Published
from crawler.schedule.rhythm import LEAST, LONGEST, Rhythm, interval_of, rate_words, rhythm_of, words_of

ALMATY = ZoneInfo("Asia/Almaty")
TUESDAY_NOON = datetime(2026, 3, 10, 12, tzinfo=ALMATY)
DAY = timedelta(days=1)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 5, 1), timezones=st.just(UTC))  # noqa: DTZ001


def every(gap: timedelta, until: datetime = TUESDAY_NOON, days: int = 28) -> list[Published]:
    """Articles at even gaps, the last half a gap ago."""
    return [Published(until - gap * (n + 0.5), is_exact=True) for n in range(int(DAY * days / gap))]


def in_working_hours(a_day: int) -> list[Published]:
    """So many articles each day between 8 and 20 hours, for four weeks."""
    evening = TUESDAY_NOON.replace(hour=20) - DAY
    step = timedelta(hours=12) / a_day
    return [
        Published(evening - DAY * day - step * n, is_exact=True) for day in range(28) for n in range(a_day)
    ]


@pytest.mark.parametrize(
    ("gap", "interval"),
    [
        (timedelta(minutes=30), timedelta(minutes=30)),
        (timedelta(hours=2), timedelta(hours=2)),
        (timedelta(hours=12), timedelta(hours=12)),
        (timedelta(minutes=2), LEAST),
        (timedelta(days=9), LONGEST),
    ],
    ids=str,
)
def test_one_new_article_is_expected_in_an_interval(gap: timedelta, interval: timedelta) -> None:
    rhythm = rhythm_of(every(gap), TUESDAY_NOON, ALMATY)
    assert rhythm is not None
    assert interval_of(rhythm, TUESDAY_NOON) == pytest.approx(interval, rel=0.15)


def test_what_sleeps_at_night_is_looked_at_rarely_then_and_in_time_in_the_morning() -> None:
    rhythm = rhythm_of(in_working_hours(14), TUESDAY_NOON, ALMATY)
    assert rhythm is not None
    noon, late = interval_of(rhythm, TUESDAY_NOON), interval_of(rhythm, TUESDAY_NOON.replace(hour=22))
    assert noon < timedelta(minutes=75)
    assert late > 3 * noon
    assert TUESDAY_NOON.replace(hour=22) + late < TUESDAY_NOON.replace(hour=9) + DAY


def test_a_weekend_without_news_is_slower_than_a_working_day() -> None:
    all_week = in_working_hours(14)
    published = [one for one in all_week if one.at.weekday() < 5]
    rhythm = rhythm_of(published, TUESDAY_NOON, ALMATY)
    assert rhythm is not None
    saturday = TUESDAY_NOON + 4 * DAY
    assert interval_of(rhythm, saturday) > 2 * interval_of(rhythm, TUESDAY_NOON)


def test_a_source_that_wakes_up_is_followed_within_hours() -> None:
    quiet = every(timedelta(days=2))
    burst = every(timedelta(minutes=20), days=1)[:8]
    before, after = rhythm_of(quiet, TUESDAY_NOON, ALMATY), rhythm_of(quiet + burst, TUESDAY_NOON, ALMATY)
    assert before is not None
    assert after is not None
    assert interval_of(before, TUESDAY_NOON) == LONGEST
    assert interval_of(after, TUESDAY_NOON) < timedelta(minutes=40)


def test_articles_without_an_hour_count_but_say_nothing_of_hours() -> None:
    midnight = TUESDAY_NOON.replace(hour=0)
    published = [Published(midnight - DAY * (n % 28), is_exact=False) for n in range(28 * 12)]
    rhythm = rhythm_of(published, TUESDAY_NOON, ALMATY)
    assert rhythm is not None
    assert rhythm.hours == (1.0,) * 24
    assert interval_of(rhythm, TUESDAY_NOON) == pytest.approx(timedelta(hours=2), rel=0.15)


def test_nothing_lately_is_no_rhythm() -> None:
    assert rhythm_of([], TUESDAY_NOON, ALMATY) is None
    assert rhythm_of([Published(TUESDAY_NOON - 29 * DAY, is_exact=True)], TUESDAY_NOON, ALMATY) is None
    assert rhythm_of([Published(TUESDAY_NOON + DAY, is_exact=True)], TUESDAY_NOON, ALMATY) is None


@given(st.lists(st.builds(Published, at=MOMENTS, is_exact=st.booleans()), max_size=60), MOMENTS)
def test_whatever_was_published_the_interval_is_ten_minutes_to_a_day(
    published: list[Published], now: datetime
) -> None:
    rhythm = rhythm_of(published, now, ALMATY)
    assert rhythm is None or LEAST <= interval_of(rhythm, now) <= LONGEST


@pytest.mark.parametrize(
    ("per_day", "words"), [(14.2, "14 a day"), (3 / 7, "3 a week"), (1 / 28, "1 in four weeks")]
)
def test_the_rate_is_said_in_whole_numbers(per_day: float, words: str) -> None:
    assert rate_words(per_day) == words
    assert words_of(Rhythm(per_day), TUESDAY_NOON) == f"publishes {words}"

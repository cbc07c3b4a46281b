"""Turns at a host: never nearer than stated, in one process or two, and a busy server is left alone."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetching.adapting import Adapting
from crawler.fetching.pace import HOSTS_OPEN, HostBusy, HostPace, pace_at
from crawler.fetching.retry_after import LEAST, LONGEST, asked_wait
from crawler.fetching.turns import Times, TurnFile, host_key

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@given(
    st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=40),
    st.floats(0, 60),
)
def test_requests_never_stand_nearer_than_stated_whatever_is_answered(answers, stated):
    adapting = Adapting()
    for seconds in answers:
        adapting.troubled(stated) if seconds is None else adapting.heard(seconds)
        assert adapting.spacing(stated) >= stated


def test_a_server_that_works_long_rests_as_long_and_a_well_one_gets_its_stated_delay_again():
    adapting = Adapting()
    for _ in range(20):
        adapting.heard(4.0)
    assert adapting.spacing(1.0) == pytest.approx(8.0)
    for _ in range(20):
        adapting.heard(0.2)
    assert adapting.spacing(1.0) == 1.0


def test_trouble_doubles_the_delay_up_to_ten_times_and_good_answers_bring_it_back():
    adapting, spacings = Adapting(), []
    for _ in range(8):
        adapting.troubled(1.0)
        spacings.append(adapting.spacing(1.0))
    assert spacings[:4] == [1.5, 2.0, 3.0, 5.0]
    assert spacings[-1] == 11.0
    for _ in range(8):
        adapting.heard(0.1)
    assert adapting.spacing(1.0) == 1.0


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("-5", LEAST),
        ("0", LEAST),
        (str(10 * 365 * 86400), LONGEST),
        ("9" * 400, LONGEST),
        (format_datetime(NOW + timedelta(hours=2), usegmt=True), timedelta(hours=2)),
        (format_datetime(NOW - timedelta(hours=2), usegmt=True), LEAST),
        (format_datetime(NOW + timedelta(days=3650), usegmt=True), LONGEST),
        ("soon", timedelta(seconds=5)),
        (None, timedelta(seconds=5)),
    ],
    ids=[
        "seconds",
        "negative",
        "zero",
        "ten_years",
        "too_many_digits",
        "date",
        "past",
        "far",
        "words",
        "none",
    ],
)
def test_fault_11_a_busy_server_is_left_alone_as_it_asked_within_bounds(value, wait):
    assert asked_wait(value, now=NOW, floor=timedelta(), again=0) == wait


def test_fault_11_nobody_is_asked_sooner_than_its_delay_says():
    assert asked_wait("1", now=NOW, floor=30 * SECOND, again=0) == 30 * SECOND


def test_a_host_is_the_same_with_and_without_www_and_at_its_usual_port():
    names = ("https://www.News.example/a", "http://news.example:80/", "https://news.example:443/b")
    assert {host_key(url) for url in names} == {"news.example"}
    assert host_key("http://127.0.0.1:9100/") == "127.0.0.1:9100"


def turns(pace, count, stated, *, places=1, seconds=0.0):
    """When so many requests began that ask for their turns all at once."""

    async def one():
        turn = await pace.begin(places, stated)
        began = time.monotonic()
        await asyncio.sleep(seconds)
        pace.end(turn, answered=True)
        return began

    async def run():
        return sorted(await asyncio.gather(*(one() for _ in range(count))))

    return asyncio.run(run())


def test_turns_of_one_process_keep_the_delay_and_are_counted():
    pace = HostPace("one.example")
    began = turns(pace, 4, 0.1)
    assert all(later - earlier >= 0.099 for earlier, later in pairwise(began))
    counted = pace.counted_gaps()
    assert sum(gap.requests for gap in counted) == 3
    assert min(gap.smallest for gap in counted) >= 0.099
    assert pace.counted_gaps() == []


def test_a_new_process_waits_for_the_turn_the_last_one_left_behind():
    turns(HostPace("two.example"), 1, 0.3)
    before = time.monotonic()
    (began,) = turns(HostPace("two.example"), 1, 0.0)
    assert 0.2 <= began - before <= 0.6


def test_a_request_of_another_process_that_is_under_way_is_waited_for():
    pace = HostPace("three.example")
    other = TurnFile(pace.file.folder, pace.key)
    assert other.take_place([0]) == 0
    assert pace.free_place(1) is None
    other.leave_place(0)
    assert pace.free_place(1) == 0


def test_a_second_place_is_free_while_the_first_is_taken():
    began = turns(HostPace("four.example"), 2, 0.0, places=2, seconds=0.2)
    assert began[1] - began[0] < 0.15


ASKING = """
import asyncio, sys, time
from crawler.fetching.pace import HostPace

pace, until, began = HostPace("shared.example"), time.time() + 4, []

async def one():
    while time.time() < until:
        turn = await pace.begin(1, 0.1)
        began.append(time.time())
        await asyncio.sleep(0.02)
        pace.end(turn, answered=True)

async def all_of_them():
    await asyncio.gather(one(), one(), one())

asyncio.run(all_of_them())
print(*began)
"""


def test_two_processes_take_turns_at_a_host_and_none_takes_nearly_all(tmp_path):
    environment = os.environ | {"XDG_STATE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", ASKING]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(2)]
    one, other = ([float(word) for word in process.communicate(timeout=60)[0].split()] for process in both)
    together = max(one[0], other[0]), min(one[-1], other[-1])
    shares = [sum(together[0] <= began <= together[1] for began in asked) for asked in (one, other)]
    assert sum(shares) >= 10
    assert min(shares) >= sum(shares) / 4
    assert all(later - earlier >= 0.095 for earlier, later in pairwise(sorted(one + other)))


def test_who_asks_for_an_hour_is_left_alone_by_other_processes_too():
    HostPace("five.example").be_quiet(timedelta(hours=1))
    with pytest.raises(HostBusy) as busy:
        turns(HostPace("five.example"), 1, 0.0)
    assert timedelta(minutes=59) < busy.value.wait <= timedelta(hours=1, milliseconds=1)


def test_a_request_that_waits_can_be_taken_back_and_leaves_its_place():
    pace = HostPace("six.example")

    async def run():
        first = await pace.begin(1, 0.0)
        second = asyncio.ensure_future(pace.begin(1, 5.0))
        await asyncio.sleep(0.05)
        pace.end(first, answered=True)
        await asyncio.sleep(0.05)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        third = await asyncio.wait_for(pace.begin(1, 0.0), 10)
        pace.end(third, answered=False)

    asyncio.run(run())


def test_a_time_that_a_clock_put_back_made_is_not_waited_for():
    pace = HostPace("seven.example")
    later = time.time() + 86_400 * 30
    pace.file.write(Times(later, later, later))
    before = time.monotonic()
    assert turns(pace, 1, 0.1)[0] - before < 0.2


def test_a_thousand_hosts_leave_few_files_open(monkeypatch):
    monkeypatch.setattr("crawler.fetching.pace.paces", {})
    open_before = len(os.listdir("/dev/fd"))
    held = pace_at("https://0.example/")
    turn = asyncio.run(held.begin(1, 0.0))
    for number in range(1, 1000):
        turns(pace_at(f"https://{number}.example/"), 1, 0.0)
    assert len(os.listdir("/dev/fd")) - open_before < 3 * HOSTS_OPEN
    assert TurnFile(held.file.folder, held.key).take_place([0]) is None  # what is under way stays held
    held.end(turn, answered=True)


def test_files_that_fail_later_leave_a_process_its_own_turns(monkeypatch):
    pace = HostPace("nine.example")

    def fails(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(TurnFile, "write", fails)
    file = pace.file
    began = turns(pace, 3, 0.1)
    assert pace.file is None
    assert all(later - earlier >= 0.099 for earlier, later in pairwise(began))
    assert TurnFile(file.folder, pace.key).take_place([0]) == 0


def test_a_state_folder_that_is_a_file_leaves_a_process_its_own_turns(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    check_own_turns()


def check_own_turns():
    pace = HostPace("eight.example")
    assert pace.file is None
    began = turns(pace, 3, 0.1)
    assert all(later - earlier >= 0.099 for earlier, later in pairwise(began))

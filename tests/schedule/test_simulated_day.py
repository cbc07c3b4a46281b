"""A day of sixty newspapers on a made-up clock: nothing waits long, nobody is asked too often.

Only the decisions are real; looking takes two seconds and one for each new article. As in a run, turns begin
at most every fifteen seconds' look around, one after the other, those of one host in a row.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from archive.store.schedule import Published, Turn
from crawler.schedule.due import BETWEEN_BEGINNINGS, Pacing, beginnings, due, due_at, planned
from crawler.schedule.rhythm import LEAST, LONGEST, RECENT, rhythm_of

ALMATY = ZoneInfo("Asia/Almaty")
START = datetime(2026, 3, 10, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
LOOK_AROUND = 15 * SECOND
SLACK = 60 * BETWEEN_BEGINNINGS + LOOK_AROUND + MINUTE  # all sixty due at once, and a look at each
ERRING = {"s07", "s19", "s31"}
ERRS_FROM, ERRS_UNTIL = START + 6 * HOUR, START + 14 * HOUR


@dataclass
class Look:
    began: datetime
    ended: datetime
    interval: timedelta = timedelta()
    failed: bool = False


@dataclass
class Newspaper:
    id: str
    host: str
    articles: list[datetime]
    turn: Turn
    looks: list[Look] = field(default_factory=list)
    stated: list[Published] = field(default_factory=list)

    def published(self, until: datetime) -> list[datetime]:
        return self.articles[: bisect_left(self.articles, until)]

    def new(self, since: datetime, until: datetime) -> int:
        return bisect_left(self.articles, until) - bisect_left(self.articles, since)

    def lately(self, until: datetime) -> list[Published]:
        """What an archive would name: the last four weeks."""
        self.stated = self.stated or [Published(at, is_exact=True) for at in self.articles]
        first, last = (bisect_left(self.articles, at) for at in (until - RECENT, until))
        return self.stated[first:last]


def articles(a_day: float, chance: random.Random) -> Iterator[datetime]:
    """Publications of four weeks and a day: most of them by day, fewer on weekends."""
    busiest = 1.7 * 1.16
    moment = START - RECENT
    while moment < START + 2 * LONGEST:
        moment += LONGEST * chance.expovariate(a_day * busiest)
        local = moment.astimezone(ALMATY)
        share = 1.7 if 8 <= local.hour < 20 else 0.3
        share *= 0.6 if local.weekday() >= 5 else 1.16
        if chance.random() < share / busiest:
            yield moment


@dataclass
class Simulation:
    papers: dict[str, Newspaper]
    chance: random.Random
    now: datetime = START
    free_at: dict[str, datetime] = field(default_factory=dict)
    begins: dict[str, datetime] = field(default_factory=dict)
    steps: int = 0

    def run(self, until: datetime) -> None:
        while self.now < until:
            self.steps += 1
            self.look_around()
            for source in [s for s, at in self.begins.items() if at <= self.now]:
                self.begins.pop(source)
                self.look(self.papers[source])
            self.now += LOOK_AROUND if not self.begins else SECOND

    def look_around(self) -> None:
        idle = {
            source: due_at(paper.turn, self.now)
            for source, paper in self.papers.items()
            if source not in self.begins and (not paper.looks or paper.looks[-1].ended <= self.now)
        }
        ids = due(idle, self.now)
        after = beginnings(ids, [self.chance.random() for _ in ids])
        self.begins |= {source: self.now + after[source] * SECOND for source in ids}

    def look(self, paper: Newspaper) -> None:
        began = max(self.now, self.free_at.get(paper.host, self.now))
        failed = paper.id in ERRING and ERRS_FROM <= began < ERRS_UNTIL
        known = paper.looks[-1].began if paper.looks else START - RECENT
        new = paper.new(known, began)
        ended = began + 2 * SECOND + (min(new, 60) * SECOND if not failed else timedelta())
        self.free_at[paper.host] = ended
        failures = paper.turn.failures + 1 if failed else 0
        pacing = Pacing(rhythm_of(paper.lately(began), ended, ALMATY), failures=failures, reason="HTTP 500")
        plan = planned(pacing, began, ended, self.chance.random())
        paper.looks.append(Look(began, ended, plan.interval, failed))
        paper.turn = replace(
            paper.turn, due_at=plan.due_at, interval=plan.interval, failures=failures, crawled_at=began
        )


@pytest.fixture(scope="module")
def day() -> Simulation:
    """The day, from the first look at each."""
    chance = random.Random(7)
    papers = {}
    for number in range(60):
        a_day = 0.2 * math.exp(number / 59 * math.log(900))  # 0.2 to 180
        name = f"s{number:02}"
        host = f"host{number // 2 if number < 20 else number}"
        papers[name] = Newspaper(name, host, sorted(articles(a_day, chance)), Turn(name))
    simulation = Simulation(papers, chance)
    simulation.run(START + LONGEST)
    return simulation


def test_every_article_is_looked_for_within_one_interval_of_its_publication(day: Simulation) -> None:
    late = [
        (after.began - article, before.interval)
        for paper in day.papers.values()
        if paper.id not in ERRING
        for before, after in pairwise(paper.looks)
        for article in paper.published(after.began)
        if article >= before.began
    ]
    assert len(late) > 1000
    assert all(waited <= interval + SLACK for waited, interval in late)
    assert sum(waited <= interval for waited, interval in late) >= 0.995 * len(late)


def test_no_look_is_missing_at_the_end_of_the_day(day: Simulation) -> None:
    for paper in day.papers.values():
        last = paper.looks[-1]
        assert START + LONGEST - last.began <= last.interval + SLACK


def test_no_source_is_looked_at_more_often_than_every_eight_minutes_and_no_host_twice_at_once(
    day: Simulation,
) -> None:
    hosts: dict[str, list[Look]] = {}
    for paper in day.papers.values():
        hosts.setdefault(paper.host, []).extend(paper.looks)
        assert all(after.began - before.began >= 0.8 * LEAST for before, after in pairwise(paper.looks))
    for looks in hosts.values():
        looks.sort(key=lambda look: look.began)
        assert all(before.ended <= after.began for before, after in pairwise(looks))


def test_about_one_new_article_is_found_by_a_look(day: Simulation) -> None:
    """Of sources with 2 to 100 a day, taken together: neither in vain nor in heaps."""
    middle = [paper for number, paper in enumerate(day.papers.values()) if 20 <= number < 54]
    middle = [paper for paper in middle if paper.id not in ERRING]
    looks = sum(len(paper.looks) for paper in middle)
    found = sum(paper.new(START, START + LONGEST) for paper in middle)
    assert 0.4 < found / looks < 1.5


def test_the_day_takes_a_bounded_number_of_steps(day: Simulation) -> None:
    assert sum(len(paper.looks) for paper in day.papers.values()) < 60 * 100
    assert day.steps < 86_400


def test_what_errs_is_asked_ever_more_rarely_and_comes_back(day: Simulation) -> None:
    for name in ERRING:
        looks = day.papers[name].looks
        failed = [look for look in looks if look.failed]
        if not failed:
            continue  # a source so quiet that it was not looked at meanwhile
        assert len(failed) <= 7
        pauses = [look.interval for look in failed]
        assert all(after >= before for before, after in pairwise(pauses))
        assert pauses[-1] <= LONGEST
    assert any(look.failed for look in day.papers["s31"].looks)


def test_fault_56_after_a_sleep_each_has_one_turn_and_they_do_not_begin_together(day: Simulation) -> None:
    asleep_from = day.now
    before = {paper.id: len(paper.looks) for paper in day.papers.values()}
    day.now += 8 * HOUR
    was_due = set(due({p.id: due_at(p.turn, day.now) for p in day.papers.values()}, day.now))
    woke = day.now
    day.run(woke + 0.75 * LEAST)
    begun = {paper.id: paper.looks[before[paper.id] :] for paper in day.papers.values()}
    assert all(len(begun[source]) == 1 for source in was_due)
    assert all(len(looks) <= 1 for looks in begun.values())
    times = sorted(looks[0].began for source, looks in begun.items() if source in was_due)
    assert len(times) > 30
    assert times[0] >= woke > asleep_from
    together = [after - first for first, after in pairwise(times)]
    assert sum(gap >= 4 * SECOND for gap in together) >= 0.9 * len(together)
    assert times[-1] - woke <= SLACK

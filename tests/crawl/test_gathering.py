"""Writes that come close together are one batch; who comes alone waits no more; errors reach who asked."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from archive.errors import StorageFull
from archive.store.together import Done
from crawler.runs.gathering import LONGEST_REST, MOST, WAIT_SECONDS, Gathering


class Desk:
    """Does works by themselves and remembers how many came at a time."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def done(self, works):
        self.batches.append(len(works))
        return [work(None) for work in works]


def gathered(rounds):
    """Have rounds of works done, those of a round at the same time; returns the sizes of the batches."""
    desk = Desk()

    async def play():
        with ThreadPoolExecutor(1) as thread:
            gathering = Gathering(thread, desk.done)
            return [
                await asyncio.gather(*(gathering.done(work) for work in works), return_exceptions=True)
                for works in rounds
            ]

    return asyncio.run(play()), desk.batches


def answering(value):
    return lambda archive: Done(value)


def test_works_of_one_moment_are_one_batch_and_each_is_told_its_own_answer():
    answers, batches = gathered([[answering(n) for n in range(10)]])
    assert answers == [list(range(10))]
    assert batches == [10]


def test_no_batch_is_larger_than_what_others_may_wait_for():
    answers, batches = gathered([[answering(n) for n in range(2 * MOST + 5)]])
    assert answers == [list(range(2 * MOST + 5))]
    assert max(batches) == MOST
    assert len(batches) == 3


def test_an_error_reaches_who_asked_and_nobody_else():
    wrong = StorageFull("full")
    ((first, second, third),), _ = gathered([[answering(1), lambda archive: Done(error=wrong), answering(3)]])
    assert (first, second, third) == (1, wrong, 3)


def test_when_the_whole_batch_fails_everybody_is_told():
    def broken(archive):
        raise ZeroDivisionError("made up")

    ((first, second),), _ = gathered([[answering(1), broken]])
    assert isinstance(first, ZeroDivisionError)
    assert isinstance(second, ZeroDivisionError)


def test_one_after_the_other_hardly_ever_waits_for_company(monkeypatch):
    waits = []
    real = asyncio.BaseEventLoop.call_later

    def noting(loop, delay, callback, *arguments, **options):
        if getattr(callback, "__func__", None) is Gathering.hand_over:
            waits.append(delay)
        return real(loop, 0, callback, *arguments, **options)

    monkeypatch.setattr(asyncio.BaseEventLoop, "call_later", noting)
    _, batches = gathered([[answering(n)] for n in range(200)])
    assert batches == [1] * 200
    assert 0 < waits.count(WAIT_SECONDS) <= 7
    assert waits.count(0.0) + waits.count(WAIT_SECONDS) == 200


@pytest.mark.parametrize("alone", [1, 3, LONGEST_REST])
def test_after_any_time_alone_company_is_waited_for_as_soon_as_there_is_some(alone):
    together = [answering(n) for n in range(5)]
    _, batches = gathered([*([answering(0)] for _ in range(alone)), together, together])
    assert batches[-2:] == [5, 5]

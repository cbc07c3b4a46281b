"""A merge may be killed anywhere: the same merge again ends as if nothing had been."""

from __future__ import annotations

import os
import random
import signal
import time
from datetime import timedelta

import pytest

from archive.merging import merging
from archive.raw import merging as raw_merging
from tests.merging.conftest import desk_at, dump, faults, merged, rows
from tests.merging.test_books import look
from tests.merging.test_merging import everything
from tests.store.conftest import NOON, SITE, SOURCE

HOUR = timedelta(hours=1)
# Where a kill is certain to come between two transactions.
STEPS = ("barred_of", "take_sources", "take_articles", "take_books", "take_problems", "take_fronts")


def page(number):
    return ("<html>" + f"<p>Шаблон {random.Random(number).random()}</p>" * 200).encode()


@pytest.fixture
def parts(make):
    """Two archives of a hundred articles, half of them in both, reworded here and there."""

    def fill(first, at):
        def filled(desk):
            for number in range(first, first + 60):
                desk.keep(f"/a/{number}", at=at, html=page(number), published_at=NOON)
            for number in range(first, first + 60, 7):
                desk.keep(f"/a/{number}", at=at + HOUR, html=page(-number), body=f"Иначе {at} {number}.")
            desk.archive.frontier.offer(
                SOURCE, [desk.found(f"/w/{n}") for n in range(first, first + 99)], now=at
            )

        return filled

    first = make("first", everything, fill(0, NOON))
    return first, make("second", fill(30, NOON + HOUR / 2), look("/a/1", at=NOON + 5 * HOUR))


def killed_after(seconds, into, *archives):
    """Merge in a process that is killed after so long; whether it had not ended."""
    child = os.fork()
    if not child:
        merged(into, *archives)
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_fault_43_killed_at_random_moments_a_merge_ends_as_an_undisturbed_one(parts, tmp_path, monkeypatch):
    monkeypatch.setattr(merging, "BATCH", 7)
    monkeypatch.setattr(raw_merging, "BATCH", 11)
    began = time.monotonic()
    merged(tmp_path / "undisturbed", *parts)
    took = time.monotonic() - began
    expected = dump(tmp_path / "undisturbed")
    assert not faults(tmp_path / "undisturbed")
    moments = random.Random(43)
    killed = 0
    for number in range(4):
        whole = tmp_path / str(number)
        for _ in range(4):
            killed += killed_after(moments.uniform(0, took * 0.7), whole, *parts)
        merged(whole, *parts)
        assert dump(whole) == expected
    assert killed > 8
    assert not faults(tmp_path / "3")


@pytest.mark.parametrize("step", STEPS)
def test_fault_43_killed_between_two_steps_an_audit_finds_nothing_and_the_next_goes_on(
    parts, tmp_path, step, monkeypatch
):
    child = os.fork()
    if not child:
        monkeypatch.setattr(merging, step, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        merged(tmp_path / "whole", *parts)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert not faults(tmp_path / "whole")
    merged(tmp_path / "whole", *parts)
    merged(tmp_path / "undisturbed", *parts)
    assert dump(tmp_path / "whole") == dump(tmp_path / "undisturbed")


def test_ended_by_a_person_it_leaves_what_was_taken_in_and_goes_on(parts, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(merging, "take_books", interrupted)
        merged(tmp_path / "whole", *parts, code=1)
    assert rows(tmp_path / "whole", "SELECT count(*) FROM articles")[0][0] > 50
    assert not faults(tmp_path / "whole")
    merged(tmp_path / "whole", *parts)
    with desk_at(tmp_path / "whole") as desk:  # and the whole is an archive to crawl into
        desk.keep("/a/new")
        assert desk.archive.articles.row("steppe.example/a/new")["url"] == f"{SITE}/a/new"

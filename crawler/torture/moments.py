"""When a crawl is killed: at a random moment, or between two steps that belong together. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum


class Moment(StrEnum):
    """Where a kill strikes; the value is how a person reads it."""

    RANDOM = "at a random moment"
    ASKED_TO_END = "asked to end by SIGTERM"
    BEFORE_RAW = "between fetch and raw page"
    BEFORE_ROW = "between raw page and row"
    BEFORE_INDEX = "between row and search index"
    BEFORE_COMMIT = "between search index and commit"
    IN_COMMIT = "during a commit"
    IN_MIGRATION = "while the archive was made"


# From outside, by the clock; all others strike from inside, at the nth call or statement.
BY_CLOCK = {Moment.RANDOM, Moment.ASKED_TO_END}
STEPS = (
    Moment.BEFORE_RAW,
    Moment.BEFORE_ROW,
    Moment.BEFORE_INDEX,
    Moment.BEFORE_COMMIT,
    Moment.IN_COMMIT,
)
ASKED_SHARE, STEP_SHARE = 0.06, 0.4  # of all kills; the others come at random moments
MIGRATION_SHARE = 0.4  # of the first kills of a new archive
MOST_CALLS = 9
MOST_COMMITS = 40  # an article makes two or three, in both files
MOST_STATEMENTS = 230  # that make a new news.db and pages.db
COMMIT_SECONDS = 0.002  # the longest part of a commit that is let pass; one takes 0.1 to 1 ms


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: `seconds` after the start, or at the `nth` call and, in a commit, `seconds` into it."""

    moment: Moment
    nth: int = 0
    seconds: float = 0.0


def next_kill(chance: random.Random, *, longest: float, is_new: bool) -> Kill:
    """The next kill. `longest` is the latest random moment in seconds; `is_new` says no archive is there."""
    lot = chance.random()
    if is_new and chance.random() < MIGRATION_SHARE:
        return Kill(Moment.IN_MIGRATION, nth=chance.randint(1, MOST_STATEMENTS))
    if lot < ASKED_SHARE:
        return Kill(Moment.ASKED_TO_END, seconds=chance.uniform(0, longest))
    if lot < ASKED_SHARE + STEP_SHARE:
        return kill_at_step(chance.choice(STEPS), chance)
    return Kill(Moment.RANDOM, seconds=chance.uniform(0, longest))


def kill_at_step(step: Moment, chance: random.Random) -> Kill:
    """A kill between two steps of one of the first articles."""
    if step is Moment.IN_COMMIT:
        return Kill(step, nth=chance.randint(1, MOST_COMMITS), seconds=chance.uniform(0, COMMIT_SECONDS))
    return Kill(step, nth=chance.randint(1, MOST_CALLS))

"""Whether a source is well, worse or silent, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from archive.health.answers import answer_reasons
from archive.health.history import History, Reason, Verdict
from archive.health.rhythm import rhythm_reasons
from archive.health.texts import text_reasons
from archive.numbers_said import counted

NEW_FOR = timedelta(days=3)
NEW_AT_MOST = timedelta(days=14)
FEW_ARTICLES = 10
ORDER = {"silent": 0, "worse": 1}


def verdict(history: History) -> Verdict:
    """The state of a source and what speaks for it; never raises.

    "new" until it was crawled for three days and gave ten articles; after a fortnight one that gave none is
    silent. A new one that no crawl could read says why.
    """
    if is_new(history):
        return Verdict("new", tuple(uncrawled_reasons(history)))
    if not history.kept:
        age = (history.at - (history.first_crawled_at or history.at)).days
        return Verdict(
            "silent", (Reason("never", "silent", f"No article in {counted(age, 'day')} of crawling."),)
        )
    found = [*rhythm_reasons(history), *answer_reasons(history), *text_reasons(history)]
    reasons = sorted(distinct(found), key=lambda reason: ORDER[reason.state])
    return Verdict(reasons[0].state if reasons else "well", tuple(reasons))


def is_new(history: History) -> bool:
    """Whether too little is known of a source to judge it."""
    if history.first_crawled_at is None:
        return True
    age = history.at - history.first_crawled_at
    return age < NEW_FOR or (history.kept < FEW_ARTICLES and age < NEW_AT_MOST)


def uncrawled_reasons(history: History) -> Iterator[Reason]:
    """That no crawl of a source came to anything yet, and why the last one did not."""
    if history.runs and not history.kept and all(run.status == "failed" for run in history.runs):
        times, why = len(history.runs), history.runs[-1].reason
        said = "The only crawl failed" if times == 1 else f"The last {times} crawls failed, the newest"
        yield Reason("not_crawled", "new", f"{said}: {why or 'no reason is known'}.")


def distinct(reasons: list[Reason]) -> list[Reason]:
    """The first reason of each code: its profile's word before its history's."""
    return list({reason.code: reason for reason in reversed(reasons)}.values())[::-1]

"""Whether the articles of a source are read as they were: dates, length, language, fields. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from archive.health.history import FIELDS, History, Measured, Reason
from archive.health.shares import lower_bound, now_and_before, percent, total, upper_bound

ENOUGH_NOW, ENOUGH_BEFORE = 20, 60  # articles
SHORTER = 0.4  # of the usual length: a changed page whose text is found in part, or a teaser
MANY = 0.2  # of the articles have a problem of cleaning: fewer is the way of the web
# Same words under five titles are a cookie wall's or a card of the site, whatever the pages say.
REPEATED, REPEATED_OF = 5, 50


def text_reasons(history: History) -> Iterator[Reason]:
    """Why a source's articles are not read as they were."""
    now, before = now_and_before(history.runs, history.at, lambda run: run.articles, ENOUGH_NOW)
    if history.repeated >= REPEATED:
        yield Reason(
            "same_body",
            "worse",
            f"{history.repeated} of the last {history.newest} articles have the very same text.",
        )
    if not now:
        return
    yield from expectation_reasons(history, now)
    if total(before, lambda run: run.articles) >= ENOUGH_BEFORE:
        yield from change_reasons(now, before)


def expectation_reasons(history: History, now: Sequence[Measured]) -> Iterator[Reason]:
    """What the profile expects and the last articles do not have."""
    expected, count = history.expected, total(now, lambda run: run.articles)
    dated = filled(now, "date")
    if expected.date_share_min is not None and upper_bound(dated, count) < expected.date_share_min:
        yield Reason(
            "fewer_dates",
            "worse",
            f"{percent(dated, count)} of the last {count} articles have a date; its profile expects "
            f"{100 * expected.date_share_min:g} %.",
        )
    length = usual_length(now)
    if expected.body_chars_min is not None and length is not None and length < expected.body_chars_min:
        yield Reason(
            "short_text",
            "worse",
            f"The last {count} articles have {length:.0f} characters as a rule; its profile expects "
            f"{expected.body_chars_min} at least.",
        )


def change_reasons(now: Sequence[Measured], before: Sequence[Measured]) -> Iterator[Reason]:
    """What the last articles lack and the earlier ones had."""
    for name in FIELDS:
        if lost := lost_field(name, now, before):
            yield lost
    length, usual = usual_length(now), usual_length(before)
    if length is not None and usual and length < SHORTER * usual:
        yield Reason(
            "shorter_text",
            "worse",
            f"The last articles have {length:.0f} characters as a rule; {usual:.0f} were usual.",
        )
    if other := other_language(now, before):
        yield other
    yield from problem_reasons(now, before)


def problem_reasons(now: Sequence[Measured], before: Sequence[Measured]) -> Iterator[Reason]:
    """Worse: a problem of cleaning that few articles had, and many have now, beyond chance."""
    count, earlier = total(now, lambda run: run.articles), total(before, lambda run: run.articles)
    for code in sorted({code for run in now for code in run.problems}):
        hits, were = problems_in(now, code), problems_in(before, code)
        if lower_bound(hits, count) > max(MANY, 2 * were / earlier):
            yield Reason(
                "more_problems",
                "worse",
                f"{percent(hits, count)} of the last {count} articles have the problem {code}; "
                f"{percent(were, earlier)} had before.",
            )
            return


def problems_in(runs: Sequence[Measured], code: str) -> int:
    """How many articles of several runs have a problem."""
    return total(runs, lambda run: run.problems.get(code, 0))


def lost_field(name: str, now: Sequence[Measured], before: Sequence[Measured]) -> Reason | None:
    """Worse: a field that most articles had is missing in many, beyond chance."""
    hits, of = filled(now, name), total(now, lambda run: run.articles)
    earlier, of_earlier = filled(before, name), total(before, lambda run: run.articles)
    usual = lower_bound(earlier, of_earlier)
    if usual < 0.6 or upper_bound(hits, of) >= 0.8 * usual:
        return None
    return Reason(
        f"fewer_{'bodies' if name == 'body' else name.rstrip('s') + 's'}",
        "worse",
        f"{percent(hits, of)} of the last {of} articles have a known {name}; "
        f"{percent(earlier, of_earlier)} had before.",
    )


def other_language(now: Sequence[Measured], before: Sequence[Measured]) -> Reason | None:
    """Worse: the language nearly all articles had has become rare."""
    earlier, late = languages_of(before), languages_of(now)
    if not earlier or not late:
        return None
    usual, times = earlier.most_common(1)[0]
    if lower_bound(times, sum(earlier.values())) < 0.6:
        return None
    if upper_bound(late[usual], sum(late.values())) > 0.5:
        return None
    new, often = late.most_common(1)[0]
    return Reason(
        "other_language",
        "worse",
        f"{often} of the last {sum(late.values())} articles are in {new}; "
        f"{percent(times, sum(earlier.values()))} were in {usual} before.",
    )


def filled(runs: Sequence[Measured], name: str) -> int:
    """How many articles of several runs have a field."""
    return total(runs, lambda run: run.filled.get(name, 0))


def languages_of(runs: Sequence[Measured]) -> Counter[str]:
    """The languages of the articles of several runs."""
    found: Counter[str] = Counter()
    for run in runs:
        found.update(run.languages)
    return found


def usual_length(runs: Sequence[Measured]) -> float | None:
    """The median length of the articles of several runs, in characters, or `None` without any."""
    lengths = [run.body_chars for run in runs if run.body_chars is not None for _ in range(run.articles)]
    return float(median(lengths)) if lengths else None

"""What the site answers now: errors, refusals, the front page for everything, empty documents. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from archive.health.history import Document, History, Measured, Reason
from archive.health.shares import lower_bound, now_and_before, total
from archive.numbers_said import counted

ENOUGH_ASKED = 20
ENOUGH_ELSEWHERE = 10  # articles found elsewhere while a feed stood still
# A failing document may be the machine's own network: it is told when it lasts.
FAILING_FOR = timedelta(hours=6)
NO_ANSWER_FOR = timedelta(days=1)
NO_ANSWER = {"dns", "refused", "timeout", "no_answer", "truncated", "http_protocol", "robots_unreachable"}
UNCHANGED_FOR = timedelta(days=3)
# What a site says to robots it does not want, and when it is ill; the reasons of `fetches`.
SERVER_ERRORS = {"forbidden", "server_error", "server_busy", "blocked"}
ENOUGH_BLOCKED = 3  # pages of one run that show a wall: one page's text may be rewritten from end to end
ROBOTS = {"robots"}
# The page was had, and is no article: what a crawl of a sound site has too, but little of.
NOT_FOR_US = {"gone", "missing", "not_found", "offsite"}


def answer_reasons(history: History) -> Iterator[Reason]:
    """Why a source's answers are not those of a sound site."""
    now, before = now_and_before(history.runs, history.at, lambda run: run.asked, ENOUGH_ASKED)
    yield from robots_reasons(history)
    yield from document_reasons(history)
    yield from wall_reasons(history)
    if now:
        yield from asked_reasons(now, before)


def asked_reasons(now: list[Measured], before: list[Measured]) -> Iterator[Reason]:
    """What is wrong with the addresses of articles that were asked lately."""
    asked, errors = total(now, lambda run: run.asked), errors_of(now)
    front = total(now, lambda run: run.front_page)
    refused = sum(errors[code] for code in errors if code not in NOT_FOR_US)
    if lower_bound(front, asked) > 0.5:
        yield Reason(
            "front_page", "silent", f"Of {asked} addresses of articles asked, {front} led to the front page."
        )
    elif refused == asked:
        yield Reason(
            "all_refused", "silent", f"None of the last {asked} pages gave an article: {with_counts(errors)}."
        )
    elif refused_more(refused, asked, before):
        yield Reason(
            "more_refused",
            "worse",
            f"Of the last {asked} pages, {refused} gave no article: {with_counts(errors)}.",
        )
    elif bad := server_errors(errors, asked, before):
        yield bad


def refused_more(refused: int, asked: int, before: list[Measured]) -> bool:
    """Whether more than half gives no article now, where that was not so before."""
    errors, earlier = errors_of(before), total(before, lambda run: run.asked)
    share = sum(errors[code] for code in errors if code not in NOT_FOR_US) / earlier if earlier else 0.0
    return lower_bound(refused, asked) > max(0.5, share)


def server_errors(errors: Counter[str], asked: int, before: list[Measured]) -> Reason | None:
    """Worse: the server refuses or fails much more often than it did."""
    bad = sum(errors[code] for code in SERVER_ERRORS)
    earlier = total(before, lambda run: run.asked)
    share = sum(errors_of(before)[code] for code in SERVER_ERRORS) / earlier if earlier else 0.0
    if lower_bound(bad, asked) <= max(0.1, 2 * share):
        return None
    said = with_counts(Counter({code: n for code, n in errors.items() if code in SERVER_ERRORS}))
    return Reason("server_errors", "worse", f"The server refused {bad} of the last {asked} pages: {said}.")


def robots_reasons(history: History) -> Iterator[Reason]:
    """Silent: robots.txt forbids what it allowed."""
    last = next((run for run in reversed(history.runs) if run.asked or run.document_errors), None)
    forbidden = [one for one in history.documents if one.failure in ROBOTS]
    if forbidden:
        yield Reason("robots", "silent", f"robots.txt forbids {forbidden[0].url}.")
    elif last and last.asked >= 3 and last.errors.get("robots", 0) == last.asked:
        yield Reason("robots", "silent", f"robots.txt forbids all {last.asked} articles asked last.")


def wall_reasons(history: History) -> Iterator[Reason]:
    """Silent: most pages asked last show a wall in their articles' place."""
    last = next((run for run in reversed(history.runs) if run.asked), None)
    blocked = last.errors.get("blocked", 0) if last else 0
    if last and blocked >= ENOUGH_BLOCKED and 2 * blocked > last.asked:
        yield Reason(
            "blocked",
            "silent",
            f"Of {last.asked} pages asked last, {blocked} show the same text or nothing of their article: "
            "a wall for cookies, robots or repairs.",
        )


def document_reasons(history: History) -> Iterator[Reason]:
    """What is wrong with a source's feeds, sitemaps and listings."""
    failing = [one for one in history.documents if is_failing(one, history.at)]
    sound = [one for one in history.documents if not one.failing_since]
    for one in failing:
        yield failing_reason(one, nothing_else=not sound)
    for one in sound:
        if one.kind == "feed" and one.named_before and not one.named:
            others = [other for other in sound if other.named]
            yield Reason(
                "feed_empty",
                "worse" if others else "silent",
                f"The feed {one.url} names no article any more; it named {one.named_before}.",
            )
        elif one.kind == "feed" and is_stuck(one, history):
            yield Reason(
                "feed_stuck",
                "worse",
                f"The feed {one.url} has named the same {counted(one.named, 'article')} "
                f"since {day_of(one.changed_at)}, while others were found elsewhere.",
            )


def is_failing(document: Document, at: datetime) -> bool:
    """Whether a document has been unreadable for so long that it is no passing trouble."""
    if document.failing_since is None or document.failure in ROBOTS:
        return False
    patience = NO_ANSWER_FOR if document.failure in NO_ANSWER else FAILING_FOR
    return at - document.failing_since >= patience


def failing_reason(document: Document, *, nothing_else: bool) -> Reason:
    """A document that cannot be read: worse, or silent where no other can be."""
    return Reason(
        "document_unreadable",
        "silent" if nothing_else else "worse",
        f"The {document.kind} {document.url} cannot be read since {day_of(document.failing_since)}: "
        f"{document.failure}.",
    )


def is_stuck(document: Document, history: History) -> bool:
    """Whether a feed stands still while the source goes on: ten articles of days after it last changed."""
    since = document.changed_at
    if since is None or not document.named or history.at - since < UNCHANGED_FOR:
        return False
    return sum(day.articles for day in history.days if day.day > since.date()) >= ENOUGH_ELSEWHERE


def errors_of(runs: list[Measured]) -> Counter[str]:
    """How many addresses of articles gave none, by reason."""
    errors: Counter[str] = Counter()
    for run in runs:
        errors.update(run.errors)
    return errors


def with_counts(errors: Mapping[str, int]) -> str:
    """Reasons with how often, the most frequent first."""
    return ", ".join(f"{code} {times}" for code, times in Counter(errors).most_common(4))


def day_of(moment: datetime | None) -> str:
    """The day of a moment."""
    return f"{moment:%Y-%m-%d}" if moment else "the first look"

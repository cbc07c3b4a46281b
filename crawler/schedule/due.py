"""When a source's turn is: decided from what is known of it, its rhythm and a clock. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archive.numbers_said import counted
from archive.store.schedule import Turn
from crawler.schedule.rhythm import LEAST, LONGEST, RECENT, Rhythm, interval_of, silent_interval, words_of

# A turn comes up to so much earlier than its interval, by chance: what was begun together drifts apart.
JITTER_SHARE = 0.2
# Turns that fall together (all of them, after the machine slept) begin one after the other.
BETWEEN_BEGINNINGS = timedelta(seconds=5)
SOONER_SHARE = 0.5  # visits to known articles bring a turn forward to half the interval at most
# Where nobody answers, nobody is disturbed, and it may be our own network that is away for the night.
UNANSWERED_LONGEST = timedelta(hours=1)
SHOWN_REASON = 80
CLOCKS_DIFFER = timedelta(hours=1)  # a clock that is set right by less than that made no wrong plan


@dataclass(frozen=True, slots=True)
class Pacing:
    """What sets a source's pace, as known at the end of its crawl.

    `rhythm` is `None` where it published nothing lately, `silent_for` how long that has been watched;
    `fixed` is the profile's interval; `failures` failed crawls are behind it, the last with `reason`, and
    without any answer of a server where that is not `answered`; `is_cut` when the turn's time was over
    before the list was empty.
    """

    rhythm: Rhythm | None
    silent_for: timedelta = timedelta()
    fixed: timedelta | None = None
    failures: int = 0
    reason: str | None = None
    answered: bool = True
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A source's next turn: when, how long after this one, and why."""

    due_at: datetime
    interval: timedelta
    why: str


def planned(pacing: Pacing, began: datetime, ended: datetime, chance: float) -> Plan:
    """The next turn after a crawl; `chance`, 0 to 1, says how much earlier than its interval it comes."""
    interval, why = pace_of(pacing, began)
    if pacing.failures:
        most = LONGEST if pacing.answered else UNANSWERED_LONGEST
        interval = backed_off(interval, pacing.failures, most)
        times = f"{pacing.failures} failure{'s' if pacing.failures > 1 else ''}"
        why = f"backing off: {times}{f' ({shortened(pacing.reason)})' if pacing.reason else ''}"
    elif pacing.is_cut:
        return Plan(ended, interval, f"{why}; more waits on its list")
    early = 0.0 if pacing.fixed and not pacing.failures else JITTER_SHARE * chance
    return Plan(began + interval * (1 - early), interval, why)


def when_allowed(plan: Plan, quiet_until: datetime | None, now: datetime) -> Plan:
    """The plan, put off until the host may be asked again, where it asked to be left alone for longer."""
    if quiet_until is None or quiet_until <= max(now, plan.due_at):
        return plan
    return replace(plan, due_at=quiet_until, why=f"the server asked to be left alone; {plan.why}")


def pace_of(pacing: Pacing, began: datetime) -> tuple[timedelta, str]:
    """The interval of a source that does not fail, and why."""
    if pacing.fixed:
        return pacing.fixed, "fixed by its profile"
    if pacing.rhythm is None:
        return silent_interval(pacing.silent_for), silent_words(pacing.silent_for)
    return interval_of(pacing.rhythm, began), words_of(pacing.rhythm, began)


def silent_words(silent_for: timedelta) -> str:
    """That nothing was published lately, and how long that has been watched, for a person.

    A first crawl may well have brought articles: older ones.
    """
    said = "no article known to be of the last four weeks"
    if silent_for < timedelta(hours=1) or silent_for >= RECENT:
        return said
    if silent_for < timedelta(days=2):
        return f"{said}, watched for {counted(round(silent_for / timedelta(hours=1)), 'hour')}"
    return f"{said}, watched for {silent_for.days} days"


def backed_off(interval: timedelta, times: int, most: timedelta = LONGEST) -> timedelta:
    """The interval doubled so many times, `most` at most (or the interval itself, where that is longer)."""
    doubled = max(LEAST, interval) * 2.0 ** min(times, 20)
    return max(interval, min(most, doubled))


def shortened(reason: str) -> str:
    """A reason that fits into a table."""
    return reason if len(reason) <= SHOWN_REASON else reason[: SHOWN_REASON - 1] + "…"


def due_at(turn: Turn, now: datetime, fixed: timedelta | None = None) -> datetime:
    """When a source's turn is, told that nobody crawls it; in the past, or `now`, when it is due.

    A crawl that was killed is due again at once, and if that is killed too, after ever longer pauses. A
    time that no plan could have made comes of a clock that was wrong: then it is due now.
    """
    if turn.lease:
        kills = turn.lease.kills
        return turn.lease.taken_at + (backed_off(LEAST, kills - 1) if kills else timedelta())
    if turn.due_at is None or turn.interval is None:
        return now
    if turn.due_at - now > max(turn.interval, LONGEST) + CLOCKS_DIFFER:
        return now
    if turn.waits_since is None or turn.crawled_at is None or turn.failures or fixed:
        return turn.due_at
    soonest = turn.crawled_at + max(LEAST, turn.interval * SOONER_SHARE)
    return min(turn.due_at, max(turn.waits_since, soonest))


def due(times: Mapping[str, datetime], now: datetime) -> list[str]:
    """The sources whose turn has come, the longest due first."""
    return sorted((source for source, at in times.items() if at <= now), key=lambda source: times[source])


def beginnings(sources: Sequence[str], order: Sequence[float]) -> dict[str, float]:
    """After how many seconds each of several due sources begins, in an order that `order` draws by lot."""
    drawn = sorted(zip(order, sources, strict=True))
    return {source: place * BETWEEN_BEGINNINGS.total_seconds() for place, (_, source) in enumerate(drawn)}


def seconds_until_due(times: Iterable[datetime], now: datetime, *, most: float) -> float:
    """How long nothing is to be done, in seconds: 0 to `most`."""
    first = min(times, default=None)
    return most if first is None else min(most, max(0.0, (first - now).total_seconds()))

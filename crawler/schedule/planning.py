"""What the archive knows, to a decision, and back to the archive: the plan after each crawl of a source."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from archive.store.schedule import ScheduleStore, Turn
from crawler.fetching.turns import host_key
from crawler.runs.report import RunReport
from crawler.schedule.due import Pacing, due_at, planned, when_allowed
from crawler.schedule.rhythm import RECENT, rhythm_of
from crawler.sources.profile import Source

if TYPE_CHECKING:
    from archive.store.archive import Archive  # loads what searching needs


def plan_next_turn(
    archive: Archive,
    source: Source,
    report: RunReport,
    *,
    began: datetime,
    answered: bool,
    is_cut: bool,
    chance: float,
) -> None:
    """Keep when a source is crawled next, after a crawl of it that was done or failed.

    `answered` says whether any server answered, `is_cut` and `chance` are as in `Pacing` and `planned`.
    """
    now = datetime.now(UTC)
    turn = archive.schedule.turn(source.id)
    failures = turn.failures + 1 if report.status == "failed" else 0
    pacing = replace(
        pacing_of(archive.schedule, source, now),
        failures=failures,
        reason=report.reason,
        answered=answered,
        is_cut=is_cut,
    )
    plan = when_allowed(planned(pacing, began, now, chance), quiet_until(archive, source), now)
    # With the visits to come, so that whoever reads the row is told what `schedule list` tells.
    next_turn = replace(turn, due_at=plan.due_at, interval=plan.interval, failures=failures, lease=None)
    at = due_at(with_its_visits(next_turn, source), now, fixed_interval(source))
    archive.schedule.plan(
        source.id, due_at=at, interval=plan.interval, why=plan.why, failures=failures, now=now
    )


def with_its_visits(turn: Turn, source: Source) -> Turn:
    """The turn, without what waits to be visited where the profile wants no visits."""
    return turn if source.pace.visits_per_crawl else replace(turn, waits_since=None)


def quiet_until(archive: Archive, source: Source) -> datetime | None:
    """Until when the source's host asked to be left alone, or `None`."""
    return archive.hosts.quiet_until([host_key(source.home)])


def pacing_of(schedule: ScheduleStore, source: Source, now: datetime) -> Pacing:
    """What sets the pace of a source that does not fail."""
    published = schedule.published(source.id, since=now - RECENT)
    known_since = schedule.first_crawled_at(source.id) or now
    return Pacing(
        rhythm=rhythm_of(published, now, ZoneInfo(source.timezone)),
        silent_for=min(RECENT, now - known_since),
        fixed=fixed_interval(source),
    )


def fixed_interval(source: Source) -> timedelta | None:
    """The interval a source's profile fixes, or `None`."""
    minutes = source.pace.every_minutes
    return timedelta(minutes=minutes) if minutes else None

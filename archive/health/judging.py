"""The end of a run: its books closed with what it measured, then its source judged."""

from __future__ import annotations

from datetime import datetime

from archive.health.history import Verdict
from archive.health.recalling import history_of
from archive.health.verdict import verdict
from archive.store.archive import Archive
from archive.store.connection import transaction


def close_run(
    archive: Archive,
    run_id: int,
    source: str,
    *,
    status: str,
    reason: str | None,
    at: datetime,
    seconds: float,
) -> Verdict:
    """End a run with its measurements in one transaction, and keep the verdict on its source in the next."""
    with transaction(archive.news, archive.folder.news):
        archive.runs.end(run_id, status=status, reason=reason, ended_at=at, seconds=seconds)
        archive.health.measure(run_id)
    return judge(archive, source, at=at)


def judge(archive: Archive, source: str, *, at: datetime) -> Verdict:
    """Judge a source by all that is known of it, and keep the verdict."""
    with transaction(archive.news, archive.folder.news):
        found = verdict(history_of(archive.news, source, at))
        archive.health.keep(source, found, at=at)
    return found

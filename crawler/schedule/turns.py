"""Whose turn it is in an archive, by its books, the profiles and the clock."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder
from archive.store.schedule import ScheduleStore, Turn
from crawler.schedule.due import beginnings, due, due_at
from crawler.schedule.planning import fixed_interval, with_its_visits
from crawler.schedule.rhythm import LEAST
from crawler.sources.profile import Source

if TYPE_CHECKING:
    from archive.store.archive import Archive  # loads what searching needs

TURN_SECONDS = LEAST.total_seconds()  # a longer list waits for the next turn, so that no source waits for it
RUN_SECONDS = 30 * 60.0  # then a run ends, and the next one begins with what is due
LAST_BEGINNING_SECONDS = 60.0  # before its end no source begins: it would have no time


def known_turns(folder: ArchiveFolder, sources: Sequence[Source]) -> dict[str, Turn]:
    """What the archive knows of the sources' turns; nothing is made, nobody is waited for."""
    ids = [source.id for source in sources]
    if not folder.news.is_file():
        return {source: Turn(source) for source in ids}
    with closing(open_to_read(folder.news)) as db:
        return ScheduleStore(db, folder.news).turns(ids)


def due_times(sources: Sequence[Source], turns: Mapping[str, Turn], now: datetime) -> dict[str, datetime]:
    """When each source is due."""
    return {
        source.id: due_at(with_its_visits(turns[source.id], source), now, fixed_interval(source))
        for source in sources
    }


class DueTurns:
    """The turns of one run: who is due, as long as the run may last, each at most once in its time."""

    def __init__(self, sources: Sequence[Source], *, run_seconds: float = RUN_SECONDS) -> None:
        self.sources = {source.id: source for source in sources}
        self.ends_at = monotonic() + run_seconds
        self.handed_out: dict[str, float] = {}

    def more(self, archive: Archive, busy: Collection[str]) -> Sequence[tuple[Source, float]]:
        """The due sources that are not busy, each with the seconds until it begins."""
        if self.ends_at - monotonic() < LAST_BEGINNING_SECONDS:
            return []
        idle = [source for source in self.sources.values() if self.is_idle(source, busy)]
        now = datetime.now(UTC)
        turns = archive.schedule.turns([source.id for source in idle])
        ids = due(due_times(idle, turns, now), now)
        lots = [random.random() for _ in ids]  # noqa: S311 - no secret
        after = beginnings(ids, lots)
        self.handed_out |= {source_id: monotonic() for source_id in ids}
        return [(self.sources[source_id], after[source_id]) for source_id in ids]

    def is_idle(self, source: Source, busy: Collection[str]) -> bool:
        """Whether a source may begin: no crawl of it is under way, nor did one begin a moment ago.

        One that fails before it can be planned would else begin again and again.
        """
        pause = min(LEAST, fixed_interval(source) or LEAST).total_seconds()
        before = self.handed_out.get(source.id)
        return source.id not in busy and (before is None or monotonic() - before >= pause)

    def seconds_left(self) -> float:
        """How long a turn that begins now may take."""
        return max(1.0, min(TURN_SECONDS, self.ends_at - monotonic()))

"""Tells when a write-ahead log grows without an end while a crawl runs."""

from __future__ import annotations

from time import monotonic

from archive.store.folder import ArchiveFolder
from archive.store.write_ahead import long_log
from crawler.runs.patience import Limits, Say

LOOK_EVERY_SECONDS = 5.0


class LongLogs:
    """Looks at the logs of news.db and pages.db every few seconds, and says once when one is too large."""

    def __init__(self, folder: ArchiveFolder, limits: Limits, say: Say) -> None:
        self.paths, self.limits, self.say = (folder.news, folder.pages), limits, say
        self.next_look = 0.0
        self.told: set[str] = set()

    def look(self) -> None:
        """Look, unless that was done a moment ago."""
        if monotonic() < self.next_look:
            return
        self.next_look = monotonic() + LOOK_EVERY_SECONDS
        for path in self.paths:
            words = long_log(path, self.limits.log_bytes)
            if words and path.name not in self.told:
                self.told.add(path.name)
                self.say(words)

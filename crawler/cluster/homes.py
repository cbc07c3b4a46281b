"""The archives a collector keeps into, each opened when the first message for it comes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from archive.store.folder import ArchiveFolder
from archive.store.lock import held_file
from crawler.cluster.files import source_from
from crawler.cluster.parts import made_part, per_of, require_unmixed
from crawler.runs.choosing import readable_sources, tell_left_out
from crawler.runs.session import Session
from crawler.settings import MURAGAT_CLEANING_SECONDS
from crawler.sources.profile import Source

WORKERS = 1  # only reworded articles are read again here


class Homes:
    """The home folder's archive, or its parts, and its sources. Use it with `with`."""

    def __init__(self, folder: ArchiveFolder) -> None:
        self.folder = folder
        self.sessions: dict[str | None, Session] = {}
        self.sources: dict[str, Source] = {}
        self.files: dict[str, Mapping[str, str]] = {}

    def __enter__(self) -> Self:
        """Read the profiles; an archive that is there is opened, so that one in use is told at once.

        Bad profiles are told and left out. Raises ArchiveBusy when another crawl holds the archive.
        """
        self.stack = ExitStack()
        self.folder.make()
        # Also where there are parts only, each with a lock of its own: a second collector would take away
        # messages that the first one waits for.
        busy = f"{self.folder.path}: another collector works for this archive"
        self.stack.callback(held_file(self.folder.path / "collect.lock", busy).release)
        sources, errors = readable_sources(self.folder, ())
        tell_left_out(errors)
        self.sources = {source.id: source for source in sources}
        if self.folder.news.is_file():
            self.session(None)
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def session(self, part: str | None) -> Session:
        """The open archive of a part, or of the whole; raises ArchiveError for what is no name of one."""
        if part not in self.sessions:
            require_unmixed(self.folder, per_of(part))
            folder = made_part(self.folder, part) if part else self.folder
            session = Session(folder, workers=WORKERS, cleaning_seconds=MURAGAT_CLEANING_SECONDS)
            self.sessions[part] = self.stack.enter_context(session)
        return self.sessions[part]

    def learn_source(self, source_id: str, files: Mapping[str, str]) -> Source:
        """The source as the job had it: its profile may be changed or taken away meanwhile."""
        if self.files.get(source_id) != files:
            with TemporaryDirectory(prefix="muragat-profile-") as place:
                self.sources[source_id] = source_from(files, source_id, ArchiveFolder(Path(place)))
            self.files[source_id] = files
        return self.sources[source_id]

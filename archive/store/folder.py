"""An archive is a folder; this is where things lie in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from archive.errors import NotAnArchive, StorageFull
from archive.store.disk import is_machine_error, storage_error

DEFAULT_FOLDER = "muragat-archive"


@dataclass(frozen=True, slots=True)
class ArchiveFolder:
    """The files of one archive. Nothing is made until `make` is called."""

    path: Path

    @property
    def news(self) -> Path:
        """Articles, links, runs and what is known of addresses."""
        return self.path / "news.db"

    @property
    def pages(self) -> Path:
        """Raw pages as fetched."""
        return self.path / "pages.db"

    @property
    def sources(self) -> Path:
        """The user's own source profiles."""
        return self.path / "sources"

    @property
    def logs(self) -> Path:
        """One log per crawl."""
        return self.path / "logs"

    @property
    def lock(self) -> Path:
        """Held by the one crawl that may write."""
        return self.path / "crawl.lock"

    @property
    def unread_links(self) -> Path:
        """There while a repair has made the tables of links and pictures anew, and not filled them."""
        return self.path / "links-to-read-again"

    def parts(self) -> list[ArchiveFolder]:
        """The archives in the folders of this one, by name; none where it is an archive itself."""
        if self.news.exists():
            return []
        return [ArchiveFolder(news.parent) for news in sorted(self.path.glob(f"*/{self.news.name}"))]

    def is_a_file(self) -> NotAnArchive:
        """What to say where a file was named: the folder it lies in may be meant."""
        meant = self.path.parent if self.path.name in (self.news.name, self.pages.name) else "another"
        return NotAnArchive(f"{self.path}: a file, but an archive is a folder; name {meant}")

    def make(self) -> None:
        """Make the folders; raises StorageFull or NotAnArchive when they cannot be."""
        if self.path.exists() and not self.path.is_dir():
            raise self.is_a_file()
        try:
            for folder in (self.path, self.sources, self.logs):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            if is_machine_error(error):
                raise storage_error(error, self.path) from error
            raise StorageFull(f"{self.path}: cannot be made ({error.strerror}); name another") from error


def archive_folder(named: str | os.PathLike[str] | None = None) -> ArchiveFolder:
    """The archive's folder: as named, else MURAGAT_ARCHIVE, else ./muragat-archive."""
    return ArchiveFolder(Path(named or os.environ.get("MURAGAT_ARCHIVE") or DEFAULT_FOLDER))

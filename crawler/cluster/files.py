"""A source from the files it travels with: its profile, and its layout where it has one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archive.errors import ArchiveError
from archive.store.folder import ArchiveFolder
from crawler.runs.choosing import readable_sources
from crawler.sources.profile import Source


def source_from(files: Mapping[str, str], source_id: str, folder: ArchiveFolder) -> Source:
    """The source that files of a job describe, written into a folder and read as strictly as any profile.

    Raises ProfileError for what is no profile, ArchiveError for a file that is none of a source.
    """
    folder.make()
    for name, text in files.items():
        write_file(folder.sources, name, text)
    (source,), _ = readable_sources(folder, [source_id])
    return source


def write_file(folder: Path, name: str, text: str) -> None:
    """Write a file of the job below the folder; raises ArchiveError for a name that leads elsewhere."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or path.suffix != ".toml":
        raise ArchiveError(f"a job names the file {name!r}, which is none of a source")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ArchiveError(f"a job's file {name[:60]!r} cannot be written ({error.strerror})") from error

"""Which archives a merge takes from: folders that are one, or hold several as parts of one whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from archive.errors import NotAnArchive
from archive.store.folder import ArchiveFolder


def archives_in(named: Sequence[Path], into: ArchiveFolder) -> list[ArchiveFolder]:
    """The archives of these folders in their order, each once; the parts of a folder by their names.

    Raises NotAnArchive for a folder without any, UsageError where one is the archive that is merged into.
    """
    found: list[ArchiveFolder] = []
    for folder in (part for path in named for part in parts_of(path)):
        if is_same(folder, into):
            raise click.UsageError(
                f"{folder.path}: it is the archive that is merged into; name another, or put it elsewhere"
            )
        if not any(is_same(folder, other) for other in found):
            found.append(folder)
    return found


def parts_of(path: Path) -> Iterator[ArchiveFolder]:
    """The archive a folder is, or those in it; raises NotAnArchive for neither."""
    if not path.is_dir():
        what = "a file, but an archive is a folder" if path.exists() else "no such folder"
        raise NotAnArchive(f"{path}: {what}; name the folder of an archive")
    if ArchiveFolder(path).news.exists():
        yield ArchiveFolder(path)
        return
    parts = [ArchiveFolder(one) for one in sorted(path.iterdir()) if ArchiveFolder(one).news.exists()]
    if not parts:
        raise NotAnArchive(f"{path}: no archive, nor are there any in it: no news.db; name another folder")
    yield from parts


def is_same(one: ArchiveFolder, other: ArchiveFolder) -> bool:
    """Whether two folders are one archive, whatever they are called."""
    return any(
        mine.exists() and theirs.exists() and mine.samefile(theirs)
        for mine, theirs in ((one.path, other.path), (one.news, other.news), (one.pages, other.pages))
    )

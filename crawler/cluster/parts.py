"""Several archives side by side: which part of the whole a source's articles go to, and where it lies.

A part is an archive of its own in a folder of the home folder: `2026-03` or `карагандинская_область`. They
share the home folder's profiles.
"""

from __future__ import annotations

import os
import re
import unicodedata
from contextlib import closing
from datetime import datetime
from enum import StrEnum

from archive.errors import ArchiveError
from archive.store.archive import Archive
from archive.store.connection import open_to_read
from archive.store.folder import ArchiveFolder
from crawler.sources.profile import Source

NAME = re.compile(r"\w[\w-]{0,59}")
MONTH_NAME = re.compile(r"\d{4}-\d{2}")
TAKEN = {"sources", "logs"}  # folders of the home itself
OTHERS = "others"
# The last look at an article is a month after the first: two months back some are still to come.
LOOKED_BACK = 2


class Per(StrEnum):
    """What an archive of its own is made for."""

    MONTH = "month"
    GROUP = "source-group"


class PartsMixed(ArchiveError):
    """One archive and several parts in one folder, or parts of both kinds."""


def part_for(per: Per, source: Source, now: datetime) -> str:
    """The part a source's articles go to now: the month (UTC), or the region its profile names."""
    if per is Per.MONTH:
        return f"{now:%Y-%m}"
    words = re.findall(r"\w+", unicodedata.normalize("NFC", source.region or OTHERS).casefold())
    name = "_".join(words)[:58] or OTHERS
    return f"{name}_" if name in TAKEN or MONTH_NAME.fullmatch(name) else name


def per_of(part: str | None) -> Per | None:
    """What a part was made for, by its name."""
    return None if part is None else Per.MONTH if MONTH_NAME.fullmatch(part) else Per.GROUP


def part_folder(home: ArchiveFolder, part: str) -> ArchiveFolder:
    """Where a part lies; raises ArchiveError for what is no name of one."""
    if not NAME.fullmatch(part) or part in TAKEN:
        raise ArchiveError(f"{part!r} is no name of a part of an archive")
    return ArchiveFolder(home.path / part)


def parts_of(home: ArchiveFolder) -> list[str]:
    """The names of the parts there are, months in their order."""
    names = (path.parent.name for path in home.path.glob("*/news.db"))
    return sorted(name for name in names if NAME.fullmatch(name) and name not in TAKEN)


def require_unmixed(home: ArchiveFolder, per: Per | None) -> None:
    """Raise PartsMixed where the folder holds something else than is to be kept in it."""
    parts = parts_of(home)
    if per and home.news.is_file():
        raise PartsMixed(
            f"{home.path}: one archive already; parts need a folder of their own (muragat merge brings "
            "archives together)"
        )
    if not per and parts and not home.news.is_file():
        raise PartsMixed(f"{home.path}: its parts are {', '.join(parts[:3])} …; say --archive-per as before")
    if per and any(bool(MONTH_NAME.fullmatch(part)) != (per is Per.MONTH) for part in parts):
        raise PartsMixed(f"{home.path}: its parts are {', '.join(parts[:3])} …, which are not per {per}")


def made_part(home: ArchiveFolder, part: str) -> ArchiveFolder:
    """A part's archive, made where there is none, with the profiles of the home folder."""
    folder = part_folder(home, part)
    home.sources.mkdir(parents=True, exist_ok=True)
    folder.path.mkdir(parents=True, exist_ok=True)
    if not folder.sources.exists():
        folder.sources.symlink_to(os.path.join("..", home.sources.name), target_is_directory=True)
    if not folder.news.is_file():
        Archive(folder).close()
    return folder


def earlier_parts(home: ArchiveFolder, part: str) -> list[str]:
    """The months before this one, the latest first; none for a group."""
    if not MONTH_NAME.fullmatch(part):
        return []
    return [name for name in reversed(parts_of(home)) if MONTH_NAME.fullmatch(name) and name < part]


def has_source(folder: ArchiveFolder, source: str) -> bool:
    """Whether an archive has the source's books."""
    with closing(open_to_read(folder.news)) as db:
        found = db.conn.execute("SELECT 1 FROM sources WHERE id = ?", [source]).fetchone()
    return found is not None

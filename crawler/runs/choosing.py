"""Which sources a command means, and which profiles it has to do without."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from archive.errors import ArchiveError
from archive.store.connection import named_errors, open_to_read
from archive.store.folder import ArchiveFolder
from crawler.runs.aside import say_aside
from crawler.sources.errors import NoProfile, ProfileError, ProfileErrors
from crawler.sources.layouts import with_layout
from crawler.sources.profile import Source
from crawler.sources.reading import read_profile
from crawler.sources.shipped import chosen, load_profiles


def named_sources(folder: ArchiveFolder, ids: Sequence[str], profile: Path | None) -> list[Source]:
    """The sources of a profile file, or of these ids, or all. Raises ProfileError or UnknownSource.

    A bad profile among many is told and left out; one that was asked for is an error. A shipped profile
    never stands in for a bad one of the user's own: it might crawl what that one was to spare.
    """
    if profile:
        return [with_layout(read_profile(profile), folder.sources)]
    sources, errors = readable_sources(folder, ids)
    tell_left_out(errors)
    return sources


def readable_sources(folder: ArchiveFolder, ids: Sequence[str]) -> tuple[list[Source], list[ProfileError]]:
    """The sources of these ids, or all that can be read and what is wrong with the others."""
    known, errors = load_profiles(folder.sources)
    broken = by_file(errors)
    known = {source_id: source for source_id, source in known.items() if source_id not in broken}
    for source_id in ids:
        if source_id not in known and source_id in broken:
            raise broken[source_id]
        if source_id not in known and (home := home_of_kept(folder, source_id)):
            raise NoProfile(source_id, home)
    return chosen(known, ids), [] if ids else errors


def home_of_kept(folder: ArchiveFolder, source_id: str) -> str | None:
    """The front page of a source the archive has, `None` for one it has not, or where it cannot be read."""
    try:
        with closing(open_to_read(folder.news)) as db, named_errors(folder.news):
            row = db.conn.execute("SELECT home FROM sources WHERE id = ?", [source_id]).fetchone()
    except ArchiveError:
        return None
    return row[0] if row else None


def tell_left_out(errors: Sequence[ProfileError]) -> None:
    """Say which profiles are left out, and why."""
    for error in errors:
        say_aside(f"Left out: {error}")


def by_file(errors: Sequence[ProfileError]) -> dict[str, ProfileError]:
    """What is wrong with each profile that cannot be read, by the id its file name stands for."""
    found: dict[str, list[ProfileError]] = {}
    for error in errors:
        found.setdefault(error.path.stem, []).append(error)
    return {name: ProfileErrors(several) if several[1:] else several[0] for name, several in found.items()}

"""One cluster works for one archive: what workers bring must not come to another that is called the same."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from archive.errors import ArchiveError
from archive.store.folder import ArchiveFolder
from crawler.cluster.places import Places

ID_FILE = "cluster-id"  # in the archive's folder; it moves with it


class AnotherArchive(ArchiveError):
    """The cluster works for another archive."""


def claim(client: Any, places: Places, home: ArchiveFolder) -> None:
    """Make the cluster this archive's, where it is nobody's; raises AnotherArchive where it is another's."""
    home.make()
    path = home.path / ID_FILE
    if not path.is_file():
        path.write_text(f"{uuid4().hex}\n", encoding="ascii")
    own = path.read_text(encoding="ascii").split()[0]
    client.set(places.home, own, nx=True)
    if client.get(places.home) != own.encode():
        raise AnotherArchive(
            f"the cluster {places.name} works for another archive than {home.path}; give this one a "
            f"--name of its own, or free that one: redis-cli DEL {places.home}"
        )
    path.write_text(f"{own}\n{places.name}\n", encoding="ascii")


def cluster_of(home: ArchiveFolder) -> str | None:
    """The name of the cluster that works for an archive, or for the whole it is a part of; or `None`."""
    for folder in (home.path, home.path.parent):
        path = folder / ID_FILE
        if path.is_file():
            words = path.read_text(encoding="ascii", errors="replace").split()
            return words[1] if len(words) > 1 else None
    return None

"""What changed between two releases: articles that came, went, or say something else."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from archive.errors import ArchiveError
from archive.exports.pyarrow_or_hint import parquet
from archive.numbers_said import counted

TOLD = "release.json"
ARTICLES = "articles.parquet"
CHANGES = "changes.csv"
NO_HASH = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed since an earlier release, by the articles' ids, ascending."""

    earlier: str
    added: Sequence[int]
    changed: Sequence[int]
    removed: Sequence[int]
    same_query: bool

    def rows(self) -> Iterator[tuple[int, str]]:
        """Each change as a row: an id and "added", "changed" or "removed", by id."""
        kinds = {"added": self.added, "changed": self.changed, "removed": self.removed}
        return iter(sorted((one, kind) for kind, ids in kinds.items() for one in ids))


class Hashes:
    """The id and content hash of each article of a release: 40 bytes each."""

    def __init__(self) -> None:
        self.ids: array[int] = array("q")
        self.hashes: list[bytes] = []

    def add(self, ids: Sequence[int], hashes: Sequence[str | None]) -> None:
        """Note some articles, ascending by id."""
        self.ids.extend(ids)
        self.hashes.append(b"".join((one or NO_HASH).encode()[:32].ljust(32) for one in hashes))

    def arrays(self) -> tuple[Any, Any]:
        """Both as arrays."""
        return np.array(self.ids), np.frombuffer(b"".join(self.hashes), dtype="S32")


def earlier_release(place: Path, name: str) -> Path | None:
    """Of the other releases in a folder the newest by what it holds, `None` where there is none."""
    found = [
        (str(told_of(one)["as_of"]), one.name, one)
        for one in sorted(place.iterdir())
        if one.name != name and not one.name.startswith(".") and (one / TOLD).is_file()
    ]
    return max(found)[2] if found else None


def told_of(release: Path) -> Mapping[str, Any]:
    """What a release says of itself; raises ArchiveError for a folder that is none."""
    try:
        told = json.loads((release / TOLD).read_bytes())
    except (OSError, ValueError) as error:
        raise ArchiveError(f"{release}: no release: {TOLD} cannot be read; name another") from error
    if not isinstance(told, dict) or "as_of" not in told:
        raise ArchiveError(f"{release}: no release: {TOLD} does not say what it is of; name another")
    return told


def hashes_of(release: Path) -> Hashes:
    """The articles of an earlier release; raises ArchiveError when they cannot be read."""
    found = Hashes()
    try:
        file = parquet.ParquetFile(release / ARTICLES)
        for batch in file.iter_batches(columns=["id", "content_hash"]):
            found.add(batch.column("id").to_pylist(), batch.column("content_hash").to_pylist())
    except (OSError, ValueError, KeyError) as error:
        raise ArchiveError(f"{release / ARTICLES}: cannot be read; name another with --after") from error
    return found


def compared(earlier: Path, query: Mapping[str, Any], now: Hashes) -> Compared:
    """What changed since an earlier release."""
    told = told_of(earlier)
    (old_ids, old), (new_ids, new) = hashes_of(earlier).arrays(), now.arrays()
    common, old_places, new_places = np.intersect1d(old_ids, new_ids, assume_unique=True, return_indices=True)
    return Compared(
        earlier=str(told.get("name", earlier.name)),
        added=np.setdiff1d(new_ids, old_ids, assume_unique=True).tolist(),
        changed=common[old[old_places] != new[new_places]].tolist(),
        removed=np.setdiff1d(old_ids, new_ids, assume_unique=True).tolist(),
        same_query=told.get("query") == query,
    )


def changelog(name: str, found: Compared | None, taken_down: set[int]) -> str:
    """CHANGELOG.md of a release."""
    if found is None:
        return f"# {name}\n\nThe first release.\n"
    gone = sum(one in taken_down for one in found.removed)
    lines = [
        f"# {name}\n",
        f"Since {found.earlier}:\n",
        f"- {counted(len(found.added), 'article')} added",
        f"- {len(found.changed)} say something else than they did (`content_hash`)",
        f"- {len(found.removed)} removed, {gone} of them taken down (tombstones.csv)",
        f"\n{CHANGES} names each.\n",
    ]
    if not found.same_query:
        lines.append("The query is another one than then: see release.json of both.\n")
    return "\n".join(lines)

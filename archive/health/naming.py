"""The sources a person names, among those an archive has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches

import click

from archive.health.status import ArchiveStatus


def only(status: ArchiveStatus, ids: Sequence[str]) -> ArchiveStatus:
    """The status with these of its sources alone, all for no ids; the archive's own sums stay."""
    if not ids:
        return status
    return replace(status, sources=tuple(source for source in status.sources if source.id in ids))


def refuse_unknown(ids: Iterable[str], known: Collection[str]) -> None:
    """Raise UsageError for an id that no source has, with one that it may be a slip of."""
    for one in ids:
        if one in known:
            continue
        near = get_close_matches(one, known, n=1)
        there = f"there are: {', '.join(sorted(known)) or 'none yet'}"
        raise click.UsageError(
            f"no source {one[:100]!r} here; {f'did you mean {near[0]}?' if near else there}"
        )

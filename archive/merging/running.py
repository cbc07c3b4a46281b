"""What `muragat merge` does: each archive is looked at, then one after the other taken in, and told."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import click

from archive.exits import Exit
from archive.exports.exporting import progress
from archive.exports.files import ended_by_signal
from archive.merging.merging import Advance, Taken, take_archive
from archive.merging.parts import archives_in
from archive.numbers_said import counted
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from archive.store.lock import held
from archive.store.merging.other import opened_other


def merge_into(into: ArchiveFolder, named: Sequence[Path]) -> Exit:
    """Merge archives into one and say what came of it.

    Raises UsageError or NotAnArchive before anything is written; ArchiveBusy when a crawl holds the archive.
    """
    folders = archives_in(named, into)
    for folder in folders:
        with opened_other(folder):
            pass  # what cannot be taken from is told before anything is taken
    into.make()
    taken: list[Taken] = []
    with ended_by_signal(), held(into), Archive(into) as archive:
        for folder in folders:
            with opened_other(folder) as other:
                taken.append(take_archive(archive, other, partial(shown, folder)))
            tell(folder, taken[-1])
    click.echo(summary(taken))
    return Exit.STORAGE if any(one.pages.damaged for one in taken) else Exit.DONE


def shown(folder: ArchiveFolder, total: int, what: str) -> AbstractContextManager[Advance]:
    """A bar on a terminal, elsewhere nothing."""
    return progress(total, f"{folder.path.name}: {what}")


def tell(folder: ArchiveFolder, taken: Taken) -> None:
    """Say what a person should know of one archive."""
    for doubt in taken.doubts:
        click.echo(f"Note: one source, two sites: {doubt}", err=True)
    if damaged := taken.pages.damaged:
        pages = ", ".join(map(str, damaged[:10])) + (" …" if len(damaged) > 10 else "")
        click.echo(
            f"Damaged in {folder.path}: {counted(len(damaged), 'page')} ({pages}), taken as is", err=True
        )
    profiles = sorted(path.name for path in folder.sources.glob("*.toml"))
    if profiles:
        click.echo(
            f"Note: profiles stay in {folder.sources} ({', '.join(profiles)}); copy what you crawl", err=True
        )


def summary(taken: Sequence[Taken]) -> str:
    """What came of all archives, in one line."""
    articles = [one.articles for one in taken]
    new, known, reworded, renumbered, left = (
        sum(getattr(one, name) for one in articles)
        for name in ("new", "known", "reworded", "renumbered", "left")
    )
    there = f"{known:,} {'was' if known == 1 else 'were'} there"
    said = (
        f"{counted(len(taken), 'archive')}: {counted(new, 'article')} taken in, {there} "
        f"({reworded:,} with more wordings), {counted(sum(one.pages.new for one in taken), 'page')}"
    )
    got = "a new number" if renumbered == 1 else "new numbers"
    more = [f"{renumbered:,} got {got}"] if renumbered else []
    more += [f"{left:,} taken down here stayed behind"] if left else []
    stones, gone = (
        sum(getattr(one.taken_down, name) for one in taken) for name in ("tombstones", "articles")
    )
    if stones or gone:
        hold = "holds" if stones == 1 else "hold"
        went = f"{counted(gone, 'article')} went" if gone else "no article went"
        more.append(f"{counted(stones, 'takedown')} of theirs {hold} here too, for which {went}")
    return "; ".join([said, *more])

"""What `muragat release make` does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive.errors import StorageFull
from archive.exits import Exit
from archive.exports.commands import (
    reserved_note,
    tell_copies,
    tell_misfits,
    tell_undated,
    wanted_articles,
)
from archive.exports.comparing import told_of
from archive.exports.files import ended_by_signal
from archive.exports.releasing import NAME, Plan, Released, make_release
from archive.exports.selection import WrongCondition
from archive.numbers_said import counted
from archive.store.folder import ArchiveFolder


def release_to(
    folder: ArchiveFolder,
    name: str,
    to: Path,
    *,
    text_free: bool,
    after: Path | None,
    title: str | None,
    **choosing: Any,
) -> Exit:
    """Make a release, and say what it holds; raises click's errors for what cannot be meant."""
    if not NAME.fullmatch(name):
        raise click.UsageError(
            f"{name!r}: a name is letters, digits and . _ - and begins with one of the first"
        )
    if after:
        told_of(after)
    wanted = wanted_articles(folder, **choosing)
    make_place(to, name)
    try:
        with ended_by_signal():
            return told(make_release(folder, to, Plan(name, wanted, text_free, after, title)))
    except WrongCondition as error:
        raise click.UsageError(str(error)) from error


def make_place(to: Path, name: str) -> None:
    """Make the folder that releases lie in; raises UsageError where the release is there already."""
    if (to / name).exists():
        raise click.UsageError(f"{to / name}: is there already, and a release is never changed; name another")
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFull(f"{to}: cannot be made ({error.strerror}); name another") from error


def told(made: Released) -> Exit:
    """Say what was released; the exit code says what did not fit."""
    note = reserved_note(made.reserved)
    click.echo(f"{counted(made.articles, 'article')} in {made.path}{note}", err=True)
    tell_undated(made.selection.undated)
    tell_copies(made.selection.copies, made.selection.uncompared)
    if made.changes:
        counts = {
            "added": made.changes.added,
            "changed": made.changes.changed,
            "removed": made.changes.removed,
        }
        said = ", ".join(f"{len(ids)} {kind}" for kind, ids in counts.items())
        click.echo(f"Since {made.changes.earlier}: {said}", err=True)
    tell_misfits(made.misfits)
    return Exit.STORAGE if made.misfits.count else Exit.DONE

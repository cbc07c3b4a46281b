"""A page for people, written where they say."""

from __future__ import annotations

from pathlib import Path

import click


def write_web_page(path: Path, text: str) -> None:
    """Write what `--html` asks for, as everywhere in a folder that is made if it is not there.

    Raises click's error, which says why, where it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        # In making a folder, "File exists" says that a file lies in its place.
        why = "a file lies where its folder would" if isinstance(error, FileExistsError) else error.strerror
        raise click.BadParameter(f"--html: {path}: {why or 'cannot be written'}") from error

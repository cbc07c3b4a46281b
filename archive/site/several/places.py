"""Paths that Datasette can open: of one it makes an address, in which `#`, `?` and `%` are no letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.site.several.choosing import Chosen

MISREAD = frozenset("#?%")


@contextmanager
def plain_paths(chosen: Sequence[Chosen]) -> Iterator[list[Chosen]]:
    """The same archives under whole paths without such signs: where a path has some, by a link beside."""
    with TemporaryDirectory(prefix="muragat-") as aside:
        yield [
            replace(one, news=plain_path(one.news, Path(aside) / str(number)))
            for number, one in enumerate(chosen)
        ]


def plain_path(news: Path, link: Path) -> Path:
    """The file's whole path, or one through `link`, which is made then.

    The folder is linked, so that what SQLite writes beside a living archive lies beside it.
    """
    whole = news.absolute()
    if is_plain(whole):
        return whole
    if not is_plain(Path(whole.name)):  # a published file: nothing is written beside it
        link.mkdir()
        (link / "news.db").symlink_to(whole)
        return link / "news.db"
    link.symlink_to(whole.parent, target_is_directory=True)
    return link / whole.name


def is_plain(path: Path) -> bool:
    """Whether an address of SQLite's may hold the path as it is."""
    text = str(path)
    return not MISREAD.intersection(text) and text.encode("utf-8", "surrogateescape") == text.encode(
        "utf-8", "replace"
    )

"""Which archives are meant: folders and published files as people name them, and the parts of one whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.errors import NotAnArchive
from archive.site.archive_file import is_archive

NEWS = "news.db"


@dataclass(frozen=True, slots=True)
class Chosen:
    """An archive that is to be served: `title` is what its folder is called, `news` its file."""

    title: str
    news: Path


def parts_of(folder: Path) -> list[Chosen]:
    """The archives in the folders of a folder that is none itself, by name; none of one that is."""
    if (folder / NEWS).exists():
        return []
    return [Chosen(news.parent.name, news) for news in sorted(folder.glob(f"*/{NEWS}")) if news.is_file()]


def chosen_archives(named: Sequence[Path]) -> list[Chosen]:
    """The archives at these paths, none twice; raises NotAnArchive for a path that has none.

    A damaged file is chosen too, unless all are: it may be mended while the others are served.
    """
    found: dict[Path, Chosen] = {}
    for path in named:
        for one in archives_at(path):
            found.setdefault(one.news.resolve(), one)
    chosen = list(found.values())
    if not any(is_archive(one.news) for one in chosen):
        raise NotAnArchive(f"{chosen[0].news}: no Muragat archive; name other folders")
    return chosen


def archives_at(path: Path) -> list[Chosen]:
    """The archive at a path, or its parts; raises NotAnArchive where there is none."""
    if path.is_file():
        whole = path.resolve()
        return [Chosen(whole.parent.name if path.name == NEWS else path.stem, path)]
    if (path / NEWS).is_file():
        return [Chosen(path.resolve().name, path / NEWS)]
    parts = parts_of(path)
    if not parts:
        raise NotAnArchive(
            f"{path}: no archive here, nor in its folders; crawl into it first or name another"
        )
    return parts

"""Finding profiles: the user's own, and the ones that come with the package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from crawler.sources.errors import ProfileError, UnknownSource
from crawler.sources.layouts import LEARNED, with_layout
from crawler.sources.profile import Source
from crawler.sources.reading import read_profile

SHIPPED = Path(__file__).parent / "profiles"
# A file of this name beside a user's own profiles: those are all, and no shipped source is meant by "all".
ONLY_OWN = "only-own-profiles"


def load_profiles(own: Path | None = None) -> tuple[dict[str, Source], list[ProfileError]]:
    """Every source by id, in the order of ids, and every fault of every file.

    A profile in the folder `own` stands in place of the shipped one with its id; where a file ONLY_OWN lies
    there, no shipped one counts. A bad file hides no good one; `own` need not exist. What was learned of a
    source comes with it.
    """
    alone = own is not None and (own / ONLY_OWN).exists()
    shipped, errors = ({}, []) if alone else profiles_in(SHIPPED)
    sources = shipped
    if own:
        owned, own_errors = profiles_in(own)
        sources, layout_errors = with_layouts(shipped | owned, own)
        errors = own_errors + layout_errors + errors
    return dict(sorted(sources.items())), errors


def with_layouts(sources: Mapping[str, Source], own: Path) -> tuple[dict[str, Source], list[ProfileError]]:
    """The sources with what was learned of them, and what is wrong with layouts that could not be read."""
    told = dict(sources)
    errors: list[ProfileError] = []
    for path in profile_files(own / LEARNED):
        if path.stem in told:
            try:
                told[path.stem] = with_layout(told[path.stem], own)
            except ProfileError as error:
                errors.extend(error.errors)
    return told, errors


def profiles_in(folder: Path) -> tuple[dict[str, Source], list[ProfileError]]:
    """The sources of the folder's `*.toml` files by id, and what is wrong there.

    Of two files with one id the first by file name counts and the second is an error.
    """
    sources: dict[str, Source] = {}
    files: dict[str, Path] = {}
    errors: list[ProfileError] = []
    for path in profile_files(folder):
        try:
            source = read_profile(path)
        except ProfileError as error:
            errors.extend(error.errors)
            continue
        if source.id in files:
            errors.append(
                ProfileError(
                    path,
                    "id",
                    f"{source.id} is the id of {files[source.id].name} too",
                    "give each its own id",
                )
            )
            continue
        sources[source.id] = source
        files[source.id] = path
    return sources, errors


def profile_files(folder: Path) -> list[Path]:
    """The profiles of a folder by name, without the hidden files editors leave; none if it is no folder."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.glob("*.toml") if not path.name.startswith("."))


def chosen(sources: Mapping[str, Source], ids: Iterable[str]) -> list[Source]:
    """The sources of these ids, each once; all for no ids. Raises UnknownSource."""
    wanted = list(dict.fromkeys(ids)) or list(sources)
    for source_id in wanted:
        if source_id not in sources:
            raise UnknownSource(source_id, sources)
    return [sources[source_id] for source_id in wanted]

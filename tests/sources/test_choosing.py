"""A source that is meant but has no profile is told for what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from crawler.runs.choosing import named_sources
from crawler.sources.errors import NoProfile, UnknownSource


@pytest.fixture
def folder(tmp_path: Path) -> ArchiveFolder:
    made = ArchiveFolder(tmp_path / "archive")
    with Archive(made) as archive:
        archive.sources.save(
            "steppe_example",
            name="steppe.example",
            home="https://steppe.example/",
            languages=[],
            timezone="UTC",
            region=None,
        )
    return made


def test_an_imported_source_is_no_unknown_one(folder: ArchiveFolder) -> None:
    with pytest.raises(NoProfile) as told:
        named_sources(folder, ["steppe_example"], None)
    assert "imported" in str(told.value)
    assert "muragat sources add https://steppe.example/ --id steppe_example" in str(told.value)


def test_an_unknown_source_stays_unknown_also_without_an_archive(
    folder: ArchiveFolder, tmp_path: Path
) -> None:
    for place in (folder, ArchiveFolder(tmp_path / "nowhere")):
        with pytest.raises(UnknownSource) as told:
            named_sources(place, ["steppe_exampl"], None)
        assert not isinstance(told.value, NoProfile)

"""An article that was taken down: its page says so, and nobody reads who wished it away."""

from __future__ import annotations

import shutil

import pytest

from archive.site.compat import IS_STABLE
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from archive.takedown.taking import take_down, target_of
from tests.site.conftest import served


@pytest.fixture
def taken(archive_folder, tmp_path):
    """A copy of the sample archive without one of its articles, and the number that had."""
    folder = ArchiveFolder(tmp_path / "archive")
    shutil.copytree(archive_folder.path, folder.path)
    with Archive(folder) as archive:
        number = archive.news.conn.execute("SELECT max(id) FROM articles").fetchone()[0]
        take_down(archive, target_of(archive, str(number)), reason="a wish", asked_by="N. N.")
    return folder, number


def test_its_page_says_that_it_was_taken_down(taken):
    folder, number = taken
    for site in served(folder.news):
        answer = site.get(f"/a/{number}", accept_language="en")
        assert answer.status_code == 410
        assert "This article was taken down" in answer.text
        assert site.get(f"/a/{number + 1}").status_code == 404


def test_nobody_reads_who_wished_it_and_why(taken):
    folder, _ = taken
    for site in served(folder.news):
        for path in (
            "/news/takedowns",
            "/news/takedowns.json",
            "/news/takedowns/1",
            "/news/takedown_addresses",
        ):
            answer = site.get(path)
            assert answer.status_code == 403, path
            assert "a wish" not in answer.text
        assert "takedowns" not in site.get("/news").text


@pytest.mark.skipif(not IS_STABLE, reason="1.0 counts by reading every column, which stays forbidden")
def test_counting_the_tables_is_refused_by_none_of_them(taken, capfd):
    folder, _ = taken
    for site in served(folder.news):
        assert site.get("/news").status_code == 200
        assert site.get("/-/databases.json").status_code == 200
    assert "ERROR" not in capfd.readouterr().err

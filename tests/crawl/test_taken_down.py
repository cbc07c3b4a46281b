"""An article that was taken down comes back by no way in: crawl, redirect, import, reading again, repair."""

from __future__ import annotations

import pytest


@pytest.mark.slow
def test_no_way_in_brings_it_back(site, crawl_site, archive, muragat, tmp_path):
    for number in range(3):
        site.article(f"/a/{number}")
    assert crawl_site().code == 0
    warc = tmp_path / "before.warc.gz"
    assert muragat("export", "--to", warc, "--archive", archive.path).code == 0
    url = f"{site.url}/a/1"
    assert muragat("takedown", url, "--yes", "--archive", archive.path).code == 0
    asked = site.paths_asked().count("/a/1")

    site.article("/a/moved", lambda visitor: visitor.answer("", status=301, Location=url))
    assert crawl_site("--revisit").code == 0
    assert muragat("import", warc, "--archive", archive.path).code == 0
    profile = tmp_path / "site.toml"
    assert muragat("reclean", "--profile", profile, "--all", "--archive", archive.path).code == 0
    assert muragat("audit", "--repair", "--profile", profile, "--archive", archive.path).code == 0

    assert site.paths_asked().count("/a/1") == asked
    assert archive.reasons()["/a/moved"] == "taken_down"
    assert archive.rows("SELECT url FROM articles ORDER BY url") == [
        (f"{site.url}/a/0",),
        (f"{site.url}/a/2",),
    ]
    words = "улицу /a/1".encode()
    assert not [path for path in archive.path.glob("*.db*") if words in path.read_bytes()]

"""Several archives in one folder: each month or region its own, and nothing is asked twice at their seams."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.errors import ArchiveError
from archive.store.folder import ArchiveFolder
from crawler.cluster.parts import Per, part_folder, part_for
from crawler.sources.profile import Source

from .conftest import Cluster, until

NOW = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)


def source(region: str | None) -> Source:
    return Source("x", "X", "https://x.example/", languages=("ru",), timezone="Asia/Almaty", region=region)


@pytest.mark.parametrize(
    ("region", "name"),
    [
        ("Карагандинская область", "карагандинская_область"),
        ("../../etc", "etc"),
        ("logs", "logs_"),
        ("2026-03", "2026_03"),
        ("!?", "others"),
        (None, "others"),
        ("я" * 300, "я" * 58),
    ],
)
def test_a_region_is_a_folder(region: str | None, name: str, tmp_path: Path) -> None:
    part = part_for(Per.GROUP, source(region), NOW)
    assert part == name
    assert part_folder(ArchiveFolder(tmp_path), part).path.parent == tmp_path


def test_a_month_is_a_folder() -> None:
    assert part_for(Per.MONTH, source("Караганда"), NOW) == "2026-03"


@pytest.mark.parametrize("part", ["..", "a/b", "", "sources", ".hidden", "a\n", "x" * 80])
def test_no_other_folder_is_a_part(part: str, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError):
        part_folder(ArchiveFolder(tmp_path), part)


@pytest.fixture
def asked(cluster: Callable[..., Cluster], client: Any) -> Callable[..., Cluster]:
    """A cluster that has done what is due, once or again."""

    def do(made: Cluster, *options: str) -> Cluster:
        assert " sent" in made.enqueue(*options)
        collector, worker = made.collector(), made.worker()
        until(lambda: not client.keys("muragat:queued:*") and not client.xlen("muragat:fetched"), 90)
        for process in (worker, collector):
            process.terminate()
            process.wait(timeout=60)
        return made

    return do


def rows(folder: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(folder / "news.db")) as db:
        return db.execute(query).fetchall()


@pytest.mark.slow
def test_each_region_has_an_archive(cluster: Callable[..., Cluster], asked: Callable[..., Cluster]) -> None:
    made = cluster(3, 3)
    for number, region in ((0, "Караганда"), (1, "Алматы")):
        profile = made.folder / "sources" / f"paper_{number}.toml"
        text = profile.read_text(encoding="utf-8")
        profile.write_text(text.replace("[pace]", f'region = "{region}"\n[pace]'), encoding="utf-8")
    asked(made, "--archive-per", "source-group")
    for part, number in (("караганда", 0), ("алматы", 1), ("others", 2)):
        found = rows(made.folder / part, "SELECT source, count(*) FROM articles GROUP BY 1")
        assert found == [(f"paper_{number}", 3)]
        audit = made.run("audit", "--full", "--archive", str(made.folder / part))
        assert "0 lost, 0 double, 0 damaged" in audit.stdout
        listed = made.run("schedule", "list", f"paper_{number}", "--archive", str(made.folder / part))
        assert f"paper_{number}" in listed.stdout  # the part has the home's profiles
    assert not (made.folder / "news.db").exists()


@pytest.mark.slow
def test_a_month_goes_on_where_the_last_one_ended(
    cluster: Callable[..., Cluster], asked: Callable[..., Cluster]
) -> None:
    made = cluster(1, 4)
    (paper,) = made.papers
    asked(made, "--archive-per", "month")
    (month,) = (path.parent for path in made.folder.glob("*/news.db"))
    before = month.rename(made.folder / "2026-01")
    with closing(sqlite3.connect(before / "news.db")) as db, db:
        db.execute("UPDATE addresses SET next_visit_at = '2026-01-31T00:00:00Z' WHERE url LIKE '%/a/2'")
        db.execute("UPDATE schedule SET due_at = '2026-01-31T00:00:00Z'")
    paper.articles = 6
    asked(made, "--archive-per", "month")
    # Only what is new, and the one article whose time to be looked at had come.
    assert paper.fetched() == {f"/a/{n}": 2 if n == 2 else 1 for n in range(6)}
    (now,) = (path.parent for path in made.folder.glob("*/news.db") if path.parent != before)
    assert [url[-4:] for (url,) in rows(now, "SELECT url FROM articles ORDER BY url")] == ["/a/4", "/a/5"]
    # It was looked at for the archive that has it.
    assert rows(before, "SELECT visits FROM addresses WHERE url LIKE '%/a/2'") > [(0,)]
    looked = "SELECT outcome FROM fetches WHERE kind = 'article' AND url LIKE '%/a/2' ORDER BY id"
    assert rows(before, looked) == [("new",), ("unchanged",)]
    assert rows(now, looked) == []
    assert rows(before, "SELECT status FROM runs ORDER BY id") == [("done",), ("done",)]
    for part in (before, now):
        audit = made.run("audit", "--full", "--archive", str(part))
        assert "0 lost, 0 double, 0 damaged" in audit.stdout


def test_what_a_folder_holds_is_not_mixed(cluster: Callable[..., Cluster]) -> None:
    made = cluster(1, 1)
    made.enqueue("--archive-per", "month")

    def refused(*options: str) -> str:
        done = made.run("schedule", "run", "--enqueue", *options, "--archive", str(made.folder))
        assert done.returncode == 6
        return done.stderr

    assert "say --archive-per as before" in refused()
    assert "which are not per source-group" in refused("--archive-per", "source-group")
    (made.folder / "news.db").touch()
    assert "one archive already" in refused("--archive-per", "month")

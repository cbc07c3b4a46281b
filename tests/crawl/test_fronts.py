"""A crawl remembers the front page: what stood where, by its changes, and `muragat fronts` tells it."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest

FRONT = "SELECT id, places, since, seen_until, until FROM front_looks ORDER BY id"


@pytest.fixture
def front(site):
    """The site's front page, a listing; what it offers is a list a test may change."""
    offered = [("/a/1", "Вода пришла"), ("/a/2", "Мост закрыт"), ("/a/3", "Школа открыта")]

    def page(visitor):
        cards = "".join(f"<div><a href='{path}'>{headline}</a></div>" for path, headline in offered)
        visitor.answer(f"<html><body><main id='top'>{cards}</main><a href='/about'>О нас</a></body></html>")

    site.routes["/"] = page
    for path, _ in offered:
        site.routes[path] = site.good_article
    return offered


@pytest.fixture
def profile(site, front, tmp_path):
    path = tmp_path / "site.toml"
    text = site.profile_toml.replace(f'feeds = ["{site.url}/feed"]\n', "")
    text += f'\n[[listings]]\nurl = "{site.url}/"\nlink = "a"\n'
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def crawl(muragat, profile, archive):
    def crawled():
        done = muragat("crawl", "--profile", profile, "--archive", archive.path, "--allow-private")
        assert done.code == 0, done.err

    return crawled


def test_a_second_crawl_writes_nothing_and_a_third_what_changed(crawl, front, archive, muragat, site):
    crawl()
    first = archive.rows(FRONT)
    assert [json.loads(row[1]) for row in first] == [[1, 2, 3]]
    crawl()
    assert archive.rows(FRONT) == first

    front[:] = [("/a/3", "Школа закрыта"), *front[:2]]
    crawl()
    assert [json.loads(row[1]) for row in archive.rows(FRONT)] == [[1, 2, 3], [4, 1, 2]]
    assert archive.rows(
        "SELECT since <= seen_until AND seen_until <= until FROM front_looks WHERE id = 1"
    ) == [(1,)]

    told = muragat("fronts", "site", "--archive", archive.path)
    assert told.code == 0, told.err
    places = [line.split("  ") for line in told.out.splitlines()[3:]]
    assert "on place   on page  headline" in told.out.splitlines()[2]
    assert [(line[-1], line[-2]) for line in places] == [
        (f"{site.url}/a/3", "[main#top]"),
        (f"{site.url}/a/1", "[main#top]"),
        (f"{site.url}/a/2", "[main#top]"),
    ]
    assert "Школа закрыта (its own title: Вода пришла на улицу /a/3)" in told.out

    reworded = muragat("fronts", "site", "--reworded", "--json", "--archive", archive.path)
    (one,) = map(json.loads, reworded.out.splitlines())
    assert [said["headline"] for said in one["headlines"]] == ["Школа открыта", "Школа закрыта"]
    stay = muragat("fronts", "site", "--url", f"{site.url}/a/3", "--json", "--archive", archive.path)
    assert [json.loads(line)["number"] for line in stay.out.splitlines()] == [3, 1]
    top = muragat("fronts", "site", "--top", "--archive", archive.path)
    assert [line.split()[-1] for line in top.out.splitlines()[2:]] == [f"{site.url}/a/1", f"{site.url}/a/3"]


@pytest.mark.slow
def test_a_killed_crawl_leaves_no_half_of_a_front(front, profile, archive, started, site, crawl):
    def slowly(visitor):
        time.sleep(0.5)
        site.good_article(visitor)

    for path, _ in front:
        site.routes[path] = slowly
    process = started("crawl", "--profile", profile, "--archive", archive.path, "--allow-private")
    until = time.monotonic() + 60
    while not any(path.startswith("/a/") for path in site.paths_asked()):
        assert time.monotonic() < until, process.poll()
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    kept = archive.rows(FRONT)
    assert [json.loads(row[1]) for row in kept] == [[1, 2, 3]]
    assert archive.rows("SELECT count(*) FROM front_places WHERE until IS NULL") == [(3,)]
    crawl()
    assert archive.rows(FRONT) == kept
    assert archive.rows("SELECT count(*) FROM front_places WHERE article_id IS NOT NULL") == [(3,)]

"""One crawl of a site that misbehaves in every way: each address ends as it must, the rest is kept."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crawl.conftest import Archive, MisbehavingSite, listening
from tests.crawl.misbehaving import CASES, KEPT, other_routes

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 4  # for an answer, in this crawl
# The crawl's own peak of memory, its workers apart, by the kernel's count.
MEASURED = """
import os, sys
child = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, *sys.argv[1:]])
_, status, used = os.wait4(child, 0)
print("PEAK", used.ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024))
sys.exit(os.waitstatus_to_exitcode(status))
"""


# A server in trouble is asked ever more slowly (test_pace.py): seventy troubles would take three minutes.
HURRIED = """
import crawler.fetching.adapting, scrapy.cmdline
crawler.fetching.adapting.MOST_PENALTY = 0.05
scrapy.cmdline.execute(["scrapy", *__import__("sys").argv[1:]])
"""


@dataclass
class Crawled:
    """What one crawl of the whole site left."""

    site: MisbehavingSite
    archive: Archive
    code: int
    seconds: float
    peak_mib: int
    kept: set[str]
    reasons: dict[str, str]
    waiting: set[str]


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[-1]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("misbehaving")
    with listening() as site:
        site.pace = "delay_seconds = 0\nconcurrent_requests = 16"
        site.article("/a/first")
        for one in CASES:
            site.article(one.path, one.answer)
        site.article("/a/last")
        site.routes.update(other_routes())
        site.routes["/feed"] = site.feed
        profile = folder / "site.toml"
        profile.write_text(site.profile_toml, encoding="utf-8")
        archive = Archive(folder / "archive")
        settings = {
            "MURAGAT_ARCHIVE": archive.path,
            "MURAGAT_ALLOW_PRIVATE": 1,
            "DOWNLOAD_TIMEOUT": SECONDS,
            "RETRY_TIMES": 0,
            "LOG_FILE": folder / "log",
        }
        scrapy = ["-c", HURRIED, "crawl", "news", "-a", f"profile={profile}"]
        options = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, *scrapy, *options],
            cwd=ROOT,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=180,
        )
        yield Crawled(
            site,
            archive,
            done.returncode,
            time.monotonic() - begun,
            int(done.stdout.rpartition("PEAK ")[2]),
            {path_of(url) for (url,) in archive.rows("SELECT requested_url FROM articles")},
            archive.reasons(),
            {path_of(url) for (url,) in archive.rows("SELECT url FROM frontier")},
        )


@pytest.mark.parametrize("one", CASES, ids=str)
def test_it_ends_as_it_must(crawled, one):
    if one.ends_as == KEPT:
        assert one.path not in crawled.reasons
        assert one.path in crawled.kept
    else:
        assert crawled.reasons.get(one.path) == one.ends_as
        assert one.path not in crawled.kept
    assert (one.path in crawled.waiting) is one.waits


def test_what_stands_before_and_after_is_kept_and_the_run_is_done(crawled):
    assert crawled.code == 0
    assert {"/a/first", "/a/last"} <= crawled.kept
    assert crawled.archive.rows("SELECT status FROM runs") == [("done",)]
    assert crawled.archive.rows("SELECT count(*) FROM fetches WHERE kind = 'article'") == [(len(CASES) + 2,)]


def test_fault_6_fault_7_memory_stays_bounded(crawled):
    # 40 MiB unpacked a bomb, 200 MiB an endless body, 500 MB of headers; Scrapy alone takes about 90 MiB.
    assert crawled.peak_mib < 450


def test_fault_7_slow_answers_hold_nothing_up_for_long(crawled):
    slow = [one for one in CASES if one.ends_as == "timeout"]
    assert len(slow) == 3
    longest = crawled.archive.rows("SELECT max(seconds) FROM runs")[0][0]
    assert longest < 40 * SECONDS  # seventy answers, three of which never come


def test_fault_8_no_part_of_a_page_is_anywhere_in_the_archive(crawled):
    cut_off = {one.path for one in CASES if one.ends_as == "truncated"}
    assert not cut_off & crawled.kept
    pages = crawled.archive.rows("SELECT url FROM fetches WHERE reason = 'truncated' AND page_id IS NOT NULL")
    assert pages == []


def test_fault_4_fault_5_nothing_was_asked_that_must_not_be(crawled):
    asked = crawled.site.paths_asked()
    assert asked.count("/a/redirect-to-itself") == 1
    assert asked.count("/a/redirect-there-and-back") == 1
    assert asked.count("/a/meta-refresh-to-itself") == 1
    assert sum(path.startswith("/b/endless") for path in asked) < 10
    assert not any("Cookie" in headers or "Authorization" in headers for _, _, headers in crawled.site.asked)


def test_no_secret_of_an_address_is_kept_or_logged(crawled):
    assert not crawled.archive.rows("SELECT 1 FROM problems WHERE url || detail LIKE '%secret%'")
    assert "secret" not in (crawled.archive.path.parent / "log").read_text(encoding="utf-8")

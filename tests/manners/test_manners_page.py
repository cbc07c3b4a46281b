"""What a publisher is shown: counted from the books, in three languages, as text, data and a page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from archive.mining import SiteRule
from archive.records import Outcome, Reservation
from archive.store.hosts import Gap, Robots, Wait
from archive.takedown.taking import take_down, target_of
from crawler.cli import cli
from crawler.manners.words import WORDS
from tests.store.conftest import SITE, SOURCE

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = NOW.date().isoformat()
PROFILE = f"""
id = "{SOURCE}"
name = "Степь"
home = "{SITE}/"
languages = ["ru"]
timezone = "Asia/Almaty"
feeds = ["{SITE}/feed"]
[pace]
delay_seconds = 2
"""


@pytest.fixture
def told(desk, tmp_path):
    """An archive with a day of requests, as books of a crawl; and what asks it."""
    archive = desk.archive
    run = archive.runs.begin(SOURCE, started_at=NOW - timedelta(minutes=1), version="test")

    def asked(path, status, size, outcome=Outcome.READ, kind="article"):
        visit = desk.visit(path, status=status, bytes=size, kind=kind, fetched_at=NOW)
        archive.runs.enter(run, SOURCE, visit, outcome)

    asked("/robots.txt", 200, 30, kind="robots")
    asked("/feed", 200, 5_000, kind="feed")
    asked("/a/1", 200, 40_000)
    asked("/feed", 304, 0, kind="feed")
    asked("/a/1", 304, 0)
    asked("/a/2", 503, 9)
    asked("/a/3", 403, 9)
    # Of a file somebody else made: nobody asked the site for it.
    archive.runs.enter(
        run, SOURCE, desk.visit("/a/9", bytes=1, fetched_at=NOW - timedelta(days=1)), Outcome.NEW
    )
    archive.hosts.note_gaps(
        [Gap("steppe.example", DAY, 2.0, 5, 2.04), Gap("steppe.example", DAY, 5.0, 1, 7.5)]
    )
    archive.hosts.note_gaps(
        [Gap("steppe.example", DAY, 2.0, 1, 2.01), Gap("other.example", DAY, 0.0, 9, 0.01)]
    )
    archive.hosts.note_wait(
        Wait(
            "steppe.example", f"{SITE}/a/2", 503, "<b>30</b>", asked_at=NOW, until=NOW + timedelta(seconds=30)
        )
    )
    before = NOW - timedelta(days=3)
    archive.hosts.note_robots(SITE, Robots("closed", 500, "robots.txt answered 500"), at=before)
    rules = Robots("part", 200, body_hash="x", crawl_delay="5", delay_seconds=5.0, ai_agents=("GPTBot",))
    archive.hosts.note_robots(SITE, rules, at=NOW)
    archive.hosts.note_robots(SITE, replace(rules, page_id=7), at=NOW + timedelta(days=1))
    archive.reservations.note_site(SITE, 200, (SiteRule("/", True),), at=NOW)
    desk.keep("/a/4", body="Текст.")
    visit = desk.visit("/a/5", page_id=1, reservation=Reservation(True, ("meta robots: noai",)))
    archive.keep_article(run, SOURCE, desk.article("/a/5"), visit)
    take_down(archive, target_of(archive, f"{SITE}/a/4"), reason="", asked_by="")
    archive.close()
    profile = tmp_path / "steppe.toml"
    profile.write_text(PROFILE, encoding="utf-8")

    def run_command(*options):
        arguments = ["manners", "--profile", str(profile), "--archive", str(desk.folder.path), *options]
        return CliRunner().invoke(cli, arguments)

    desk.archive.close = lambda: None
    return run_command


def test_the_books_are_counted_as_data(told):
    said = json.loads(told("--json").output)
    assert said["totals"] | {"day": "all"} == {
        "day": "all",
        "requests": 7,
        "articles": 4,
        "not_modified": 2,
        "busy": 1,
        "refused": 1,
        "bytes": 45_048,
        "bytes_saved": 45_000,
    }
    assert said["smallest_gap"] == 2.01
    assert said["gaps"] == [
        {"from_seconds": 2.0, "to_seconds": 5.0, "requests": 6},
        {"from_seconds": 5.0, "to_seconds": 10.0, "requests": 1},
    ]
    assert (said["delay_seconds"], said["profile_delay_seconds"], said["robots_delay_seconds"]) == (
        5.0,
        2.0,
        5.0,
    )
    assert [(row["means"], row["status"]) for row in said["robots"]] == [("part", 200), ("closed", 500)]
    assert said["robots"][0]["page_id"] == 7
    assert (said["reserved_pages"], said["taken_down"]) == (1, 1)
    assert said["user_agent"].startswith("Muragat/")


def test_a_person_reads_it_on_a_terminal(told):
    text = told().output
    assert "answers that a page had not changed (304): 2" in text
    assert "Between two requests: at least 5 s\n  Requests at a time: at most 1\n" in text
    assert "The shortest pause on record: 2.01 s" in text
    assert "Crawl-delay: 5" in text
    assert "robots.txt shuts out GPTBot" in text
    assert "User-agent: Muragat\n      Disallow: /" in text
    assert "Taken out so far: 1." in text


def test_the_page_is_in_the_publishers_language_and_loads_and_runs_nothing(told, tmp_path):
    page = tmp_path / "page.html"
    assert told("--html", str(page)).exit_code == 0
    html = page.read_text("utf-8")
    assert '<html lang="ru">' in html
    assert "Как мы обращаемся с сайтом: Степь" in html
    assert "Самая короткая записанная пауза: 2,01 с" in html
    assert "Получено: 45 кБ." in html
    assert not re.search(r"\d\dT\d\d:\d\d", html)
    assert "&lt;b&gt;30" in html
    assert not re.search(r"<script|<b>30|\s(?:src|href|on\w+)=", html)
    assert "default-src 'none'" in html
    told("--html", str(page), "--language", "kk")
    assert '<html lang="kk">' in page.read_text("utf-8")


def test_a_file_that_cannot_be_written_is_named(told, tmp_path):
    (tmp_path / "no").write_text("")
    done = told("--html", str(tmp_path / "no" / "page.html"))
    assert done.exit_code == 2
    assert "page.html" in done.output


def test_without_a_contact_nobody_is_told_to_write_and_the_owner_is_warned(told, tmp_path, monkeypatch):
    monkeypatch.setattr("crawler.settings.MURAGAT_CONTACT", "")
    nowhere = told()
    assert "ask the owner of this archive, who has named no address. Its text" in nowhere.stdout
    assert "address above" not in nowhere.stdout
    assert "Warning: no contact is set" in nowhere.stderr
    assert "no contact" in told("--html", str(tmp_path / "page.html")).stderr
    assert told("--json").stderr == ""
    monkeypatch.setattr("crawler.settings.MURAGAT_CONTACT", "archive@library.example")
    there = told()
    assert "write to the address above. Its text" in there.stdout
    assert there.stderr == ""


def test_a_source_that_was_never_asked_has_a_page_too(desk, tmp_path):
    done = CliRunner().invoke(cli, ["manners", SOURCE, "--archive", str(desk.folder.path)])
    assert done.exit_code == 0, done.output
    assert "There were no requests" in done.output
    assert "No pauses are recorded yet" in done.output


def test_no_pause_is_claimed_that_no_profile_and_no_robots_txt_states(desk, tmp_path):
    def text(*options):
        return CliRunner().invoke(cli, ["manners", *options, "--archive", str(desk.folder.path)]).output

    assert "the archive has no profile of this source" in text(SOURCE)
    assert "at least" not in text(SOURCE)
    assert json.loads(text(SOURCE, "--json"))["delay_seconds"] is None
    desk.archive.hosts.note_robots(SITE, Robots("part", 200, delay_seconds=7.0), at=NOW)
    assert "Between two requests: at least 7 s" in text(SOURCE)
    profile = tmp_path / "steppe.toml"
    profile.write_text(PROFILE.replace("delay_seconds = 2", "delay_seconds = 0"), encoding="utf-8")
    assert "at least 7 s" in text("--profile", str(profile))
    desk.archive.hosts.note_robots(SITE, Robots("all", 200), at=NOW + timedelta(days=1))
    assert "No pause between requests is set" in text("--profile", str(profile))


@pytest.mark.parametrize("key", list(WORDS))
def test_every_sentence_has_the_same_places_in_every_language(key):
    places = [sorted(re.findall(r"{(\w+)}", text)) for text in WORDS[key]]
    assert places[0] == places[1] == places[2]

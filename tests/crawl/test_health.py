"""Crawls leave what verdicts are made from, and say through alarms when a source is not well."""

from __future__ import annotations

import json
import sqlite3

import pytest
from click.testing import CliRunner

from crawler.cli import cli

ARTICLES = 12


def older(archive, days: int) -> None:
    """Make all that was noted older, as if so many days had passed."""
    columns = {
        "runs": ("started_at", "ended_at"),
        "sources": ("first_crawled_at",),
        "documents": ("read_at", "changed_at", "failing_since"),
        "articles": ("first_seen_at", "last_seen_at"),
    }
    db = sqlite3.connect(archive.path / "news.db")
    with db:
        for table, names in columns.items():
            earlier = ", ".join(f"{n} = strftime('%Y-%m-%dT%H:%M:%SZ', {n}, '-{days} days')" for n in names)
            db.execute(f"UPDATE {table} SET {earlier}")
    db.close()


@pytest.fixture
def full_site(site):
    for number in range(ARTICLES):
        site.article(f"/a/{number}")
    return site


def status(archive, *options):
    return CliRunner().invoke(cli, ["status", "--archive", str(archive.path), *options])


def health(archive, column: str):
    return json.loads(archive.rows(f"SELECT {column} FROM run_health ORDER BY run_id DESC LIMIT 1")[0][0])


def test_a_run_leaves_its_measurements_and_its_documents(full_site, archive, crawl_site):
    full_site.routes["/"] = full_site.good_article
    full_site.article("/a/away", lambda visitor: visitor.answer("", status=302, Location="/"))
    full_site.article("/a/ill", lambda visitor: visitor.answer("no", status=403))
    assert crawl_site().code == 0
    columns = "asked, front_page, articles, with_title, with_date, with_body, with_authors, with_language"
    assert archive.rows(f"SELECT {columns} FROM run_health") == [(14, 1, 12, 12, 12, 12, 0, 12)]
    assert health(archive, "errors") == {"front_page": 1, "forbidden": 1}
    assert health(archive, "languages") == {"ru": 12}
    assert archive.rows("SELECT kind, named, named_before, failure FROM documents") == [
        ("feed", 14, 14, None)
    ]
    # An address that leads to the front page waits, as an answer of 403 does: the site may be ill.
    assert archive.rows("SELECT count(*) FROM frontier WHERE attempts = 1") == [(2,)]
    kinds = archive.rows("SELECT kind, count(*) FROM namings GROUP BY kind")
    assert kinds == [("feed", 14)]
    assert archive.rows("SELECT state, reasons FROM source_health") == [("new", "[]")]


def test_a_source_that_gets_worse_is_an_alarm_once_and_status_says_why(full_site, archive, crawl_site):
    assert crawl_site().code == 0
    (archive.path / "alarms.toml").write_text('[[file]]\npath = "alarms.jsonl"\n', encoding="utf-8")
    older(archive, 5)
    full_site.pace += "\n[expect]\nbody_chars_min = 9000"
    done = crawl_site()
    assert done.code == 0, done.err
    alarms = (archive.path / "alarms.jsonl").read_text(encoding="utf-8").splitlines()
    (told,) = [json.loads(line) for line in alarms]
    assert (told["source"], told["state"], told["was"]) == ("site", "worse", "well")
    assert told["evidence"][0].endswith("its profile expects 9000 at least.")
    shown = status(archive)
    assert shown.exit_code == 0
    assert "site\tworse\t" in shown.output
    assert told["evidence"][0] in shown.output
    assert status(archive, "--check").exit_code == 4


def test_fault_28_a_feed_that_shrinks_to_nothing_is_silence_and_not_nothing_new(
    full_site, archive, crawl_site
):
    assert crawl_site().code == 0
    older(archive, 5)
    full_site.articles.clear()
    assert crawl_site().code == 0
    told = json.loads(status(archive, "--json").output)["sources"][0]["health"]
    assert told["state"] == "silent"
    assert told["why"].endswith("/feed names no article any more; it named 12.")

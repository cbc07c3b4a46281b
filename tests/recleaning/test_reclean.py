"""Kept pages read again: exactly what a changed rule changes, and never in the paper's name."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from archive.cli import changes
from archive.records import Found
from crawler.cli import audit

from .conftest import HOME, LATER, PLEA, Library, made_pages, page_html

DROP_PLEA = '[boilerplate]\ndrop = [".plea"]\n'
READ_DESK = '[fields]\nsection = ".desk"\n'


def test_a_dry_run_shows_exactly_what_one_rule_changes_and_writes_nothing(sixty: Library) -> None:
    before = sixty.dump()
    sixty.change_rule(DROP_PLEA)
    told = sixty.told("--all", "--dry-run", "--examples", 60)
    assert (told["read"], told["changed"], told["same"], told["reworded"]) == (60, 6, 54, 6)
    assert told["fields"] == {"body": {"gained": 0, "lost": 0, "changed": 6}}
    assert {one["url"].rsplit("/", 1)[1] for one in told["examples"]["body"]} == {
        "0",
        "10",
        "20",
        "30",
        "40",
        "50",
    }
    assert all(PLEA in one["old"] and PLEA not in one["new"] for one in told["examples"]["body"])
    assert all(0 < one["share"] < 0.3 for one in told["examples"]["body"])
    assert sixty.dump() == before


def test_a_rule_for_one_field_gains_that_field_and_nothing_else(sixty: Library) -> None:
    sixty.change_rule(READ_DESK)
    told = sixty.told("--all", "--dry-run")
    assert told["fields"] == {"section": {"gained": 5, "lost": 0, "changed": 0}}
    assert told["examples"]["section"][0]["new"] == "Отдел «Вода 5»"
    assert (told["changed"], told["reworded"]) == (5, 0)


def test_what_was_shown_is_what_is_written_and_a_second_time_nothing_is_left(sixty: Library) -> None:
    sixty.change_rule(DROP_PLEA)
    shown = sixty.told("--all", "--dry-run")
    done = sixty.told("--all")
    assert done == shown | {"dry_run": False}
    assert sixty.rows("SELECT count(*) FROM articles WHERE body LIKE ?", f"%{PLEA}%") == [(0,)]
    assert sixty.rows("SELECT cause, count(*) FROM revisions GROUP BY 1") == [("first", 60), ("recleaned", 6)]
    assert sixty.rows(
        "SELECT count(*) FROM revision_texts WHERE number = 1 AND body LIKE ?", f"%{PLEA}%"
    ) == [(6,)]
    after = sixty.dump()
    again = sixty.told("--all")
    assert (again["same"], again["fields"]) == (60, {})
    assert sixty.dump() == after


def test_a_reading_of_ours_is_never_shown_as_the_papers_edit(sixty: Library) -> None:
    seen = sixty.rows("SELECT id, last_seen_at, gone_at, page_id, first_seen_at FROM articles")
    sixty.change_rule(DROP_PLEA)
    sixty.told("--all")
    listed = CliRunner().invoke(changes, ["--by", "publisher", "--archive", str(sixty.folder.path)])
    assert listed.stdout == ""
    ours = CliRunner().invoke(changes, ["--json", "--archive", str(sixty.folder.path)]).stdout.splitlines()
    assert {json.loads(line)["cause"] for line in ours} == {"recleaned"}
    assert len(ours) == 6
    assert sixty.rows("SELECT id, last_seen_at, gone_at, page_id, first_seen_at FROM articles") == seen
    assert CliRunner().invoke(audit, ["--full", "--archive", str(sixty.folder.path)]).exit_code == 0


def test_pages_that_the_present_version_has_read_are_left_out(sixty: Library) -> None:
    assert sixty.told()["read"] == 0
    assert "--all reads them again" in sixty.reclean().stderr
    sixty.change("UPDATE articles SET cleaned_with = '0' WHERE url LIKE '%/a/1%'")
    told = sixty.told()
    assert (told["read"], told["same"]) == (11, 11)
    assert sixty.rows("SELECT DISTINCT cleaned_with FROM articles") != [("0",)]
    assert sixty.told()["read"] == 0


def test_limit_goes_on_where_the_last_call_ended_and_since_leaves_older_pages_out(sixty: Library) -> None:
    sixty.keep({"/a/late": page_html(99)}, at=LATER)
    assert sixty.told("--all", "--since", LATER.date())["read"] == 1
    assert sixty.told("--all", "--limit", 40)["read"] == 40
    assert sixty.told("--all", "--limit", 40)["read"] == 21
    assert sixty.rows("SELECT * FROM recleanings") == []
    assert sixty.told("--all", "--dry-run", "--limit", 40)["read"] == 40


@pytest.mark.parametrize("rule", [DROP_PLEA, READ_DESK])
def test_another_rule_begins_from_the_start(sixty: Library, rule: str) -> None:
    sixty.told("--all", "--limit", 50)
    sixty.change_rule(rule)
    assert sixty.told("--all", "--dry-run")["read"] == 60
    assert sixty.told("--all")["read"] == 60


def test_what_feeds_said_and_the_clock_of_the_fetching_count_as_in_a_crawl(library: Library) -> None:
    html = page_html(1).replace("article:published_time", "x").replace("</h1>", "</h1><p>5 минут назад</p>")
    stated = Found(f"{HOME}/a/1", "feed", f"{HOME}/feed", "Вода у дома 1", "2026-03-10T11:30:00+05:00")
    library.keep({"/a/1": html, "/a/2": html}, found={"/a/1": stated})
    before = library.rows("SELECT published_at, published_evidence FROM articles ORDER BY url")
    assert before[0][0] == "2026-03-10T06:30:00Z"
    told = library.told("--all")
    assert (told["same"], told["fields"]) == (2, {})
    assert library.rows("SELECT published_at, published_evidence FROM articles ORDER BY url") == before


def test_a_page_that_reads_as_no_article_now_leaves_the_article_and_notes_it(library: Library) -> None:
    library.keep({"/a/1": page_html(1)})
    library.change(
        "UPDATE articles SET page_id = (SELECT max(page_id) + 1 FROM articles), cleaned_with = '0'"
    )
    library.keep({"/a/other": "<html><body><h1>О нас</h1></body></html>"})
    library.change("DELETE FROM no_articles")
    before = library.rows("SELECT body, revisions, cleaned_with FROM articles")
    shown = library.told("--dry-run")
    assert shown["no_article"] == 1
    assert shown["examples"]["no_article"][0]["article_id"]
    assert library.told()["no_article"] == 1
    assert library.rows("SELECT body, revisions, cleaned_with FROM articles") == before
    ((problems,),) = library.rows("SELECT problems FROM articles")
    assert [one["code"] for one in json.loads(problems)].count("no_article_now") == 1
    assert library.told()["read"] == 0


def test_a_rejected_page_that_is_an_article_now_becomes_one(library: Library) -> None:
    html = page_html(7).replace("article>", "section>").replace("og:type", "x")
    library.keep({"/a/7": html, "/a/about": "<html><body><h1>О нас</h1></body></html>"})
    library.change("UPDATE fetches SET outcome = 'rejected'")
    for table in ("links", "images", "revisions"):
        library.change(f"DELETE FROM {table}")
    library.change("UPDATE addresses SET article_id = NULL, next_visit_at = NULL")
    library.change("DELETE FROM articles")
    library.change("UPDATE no_articles SET cleaned_with = '0'")
    assert library.told("--dry-run")["found"] == 1
    told = library.told()
    assert (told["found"], told["none"]) == (1, 1)
    assert told["examples"]["found"][0]["detail"] == "Вода у дома 7"
    assert library.rows("SELECT first_seen_at, revisions FROM articles") == [("2026-03-10T07:00:00Z", 1)]
    assert library.rows("SELECT count(*) FROM addresses WHERE article_id IS NOT NULL") == [(1,)]
    assert library.told()["read"] == 0


def test_a_value_that_only_an_earlier_page_stated_is_not_lost(library: Library) -> None:
    said = "<meta property='article:section' content='Город'></head>"
    library.keep({"/a/1": page_html(1).replace("</head>", said), "/a/2": page_html(2)})
    library.keep({"/a/1": page_html(1) + " "}, at=LATER)
    library.change("UPDATE articles SET agency = 'Wrong'")
    assert library.told("--all")["fields"] == {"agency": {"gained": 0, "lost": 2, "changed": 0}}
    assert library.rows("SELECT section, agency FROM articles ORDER BY url") == [
        ("Город", None),
        (None, None),
    ]


def test_a_damaged_page_is_told_and_the_others_are_read(sixty: Library) -> None:
    page_id = sixty.rows("SELECT max(page_id) FROM articles")[0][0]
    from archive.store.archive import Archive

    with Archive(sixty.folder) as archive, archive.pages.db.conn as db:
        db.execute(
            "UPDATE bodies SET zstd = x'00' WHERE sha256 = (SELECT body_sha256 FROM pages WHERE id = ?)",
            [page_id],
        )
    result = sixty.reclean("--all", "--json")
    assert result.exit_code == 4
    told = json.loads(result.stdout)
    assert (told["failed"], told["same"]) == (1, 59)


def test_people_get_a_table_and_examples(sixty: Library) -> None:
    sixty.change_rule(DROP_PLEA)
    lines = sixty.reclean("--all", "--dry-run").stdout.splitlines()
    assert lines[0].startswith("60 kept pages read again: 6 articles would be changed")
    assert any(line.split()[:4] == ["body", "0", "0", "6"] for line in lines)
    assert lines[-1] == "Nothing was written: this was a dry run."


def test_no_archive_is_an_error_and_none_is_made(library: Library) -> None:
    result = library.reclean()
    assert result.exception
    assert not library.folder.path.exists()


@pytest.mark.slow
def test_of_two_thousand_pages_exactly_those_a_rule_concerns_are_shown(library: Library) -> None:
    library.keep(made_pages(2_000))
    library.change_rule(DROP_PLEA)
    told = library.told("--all", "--dry-run", "--examples", 1000)
    assert (told["read"], told["changed"], told["same"], told["reworded"]) == (2_000, 200, 1_800, 200)
    assert told["fields"] == {"body": {"gained": 0, "lost": 0, "changed": 200}}
    shown = {int(one["url"].rsplit("/", 1)[1]) for one in told["examples"]["body"]}
    assert shown == set(range(0, 2_000, 10))

"""Which articles are exported: conditions that only read, one of each story, parts no story straddles."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict

import pytest
from click.testing import CliRunner

from archive.cli import export


def run(folder, *arguments):
    return CliRunner().invoke(export, [*map(str, arguments), "--archive", str(folder.path)])


def titles(folder, *arguments):
    result = run(folder, "--to", "-", "--columns", "title", *arguments)
    assert result.exit_code == 0, result.output
    return {json.loads(line)["title"] for line in result.stdout.splitlines()}


FULL, NEXT, UNDATED, FORMULA = "Мост, «Достык» и вода", "Ертең боран", "Без даты", "=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("length(body) > 20", {FULL, FORMULA}),
        ("section = 'Город' -- ours", {FULL}),
        ("id IN (SELECT article_id FROM links)", {FULL}),
        ("language = 'kk' OR language = 'ru'", {FULL, NEXT, UNDATED}),
        (
            "id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH search_match('моста'))",
            {FULL, UNDATED},
        ),
        ("0", set()),
        ("NULL", set()),
    ],
    ids=["function", "comment", "subquery", "or", "search", "nothing", "null"],
)
def test_a_condition_in_sql_chooses(folder, where, found):
    assert titles(folder, "--where", where) == found


def test_a_condition_is_asked_beside_the_other_options(folder):
    assert titles(folder, "--where", "1 OR 1", "--source", "aul_kz") == {FORMULA}


@pytest.mark.parametrize("name", ["march.jsonl", "march.warc.gz", "march"])
def test_an_export_by_days_says_how_many_undated_articles_it_left_out(folder, tmp_path, name):
    form = ["--format", "hf"] if name == "march" else []
    chosen = ["--since", "2026-03-01", "--where", "language = 'ru'"]  # of the other one no language is known
    result = run(folder, "--to", tmp_path / name, *form, *chosen)
    assert "1 article left out: states no day" in result.stderr
    result = run(folder, "--to", "-", "--source", "steppe_news")
    assert "left out" not in result.stderr


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("headline = 'x'", "no such column: headline"),
        ("1; DROP TABLE articles", "one statement"),
        ("1) OR (1 = 1", "syntax error"),
        ("", "syntax error"),
        ("id = ?", "inding"),
        ("load_extension('x')", "may only read"),
        ("writefile('x', body)", "no such function"),
        ("id IN (DELETE FROM articles RETURNING id)", "syntax error"),
        ("1 /* open", "incomplete input"),
        ("id = '\ud800'", "no text"),
    ],
    ids=[
        "column",
        "two",
        "brackets",
        "empty",
        "mark",
        "extension",
        "function",
        "delete",
        "open",
        "surrogate",
    ],
)
def test_a_condition_that_cannot_be_meant_is_one_line(folder, tmp_path, where, said):
    result = run(folder, "--to", tmp_path / "x.jsonl", "--where", where)
    assert result.exit_code == 2, result.output
    assert said in result.stderr.splitlines()[-1]
    assert not (tmp_path / "x.jsonl").exists()
    with sqlite3.connect(folder.news) as db:
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (4,)


def test_a_condition_without_end_is_given_up(folder):
    endless = "(WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c) > 0"
    result = run(folder, "--to", "-", "--where", endless, "--where-seconds", "0.2")
    assert result.exit_code == 2
    assert "not done in 0.2 seconds" in result.stderr


def test_of_each_story_the_first_is_kept(telling):
    assert titles(telling) == {"первая", "перепечатка", "другая", "без даты"}
    result = run(telling, "--to", "-", "--columns", "title", "--dedup")
    kept = {json.loads(line)["title"] for line in result.stdout.splitlines()}
    assert kept == {"первая", "другая", "без даты"}
    assert "1 copy left out" in result.stderr


def test_articles_that_are_not_compared_yet_are_told(telling):
    with sqlite3.connect(telling.news) as db:
        db.execute("INSERT INTO uncompared SELECT id FROM articles WHERE source = 'aul_kz'")
    said = "1 article not compared yet, so copies may not be known; run: muragat copies --fill"
    assert said in run(telling, "--to", "-", "--dedup").stderr
    assert said not in run(telling, "--to", "-").stderr


def test_of_a_story_whose_first_is_not_meant_the_next_is_kept(telling):
    assert titles(telling, "--dedup", "--source", "aul_kz") == {"перепечатка"}


def test_no_story_is_in_two_parts_and_chance_decides_nothing(telling, tmp_path):
    to = tmp_path / "parts"
    result = run(telling, "--to", to, "--format", "jsonl", "--split", "2026-03-05", "--split", "2026-03-09")
    assert result.exit_code == 0, result.output
    parts = defaultdict(set)
    for file in to.iterdir():
        for line in file.read_text("utf-8").splitlines():
            parts[file.stem].add(json.loads(line)["title"])
    assert parts == {"train": {"первая", "перепечатка"}, "test": {"другая"}, "undated": {"без даты"}}
    assert (to / "validation.jsonl").read_text() == ""
    assert "train 2, validation 0, test 1, undated 1" in result.stderr


def test_many_parts_are_numbered(telling, tmp_path):
    days = ["--split", "2026-03-02", "--split", "2026-03-03", "--split", "2026-03-20"]
    assert run(telling, "--to", tmp_path / "p", "--format", "csv", *days).exit_code == 0
    names = sorted(one.stem for one in (tmp_path / "p").iterdir())
    assert names == ["part_1", "part_2", "part_3", "part_4", "undated"]

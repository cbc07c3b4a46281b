"""A folder of several archives is searched and shown as a whole; other commands say which to name."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date

import pytest
from click.testing import CliRunner

from archive.identity import url_hash, url_key
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from archive.takedown.taking import take_down, target_of
from crawler.cli import cli, main
from tests.keeping import article_at, begin_source, visit_of

SITE = "https://steppe-news.example"
SOURCE = "steppe_news"


def keep(folder, *told, language=None):
    """An archive with articles: address, title and day of each."""
    with Archive(folder) as archive:
        run = begin_source(archive, SOURCE)
        for path, title, day in told:
            at = date.fromisoformat(day)
            article = article_at(
                f"{SITE}{path}", title=title, body=f"{title}.", published_date=at, language=language
            )
            archive.keep_told_article(
                run, SOURCE, article, visit_of(archive, SOURCE, article.url), article_id=at.toordinal()
            )
        archive.runs.end(
            run, status="done", reason=None, ended_at=visit_of(archive, SOURCE, SITE).fetched_at, seconds=1
        )


@pytest.fixture
def whole(tmp_path):
    whole = tmp_path / "whole"
    keep(
        ArchiveFolder(whole / "2026-03"),
        ("/flood", "Паводок в марте", "2026-03-10"),
        ("/both", "Паводок", "2026-03-30"),
    )
    keep(
        ArchiveFolder(whole / "2026-04"),
        ("/later", "Паводок в апреле", "2026-04-02"),
        ("/both", "Паводок снова", "2026-03-30"),
    )
    return whole


def run(*words, code=0):
    done = CliRunner().invoke(cli, [*map(str, words)])
    assert done.exit_code == code, done.output
    return done


def found(whole, *words):
    done = run("search", "--json", *words, "--archive", whole)
    return [(one["archive"], one["title"]) for one in map(json.loads, done.stdout.splitlines())]


def test_a_search_finds_the_newest_of_all_each_once(whole):
    assert found(whole, "паводки") == [
        ("2026-04", "Паводок в апреле"),
        ("2026-04", "Паводок снова"),
        ("2026-03", "Паводок в марте"),
    ]
    assert found(whole, "паводки", "--limit", 1) == [("2026-04", "Паводок в апреле")]
    assert found(whole, "паводок", "--until", "2026-03-15") == [("2026-03", "Паводок в марте")]


def test_hits_say_which_archive_they_are_of_and_that_the_newest_come_first(whole):
    done = run("search", "март", "--archive", whole)
    assert "2026-03  2026-03-10  steppe_news  Паводок в марте" in done.stdout
    assert "the newest come first" in done.stderr
    assert "newest come first" not in run("search", "--newest", "март", "--archive", whole).stderr


def test_what_one_has_taken_down_is_found_in_none(whole):
    with Archive(ArchiveFolder(whole / "2026-03")) as archive:
        take_down(archive, target_of(archive, f"{SITE}/both"), reason="", asked_by="")
    assert [title for _, title in found(whole, "паводок")] == ["Паводок в апреле", "Паводок в марте"]


def test_hits_are_as_many_as_asked_for_where_the_newest_were_taken_down_in_another(whole):
    with Archive(ArchiveFolder(whole / "2026-03")) as archive:
        for path in ("/both", "/later"):  # the second one never was in this archive
            take_down(archive, target_of(archive, f"{SITE}{path}"), reason="", asked_by="")
    keep(ArchiveFolder(whole / "2026-04"), ("/old", "Паводок зимой", "2026-01-09"))
    assert found(whole, "паводок", "--limit", 1) == [("2026-03", "Паводок в марте")]
    assert found(whole, "паводок", "--limit", 2)[1:] == [("2026-04", "Паводок зимой")]


def test_what_was_taken_down_is_not_found_in_an_earlier_part_by_another_of_its_addresses(whole):
    with Archive(ArchiveFolder(whole / "2026-04")) as archive:
        take_down(archive, target_of(archive, f"{SITE}/flood-in-short"), reason="", asked_by="")
    with closing(sqlite3.connect(whole / "2026-03" / "news.db")) as db:
        key = url_hash(url_key(f"{SITE}/flood"))
        db.execute(
            "UPDATE addresses SET url_hash = ? WHERE url_hash = ?",
            [url_hash(url_key(f"{SITE}/flood-in-short")), key],
        )
        db.commit()
    assert "Паводок в марте" not in [title for _, title in found(whole, "паводок")]


def test_one_that_cannot_be_read_is_left_out_and_told(whole):
    (whole / "2026-04" / "news.db").write_bytes(b"no database at all" * 999)
    done = run("search", "паводок", "--archive", whole, code=6)
    assert "Паводок в марте" in done.stdout
    assert "Left out:" in done.stderr
    assert "2026-04" in done.stderr
    done = run("status", "--json", "--archive", whole)
    told = json.loads(done.stdout)
    assert "error" in told["archives"]["2026-04"]
    assert told["is_well"] is False
    assert run("status", "--check", "--archive", whole, code=4)


def test_a_slip_of_the_pen_is_answered_where_nothing_is_found(whole):
    for month in ("2026-03", "2026-04"):
        run("reindex", "--archive", whole / month)  # which lists the words
    done = run("search", "паваток", "--archive", whole)
    assert "nothing found in 2 archives" in done.stderr
    assert "did you mean: паводок" in done.stderr


def test_what_is_no_filter_and_no_word_is_told_as_of_one_archive(whole):
    done = run("search", "паводок after:soon", "--archive", whole)
    assert "Note: 'after:soon' is no filter, its value cannot be read" in done.stderr
    done = run("search", "паводок source:typo foo:bar", "--archive", whole)
    assert "no articles of a source 'typo' here; there are: " in done.stderr
    assert "there is no filter 'foo:'" in done.stderr
    assert "no word to look for: '!!!'" in run("search", "!!!", "--archive", whole).stderr


def test_an_index_that_another_program_filled_is_told_with_its_archive(whole):
    with closing(sqlite3.connect(whole / "2026-03" / "news.db")) as db:
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
        db.commit()
    told = run("search", "паводок", "--archive", whole).stderr
    assert "Note: 2026-03: another program filled the search index" in told
    assert "Note: 2026-04" not in told


def test_a_source_that_one_lacks_is_asked_of_the_others(whole):
    with Archive(ArchiveFolder(whole / "2026-05")) as archive:
        begin_source(archive, "aul_kz")
    assert len(found(whole, "паводок", "--source", SOURCE)) == 3
    assert (
        "no articles of a source 'nobody'"
        in run("search", "паводок", "--source", "nobody", "--archive", whole, code=2).output
    )


def test_status_shows_each_under_its_name(whole):
    lines = run("status", "--archive", whole).stdout.splitlines()
    assert [line for line in lines if line.endswith(":")] == ["2026-03:", "2026-04:"]
    assert sum(line.startswith("sources 1, articles 2") for line in lines) == 2
    told = json.loads(run("status", "--json", "--archive", whole).stdout)
    assert [one["articles"] for one in told["archives"].values()] == [2, 2]


def test_status_of_a_source_leaves_parts_without_it_out(whole):
    with Archive(ArchiveFolder(whole / "2026-05")) as archive:
        begin_source(archive, "aul_news")
    lines = run("status", "aul_news", "--archive", whole).stdout.splitlines()
    assert [line for line in lines if line.endswith(":")] == ["2026-05:"]
    told = json.loads(run("status", SOURCE, "--json", "--archive", whole).stdout)
    assert list(told["archives"]) == ["2026-03", "2026-04"]
    assert "did you mean aul_news?" in run("status", "aulnews", "--archive", whole, code=2).output


@pytest.mark.parametrize(
    "command",
    ["changes", "copies", "export --to -", "status --missing", "search --like 1", "publish --snapshot x.db"],
)
def test_other_commands_say_what_the_folder_is_and_which_to_name(whole, command, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["muragat", *command.split(), "--archive", str(whole)])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 6
    told = capsys.readouterr().err
    assert f"{whole}: 2 archives in one folder (2026-03, 2026-04)" in told
    assert f"--archive {whole}/2026-04" in told
    assert "`browse`, `search WORDS` and plain `status` read all" in told


def test_a_folder_without_any_is_told_as_before(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["muragat", "search", "вода", "--archive", str(tmp_path)])
    with pytest.raises(SystemExit):
        main()
    assert "no archive here; crawl into it first" in capsys.readouterr().err


def test_a_language_that_no_part_has_is_told_with_those_there_are(whole):
    said = "Note: no articles in a language 'xx' here; there are: kk, ru\n"
    for part, language in (("2026-03", "ru"), ("2026-04", "kk")):
        keep(ArchiveFolder(whole / part), ("/spoken", "Паводок", "2026-04-03"), language=language)
    assert said in run("search", "lang:xx", "--archive", whole).stderr
    assert "Note: no articles" not in run("search", "lang:ru", "--archive", whole).stderr

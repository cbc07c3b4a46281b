"""`muragat copies`: the story of one article, the stories of all, and an archive not compared yet."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.syndication.clusters import MOST_SHOWN
from crawler.cli import cli

from .conftest import NOON, text, words

HOUR = timedelta(hours=1)


@pytest.fixture
def stories(press):
    """One story in three papers, one in two, one in one."""
    cut = " ".join(words(1, 200)[:180])
    press.print("liter_kz", "big", text(1, 200), title="Мост открыт")
    press.print("inkaraganda_kz", "big", cut, at=NOON + HOUR, agency="Liter.kz", title="Мост \x1b[31mоткрыли")
    press.print("steppe_news", "big", text(1, 200), at=NOON + 2 * HOUR)
    for source in ("liter_kz", "steppe_news"):
        press.day(source, "day", text(2), "2026-03-12")
    press.print("liter_kz", "alone", text(3))
    return press


def run(press, *arguments):
    command = ["copies", *map(str, arguments), "--archive", str(press.folder.path)]
    return CliRunner().invoke(cli, command, standalone_mode=False)


def address(source, slug):
    return f"https://{source.replace('_', '-')}.example/{slug}"


def test_an_article_is_named_by_its_number_or_its_address(stories):
    number = stories.value("SELECT id FROM articles WHERE title = 'Мост открыт'")
    for named in (
        number,
        address("liter_kz", "big"),
        "http://www." + address("liter_kz", "big")[8:] + "/?utm_x=1",
    ):
        assert run(stories, named).stdout == run(stories, number).stdout


def test_a_story_is_told_with_who_was_first_shares_and_credits(stories):
    lines = run(stories, address("inkaraganda_kz", "big")).stdout.splitlines()
    assert lines[0] == "3 articles of 3 sources; first: Liter.kz, 2026-03-10 12:00"
    assert lines[1].split()[:6] == ["2026-03-10", "12:00", "first", "100", "%", "liter_kz"]
    assert "Мост [31mоткрыли  (credits Liter.kz)  https://inkaraganda-kz.example/big" in lines[2]
    assert "first" not in lines[3]
    assert "\x1b" not in "".join(lines)


def test_stories_that_state_one_day_only_have_no_certain_first(stories):
    lines = run(stories, address("liter_kz", "day")).stdout.splitlines()
    assert lines[0] == "2 articles of 2 sources; first: Liter.kz or Степь, the same day (2026-03-12)"
    assert all("first?" in line for line in lines[1:])


def test_all_stories_come_with_the_widest_spread_first(stories):
    heads = [line for line in run(stories).stdout.splitlines() if not line.startswith(" ")]
    assert [line.split()[0] for line in heads] == ["3", "2"]
    assert len(run(stories, "--limit", 1).stdout.splitlines()) == 4


@pytest.mark.parametrize(
    ("arguments", "sizes"),
    [
        (["--source", "inkaraganda_kz"], [3]),
        (["--since", "2026-03-11"], [2]),
        (["--since", "2026-03-13"], []),
        (["--threshold", "0.95"], [3, 2]),
    ],
)
def test_stories_are_chosen_by_source_and_day(stories, arguments, sizes):
    lines = run(stories, "--json", *arguments).stdout.splitlines()
    assert [len(json.loads(line)["articles"]) for line in lines] == sizes


def test_the_threshold_decides_what_a_copy_is(press):
    press.print("liter_kz", "a", text(1))
    press.print("steppe_news", "b", " ".join([*words(1)[:120], *words(9, 80)]))
    assert len(run(press, address("liter_kz", "a")).stdout.splitlines()) == 2
    assert len(run(press, address("liter_kz", "a"), "--threshold", "0.55").stdout.splitlines()) == 3
    assert run(press).stderr == "no copies that share 80% of their text\n"


def test_programs_read_one_object_for_each_story(stories):
    (line,) = run(stories, address("inkaraganda_kz", "big"), "--json").stdout.splitlines()
    told = json.loads(line)
    first = next(one for one in told["articles"] if one["source"] == "liter_kz")
    assert (told["threshold"], told["first"]) == (0.8, first["id"])
    assert first["share"] == 1.0
    assert "body" not in first
    days = json.loads(run(stories, address("liter_kz", "day"), "--json").stdout)
    assert days["first"] is None
    assert all(one["may_be_first"] for one in days["articles"])


def test_an_article_without_copies_says_so(stories):
    result = run(stories, address("liter_kz", "alone"))
    assert result.stdout.startswith("1 article, no copies of it\n")
    assert "first" not in result.stdout
    assert "100 %" not in result.stdout
    assert result.stderr == "no other article here shares 80% of its text\n"


def test_of_a_story_that_everybody_prints_a_hundred_are_told(press):
    for n in range(MOST_SHOWN + 3):
        press.print("liter_kz", str(n), text(1, 60))
    lines = run(press, address("liter_kz", "0")).stdout.splitlines()
    assert lines[0].startswith("100 or more articles of 1 source; first: Liter.kz")
    assert len(lines) == MOST_SHOWN + 1


@pytest.mark.parametrize("named", ["17", "9" * 30, "https://liter-kz.example/never", "мост"])
def test_an_unknown_article_is_named_with_what_to_do(stories, named):
    with pytest.raises(Exception, match="name its number or its address") as refused:
        raise run(stories, named).exception
    assert refused.value.exit_code == 2
    assert named in str(refused.value)


def test_an_unknown_source_and_an_article_to_fill_are_wrong_use(stories):
    assert run(stories, "--source", "nobody").exception.exit_code == 2
    assert run(stories, 17, "--fill").exception.exit_code == 2


def test_what_an_earlier_version_kept_is_told_and_filled(stories):
    before = stories.state()
    for table in ("article_fingerprints", "fingerprints", "copies"):
        stories.db.conn.execute(f"DELETE FROM {table}")
    stories.db.conn.execute("INSERT INTO uncompared SELECT id FROM articles")
    stories.db.conn.commit()
    assert "6 articles not compared yet; run: muragat copies --fill" in run(stories).stderr
    assert run(stories, "--fill").stderr == "6 articles compared\n"
    assert run(stories, "--fill").stderr == "0 articles compared\n"
    assert stories.state() == before


def test_all_is_compared_anew(stories):
    before = stories.state()
    stories.db.conn.execute("DELETE FROM copies")
    stories.db.conn.commit()
    assert run(stories, "--rebuild").stderr == "6 articles compared\n"
    assert stories.state() == before


def test_an_archive_that_knows_of_no_copies_says_what_to_do(stories):
    with closing(Database(stories.folder.news)) as db:
        for kind, name in (("VIEW", "copy_pairs"), ("TABLE", "copies")):
            db.conn.execute(f"DROP {kind} {name}")
        db.conn.commit()
    assert isinstance(run(stories).exception, ArchiveError)
    assert "muragat copies --fill" in str(run(stories).exception)


@pytest.mark.parametrize("arguments", [[], ["--fill"]])
def test_a_folder_without_an_archive_is_refused_and_not_made(tmp_path, arguments):
    command = ["copies", *arguments, "--archive", str(tmp_path / "none")]
    result = CliRunner().invoke(cli, command, standalone_mode=False)
    assert isinstance(result.exception, ArchiveError)
    assert not (tmp_path / "none").exists()

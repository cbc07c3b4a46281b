"""Words to hits, from a real archive, through the command that people type."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.cli import search as search_command
from archive.identity import url_hash, url_key
from archive.search.filters import ArticleFilter
from archive.search.finding import search
from archive.search.index_state import IndexState, index_state
from archive.search.ranking import BEGIN, END
from archive.store.connection import open_to_write
from archive.store.migrations import migrations
from archive.store.search_index import SearchIndex


@pytest.fixture(autouse=True)
def articles(keep):
    keep("/1", "Новый мост", "Ремонт дороги начнётся весной.", "2026-03-01", language="ru", section="Город")
    keep("/2", "Ремонт улиц", "Весна пришла. Мост закрыт.", "2026-03-05", language="ru")
    long = "Снег и мост. " + "Ничего особенного. " * 40
    keep("/3", "Погода", long, "2026-03-09", source="aul_kz", language="kk")
    keep("/4", "Без даты", "Ремонт школы.", lead="Мост рядом.", source="aul_kz")


def paths(hits):
    return [hit.url[-1] for hit in hits]


def test_all_words_must_be_there(db):
    assert paths(search(db, "ремонт дорог")) == ["1"]
    assert set(paths(search(db, "мост -снег -школы"))) == {"1", "2"}


def test_a_word_in_the_title_counts_most_then_in_the_lead_then_in_the_body(db):
    assert paths(search(db, "мост"))[:2] == ["1", "4"]
    assert paths(search(db, "ремонт"))[0] == "2"


def test_the_newest_come_first_when_asked_for_and_the_undated_by_the_day_they_were_found(db):
    assert paths(search(db, "мост", newest=True)) == ["4", "3", "2", "1"]


def test_no_more_than_the_limit(db):
    assert len(search(db, "мост", limit=2)) == 2


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (ArticleFilter(sources=("aul_kz",)), {"3", "4"}),
        (ArticleFilter(sources=("aul_kz", "steppe_news")), {"1", "2", "3", "4"}),
        (ArticleFilter(since=date(2026, 3, 5)), {"2", "3"}),
        (ArticleFilter(until=date(2026, 3, 5)), {"1", "2"}),
        (ArticleFilter(since=date(2026, 3, 5), until=date(2026, 3, 5)), {"2"}),
        (ArticleFilter(language="kk"), {"3"}),
        (ArticleFilter(section="Город"), {"1"}),
        (ArticleFilter(section="Город", language="kk"), set()),
    ],
)
def test_filters_narrow_what_is_found(db, where, found):
    assert set(paths(search(db, "мост", where=where))) == found


def test_a_snippet_shows_the_words_where_they_are(db):
    (hit,) = search(db, "весною дорога")
    assert hit.snippet == f"Ремонт {BEGIN}дороги{END} начнётся {BEGIN}весной{END}."
    (hit,) = search(db, "рядом")
    assert hit.snippet == f"Мост {BEGIN}рядом{END}."
    (hit,) = search(db, "погода")
    assert hit.snippet.startswith("Снег и мост")
    assert len(hit.snippet) < 400


def test_51_a_word_nobody_wrote_finds_nothing(db):
    assert index_state(db.conn) is IndexState.SOUND
    assert search(db, "нетакогословабрям") == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.one_of(st.characters(), st.sampled_from('"*-мостремонт «»\x00\ud800'))))
def test_50_no_text_is_an_error(db, words):
    assert len(search(db, words)) <= 4


def run(folder, *arguments):
    return CliRunner().invoke(search_command, [*arguments, "--archive", str(folder.path)])


def test_the_command_prints_a_hit_in_two_lines(folder):
    result = run(folder, "=начнётся")
    assert result.exit_code == 0
    assert result.stdout == (
        "2026-03-01  steppe_news  Новый мост  https://steppe-news.example/1\n"
        "    Ремонт дороги [начнётся] весной.\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--source", "aul_kz", "--since", "2026-03-09", "--newest"],
        ["--language", "RU", "--until", "2026-03-04"],
        ["--limit", "1"],
    ],
)
def test_the_command_takes_the_filters(folder, arguments):
    assert run(folder, "мост", *arguments).stdout.count("https://") == 1


def test_the_command_prints_json_lines(folder):
    hits = [json.loads(line) for line in run(folder, "мост", "--json").stdout.splitlines()]
    assert len(hits) == 4
    assert set(hits[0]) == {
        "id",
        "source",
        "url",
        "title",
        "language",
        "published_date",
        "first_seen_date",
        "snippet",
    }


def test_an_undated_hit_says_when_it_was_first_seen_for_it_has_its_place_by_that_day(folder, db):
    (seen,) = (
        day for (day,) in db.conn.execute("SELECT first_seen_at FROM articles WHERE title = 'Без даты'")
    )
    first = run(folder, "мост", "--newest").stdout.splitlines()[0]
    assert first.startswith(f"undated (first seen {seen[:10]})  aul_kz  Без даты  ")


def test_41_a_page_cannot_steer_the_terminal(keep, folder):
    wild = "Взлом \x1b[2J\x9b31m\u202eзаголовка", "Тайна \x07\x1b]0;x\x07 раскрыта\r\nсегодня"
    keep("/5", *wild, "2026-03-02")
    shown = run(folder, "тайна").stdout
    assert "заголовка" in shown
    assert not any((ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 or c == "\u202e" for c in shown)
    assert shown.count("\n") == 2


def test_nothing_found_is_said_beside_the_output(folder):
    result = run(folder, "нетакогословабрям")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing found" in result.stderr
    assert "no word to look for" in run(folder, "!!!").stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["мост", "--source", "nobody"], "there are: aul_kz, steppe_news"),
        (["мост", "--since", "2026-03-09", "--until", "2026-03-01"], "is after"),
        (["мост", "--since", "yesterday"], "yesterday"),
        (["мост", "--limit", "0"], "limit"),
    ],
)
def test_what_cannot_be_meant_is_wrong_use(folder, arguments, said):
    result = run(folder, *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_an_address_alone_finds_the_article_that_is_kept_under_it(folder, db):
    found = run(folder, "http://www.steppe-news.example/2/?utm_source=x#top")
    assert found.stdout.count("\n") == 1
    assert "Ремонт улиц" in found.stdout
    assert paths(search(db, "steppe-news.example/1")) == ["1"]
    assert paths(search(db, "https://steppe-news.example/1", where=ArticleFilter(language="kk"))) == []
    assert paths(search(db, "https://steppe-news.example/1 мост")) == []  # an address among words is words


def test_any_address_an_article_was_read_at_finds_it(folder, db):
    with sqlite3.connect(folder.news) as connection:
        connection.execute(
            "INSERT INTO addresses (url_hash, source, url, kind, checked_at, article_id, found, visits) "
            "SELECT ?, source, ?, 'alias', first_seen_at, id, '[]', 0 FROM articles WHERE title = 'Погода'",
            [url_hash(url_key("https://aul.example/old?id=3")), "https://aul.example/old?id=3"],
        )
    assert paths(search(db, "https://aul.example/old?id=3")) == ["3"]


def test_an_address_of_no_article_is_told_and_never_rewritten(folder):
    with closing(open_to_write(folder.news, migrations)) as db:
        SearchIndex(db, folder.news).list_words()
    found = run(folder, "https://steppe-news.example/мостт")
    assert (found.exit_code, found.stdout) == (0, "")
    said = "nothing found at this address; in quotes it is looked for in texts: 'https://steppe"
    assert found.stderr.startswith(said)
    assert "did you mean" not in found.stderr
    assert "did you mean: мост" in run(folder, "мостт").stderr
    mended = run(folder, "ремонтт https://steppe-news.example/мостт").stderr
    assert "did you mean: ремонт https://steppe-news.example/мостт\n" in mended

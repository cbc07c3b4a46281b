"""The index follows the articles, tells when it may not be believed, and is made anew."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

import pytest
from click.testing import CliRunner

from archive.cli import reindex
from archive.cli import search as search_command
from archive.health.article_checks import article_checks
from archive.health.audit import damage_named
from archive.records import Author
from archive.search.finding import search
from archive.search.index_state import INDEX, IndexState, index_state
from archive.search.reindexing import refill_before_crawl
from archive.search.related import related_ids
from archive.store import search_index
from archive.store.archive import Archive
from archive.store.connection import open_to_read, open_to_write
from archive.store.lock import held
from archive.store.migrations import migrations
from archive.store.search_index import SearchIndex


@pytest.fixture(autouse=True)
def articles(keep):
    keep("/1", "Итоги", "Прошли выборы акимов сёл.", "2026-03-01", language="ru")
    keep("/2", "Сайлау өтті", "Ауылдарда сайлаудың қорытындысы шықты.", "2026-03-02", language="kk")
    keep("/3", "Погода", "Снега не будет.", "2026-03-03", language="ru")


def paths(folder, words):
    with closing(open_to_read(folder.news)) as db:
        return sorted(hit.url[-1] for hit in search(db, words))


def by_hand(folder, *statements):
    """Another program's changes of the archive."""
    with closing(sqlite3.connect(folder.news)) as db, db:
        for statement in statements:
            db.execute(statement)


def state(folder):
    with closing(open_to_read(folder.news)) as db:
        return index_state(db.conn)


def faults(folder):
    with closing(open_to_read(folder.news)) as db:
        findings = (one for name, check in article_checks(db, full=True) for one in damage_named(check, name))
        return [finding.check for finding in findings if finding.is_fault]


def run(folder, *arguments):
    return CliRunner().invoke(reindex, [*arguments, "--archive", str(folder.path)])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("выборов акима", ["1"]),
        ("сайлауының", ["2"]),
        ("САЙЛАУ", ["2"]),
        ("село", ["1"]),
        ("снег", ["3"]),
        ("=снег", []),
        ("=снега", ["3"]),
        ("title:сайлау", ["2"]),
        ("title:выборы", []),
        ("выборы OR снег", ["1", "3"]),
        ("lang:kk", ["2"]),
        ("before:2026-03-03", ["1", "2"]),
        ("снег after:2026-03-04", []),
        ("source:steppe", ["1", "2", "3"]),
        ("source:elsewhere снег", []),
        ("выборка", []),
        ("снег -lang:kk", ["3"]),
        ("снег -lang:ru", []),
        ("-lang:ru,en", ["2"]),
        ("выборы -source:steppe", []),
        ("выборы -source:aul", ["1"]),
        ("-section:Спорт -author:Сатова", ["1", "2", "3"]),  # of what states none, too
        ("lang:ru -lang:ru", []),
        ("-after:2026-03-02", ["1"]),
        ("-before:2026-03-02", ["2", "3"]),
        ("-по:2026-03-02", ["3"]),
        ("-date:2026-03-02", ["1", "3"]),
        ("-date:2026-03-02..2026-03-03", ["1"]),
        ("date:2026-03-03..2026-03-02", ["2", "3"]),
        ("date:2026-03..2026-03-02", ["1", "2"]),
        ("date:2027..2026-03-03", ["3"]),
        ("снег NOT lang:kk", ["3"]),
        ("снег NOT lang:ru", []),
    ],
)
def test_words_are_found_in_every_form_and_filters_narrow(folder, words, found):
    assert paths(folder, words) == found


def test_a_change_by_another_program_is_noted_and_taken_in_with_the_next_article(folder, keep):
    by_hand(
        folder,
        "UPDATE articles SET body = 'Дождь.' WHERE title = 'Погода'",
        "DELETE FROM articles WHERE title = 'Итоги'",
    )
    assert paths(folder, "снег") == ["3"]
    keep("/4", "Ещё", "Ветер.", "2026-03-04")
    assert (paths(folder, "снег"), paths(folder, "дождя"), paths(folder, "выборы")) == ([], ["3"], [])


def test_an_article_that_is_not_kept_leaves_no_word(folder):
    with Archive(folder) as archive:
        archive.news.conn.execute("BEGIN IMMEDIATE")
        archive.news.execute("UPDATE articles SET body = 'Град.' WHERE title = 'Погода'")
        archive.articles.index.apply_changes()
        archive.news.conn.rollback()
    assert (paths(folder, "град"), paths(folder, "снег")) == ([], ["3"])
    assert faults(folder) == []


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')"], IndexState.FOREIGN),
        (["UPDATE search_indexes SET analysis = 'other'"], IndexState.FOREIGN),
        (["DELETE FROM search_indexes"], IndexState.UNFINISHED),
        ([f"DROP TABLE {INDEX}"], IndexState.MISSING),
    ],
)
def test_an_index_not_to_be_believed_says_so_and_is_made_anew(folder, statements, expected):
    by_hand(folder, *statements)
    assert state(folder) is expected
    assert "every article is in the search index" in faults(folder)
    result = run(folder)
    assert result.exit_code == 0, result.output
    assert "3 articles" in result.output
    assert state(folder) is IndexState.SOUND
    assert paths(folder, "выборов акима") == ["1"]
    assert faults(folder) == []
    assert "nothing to do" in run(folder).output


def test_rules_of_another_version_only_take_in_what_is_new(folder, keep, monkeypatch):
    with closing(open_to_write(folder.news, migrations)) as db:
        monkeypatch.setattr(search_index, "analysis_version", lambda: "newer")
        monkeypatch.setattr("archive.search.index_state.analysis_version", lambda: "newer")
        assert SearchIndex(db, folder.news).state() is IndexState.OTHER_RULES
    with Archive(folder) as archive:
        archive.news.execute("UPDATE articles SET body = 'Град.' WHERE title = 'Погода'")
        archive.articles.index.apply_changes()
        archive.news.conn.commit()
    assert paths(folder, "град") == []
    assert run(folder).exit_code == 0
    assert (paths(folder, "град"), paths(folder, "снег")) == (["3"], [])


def test_an_index_under_way_goes_on_where_it_was_and_takes_in_what_changed(folder, keep, monkeypatch):
    monkeypatch.setattr(search_index, "BATCH_ARTICLES", 1)
    with closing(open_to_write(folder.news, migrations)) as db:
        steps = SearchIndex(db, folder.news).rebuild()
        assert next(steps) == 1
        steps.close()
    assert paths(folder, "выборы") == ["1"], "the old index answers meanwhile"
    by_hand(folder, "UPDATE articles SET body = 'Туман.' WHERE title = 'Погода'")
    keep("/4", "Новое", "Метель.", "2026-03-09")
    result = run(folder)
    assert "going on" in result.output
    assert "put 2 articles" in result.output
    assert [paths(folder, word) for word in ("туман", "снег", "метели", "выборы")] == [
        ["3"],
        [],
        ["4"],
        ["1"],
    ]
    assert faults(folder) == ["texts are as they were kept"], "which another program changed"


def test_a_crawl_fills_a_small_index_by_itself_and_tells_of_a_large_one(folder, monkeypatch, capsys):
    by_hand(folder, f"DROP TABLE {INDEX}")
    monkeypatch.setattr("archive.search.reindexing.FEW_ARTICLES", 2)
    refill_before_crawl(folder)
    assert "run `muragat reindex`" in capsys.readouterr().err
    assert state(folder) is IndexState.MISSING
    monkeypatch.setattr("archive.search.reindexing.FEW_ARTICLES", 3)
    refill_before_crawl(folder)
    assert state(folder) is IndexState.SOUND


def test_reindex_waits_for_no_crawl_and_makes_no_archive(folder, tmp_path):
    lock = held(folder)
    assert "another crawl holds" in str(run(folder).exception)
    lock.release()
    assert not (tmp_path / "none").exists()
    nowhere = CliRunner().invoke(reindex, ["--archive", str(tmp_path / "none")])
    assert "no archive here" in str(nowhere.exception)
    assert not (tmp_path / "none").exists()


def test_a_slip_of_the_pen_is_answered_with_a_word_of_the_archive(folder, keep):
    for number in range(3):
        keep(f"/m{number}", "Мост", "Наводнение отступило, наводнения больше нет.", "2026-03-05")
    with closing(open_to_write(folder.news, migrations)) as db:
        SearchIndex(db, folder.news).list_words()
    result = CliRunner().invoke(search_command, ["новоднение", "--archive", str(folder.path)])
    assert "did you mean: наводнение" in result.stderr
    assert (
        "did you mean"
        not in CliRunner().invoke(search_command, ["мост", "--archive", str(folder.path)]).stderr
    )


def test_of_the_forms_of_a_likely_word_the_nearest_is_named(folder, keep):
    for number in range(3):
        keep(f"/m{number}", "О школе", "В школе и у школы: ремонт.", "2026-03-05")
    with closing(open_to_write(folder.news, migrations)) as db:
        SearchIndex(db, folder.news).list_words()
    assert "did you mean: школа\n" in remarks(folder, "школва")
    assert "did you mean: школы ремонт\n" in remarks(folder, "школвы ремонт")
    assert "did you mean: title:школе\n" in remarks(folder, "title:шкоеле")


@pytest.mark.parametrize("typed", ["after:мостт", "titel:мостт", "section:", "-мостт ремонт", "a.kz/мостт"])
def test_what_is_no_word_to_look_for_is_never_rewritten(folder, keep, typed):
    for number in range(3):
        keep(f"/m{number}", "Мост", "Мост и ремонт, selection.", "2026-03-05")
    with closing(open_to_write(folder.news, migrations)) as db:
        SearchIndex(db, folder.news).list_words()
    assert "did you mean: мост\n" in remarks(folder, "мостт")
    assert "did you mean: " not in remarks(folder, typed).replace("did you mean title:?", "")


def test_a_word_that_was_understood_is_no_slip_and_one_beside_hits_is_told_as_such(folder, keep):
    for number in range(3):
        keep(f"/m{number}", "Рынок", "Күнтізбесі шықты, рынок жабылды.", "2026-03-05")
    keep("/n", "Мост", "Мост открыли.", "2026-03-05")
    with closing(open_to_write(folder.news, migrations)) as db:
        SearchIndex(db, folder.news).list_words()
    assert remarks(folder, "рынк* мост") == "nothing found: 'рынк* мост'\n"
    assert remarks(folder, "кунтизбе мост") == "nothing found: 'кунтизбе мост'\n"
    assert "did you mean: рынок*" in remarks(folder, "рынак*")
    assert remarks(folder, "мост OR рынак") == "few articles were found; did you mean: мост OR рынок\n"


def test_what_a_filter_says_is_no_slip(folder, keep):
    keep("/m", "Мост", "Наводнение отступило.", "2026-03-05")
    with closing(open_to_write(folder.news, migrations)) as db:
        SearchIndex(db, folder.news).list_words()
    assert "did you mean" not in remarks(folder, "мост section:новоднение")


def test_a_source_that_is_not_here_and_a_filter_that_is_none_are_told_with_what_is_near(folder, keep):
    keep("/m", "Мост", "Мост открыли.", "2026-03-05")
    assert "no articles of a source 'stepe_news' here; did you mean steppe_news?" in remarks(
        folder, "source:stepe_news мост"
    )
    assert "a source 'typo' here; there are: aul_kz, steppe_news" in remarks(folder, "source:typo,steppe")
    assert "a source 'typo' here" in remarks(folder, "мост -source:typo")
    assert "no filter 'foo:', of 'foo:bar' the words were looked for; filters are title:" in remarks(
        folder, "мост foo:bar"
    )
    assert "of '-foo:bar' articles with such words were left out" in remarks(folder, "мост -foo:bar")
    assert "'-date:soon' is no filter, its value cannot be read; articles with" in remarks(
        folder, "мост -date:soon"
    )
    assert "did you mean steppe_news?" in remarks(folder, "source:stepe")
    assert "did you mean source:?" in remarks(folder, "sorce:steppe_news мост")
    assert "did you mean" not in remarks(folder, "тел:дом")
    assert "did you mean источник:?" in remarks(folder, "Источнек:steppe_news мост")
    for sound in (
        "мост source:steppe-news",
        "мост источник:https://aul.kz",
        "мост -date:2025",
        *("12:30", "https://a.kz/b", "мост:", "Матч:2:1", "COVID:19", "localhost:8001", "привет:)", "foo:-"),
        *("C:\\x", "а:б", "дом:5", "тел:123"),
    ):
        assert "Note" not in remarks(folder, sound)


def remarks(folder, words):
    """What `muragat search` says beside its hits."""
    return CliRunner().invoke(search_command, [words, "--archive", str(folder.path)]).stderr


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("lang:xx", "no articles in a language 'xx' here; there are: kk, ru\n"),
        ("снег -lang:xx", "no articles in a language 'xx' here"),
        ("section:Спроот", "no articles of a section 'Спроот' here; did you mean Спорт?\n"),
        ("section:биржа", "no articles of a section 'биржа' here; there are: Спорт\n"),
        (
            "author:Сатоваа",
            "none of the newest articles names an author 'Сатоваа'; did you mean Айгерим Сатова?",
        ),
        ('author:"Сатова Айгерм"', "did you mean Айгерим Сатова?"),
        ("author:Иванов", "none of the newest articles names an author 'Иванов'\n"),
        ("source: снег", "nothing stands right after 'source:'; the words were looked for"),
        ("снег -source:", "nothing stands right after '-source:'; articles with such words were left out"),
        ("NOT foo:bar", "of '-foo:bar' articles with such words were left out"),
        ("NOT выборы", "only words to leave out, and none to look for: 'NOT выборы'"),
    ],
)
def test_names_that_nothing_has_here_are_told_with_those_there_are(folder, keep, typed, said):
    authors = (Author("Айгерим Сатова"),)
    keep("/m", "Матч", "Команда победила.", "2026-03-05", section="Спорт", authors=authors)
    assert said in remarks(folder, typed)
    assert "did you mean" not in remarks(folder, "section:спорт author:сатова хоккей")


def test_a_section_that_a_page_wrote_does_not_steer_the_terminal(folder, keep):
    keep("/m", "Матч", "Команда победила.", "2026-03-05", section="Спо\x1b[2Jрт")
    assert "\x1b" not in remarks(folder, "section:биржа")


def test_people_without_a_kazakh_keyboard_find_kazakh_words(folder, keep):
    keep("/5", "Үкімет отырысы", "Үкіметтің қаулысы шықты, өткен аптада.", "2026-03-05")
    assert paths(folder, "укимет") == ["5"]
    assert paths(folder, "Ukimet qaulysy") == []
    assert paths(folder, "каулы укиметтин") == ["5"]


def test_articles_that_share_rare_words_are_alike(folder, keep):
    for number, words in enumerate(
        ["паводок смыл дамбу Бозарала", "дамба Бозарала после паводка", *["хоккей"] * 8]
    ):
        keep(f"/r{number}", f"{number}", f"Сегодня {words}, сообщили в акимате.", "2026-03-05")
    keep("/r4", "Ещё", "У дамбы Бозарала паводок спал.", "2026-03-06")
    with closing(open_to_write(folder.news, migrations)) as db:
        SearchIndex(db, folder.news).list_words()
        of = dict(db.conn.execute("SELECT substr(url, -2), id FROM articles").fetchall())
        found = related_ids(db.conn, of["r0"])
    assert set(found[:2]) == {of["r1"], of["r4"]}
    with closing(open_to_read(folder.news)) as db:
        assert related_ids(db.conn, 1) == []
    result = CliRunner().invoke(search_command, ["--like", str(of["r0"]), "--archive", str(folder.path)])
    assert result.stdout.count("https://") >= 2
    assert CliRunner().invoke(search_command, ["--like", "1", "--archive", str(folder.path)]).exit_code == 2
    assert CliRunner().invoke(search_command, ["--archive", str(folder.path)]).exit_code == 2


@pytest.mark.parametrize(
    ("words", "said"), [("--newst мост", "no such option"), ("мост after:soon", "cannot be read")]
)
def test_what_is_no_option_and_no_day_is_told(folder, words, said):
    result = CliRunner().invoke(search_command, [*words.split(), "--archive", str(folder.path)])
    assert said in result.stderr


def test_a_beginning_finds_no_shorter_stem(folder, keep):
    keep("/7", "Үй", "Қараған адам үйге қарай жүрді.", "2026-03-05", language="kk")
    assert paths(folder, "қараға*") == ["7"]
    assert paths(folder, "қарағанд*") == paths(folder, "караганда") == []


def test_a_beginning_finds_words_whose_basic_form_is_another(folder, keep):
    keep("/8", "Люди вышли", "Дети пришли через пять лет.", "2026-03-05", language="ru")
    for typed in ("люд*", "людей*", "дет*", "лет*", "приш*", "пришли*"):
        assert "8" in paths(folder, typed), typed
    assert "8" not in paths(folder, "летч*")


def test_a_row_that_another_program_replaces_leaves_no_word(folder, keep):
    with closing(sqlite3.connect(folder.news)) as db, db:
        kept = db.execute("SELECT * FROM articles WHERE title = 'Погода'").fetchone()
        row = dict(zip(columns_of(db), kept, strict=True))
        row["body"] = "Туман."
        places = ", ".join(f":{name}" for name in row)
        db.execute(f"INSERT OR REPLACE INTO articles ({', '.join(row)}) VALUES ({places})", row)
    keep("/8", "Ещё", "Ветер.", "2026-03-04")
    assert (paths(folder, "снег"), paths(folder, "туман")) == ([], ["3"])


def columns_of(db):
    return [row[1] for row in db.execute("PRAGMA table_info(articles)")]


def test_an_index_that_another_program_made_its_own_way_is_told_and_replaced(folder, keep):
    by_hand(
        folder,
        f"DROP TABLE {INDEX}",
        f"CREATE VIRTUAL TABLE {INDEX} USING fts5(title, body, content='articles', content_rowid='id')",
        f"CREATE TRIGGER articles_ai AFTER INSERT ON articles BEGIN INSERT INTO {INDEX} (rowid, title, body) "
        "VALUES (new.id, new.title, new.body); END",
    )
    assert state(folder) is IndexState.FOREIGN
    told = CliRunner().invoke(search_command, ["снег", "--archive", str(folder.path)])
    assert "muragat reindex" in (told.stderr or str(told.exception))
    assert run(folder).exit_code == 0
    keep("/9", "Ещё", "Метель.", "2026-03-04")
    assert (paths(folder, "выборов"), paths(folder, "метели")) == (["1"], ["9"])
    assert faults(folder) == []


def test_a_text_of_millions_of_letters_does_not_hold_a_search_up(folder, keep):
    keep("/l", "Длинное", "Выборы акимов прошли. " * 100_000, "2026-03-04")
    begun = time.process_time()
    assert paths(folder, "выборам акимами") == ["1", "l"]
    assert time.process_time() - begun < 10

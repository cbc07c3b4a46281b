"""Copies are found when an article is saved, and follow what becomes of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.records import Outcome
from archive.store import copies
from archive.store.connection import APPLICATION_ID, open_to_write
from archive.store.copies import MOST_COMPARED, NEWEST, CopyStore, likely_copies
from archive.store.migrations import migrations
from archive.syndication.sharing import shared

from .conftest import NOON, text, words

LATER = NOON + timedelta(hours=3)
STORY = (
    "В Караганде завершили ремонт моста через реку Нура, передаёт Liter.kz. По словам руководителя "
    "управления дорог Ерлана Сапарова, движение открыли на два месяца раньше срока. На мосту заменили "
    "опоры, уложили новый асфальт и поставили сорок фонарей. Стоимость работ составила 320 миллионов "
    "тенге.\n\nЖители посёлка рассказали, что зимой им приходилось ехать в объезд двенадцать километров. "
    "Теперь автобус номер 7 снова ходит по старому пути. Следующим летом обещают отремонтировать и "
    "набережную, на это выделили ещё 90 миллионов тенге."
)


def test_a_reprint_is_found_with_its_share_and_who_was_first(press):
    first, _ = press.print("liter_kz", "most", STORY.replace(", передаёт Liter.kz", ""), at=NOON)
    reprint = "Мост открыт!\n\n" + STORY.replace("рассказали", "говорят")
    second, _ = press.print("inkaraganda_kz", "most", reprint, at=LATER, agency="Liter.kz")
    (copy,) = press.copies(first).values()
    assert (copy.id, copy.agency, copy.may_be_first) == (second, "Liter.kz", False)
    assert 0.95 < copy.share < 1
    assert press.copies(second)[first].may_be_first


def test_each_pair_is_kept_from_both_sides(press):
    press.print("liter_kz", "a", text(1, 400))
    press.print("inkaraganda_kz", "a", text(1, 400)[: len(text(1, 200))])
    rows = press.db.query("SELECT * FROM copies ORDER BY article_id")
    sides = [(row["share_of_article"], row["share_of_other"]) for row in rows]
    assert len(sides) == 2
    assert sides[0] == sides[1][::-1]
    assert sorted(sides[0]) == [pytest.approx(0.5, abs=0.01), 1.0]


def test_a_quotation_is_a_part_of_both_and_no_copy(press):
    quoted, own = words(1, 200), words(2, 120)
    first, _ = press.print("liter_kz", "a", " ".join(quoted))
    second, _ = press.print("steppe_news", "b", " ".join([*own[:60], *quoted[40:120], *own[60:]]))
    assert press.copies(first) == {}
    assert press.copies(first, threshold=0.4)[second].share == pytest.approx(0.4, abs=0.01)


def test_the_threshold_is_chosen_when_asking(press):
    whole = words(1, 200)
    half = [word if n < 120 else f"иначе{n}" for n, word in enumerate(whole)]
    first, _ = press.print("liter_kz", "a", " ".join(whole))
    press.print("steppe_news", "b", " ".join(half))
    assert not press.copies(first, threshold=0.61)
    assert press.copies(first, threshold=0.59)


def test_a_copy_of_a_copy_is_in_the_cluster(press):
    story = words(1, 200)
    texts = [story[:140], story[28:168], story[56:196]]
    ids = [press.print("liter_kz", str(n), " ".join(one))[0] for n, one in enumerate(texts)]
    assert set(press.copies(ids[0])) == set(ids[1:])
    assert press.copies(ids[0])[ids[2]].share == pytest.approx(0.6, abs=0.01)


def test_what_stands_under_every_article_of_a_source_makes_no_copies(press):
    footer = text(99, 40)
    ids = [press.print("liter_kz", str(n), f"{text(n, 90)} {footer}")[0] for n in range(1, 40)]
    assert all(press.copies(article_id) == {} for article_id in ids)
    copy, _ = press.print("steppe_news", "copy", text(3, 90))
    assert set(press.copies(copy)) == {ids[2]}


def test_a_story_printed_very_often_is_one_cluster(press):
    ids = [press.print("liter_kz", str(n), text(1))[0] for n in range(3 * NEWEST)]
    assert set(press.copies(ids[0])) == set(ids[1:])
    assert press.value("SELECT count(*) FROM copies") <= 2 * MOST_COMPARED * len(ids)


def test_short_texts_are_never_copies(press):
    for n in range(3):
        press.print("liter_kz", str(n), "Фото дня. " + " ".join(words(1, 20)))
    assert press.value("SELECT count(*) FROM copies") == 0
    assert press.value("SELECT count(*) FROM article_fingerprints") == 3


def test_a_form_filled_in_anew_is_no_copy(press):
    form = words(1, 120)
    for day in range(5):
        filled = [str(1000 * day + n) if n % 5 == 0 else word for n, word in enumerate(form)]
        when = NOON + timedelta(days=day)
        press.print("liter_kz", f"rates-{day}", " ".join(filled), at=when)
        reprint, _ = press.print("steppe_news", f"rates-{day}", " ".join(filled), at=when)
        assert len(press.copies(reprint)) == 1


def test_a_reworded_article_has_the_copies_of_its_new_text(press):
    first, _ = press.print("liter_kz", "a", text(1))
    second, _ = press.print("liter_kz", "b", text(2))
    third, _ = press.print("steppe_news", "c", text(1))
    assert set(press.copies(third)) == {first}
    _, outcome = press.print("steppe_news", "c", text(2))
    assert outcome is Outcome.REVISED
    assert set(press.copies(third)) == {second}
    assert press.copies(first) == {}
    press.print("steppe_news", "d", text(1))
    assert third not in press.copies(first), "the earlier wording is not found any more"


def test_a_hub_that_is_reworded_keeps_its_cluster(press):
    ids = [press.print("liter_kz", str(n), text(1))[0] for n in range(2 * MOST_COMPARED)]
    press.print("liter_kz", "0", "Дополнено. " + text(1))
    assert set(press.copies(ids[0])) == set(ids[1:])


def shares_of_others(press, article_id):
    query = "SELECT other_id, share_of_other FROM copies WHERE article_id = ?"
    return dict(press.db.conn.execute(query, [article_id]).fetchall())


def test_what_a_crawl_compares_is_bounded_and_what_is_left_out_stays_as_known(press, monkeypatch):
    first, *others = [press.print("liter_kz", str(n), text(1))[0] for n in range(2 * MOST_COMPARED)]
    before = shares_of_others(press, first)
    assert len(before) > 3
    compared = []

    def noted(one, two):
        compared.append(len(two))
        return shared(one, two)

    monkeypatch.setattr(copies, "shared", noted)
    monkeypatch.setattr(copies, "MOST_WORDS", 3 * (190 + 200))
    press.print("liter_kz", "0", " ".join(words(1)[:190]))
    assert compared == [200] * 3
    after = shares_of_others(press, first)
    assert set(before) <= set(after) <= set(others)
    assert sorted(after.values()) == [0.95] * 3 + [1.0] * (len(after) - 3)
    assert press.value("SELECT count(*) FROM copies WHERE other_id = ?", first) == len(after)


def test_one_copy_is_compared_however_long_it_is(press, monkeypatch):
    monkeypatch.setattr(copies, "MOST_WORDS", 10)
    first, _ = press.print("liter_kz", "a", text(1))
    second, _ = press.print("steppe_news", "a", text(1))
    assert set(press.copies(second)) == {first}


def test_another_title_or_an_unchanged_text_changes_nothing(press):
    press.print("liter_kz", "a", text(1))
    press.print("steppe_news", "a", text(1))
    before = press.state()
    press.print("liter_kz", "a", text(1), title="Другой заголовок")
    press.print("liter_kz", "a", text(1), title="Другой заголовок")
    assert press.state() == before


def test_a_deleted_article_leaves_nothing_behind(press):
    first, _ = press.print("liter_kz", "a", text(1))
    before = press.state()
    second, _ = press.print("steppe_news", "a", text(1))
    assert press.copies(first)
    for table in ("revisions", "addresses"):
        press.db.conn.execute(f"DELETE FROM {table} WHERE article_id = ?", [second])
    press.db.conn.execute("DELETE FROM articles WHERE id = ?", [second])
    assert press.state() == before


def test_fingerprints_are_written_with_their_article_or_not_at_all(press, monkeypatch):
    press.print("liter_kz", "a", text(1))
    before = press.state()
    monkeypatch.setattr(press.archive.runs, "enter", lambda *_: (_ for _ in ()).throw(RuntimeError("killed")))
    with pytest.raises(RuntimeError):
        press.print("steppe_news", "a", text(1))
    assert press.state() == before
    assert press.value("SELECT count(*) FROM articles") == 1


def test_no_article_is_saved_when_its_fingerprints_cannot_be(press):
    press.db.conn.execute(
        "CREATE TRIGGER full BEFORE INSERT ON fingerprints BEGIN SELECT raise(ABORT, 'no room'); END"
    )
    with pytest.raises(ArchiveError, match="no room"):
        press.print("liter_kz", "a", text(1))
    assert press.value("SELECT count(*) FROM articles") == 0
    assert press.value("SELECT count(*) FROM article_fingerprints") == 0


def test_another_reader_sees_article_and_fingerprints_at_once(press):
    press.print("liter_kz", "a", text(1))
    with closing(sqlite3.connect(press.folder.news)) as reader:
        counts = [
            reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("articles", "article_fingerprints")
        ]
    assert counts == [1, 1]


def test_articles_of_an_earlier_version_are_taken_in_batch_by_batch(press):
    for source in ("liter_kz", "steppe_news"):
        for n in range(4):
            press.print(source, str(n), text(n))
    taken = press.state()
    store = press.archive.articles.copies
    press.db.conn.execute("DELETE FROM article_fingerprints")
    press.db.conn.execute("INSERT INTO uncompared SELECT id FROM articles")
    assert store.waiting() == 8
    assert [store.fill(3) for _ in range(4)] == [3, 3, 2, 0]
    assert press.state() == taken


def test_an_article_saved_again_waits_no_longer(press):
    press.print("liter_kz", "a", text(1))
    press.db.conn.execute("INSERT INTO uncompared SELECT id FROM articles")
    press.print("liter_kz", "a", text(2))
    assert press.archive.articles.copies.waiting() == 0


def test_all_is_taken_anew_whatever_was_there(press):
    press.print("liter_kz", "a", text(1))
    press.print("steppe_news", "a", text(1))
    taken = press.state()
    press.db.conn.execute("INSERT INTO fingerprints VALUES (x'000000000001', 17)")
    press.db.conn.execute("DELETE FROM copies")
    store = press.archive.articles.copies
    store.start_anew()
    assert store.fill() == 2
    assert press.state() == taken


def test_an_archive_of_an_earlier_version_opens_and_waits_to_be_filled(press, tmp_path):
    article_id, _ = press.print("liter_kz", "a", text(1))
    columns = press.db.conn.execute("SELECT * FROM articles").fetchone()
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as old, old:
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        migrations.apply(Database(old), stop_before="m010_copies")
        old.execute(f"INSERT INTO articles VALUES ({', '.join('?' * len(columns))})", columns)
        old.execute("INSERT INTO sources VALUES ('liter_kz', 'L', 'h', '[]', 'UTC', NULL, NULL, NULL)")
    with closing(open_to_write(path, migrations)) as db:
        store = CopyStore(db, path)
        assert [store.waiting(), store.fill(), store.waiting()] == [1, 1, 0]
        assert db.conn.execute("SELECT article_id FROM article_fingerprints").fetchall() == [(article_id,)]


def test_one_common_fingerprint_is_an_accident_and_rare_ones_count_more():
    assert likely_copies([(1, 7)], 40) == []
    everywhere = [(place, article) for place in range(10) for article in range(100, 116)]
    assert likely_copies([*everywhere, (50, 7), (51, 7)], 40) == [7], "a footer is no copy"
    assert len(likely_copies(everywhere, 12)) == MOST_COMPARED, "a story that is everywhere is one"


def test_pairs_are_the_same_in_whatever_order_articles_are_saved(press):
    whole = words(1, 300)
    bodies = {"a": whole, "b": whole[:150], "c": [*words(2, 100), *whole[100:220]]}
    for slug in "abc":
        press.print("liter_kz", slug, " ".join(bodies[slug]))
    pairs = "SELECT title, other_title, share_of_article FROM copy_pairs"
    forth = set(press.db.conn.execute(pairs))
    store = press.archive.articles.copies
    newest_first = press.db.conn.execute("SELECT id, body FROM articles ORDER BY id DESC").fetchall()
    for article_id, body in newest_first:
        store.take_in(article_id, body)
    assert set(press.db.conn.execute(pairs)) == forth
    assert len(forth) == 6

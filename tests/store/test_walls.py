"""Fault 10 where it is decided: one text at many addresses, and texts with nothing of their article."""

from __future__ import annotations

from datetime import timedelta

from archive.health.walls import is_unlike, text_mark
from archive.records import Outcome

from .conftest import NOON

WALL = (
    "Мы и наши партнёры храним сведения на вашем устройстве. Выберите, на что вы согласны, и читайте дальше."
)
OWN = "Река вышла из берегов в четверг вечером, и жителей нижней улицы вывезли в школу {}."
OTHER = "Завтра ярмарка мёда откроется у театра, торговать будут пасечники всей области до самого вечера."


def own(number: int) -> str:
    return OWN.format(number)


def waiting(desk, path):
    return desk.value("SELECT count(*) FROM frontier WHERE url LIKE ?", f"%{path}")


def test_fault_10_from_the_fifth_address_on_one_text_is_a_wall_and_the_first_are_asked_again(desk):
    desk.archive.frontier.offer("steppe_news", [desk.found(f"/{n}") for n in range(6)], now=NOON)
    outcomes = [desk.keep(f"/{n}", body=WALL, title=f"Новость {n}") for n in range(6)]
    assert outcomes == [Outcome.NEW] * 4 + [Outcome.FAILED] * 2
    assert desk.rows("SELECT DISTINCT code FROM problems") == [{"code": "blocked"}]
    assert [waiting(desk, f"/{n}") for n in range(6)] == [1] * 6


def test_fault_10_a_known_article_does_not_take_a_text_that_another_address_shows(desk):
    desk.keep("/1", body=own(1))
    desk.keep("/2", body=own(2))
    desk.keep("/3", body=WALL)
    assert desk.keep("/1", body=WALL) is Outcome.FAILED
    assert desk.value("SELECT body FROM articles WHERE url LIKE '%/1'") == own(1)
    assert desk.value("SELECT count(*) FROM revisions") == 3


def test_fault_10_a_text_with_nothing_left_is_believed_after_a_day_and_not_before(desk):
    desk.keep("/1", body=own(1), title="Вода пришла на улицу", lead=None)
    for hours, outcome in ((1, Outcome.FAILED), (20, Outcome.FAILED), (26, Outcome.REVISED)):
        at = NOON + timedelta(hours=hours)
        assert desk.keep("/1", body=OTHER, title="Ярмарка мёда", lead=None, at=at) is outcome
    assert desk.value("SELECT body FROM articles") == OTHER
    assert desk.value("SELECT count(*) FROM doubted") == 0


def test_fault_10_an_edit_is_no_wall_and_two_articles_may_share_a_text(desk):
    desk.keep("/1", body=own(1))
    assert desk.keep("/2", body=own(1)) is Outcome.NEW
    assert desk.keep("/1", body=own(1) + " Позже дорогу открыли для всех.") is Outcome.REVISED
    assert desk.keep("/2", body=own(1)) is Outcome.UNCHANGED


def test_fault_10_captions_are_no_texts_and_few_words_are_not_unlike(desk):
    assert text_mark(desk.article("/1", body="Фото: А. Серик")) is None
    now, before = (
        desk.article("/1", body="Другое", title="Иное"),
        {"title": "Новость", "lead": None, "body": "Текст"},
    )
    assert not is_unlike(now, before)


def test_only_the_latest_texts_are_remembered(desk, monkeypatch):
    monkeypatch.setattr("archive.store.walls.MOST_KEPT", 3)
    for number in range(6):
        desk.keep(f"/{number}", body=own(number), at=NOON + timedelta(minutes=number))
    desk.archive.walls.forget_old("steppe_news")
    assert desk.value("SELECT count(*) FROM texts_read") == 3
    assert desk.value("SELECT min(url) FROM texts_read").endswith("/3")

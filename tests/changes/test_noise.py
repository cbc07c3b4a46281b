"""What is noise, and what only looks like it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.noise import says_the_same, without_noise

TEXT = "Мост через Жанасу открыли в понедельник.\n\nПо нему пошли автобусы."


def wording(body: str, title: str = "Мост") -> dict[str, str | None]:
    return {"title": title, "lead": None, "body": body}


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("Просмотров: 1 204", "Просмотров: 1 391"),
        ("👁 1204", "👁 1391"),
        ("1204 просмотра", "1391 просмотр"),
        ("1,2 тыс. просмотров", "1,3 тыс. просмотров"),
        ("Комментарии (5)", "Комментарии (12)"),
        ("Прочитали 35 раз", "Прочитали 36 раз"),
        ("35 рет оқылды", "36 рет оқылды"),
        ("Қаралды: 120", "Қаралды: 150"),
        ("12 views", "3.4k views"),
        ("Обновлено 5 минут назад", "Обновлено 2 часа назад"),
        ("Updated 5 minutes ago", "Updated an hour ago"),
        ("Updated: 10.03.2026, 12:30", "Updated: 11.03.2026, 09:05"),
        ("Жаңартылды: 10.03.2026", "Жаңартылды: 11.03.2026"),
        ("5 минут бұрын", "2 сағат бұрын"),
        ("5 мин назад | 120 просмотров", "2 ч назад | 180 просмотров"),
        ("Сегодня, 12:30", "Вчера, 12:30"),
        ("Время чтения: 3 мин", "Время чтения: 4 мин."),
        ("Читайте также: Школу достроили", "Читайте также: На реке тронулся лёд"),
        ("Сондай-ақ оқыңыз: Мектеп салынды", "Сондай-ақ оқыңыз: Өзен тасыды"),
        ("Read also: The school is ready", "Read also: The ice is breaking"),
        ("Реклама. ТОО «Дом»", "Реклама. ТОО «Сад»"),
        ("", "Просмотров: 7"),
    ],
)
def test_a_counter_a_clock_or_a_teaser_is_noise(then, now):
    assert says_the_same(wording(f"{TEXT}\n\n{then}"), wording(f"{TEXT}\n\n{now}"))
    assert says_the_same(wording(f"{then}\n\n{TEXT}"), wording(f"{now}\n\n{TEXT}"))


def test_a_counter_behind_the_last_sentence_is_noise():
    assert says_the_same(wording(f"{TEXT} Просмотров: 12."), wording(f"{TEXT} Просмотров: 13."))


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("Видео набрало 1000 просмотров.", "Видео набрало 2000 просмотров."),
        ("Взрыв произошёл 5 минут назад.", "Взрыв произошёл 2 часа назад."),
        ("За поправку проголосовали 35 раз.", "За поправку проголосовали 36 раз."),
        ("395", "405"),
        ("Счёт 2:1", "Счёт 3:1"),
        ("Сегодня открыли мост.", "Вчера открыли мост."),
        ("Погибли 5 человек.", "Погибли 6 человек."),
        ("Цена 450 тенге", "Цена 470 тенге"),
        ("Читатели написали о мосте.", "Читатели написали о реке."),
        ("Ранее аким обещал мост.", "Ранее аким обещал школу."),
        ("Температура −5 градусов", "Температура +5 градусов"),
    ],
)
def test_what_only_looks_like_noise_is_a_change(then, now):
    assert not says_the_same(wording(f"{TEXT}\n\n{then}"), wording(f"{TEXT}\n\n{now}"))


@pytest.mark.parametrize("line", ["5 человек", "Голосов: 12", "12 голосов", "-5", "+12", "−5", "→ 12"])
def test_numbers_that_may_be_the_news_are_kept(line):
    assert without_noise(line) == line


def test_a_changed_title_is_a_change():
    assert not says_the_same(wording(TEXT, "Мост открыт"), wording(TEXT, "Мост закрыт"))


@given(st.text())
def test_taking_noise_out_twice_is_taking_it_out_once(text):
    once = without_noise(text)
    assert says_the_same(wording(text), wording(once))


def test_long_and_hostile_lines_are_judged_soon():
    began = time.process_time()
    for line in (
        "1 " * 50_000,
        "просмотров " * 20_000,
        "." * 100_000,
        " " * 100_000 + "x",
        ("1" * 79 + "\n") * 2_000,
        "обновлено " * 9_000,
    ):
        without_noise(line)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "sentence",
    [
        "Другие новости не подтвердились: аким подал в отставку",
        "Read more than 100 books a year, the minister said",
        "Реклама. Ерлан Сагатов арестован",
    ],
)
def test_a_sentence_that_begins_like_a_teaser_is_none(sentence):
    assert without_noise(sentence) == sentence

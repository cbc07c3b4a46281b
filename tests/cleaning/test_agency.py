"""A text credits an outlet when it says that one reports; authorities and companies are no outlets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.cleaning.agency import HEAD_CHARS, agency_credit

CREDITS = [
    ("Прошло заседание, передает Liter.kz.\n\nДалее.", "Liter.kz"),
    ("Прошло заседание, передаёт NUR.KZ со ссылкой на акимат.", "NUR.KZ"),
    ("В селе построят ферму, сообщает корреспондент МИА «Казинформ».", "Казинформ"),
    ("В селе построят ферму, сообщает корреспондент центральной службы новостей ZTB.KZ.", "ZTB.KZ"),
    ("Цены выросли, – сообщает Tengrinews.kz со ссылкой на пресс-службу акимата.", "Tengrinews.kz"),
    ("Об этом пишет издание «Курсив».", "Курсив"),
    ("Об этом пишет The Guardian.", "The Guardian"),
    ("Як передає Укрінформ, школу відкрито.", "Укрінформ"),
    ("Текст новости.\n\nИсточник: Казахстанская правда", "Казахстанская правда"),
    ("Текст новости.\n\nИсточник: https://www.zakon.kz/123-abc.html", "zakon.kz"),
    ("Мәтін.\n\nДереккөз: «Хабар 24»", "Хабар 24"),
    ("По данным агентства Reuters, курс вырос.", "Reuters"),
    ("По информации ТАСС, курс вырос.", "ТАСС"),
    ("Кеше жиын өтті, деп хабарлайды Egemen.kz.", "Egemen.kz"),
    ("Кеше жиын өтті, деп хабарлайды ҚазАқпарат тілшісі.", "ҚазАқпарат"),
    ("Кеше жиын өтті, деп жазды «Хабар 24» телеарнасы.", "Хабар 24"),
    ("Keshe jıyn ótti, dep habarlaıdy QazAqparat tilshisi.", "QazAqparat"),
    ("كەشە جيىن ٴوتتى, دەپ حابارلايدى Egemen.kz.", "Egemen.kz"),
    ("كەشە جيىن ٴوتتى, دەپ حابارلايدى قازاقپارات ءتىلشىسى.", "قازاقپارات"),
    ("ПЕТРОПАВЛОВСК. КАЗИНФОРМ – Ферму построят весной.", "КАЗИНФОРМ"),
    ("ПЕТРОПАВЛОВСК. КАЗИНФОРМ – Ферму построят, передает МИА «Казинформ».", "Казинформ"),
    ("АСТАНА, 5 ноября - Sputnik. Выпал снег.", "Sputnik"),
    ("МОСКВА, 29 июня. /ТАСС/. Дорогу откроют.", "ТАСС"),
    ("КИЕВ. 3 декабря. УНН. Закон принят.", "УНН"),
    ("ÓSKEMEN. QazAqparat – Shyǵysta jıyn ótti.", "QazAqparat"),
    ("NEW YORK (AP) — Shares rose.", "AP"),
    ("LONDON, Nov 5 (Reuters) - Shares rose.", "Reuters"),
    ("(Reuters) - Shares rose.", "Reuters"),
    ("Berlin (dpa/lno) - Die Aktien steigen.", "dpa"),
    ("Shares fell on Monday, Reuters reported.", "Reuters"),
    ("Shares fell, according to AFP.", "AFP"),
    ("Almaty hosted a forum, Kazinform News Agency reports.", "Kazinform"),
]
NO_CREDITS = [
    "",
    "Об этом сообщает пресс-служба МВД.",
    "Об этом сообщает АО «Самрук-Казына».",
    "Об этом сообщает Министерство культуры.",
    "Об этом сообщает сайт Правительства.",
    "Об этом сообщает gov.kz.",
    "Об этом пишет Facebook.",
    "По данным Нацбанка, курс вырос.",
    "Текст.\n\nИсточник: пресс-служба акимата",
    "Текст.\n\nИсточник: Министерство здравоохранения РК",
    "Текст.\n\nФото: Reuters",
    "Жиын өтті, деп хабарлайды Денсаулық сақтау министрлігінің баспасөз қызметі.",
    "Жиын өтті, деп хабарлайды «Самұрық» қорының баспасөз қызметі.",
    "Jıyn ótti, dep habarlaıdy Bilim mınıstrligi.",
    "Chia is the new kale, according to the survey (see below) - more.",
]


@pytest.mark.parametrize(("text", "agency"), CREDITS)
def test_the_outlet_said_to_report_is_credited(text: str, agency: str) -> None:
    assert agency_credit(text) == agency


@pytest.mark.parametrize("text", NO_CREDITS)
def test_what_is_no_outlet_is_not_credited(text: str) -> None:
    assert agency_credit(text) is None


@pytest.mark.parametrize(
    ("text", "own", "agency"),
    [
        ("Цены выросли, сообщает Tengrinews.kz со ссылкой на пресс-службу акимата.", "tengrinews.kz", None),
        ("Цены выросли, сообщает Tengrinews.kz со ссылкой на РИА Новости.", "Tengrinews", "РИА Новости"),
        ("Закон принят, передает УНН со ссылкой на местное издание Cotidianul.", "УНН", "Cotidianul"),
        ("Дауыл болды, деп хабарлайды Egemen.kz Reuters агенттігіне сілтеме жасап.", "egemen.kz", "Reuters"),
    ],
)
def test_the_publisher_credits_whom_it_refers_to(text: str, own: str, agency: str | None) -> None:
    assert agency_credit(text, own_names=[own]) == agency


def test_the_middle_of_a_long_text_is_not_read() -> None:
    filling = "Обычное предложение. " * (HEAD_CHARS // 20)
    assert agency_credit(f"{filling}Это передает Liter.kz. {filling}") is None
    assert agency_credit(f"{filling}{filling}Это передает Liter.kz.") == "Liter.kz"


def test_a_capital_of_two_small_letters_does_not_hide_a_credit() -> None:
    assert agency_credit("İ" * 300 + " Прошло заседание, передает Liter.kz.") == "Liter.kz"


def test_the_first_credit_wins_whatever_way_it_is_written() -> None:
    assert agency_credit("Shares fell, Reuters reported. Об этом передает Liter.kz.") == "Reuters"
    assert agency_credit("Об этом передает Liter.kz. Shares fell, Reuters reported.") == "Liter.kz"


@given(st.text(max_size=3000))
def test_no_text_raises(text: str) -> None:
    name = agency_credit(f"передает {text}")
    assert name is None or name == name.strip()

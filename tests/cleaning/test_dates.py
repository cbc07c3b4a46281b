"""Date lines are read as a person reads them, and what is no date stays none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.cleaning import date_words
from crawler.cleaning.dates import read_moment

ALMATY = ZoneInfo("Asia/Almaty")
NOW = datetime(2026, 3, 10, 12, tzinfo=ALMATY)


def read(text: str, **more: object) -> str | None:
    """A day as `2026-03-10`, anything finer as on the clock of Almaty."""
    moment = read_moment(text, **({"now": NOW, "zone": ALMATY} | more))
    if moment is None:
        return None
    if moment.precision == "day":
        return moment.at.date().isoformat()
    return moment.at.astimezone(ALMATY).strftime("%Y-%m-%dT%H:%M")


STAMPS = [
    ("2025-11-05T14:05:00+05:00", "2025-11-05T14:05"),
    ("2025-11-05T14:05:00+0500", "2025-11-05T14:05"),
    ("2025-11-05T14:05:00 +0500", "2025-11-05T14:05"),
    ("2025-11-05T14:05+05", "2025-11-05T14:05"),
    ("2025-11-05 14:05:00.123456", "2025-11-05T14:05"),
    ("2025-11-05T09:05:00.000000000Z", "2025-11-05T14:05"),
    ("2025-11-05t09:05:00z", "2025-11-05T14:05"),
    ("20251105T090500Z", "2025-11-05T14:05"),
    ("2025-11-05T9:05", "2025-11-05T09:05"),
    ("2025-11-05", "2025-11-05"),
    ("2025-11-5", "2025-11-05"),
    ("2025/11/05", "2025-11-05"),
    ("2025-11-05+05:00", "2025-11-05"),
    ("1762333500", "2025-11-05T14:05"),
    ("1762333500000", "2025-11-05T14:05"),
    ("Wed, 05 Nov 2025 09:05:00 GMT", "2025-11-05T14:05"),
    ("Wed, 05 Nov 2025 14:05:00 +0500", "2025-11-05T14:05"),
    ("Wed, 05 Nov 25 09:05:00 GMT", "2025-11-05T14:05"),
    ("Wednesday, 05-Nov-25 09:05:00 GMT", "2025-11-05T14:05"),
    ("Wed Nov  5 14:05:00 2025", "2025-11-05T14:05"),
    ("Wed Nov 5 09:05:00 +0000 2025", "2025-11-05T14:05"),
    ("Wed Nov 05 2025 14:05:00 GMT+0500 (Kazakhstan Time)", "2025-11-05T14:05"),
    ("2025-11-05 09:05:00 UTC", "2025-11-05T14:05"),
]
FIGURES = [
    ("05.11.2025 14:05", "2025-11-05T14:05"),
    ("14:05 / 05.11.2025", "2025-11-05T14:05"),
    ("Область | 14:05 / 05.11.2025", "2025-11-05T14:05"),
    ("05-11-2025, 14:05", "2025-11-05T14:05"),
    ("5. 11. 2025 14:05", "2025-11-05T14:05"),
    ("05.11.25", "2025-11-05"),
    ("01.02.98", "1998-02-01"),
    ("05/11/2025", "2025-11-05"),
    ("27.01.2026, 20:57 11681", "2026-01-27T20:57"),
    ("27.01.2026, 20:5711681", "2026-01-27T20:57"),
    ("05.11.2025 10:00-12:00", "2025-11-05T10:00"),
    ("2025年11月5日 14時05分", "2025-11-05T14:05"),
    ("2025년 11월 5일 오후 2:05", "2025-11-05T14:05"),
]
WORDS = [
    ("5 ноября 2025 года, 14:05", "2025-11-05T14:05"),
    ("5 нояб. 2025 г.", "2025-11-05"),
    ("Среда, 5 Ноября, 2025", "2025-11-05"),
    ("Обновлено: 5 ноября 2025, в 14:05", "2025-11-05T14:05"),
    ("Общество 5 ноября 2025 г. 9:50 2640", "2025-11-05T09:50"),
    ("5 ноября 2025, 18:47 • Иван Петров • 3375", "2025-11-05T18:47"),
    ("14:05 МСК, 5 ноября 2025", "2025-11-05T16:05"),
    ("5 листопада 2025 о 14:05", "2025-11-05T14:05"),
    ("5 қараша 2025, 14:05", "2025-11-05T14:05"),
    ("2025 жылғы 5 қараша", "2025-11-05"),
    ("2025 жылғы 5 қарашада", "2025-11-05"),
    ("2025 ж. 5 қараша, сағ. 14:20", "2025-11-05T14:20"),
    ("5 қараша 2025 ж.", "2025-11-05"),
    ("5 қараша, 2025 сағат 13:48", "2025-11-05T13:48"),
    ("5 каңтар, 2025", None),
    ("5 кантар, 2025", "2025-01-05"),
    ("14:05, 5 Qyrkúıek 2025", "2025-09-05T14:05"),
    ("5 qyrküiek 2025", "2025-09-05"),
    ("5 qırküyek 2025", "2025-09-05"),
    ("5 sáýir 2025", "2025-04-05"),
    ("5 säuır 2025", "2025-04-05"),
    ("5 Qarasha, 2025", "2025-11-05"),
    ("5 qaraşa, 2025", "2025-11-05"),
    ("5 قاراشا, 2025", "2025-11-05"),
    ("2025 جىلعى 5 ٴساۋىر", "2025-04-05"),
    ("5-Ноябрь, 2025-жыл", "2025-11-05"),
    ("2025-жылдын 5-ноябры", "2025-11-05"),
    ("2025-yil 5-noyabr, 18:22", "2025-11-05T18:22"),
    ("5 ноябр 2025", "2025-11-05"),
    ("Nov. 5, 2025, 2:05 p.m.", "2025-11-05T14:05"),
    ("November 5, 2025 12:05 AM", "2025-11-05T00:05"),
    ("5th of November 2025", "2025-11-05"),
    ("5. November 2025, 14.05 Uhr", "2025-11-05T14:05"),
    ("5 novembre 2025 à 14h05", "2025-11-05T14:05"),
    ("5 de noviembre de 2025", "2025-11-05"),
    ("5 listopada 2025", "2025-11-05"),
    ("5 Kasım 2025 Çarşamba 14:05", "2025-11-05T14:05"),
    ("2025 m. lapkričio 5 d.", "2025-11-05"),
    ("2025. november 5.", "2025-11-05"),
]
RELATIVE = [
    ("сегодня", "2026-03-10"),
    ("Сегодня 3654", "2026-03-10"),
    ("Сегодня в 10:20", "2026-03-10T10:20"),
    ("10:05, вчера", "2026-03-09T10:05"),
    ("позавчера, 18:00", "2026-03-08T18:00"),
    ("Бүгін 10:05", "2026-03-10T10:05"),
    ("Бүгiн 10:05", "2026-03-10T10:05"),
    ("Búgin, 10:05", "2026-03-10T10:05"),
    ("بۇگىن, 10:05", "2026-03-10T10:05"),
    ("кеше", "2026-03-09"),
    ("алдыңғы күні, 10:00", "2026-03-08T10:00"),
    ("Бүгүн, 10:05", "2026-03-10T10:05"),
    ("Сьогодні 10:05", "2026-03-10T10:05"),
    ("bugun 10:05", "2026-03-10T10:05"),
    ("yesterday at 5:20 pm", "2026-03-09T17:20"),
    ("час назад", "2026-03-10T11:00"),
    ("2 часа 10 минут назад", "2026-03-10T09:50"),
    ("5 мин чтения • 2 часа назад", "2026-03-10T10:00"),
    ("2 сағат бұрын", "2026-03-10T10:00"),
    ("13 часов назад", "2026-03-09T23:00"),
    ("3 дня назад", "2026-03-07"),
    ("an hour ago", "2026-03-10T11:00"),
    ("31 m ago", "2026-03-10T11:29"),
    ("vor 2 Stunden", "2026-03-10T10:00"),
    ("il y a 2 heures", "2026-03-10T10:00"),
    ("только что", "2026-03-10T12:00"),
    ("09:41", "2026-03-10T09:41"),
    ("23:50", "2026-03-09T23:50"),
    ("24 октября", "2025-10-24"),
    ("24 октября • 543", "2025-10-24"),
    ("11 марта", "2026-03-11"),
    ("12 марта", "2025-03-12"),
    ("29 февраля", "2024-02-29"),
    ("5 қараша 12:00", "2025-11-05T12:00"),
]
NO_DATES = [
    "",
    "новости",
    "Март 2026",
    "№ 5 (2026)",
    "0000-00-00",
    "0000-00-00 00:00:00",
    "2025-13-05",
    "31.02.2024",
    "99999-01-01",
    "01.01.99999",
    "1 января 99999",
    "5 ноября 2025, 25:05",
    "1989-12-31",
    "5 мая 1945",
    "2026-03-12",
    "9999999999",
    "2025-11",
    "2025-W45-3",
    "Завтра, 21 ноября, в 11:00",
    "Ертең сағат 10:00",
    "Tomorrow, 10:00",
    "месяц назад",
    "2 недели назад",
    "несколько часов назад",
    "5 мин. чтения",
    "5-10 марта 2026",
    "01.03.2026 - 05.03.2026",
    "24 октября 543",
    "9 мая • 2025 просмотров",
    "08:29 USD 88.84",
    "1:14",
    "1:06:03",
    "Счёт 2:1",
    "Матч начнётся в 18:00",
    "03/25/2025",
    "24EE1723029632DA87FA4E9DB9C0F346",
]


@pytest.mark.parametrize(("text", "expected"), STAMPS + FIGURES + WORDS + RELATIVE)
def test_a_date_line_is_read(text: str, expected: str | None) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("text", NO_DATES)
def test_fault_25_what_names_no_day_of_publishing_is_none(text: str) -> None:
    assert read(text) is None


def test_prose_that_mentions_a_date_is_no_date_line() -> None:
    assert read("5 ноября 2025 года " + "в городе прошло заседание " * 8) is None


def test_dates_of_the_shared_corpus_are_right_or_none(shared: Path) -> None:
    lines = (shared / "corpora/dates/dates.jsonl").read_text(encoding="utf-8").splitlines()
    wrong, silent = [], []
    for row in map(json.loads, lines):
        now, expected = datetime.fromisoformat(row["now"]), datetime.fromisoformat(row["expected"])
        moment = read_moment(row["text"], now=now, zone=now.tzinfo, languages=[row["lang"][:2]])
        if moment is None:
            silent.append(row["text"])
        elif moment.at != (expected if expected.tzinfo else expected.replace(tzinfo=now.tzinfo)):
            wrong.append(row["text"])
    assert (wrong, silent) == ([], [])


def test_month_first_figures_are_american_only_in_english() -> None:
    assert read("03/25/2025", languages=["en"]) == "2025-03-25"
    assert read("03/25/2025", languages=["ru"]) is None
    assert read("03/04/2025", languages=["en"]) == "2025-04-03"


def test_listopad_is_october_in_croatian_alone() -> None:
    assert read("5. listopada 2025.", languages=["hr"]) == "2025-10-05"
    assert read("5 listopada 2025", languages=["pl"]) == "2025-11-05"


def test_languages_without_a_table_are_left_to_dateparser() -> None:
    assert read("10 აგვისტო 2023", languages=["ka"]) == "2023-08-10"
    assert read("10 აგვისტო 2023") is None


def test_a_text_without_offset_is_on_the_publishers_clock_of_that_day() -> None:
    before = read_moment("29 ақпан 2024, 12:00", now=NOW, zone=ALMATY)
    after = read_moment("1 наурыз 2024, 12:00", now=NOW, zone=ALMATY)
    assert before is not None
    assert after is not None
    assert (before.at.utcoffset(), after.at.utcoffset()) == (timedelta(hours=6), timedelta(hours=5))


@pytest.mark.parametrize(
    ("text", "precision", "zone_stated"),
    [
        ("2025-11-05", "day", False),
        ("2025-11-05T14:05", "minute", False),
        ("2025-11-05T14:05:00", "second", False),
        ("2025-11-05T14:05:00Z", "second", True),
        ("2025-11-05T14:05+05:00", "minute", True),
        ("20251105T140500", "second", False),
        ("1762333500", "second", True),
        ("Wed, 05 Nov 2025 09:05:00 GMT", "second", True),
        ("5 ноября 2025, 14:05", "minute", False),
        ("3 күн бұрын", "day", False),
    ],
)
def test_precision_and_zone_are_what_the_text_states(text: str, precision: str, zone_stated: bool) -> None:
    moment = read_moment(text, now=NOW, zone=ALMATY)
    assert moment is not None
    assert (moment.precision, moment.zone_stated) == (precision, zone_stated)


def test_no_form_names_two_months() -> None:
    months_of: dict[str, set[int]] = {}
    for paragraph in re.sub(r"(?m)^#.*\n", "", date_words.MONTH_FORMS).split("\n\n"):
        months = paragraph.split("|")
        assert len(months) == 12, paragraph
        for number, forms in enumerate(months, start=1):
            for form in forms.split():
                months_of.setdefault(date_words.fold(form), set()).add(number)
    assert [form for form, months in months_of.items() if len(months) > 1] == []


DATE_PARTS = """
2025 10 31 05.11.2025 2025-11-05 14:05 25:61 қараша ноября march today вчера назад час 2 @ | - / . , z
+05:00 -0500 pm uhr г. жылғы ж. 99999 ² ٣ il y a
"""
DATE_WORDS = st.sampled_from(DATE_PARTS.split())


@given(st.one_of(st.text(max_size=200), st.lists(DATE_WORDS, max_size=20).map(" ".join)))
def test_no_text_raises(text: str) -> None:
    moment = read_moment(text, now=NOW, zone=ALMATY, languages=["en"])
    assert moment is None or datetime(1990, 1, 1, tzinfo=ALMATY) <= moment.at <= NOW + timedelta(days=2)


RUSSIAN = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
KAZAKH = "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан"
LATIN = "qańtar aqpan naýryz sáýir mamyr maýsym shilde tamyz qyrkúıek qazan qarasha jeltoqsan"
ARABIC = "قاڭتار اقپان ناۋرىز ساۋىر مامىر ماۋسىم شىلدە تامىز قىركۇيەك قازان قاراشا جەلتوقسان"
SHAPES = [
    lambda at: at.isoformat(),
    lambda at: f"{at:%d.%m.%Y %H:%M}",
    lambda at: f"{at:%H:%M / %d.%m.%Y}",
    lambda at: f"{at:%a, %d %b %Y %H:%M:%S} {at.replace(tzinfo=ALMATY):%z}",
    lambda at: f"{at:%B} {at.day}, {at.year}, {at:%I:%M %p}",
    lambda at: f"{at.day} {RUSSIAN.split()[at.month - 1]} {at.year} г. {at:%H:%M} 2640",
    lambda at: f"{at:%H:%M}, {at.day} {KAZAKH.split()[at.month - 1]} {at.year} ж.",
    lambda at: f"{at.year} жылғы {at.day} {KAZAKH.split()[at.month - 1].title()}, сағат {at:%H:%M}",
    lambda at: f"{at.day} {LATIN.split()[at.month - 1]}, {at.year} {at:%H:%M}",
    lambda at: f"{at.day} {ARABIC.split()[at.month - 1]}, {at.year} {at:%H:%M}",
]


@given(
    st.datetimes(datetime.fromisoformat("1990-01-02"), datetime.fromisoformat("2026-03-10")),
    st.sampled_from(SHAPES),
)
def test_a_moment_written_in_any_shape_is_read_back(at: datetime, shape: Callable[[datetime], str]) -> None:
    at = at.replace(second=0, microsecond=0)
    moment = read_moment(shape(at), now=NOW, zone=ALMATY)
    assert moment is not None
    assert moment.at.replace(tzinfo=None) == at

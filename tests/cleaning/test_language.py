"""A text's own words tell its language; what the page declares decides where they say too little."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.cleaning.language import language_of

# One text a row; what is indented goes on.
TEXTS = """
kk | Бүгін қалада жаңа мектеп ашылды, оған жүзден астам оқушы келді деп хабарлады әкімдік. Құрылыс
    бір жыл бойы жүрді және мерзімінен бұрын аяқталды.
kk | Búgin qalada jańa mektep ashyldy, oǵan júzden astam oqýshy keldi dep habarlady ákimdik. Qurylys
    bir jyl boıy júrdi jáne merziminen buryn aıaqtaldy.
kk | Bügin qalada jaña mektep aşyldy, oğan jüzden astam oquşy keldi dep habarlady äkımdık. Qūrylys
    bır jyl boiy jürdı jäne merzımınen būryn aiaqtaldy.
kk | بۇگىن قالادا جاڭا مەكتەپ اشىلدى, وعان جۇزدەن استام وقۋشى كەلدى دەپ حابارلادى اكىمدىك. قۇرىلىس
    ٴبىر جىل بويى ٴجۇردى جانە مەرزىمىنەن بۇرىن اياقتالدى.
ru | Сегодня в городе открылась новая школа, в неё пришли больше ста учеников, сообщили в акимате.
    Стройка длилась год и закончилась раньше срока.
ky | Бүгүн шаарда жаңы мектеп ачылды, ага жүздөн ашык окуучу келди деп билдирди мэрия. Курулуш бир
    жыл бою жүрдү жана мөөнөтүнөн мурун аяктады.
uz | Bugun shaharda yangi maktab ochildi, unga yuzdan ortiq oʻquvchi keldi, deb xabar berdi hokimlik.
    Qurilish bir yil davom etdi va muddatidan oldin tugadi.
uz | Бугун шаҳарда янги мактаб очилди, унга юздан ортиқ ўқувчи келди, деб хабар берди ҳокимлик.
    Қурилиш бир йил давом этди ва муддатидан олдин тугади.
tr | Bugün şehirde yeni bir okul açıldı ve yüzden fazla öğrenci geldi. İnşaat bir yıl sürdü ve
    süresinden önce bitti, çünkü belediye bunun için çok çalıştı.
az | Bu gün şəhərdə yeni məktəb açıldı və yüzdən çox şagird gəldi. Tikinti bir il davam etdi və
    vaxtından əvvəl başa çatdı, bunun üçün çox iş görülüb.
tt | Бүген шәһәрдә яңа мәктәп ачылды, анда йөздән артык укучы килде дип хәбәр итте хакимият. Төзелеш
    бер ел барды һәм вакытыннан алда тәмамланды.
tg | Имрӯз дар шаҳр мактаби нав кушода шуд ва дар он беш аз сад нафар хонанда омаданд. Сохтмон як сол
    давом кард ва пеш аз мӯҳлат анҷом ёфт.
mn | Өнөөдөр хотод шинэ сургууль нээгдэж, зуу гаруй сурагч иржээ. Барилгын ажил нэг жил үргэлжилсэн
    бөгөөд хугацаанаас өмнө дууссан байна гэж мэдээллээ.
uk | Сьогодні в місті відкрилася нова школа, до неї прийшли понад сто учнів, повідомили в мерії.
    Будівництво тривало рік і закінчилося раніше терміну.
be | Сёння ў горадзе адчынілася новая школа, у яе прыйшлі больш за сто вучняў. Будоўля цягнулася год
    і скончылася раней за тэрмін.
bg | Днес в града отвори врати ново училище, в което дойдоха над сто ученици. Строежът продължи една
    година и завърши преди срока, съобщиха от общината.
en | A new school opened in the city today and more than a hundred pupils came, the mayor said in a
    note.
de | Heute hat in der Stadt eine neue Schule eröffnet, und mehr als hundert Kinder sind gekommen.
ar | افتتحت اليوم مدرسة جديدة في المدينة وقد حضر إليها أكثر من مئة تلميذ بعد عام من العمل على البناء.
fa | امروز مدرسه تازه‌ای در شهر باز شد و بیش از صد دانش‌آموز به آن آمدند. ساخت این بنا یک سال طول
    کشید.
ug | بۈگۈن شەھەردە يېڭى مەكتەپ ئېچىلدى، ئۇنىڭغا يۈزدىن ئارتۇق ئوقۇغۇچى كەلدى دەپ خەۋەر قىلدى ھۆكۈمەت.
he | היום נפתח בעיר בית ספר חדש ויותר ממאה תלמידים הגיעו אליו.
zh | 今天城里开了一所新学校，来了一百多名学生。
ja | 今日、町に新しい学校が開校し、百人以上の生徒が来た。
ko | 오늘 도시에 새 학교가 문을 열었고 백 명이 넘는 학생이 왔다.
"""
CASES = [row.replace("\n    ", " ").split(" | ") for row in re.split(r"\n(?! )", TEXTS.strip())]


@pytest.mark.parametrize(("code", "text"), CASES)
def test_a_few_sentences_tell_their_language(code: str, text: str) -> None:
    assert language_of(text) == code


@pytest.mark.parametrize(("code", "text"), CASES)
def test_a_clear_text_wins_over_a_wrong_declaration(code: str, text: str) -> None:
    assert language_of(text * 2, declared="ru" if code != "ru" else "kk") == code


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("kk-KZ", "kk"),
        ("kz", "kk"),
        ("KAZ", "kk"),
        ("ua", "uk"),
        ("ru_RU", "ru"),
        ("x-default", None),
        ("", None),
    ],
)
def test_the_declaration_decides_where_there_is_no_text(declared: str, expected: str | None) -> None:
    assert language_of("2026", declared=declared) == expected


def test_the_declaration_decides_between_languages_a_short_text_could_be() -> None:
    assert language_of("Министр сельского хозяйства", declared="ru") == "ru"
    assert language_of("Астана, Абай", declared="kk") == "kk"
    assert language_of("Samsung Galaxy", declared="en-US") == "en"


def test_nothing_said_is_none() -> None:
    assert language_of("") is None
    assert language_of("123 — 456") is None


@pytest.mark.parametrize(("code", "text"), CASES)
def test_a_long_text_is_told_though_it_quotes_another_tongue(code: str, text: str) -> None:
    quote = "He said it in English, as he had done before, and the others would not have it. " * 4
    long = f"{text} " * 18
    assert language_of(f"{quote if code != 'en' else ''}{long}", declared="fr") == code


def test_the_whole_text_decides_where_a_glance_leaves_doubt() -> None:
    norwegian = "Byen har fått ny skole, og nå kan barna gå dit uten å kjøre langt. Hvor mange blir det nå? "
    danish = (
        "Byen har fået en ny skole, og nu kan børnene gå dertil uden at køre langt. Hvad bliver det til? "
    )
    assert language_of(danish * 10 + norwegian * 30) == "no"
    assert language_of(norwegian * 10 + danish * 30) == "da"


@pytest.mark.parametrize("corpus", ["fundus", "kz", "kz-synthetic", "newspaper4k"])
def test_articles_of_the_shared_corpora_are_told(shared: Path, corpus: str) -> None:
    lines = (shared / "corpora" / corpus / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row.get("lang") and len(row.get("body") or "") > 50]
    wrong = [row["id"] for row in rows if language_of(row["body"]) != row["lang"][:2]]
    assert len(wrong) <= 0.02 * len(rows), wrong


@given(st.text(), st.one_of(st.none(), st.text(max_size=8)))
def test_no_text_raises(text: str, declared: str | None) -> None:
    code = language_of(text, declared=declared)
    assert code is None or (len(code) == 2 and code.isascii() and code.islower())

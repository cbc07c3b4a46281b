"""What a person types becomes an expression that FTS5 understands, whatever it was."""

from __future__ import annotations

import random
import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.search.conditions import conditions_of
from archive.search.query import fts_expression as expression_of
from archive.search.typed import MAX_TERMS, asked


@pytest.fixture(scope="module")
def index():
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE VIRTUAL TABLE t USING fts5(title, lead, body, tokenize='unicode61 remove_diacritics 2')"
    )
    db.execute("INSERT INTO t VALUES ('Ремонт дорог', '', 'В ауле чинят дорогу: foo-bar')")
    return db


def fts_expression(typed: str) -> str | None:
    """The expression where every word is its own key: what is tested here is how words are put together."""
    return expression_of(asked(typed), lambda run: (run,))


def matches(index, typed: str) -> int:
    expression = fts_expression(typed)
    if expression is None:
        return 0
    return index.execute("SELECT count(*) FROM t WHERE t MATCH ?", [expression]).fetchone()[0]


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        ("ремонт дорог", '"ремонт" AND "дорог"'),
        ('"ремонт дорог"', '"ремонт дорог"'),
        ("«ремонт дорог» аул", '"ремонт дорог" AND "аул"'),
        ("ремонт -тендер", '("ремонт") NOT ("тендер")'),
        ('ремонт -"новый мост" -«старый»', '("ремонт") NOT ("новый мост" OR "старый")'),
        ("дорог*", '("дорог" * OR "дорог")'),
        ("паводк*", '("паводк" * OR "паводк" OR "паводок")'),
        ("ребенк*", '("ребенк" * OR "ребенк" OR "ребенок")'),
        ("люд*", '("люд" * OR "люд" OR "человек")'),
        ("лет*", '("лет" * OR "лет" OR "год")'),
        ("шла*", '("шла" * OR "шла" OR "идти")'),
        ("луч*", '("луч" * OR "луч")'),
        ("пожар*", '("пожар" * OR "пожар")'),
        ("тебя*", '("тебя" * OR "тебя")'),
        ("по*", '("по" * OR "по")'),
        ("мост OR школа аул", '("мост" OR "школа") AND "аул"'),
        ("мост ИЛИ школа", '("мост" OR "школа")'),
        ("мост НЕМЕСЕ школа | аул", '("мост" OR "школа" OR "аул")'),
        ("OR мост OR", '"мост"'),
        ('title:foo title:"a b" bar', 'title : "foo" AND title : "a b" AND "bar"'),
        ("заголовок:foo", 'title : "foo"'),
        ("-title:foo bar", '("bar") NOT (title : "foo")'),
        ("=foo", '"foo"'),
        ("foo-bar", '"foo-bar"'),
        ("foo AND NOT bar", '("foo") NOT ("bar")'),
        ('мост НЕ "новая школа" аул', '("мост" AND "аул") NOT ("новая школа")'),
        ("МОСТ НЕ ЗАКРЫТ", '"МОСТ" AND "НЕ" AND "ЗАКРЫТ"'),  # a headline among capitals
        ("мост не закрыт", '"мост" AND "не" AND "закрыт"'),
        ("NOT -foo bar NOT", '("bar") NOT ("foo")'),
        ("NEAR(a b)", '"NEAR(a" AND "b)"'),
        ("12:30 http://a.b", '"12:30" AND "http://a.b"'),
        ('"не закрыто', '"не закрыто"'),
        ('a"b"c', '"a" AND "b" AND "c"'),
        ("^foo + (bar)", '"^foo" AND "(bar)"'),
    ],
)
def test_words_phrases_exclusions_and_beginnings(typed, expression):
    assert fts_expression(typed) == expression


@pytest.mark.parametrize(
    "typed", ["", " ", "*", "-", '"', '""', "«»", "!!! ...", "-тендер", "😀", "\x00", "* - *", "()"]
)
def test_fault_50_text_without_a_word_to_look_for_asks_for_nothing(typed):
    assert fts_expression(typed) is None


def test_a_long_text_is_cut_and_still_asked():
    assert fts_expression("слово " * 10_000).count('"слово"') == MAX_TERMS
    assert len(fts_expression("я" * 10_000)) < 2_100


hostile = st.text(st.one_of(st.characters(), st.sampled_from('"*-+^:(){}«»“”„ \x00\ud800ANDORTNE')))


@given(hostile)
@example("\ud800")
@example('"' * 99)
@example("a\x00b")
@example("- -a")
@example('-"a" -')
@example("a* * **")
@example("NOT NOT")
def test_fault_50_any_text_can_be_asked(index, typed):
    assert matches(index, typed) in (0, 1)


@given(st.text(st.characters(categories=["P", "S", "Z", "C", "M"])))
def test_fault_51_text_without_letters_finds_nothing(index, typed):
    assert matches(index, typed) == 0


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("дорог", 1),
        ("ДОРОГ ремонт", 1),
        ("foo-bar", 1),
        ("bar-foo", 0),
        ('"ремонт дорог"', 1),
        ('"дорог ремонт"', 0),
        ("доро*", 1),
        ("ремонт -аул", 1),
        ("ремонт -ауле", 0),
        ("ремонт 😀", 1),
        ("ремонт мост", 0),
    ],
)
def test_the_expression_finds_what_was_meant(index, typed, found):
    assert matches(index, typed) == found


def test_fault_50_sixty_thousand_hostile_strings_are_no_error_and_find_no_more_than_was_asked() -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE articles_fts USING fts5(title, lead, body)")
    db.execute("INSERT INTO articles_fts VALUES ('щщщ', '', 'ююю щщщ')")
    chance = random.Random(50)
    pieces = [
        *'"*-+^:(){}«»“”=|\\/%_ \x00\ud800\u0301😀',
        " OR ",
        " AND ",
        " NOT ",
        "NEAR(",
        "title:",
        "after:",
        "source:",
    ]
    pieces += [
        "мост",
        "сайлау",
        "election",
        "2026-02-30",
        "9999999999",
        "ә",
        "İ",
        "ﷺ",
        "\u202e",
        "до:",
        "a" * 300,
    ]
    for _ in range(60_000):
        typed = "".join(chance.choices(pieces, k=chance.randint(1, 25)))
        expression = expression_of(asked(typed))
        conditions_of(asked(typed))
        if expression is not None:
            found = db.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", [expression])
            assert found.fetchone() == (0,), typed

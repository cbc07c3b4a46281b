"""Words to keys: forms of one word meet, other words do not, and texts keep their words' places."""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.search.analysis.keys import Tongue, indexed_text, kazakh_key, other_key, tongue_of, word_keys
from archive.search.analysis.version import analysis_version

FORMS = Path(__file__).resolve().parents[2] / "benchmarks" / "word_forms.tsv"
# Words whose sought and unsought forms are written alike: only the reader knows which is meant.
FLOORS = {"ru": (0.97, 0.02), "kk": (0.97, 0.04), "en": (0.97, 0.05)}


def rows() -> Iterator[dict[str, str]]:
    with FORMS.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")


def is_found(row: dict[str, str], form: str) -> bool:
    """Whether a query for the row's word finds this form in a text of its language."""
    key = kazakh_key if row["language"] == "kk" else other_key
    return key(form.removesuffix("'s")) in word_keys(row["query"])


@pytest.mark.parametrize("language", FLOORS)
def test_forms_of_a_word_are_found_and_other_words_are_not(language: str) -> None:
    tally: Counter[str] = Counter()
    for row in rows():
        if row["language"] != language:
            continue
        for kind in ("must_match", "must_not_match"):
            forms = [form for form in (row[kind] or "").split() if "_" not in form]
            tally[f"{kind} found"] += sum(is_found(row, form) for form in forms)
            tally[kind] += len(forms)
    recall, near = FLOORS[language]
    assert tally["must_match"] > 50
    assert tally["must_match found"] >= recall * tally["must_match"]
    assert tally["must_not_match found"] <= near * tally["must_not_match"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("сёла", "село"),
        ("Токаев", "Токаевым"),
        ("Жангалиева", "Жангалиевой"),
        ("маслихату", "маслихатов"),
        ("Костанае", "Костанай"),
        ("Семеем", "Семея"),
        ("ЕЛ", "елдің"),
        ("қазақстан", "Qazaqstannyń"),
        ("қазақстан", "قازاقستاننىڭ"),
        ("тіл", "ءتىلدەر"),
        ("и\u0306од", "йод"),
        ("за\u0301мок", "замок"),
    ],
)
def test_one_word_in_two_spellings_has_one_key(one: str, other: str) -> None:
    assert set(word_keys(one)) & set(word_keys(other))


def test_a_word_too_long_to_be_one_stands_for_itself() -> None:
    assert other_key("я" * 5_000) == "я" * 5_000
    assert word_keys("Я" * 5_000) == ("я" * 5_000,)


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("Ауылда жаңа мектеп салынды, оқушылар қуанды.", Tongue.KAZAKH),
        ("В ауле построили школу, рассказал Нұрлан Әбенов.", Tongue.OTHER),
        ("The mayor opened a café in Zürich and a façade in A Coruña.", Tongue.OTHER),
        ("Qazaqstan halqy búgin óńirde jańa jyldy qarsy alady, dep habarlaıdy.", Tongue.KAZAKH_LATIN_2018),
        ("Qazaqstan halqı bügin jaña jıldı qarsı aladı, dep habarlaydı.", Tongue.KAZAKH_LATIN_2021),
        ("", Tongue.OTHER),
    ],
)
def test_a_text_tells_what_it_is_written_in(text: str, tongue: Tongue) -> None:
    assert tongue_of(None, text) is tongue


def test_a_kazakh_word_in_a_russian_text_is_kazakh_and_a_russian_word_in_a_kazakh_one_is_found() -> None:
    assert indexed_text("На улице Әйтекенің", Tongue.OTHER) == "на улица әйтеке"
    assert kazakh_key("депутаттарға") in word_keys("депутаты")


TOKENS = "unicode61 remove_diacritics 2 tokenchars '_'"
letters = st.sampled_from("аәбвгёйъӘҚabcéßıİáǵ" + "اەۇء" + "\u0301\u0306\u0308\u030a_'-’ .,0123\u00ad\u200d")


@pytest.fixture(scope="module")
def tokens() -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(":memory:")
    db.execute(f'CREATE VIRTUAL TABLE plain USING fts5(t, tokenize="{TOKENS}")')
    db.execute("CREATE VIRTUAL TABLE words USING fts5vocab(plain, instance)")
    yield db
    db.close()


def count(db: sqlite3.Connection, text: str) -> int:
    """How many words FTS5 sees in the text."""
    db.execute("DELETE FROM plain")
    db.execute("INSERT INTO plain VALUES (?)", [text])
    return int(db.execute("SELECT count(*) FROM words").fetchone()[0])


@given(st.text(st.one_of(letters, st.characters(exclude_categories=["Cs"]))), st.sampled_from(list(Tongue)))
@example("_слово_ _ __ жоба_x", Tongue.OTHER)
@example("e\u0301lection и\u0306", Tongue.KAZAKH)
def test_a_text_keeps_the_number_of_its_words_whatever_it_holds(tokens, text: str, tongue: Tongue) -> None:
    keyed = indexed_text(text, tongue)
    assert keyed is not None
    assert count(tokens, keyed) == count(tokens, text)


def test_the_version_is_of_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    before = analysis_version()
    assert analysis_version.__wrapped__() == before
    monkeypatch.setattr("archive.search.analysis.version.version", lambda name: "another dictionary")
    assert analysis_version.__wrapped__() != before

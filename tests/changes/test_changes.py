"""What changed between two texts: exact for any two, readable for real ones, fast for long ones."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.changes import after, before, differences, paragraphs, passages, word_counts

WORDS = st.sampled_from(["аким", "и", "мост", "2,5", "км", "—", "из-за", ".", "өзен", "", " ", "\n"])
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(WORDS, max_size=30).map(" ".join),
    st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=8).map("\n\n".join),
)
VOCABULARY = [f"слово{n}" for n in range(4_000)] + ["и", "в", "на", "с"] * 400


def compared(old: str, new: str):
    return list(passages(paragraphs(old), paragraphs(new)))


def marked(old: str, new: str) -> str:
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    lines = ("".join(marks[p.fate].format(p.text) for p in passage.pieces) for passage in compared(old, new))
    return "\n\n".join(lines)


@given(TEXTS, TEXTS)
def test_what_was_found_gives_both_texts_back_exactly(old, new):
    found = compared(old, new)
    assert (before(found), after(found)) == (old, new)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert all(passage.same for passage in compared(text, text))


@given(st.integers(0, 10_000), st.integers(1, 400))
def test_long_repetitive_texts_are_given_back_too(seed, length):
    chosen = random.Random(seed)
    old, new = (" ".join(chosen.choice("ab.") for _ in range(length)) for _ in range(2))
    found = compared(old, new)
    assert (before(found), after(found)) == (old, new)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Уровень воды 395 см.", "Уровень воды 405 см.", "Уровень воды[- 395-]{+ 405+} см."),
        ("Мост открыт", "Мост открыт вчера", "Мост открыт{+ вчера+}"),
        ("Новый мост открыт в среду", "Мост открыт в среду", "[-Новый мост-]{+Мост+} открыт в среду"),
        ("Рост на 2,5 процента", "Рост на 3,5 процента", "Рост на[- 2,5-]{+ 3,5+} процента"),
        ("Одно.\n\nДва.", "Одно.\n\nДва.\n\nТри.", "Одно.\n\nДва.\n\n{+Три.+}"),
        ("Одно.\n\nДва.\n\nТри.", "Одно.\n\nТри.", "Одно.\n\n[-Два.-]\n\nТри."),
        (
            "Совсем одно и то же",
            "Ничего общего тут нет",
            "[-Совсем одно и то же-]\n\n{+Ничего общего тут нет+}",
        ),
        (
            "Первый абзац о мосте через реку.",
            "Новое начало статьи.\n\nПервый абзац о мосте через Урал.",
            "{+Новое начало статьи.+}\n\nПервый абзац о мосте через[- реку-]{+ Урал+}.",
        ),
    ],
)
def test_changes_are_told_word_by_word(old, new, told):
    assert marked(old, new) == told


def test_only_fields_that_differ_are_told_and_none_is_an_empty_text():
    old = {"title": "Было", "lead": None, "body": "Текст."}
    new = {"title": "Было", "lead": "Коротко.", "body": "Текст."}
    ((field, found),) = differences(old, new)
    assert field == "lead"
    assert (before(found), after(found)) == ("", "Коротко.")


def test_words_are_counted_by_what_became_of_them():
    counts = word_counts(compared("Уровень воды 395 см.", "Уровень воды 405 см."))
    assert counts == {"same": 3, "removed": 1, "added": 1}


def prose(words: int, seed: int, paragraph: int) -> str:
    chosen = random.Random(seed)
    text = [chosen.choice(VOCABULARY) for _ in range(words)]
    return "\n\n".join(" ".join(text[at : at + paragraph]) for at in range(0, words, paragraph))


def edited(text: str, share: float, seed: int) -> str:
    chosen = random.Random(seed)
    return "".join(
        word if chosen.random() > share else f" новое{chosen.randrange(99)} " for word in words_of(text)
    )


def words_of(text: str) -> list[str]:
    return re.findall(r"\S+|\s+", text)


def coins(count: int, seed: int) -> str:
    return " ".join(random.Random(seed).choices("ab", k=count))


LONG = 9_000  # words: 100 kB of Russian


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (prose(LONG, 1, 60), edited(prose(LONG, 1, 60), 0.02, 5)),
        (prose(LONG, 1, LONG), edited(prose(LONG, 1, LONG), 0.05, 5)),
        (prose(LONG, 1, 60), prose(LONG, 2, 60)),
        (prose(LONG, 1, LONG), prose(LONG, 2, LONG)),
        ("a b " * 20_000, "b b a " * 15_000),
        ("а\n\nб\n\n" * 10_000, "б\n\nб\n\nа\n\n" * 8_000),
        (coins(30_000, 3), coins(30_000, 4)),
        ("." * 100_000, "!." * 50_000),
        (" ".join(str(n) for n in range(20_000)), " ".join(str(n) for n in reversed(range(20_000)))),
        ("", "слово " * 17_000),
    ],
    ids=[
        "edited",
        "one paragraph",
        "another text",
        "another paragraph",
        "two words",
        "two paragraphs",
        "chance",
        "marks",
        "reversed",
        "from nothing",
    ],
)
def test_a_hundred_kilobytes_are_compared_in_bounded_time(old, new):
    began = time.process_time()
    found = compared(old, new)
    assert time.process_time() - began < 3
    assert (before(found), after(found)) == (old, new)

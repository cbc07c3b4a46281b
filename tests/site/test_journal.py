"""The journal of silent edits: what kind each is, and that it shows just what changed."""

from __future__ import annotations

from typing import Any

import pytest

from archive.changes import Piece
from archive.site.changes_page import compared
from archive.site.journal import COMPARED_CHARS, ends_of, reworded, shortened

ROW = {
    "event": "r1",
    "at": "2026-03-10T07:00:00Z",
    "number": 2,
    "modified_at": None,
    "old_modified_at": None,
    "id": 12,
    "url_key": "steppe.example/news/a",
    "source": "steppe_news",
    "source_name": "Степная газета",
    "language": "ru",
    "now_title": "Мост закрыли",
    "title": "Мост закрыли",
    "lead": None,
    "body": "Ремонт до мая.",
    "old_title": "Мост закрыли",
    "old_lead": None,
    "old_body": "Ремонт до мая.",
}


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ({"title": "Мост открыли"}, ("headline",)),
        ({"body": "Ремонт до июня."}, ("text",)),
        ({"old_body": "Ремонт до 5 мая.", "body": "Ремонт до 6 мая."}, ("numbers",)),
        ({"old_title": "Погибли 5 человек", "title": "Погибли 7 человек"}, ("headline", "numbers")),
        ({"old_body": "В 10:30 и 2,5", "body": "В 10.30 и 2,5"}, ("numbers",)),
        ({"old_body": "Дом 5 и дом 6.", "body": "Дом 6 и дом 5."}, ("text",)),
        ({"old_body": "Ремонт до 5 мая.", "body": "Ремонт отложен до 6 июня."}, ("numbers", "text")),
        ({"old_lead": "Коротко.", "lead": "Кратко: 7"}, ("numbers", "text")),
        ({"title": "Мост открыли", "body": "Ремонт до июня."}, ("headline", "text")),
        pytest.param(
            {"old_body": "5 " + "слово " * 6_000, "body": "500 " + "слово " * 6_000}, ("numbers",), id="long"
        ),
    ],
    ids=str,
)
def test_an_edit_is_told_by_what_it_changed(changed: dict[str, str], kinds: tuple[str, ...]) -> None:
    cut = {name: text[:COMPARED_CHARS] for name, text in changed.items()}  # as the query gives them
    assert reworded(ROW | cut).kinds == kinds


@pytest.mark.parametrize(
    ("old", "new", "silent"),
    [
        (None, None, True),
        ("2026-03-10T05:00:00Z", "2026-03-10T05:00:00Z", True),
        (None, "2026-03-10T06:00:00Z", False),
        ("2026-03-10T05:00:00Z", "2026-03-10T06:00:00Z", False),
    ],
    ids=str,
)
def test_silent_is_what_the_page_states_no_new_time_for(
    old: str | None, new: str | None, silent: bool
) -> None:
    assert reworded(ROW | {"old_modified_at": old, "modified_at": new}).is_silent is silent


def test_both_headlines_are_shown_also_when_no_word_stayed() -> None:
    event = reworded(ROW | {"old_title": "Раз два три", "title": "Иное дело совсем"})
    assert [piece.fate for piece in event.title] == ["removed", "added"]


LED = {"old_lead": "Мост открыт.", "old_body": "Мост открыт.\n\nРемонт до мая."}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"lead": "Мост закрыт.", "body": "Мост закрыт.\n\nРемонт до мая."}, ["Мост закрыт."]),
        # Cut short by the page; what is before the dots stands in the text.
        ({"lead": "Мост закр…", "body": "Мост закрыт.\n\nРемонт до мая."}, ["Мост закрыт."]),
        # Only the lead changed, or the text does not begin with it: then it is told by itself.
        ({"lead": "Мост закрыт.", "body": LED["old_body"]}, ["Мост закрыт."]),
        (
            {"lead": "Мост пока открыт.", "body": "Мост закрыт.\n\nРемонт до мая."},
            ["Мост пока открыт.", "Мост закрыт."],
        ),
    ],
)
def test_a_lead_the_text_begins_with_is_told_once(changed: dict[str, str], told: list[str]) -> None:
    found = reworded(ROW | LED | changed).changes
    now = ["".join(piece.text for piece in one if piece.fate != "removed") for one in found]
    assert [one for one in now if one] == told
    texts = {"title": "Мост", "lead": changed["lead"], "body": changed["body"]}
    before = {"title": "Мост", "lead": LED["old_lead"], "body": LED["old_body"]}
    assert len(compared(before, texts)) == len(told)


def test_of_long_passages_only_what_stands_by_the_change_is_shown() -> None:
    far = "слово " * 200
    pieces = (Piece("same", far), Piece("removed", "пять"), Piece("added", "шесть"), Piece("same", far))
    (before, removed, added, after) = shortened(type("P", (), {"pieces": pieces})())
    assert len(before.text) < 90
    assert len(after.text) < 90
    assert (removed.text, added.text) == ("пять", "шесть")


def test_ends_are_whole_words() -> None:
    assert ends_of("один два три", 20, 20) == "один два три"
    assert ends_of("один два три четыре пять", 6, 6) == "один … пять"


def test_the_journal_lists_edits_and_what_vanished(site: Any) -> None:
    html = site.page("/changes")
    assert "numbers changed, not said by the publisher" in html
    assert "<del> 395</del>" in html
    assert "<ins> 405</ins>" in html
    assert f'href="/a/{site.ids["reworded"]}/changes?new=2"' in html
    assert "vanished" in html


@pytest.mark.parametrize(
    ("kind", "slug", "other"), [("gone", "gone", "reworded"), ("numbers", "reworded", "gone")]
)
def test_the_journal_is_narrowed_to_a_kind(site: Any, kind: str, slug: str, other: str) -> None:
    for path in (f"/changes?kind={kind}", f"/changes.atom?kind={kind}"):
        answer = site.get(path).text
        assert f"/a/{site.ids[slug]}" in answer
        assert f"/a/{site.ids[other]}" not in answer


def test_the_journal_is_narrowed_to_a_source_and_no_address_is_an_error(site: Any) -> None:
    assert "vanished</span>" not in site.page("/changes?source=other")
    assert site.get("/changes?kind=%00&source=%00x&page=-1").status_code == 200
    assert site.get("/changes?page=99999999999999999999").status_code == 200


def test_our_own_better_reading_is_no_edit_of_theirs(site: Any) -> None:
    assert site.page("/changes").count("<h2") == 2

"""What was learned of a source: a file that is read as strictly as a profile, and a person's once changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.sources.errors import ProfileError
from crawler.sources.layouts import (
    is_untouched,
    layout_path,
    layout_text,
    learned_lines,
    read_layout,
    with_layout,
)
from crawler.sources.profile import Boilerplate, Layout, Source
from crawler.sources.reading import read_profile
from crawler.sources.shipped import load_profiles
from crawler.sources.writing import profile_text

SOURCE = Source(id="paper", name="Paper", home="https://paper.kz/", feeds=("https://paper.kz/feed",))
LAYOUT = Layout(
    fields={"title": "h1.headline", "body": 'div[class*="text_body__"]'},
    boilerplate=Boilerplate(
        drop=("div.plea",), texts=("Подписывайтесь на наш канал", "Фото: наш корреспондент…")
    ),
    pages=12,
    learned_on="2026-03-05",
)

Refused = Callable[[str], list[str]]


@pytest.fixture
def refused(tmp_path: Path) -> Refused:
    """What reading a layout or profile of these lines says is wrong."""

    def faults(text: str) -> list[str]:
        path = tmp_path / "paper.toml"
        path.write_text(text, encoding="utf-8")
        read = read_layout if text.startswith("source") else read_profile
        with pytest.raises(ProfileError) as error:
            read(path)
        return [f"{one.line}: {one.key}: {one.message}" for one in error.value.errors]

    return faults


def kept(own: Path, text: str, source_id: str = "paper") -> Path:
    path = layout_path(own, source_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_layout_reads_back_unchanged(tmp_path: Path) -> None:
    assert read_layout(kept(tmp_path, layout_text("paper", LAYOUT))) == LAYOUT


def test_a_layout_without_anything_reads_back_too(tmp_path: Path) -> None:
    assert read_layout(kept(tmp_path, layout_text("paper", Layout()))) == Layout()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("div.plea", "div.pleas"),
        lambda text: "# mine\n" + text,
        lambda text: text.replace("pages = 12\n", ""),
        lambda text: text[: text.index("# Nobody")],
    ],
)
def test_a_change_of_any_line_is_seen(change: Callable[[str], str]) -> None:
    text = layout_text("paper", LAYOUT)
    assert is_untouched(text)
    assert not is_untouched(change(text))


def test_a_slip_in_a_layout_is_an_error_with_its_line(refused: Refused) -> None:
    assert refused('source = "paper"\n[fields]\nbode = "div"\n') == ["3: fields.bode: unknown key"]


def test_a_layout_of_another_source_is_refused(refused: Refused) -> None:
    assert refused('source = "other"\n') == ["1: source: other is not the source of paper.toml"]


HEAD = 'id = "a"\nname = "A"\nhome = "https://a.kz/"\nfeeds = ["https://a.kz/f"]\n[boilerplate]\n'


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("drop = ['div..x']", "6: boilerplate.drop[1]: "),
        ("texts = ['Фото']\ntext = 1", "7: boilerplate.text: unknown key"),
        ("texts = ['Ещё']", '6: boilerplate.texts[1]: "Ещё" has fewer than 4 letters'),
        ("texts = ['Читайте …']", '6: boilerplate.texts[1]: "Читайте …" has fewer than 12 letters'),
        ("drop = 'div'", "6: boilerplate.drop: expected a list"),
    ],
)
def test_a_slip_in_boilerplate_is_an_error(refused: Refused, line: str, fault: str) -> None:
    said = refused(HEAD + line + "\n")
    assert len(said) == 1
    assert said[0].startswith(fault)


def test_boilerplate_of_a_profile_is_written_as_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        HEAD + 'drop = ["div.a"]\ntexts = ["Наш канал", "Подпишитесь на нас…"]\n', encoding="utf-8"
    )
    source = read_profile(path)
    assert source.boilerplate == Boilerplate(("div.a",), ("Наш канал", "Подпишитесь на нас…"))
    path.write_text(profile_text(source), encoding="utf-8")
    assert read_profile(path) == source


def test_what_was_learned_comes_with_the_profile(tmp_path: Path) -> None:
    (tmp_path / "paper.toml").write_text(profile_text(SOURCE), encoding="utf-8")
    kept(tmp_path, layout_text("paper", LAYOUT))
    kept(tmp_path, layout_text("liter_kz", LAYOUT), "liter_kz")
    kept(tmp_path, layout_text("nobody", LAYOUT), "nobody")
    sources, errors = load_profiles(tmp_path)
    assert errors == []
    assert sources["paper"].learned == LAYOUT
    assert sources["liter_kz"].learned == LAYOUT
    assert sources["nur_kz"].learned is None


def test_a_layout_that_cannot_be_read_is_told_and_hides_no_other(tmp_path: Path) -> None:
    kept(tmp_path, 'source = "nur_kz"\n[fields]\nbody = "div["\n', "nur_kz")
    kept(tmp_path, layout_text("liter_kz", LAYOUT), "liter_kz")
    sources, errors = load_profiles(tmp_path)
    assert [(error.path.name, error.key) for error in errors] == [("nur_kz.toml", "fields.body")]
    assert sources["liter_kz"].learned == LAYOUT


def test_show_tells_as_comments_what_is_learned_and_what_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "paper.toml"
    source = replace(SOURCE, fields={"title": "h2"})
    path.write_text(profile_text(source), encoding="utf-8")
    kept(tmp_path, layout_text("paper", LAYOUT))
    shown = list(learned_lines(with_layout(source, tmp_path)))
    assert all(line == "" or line.startswith("# ") for line in shown)
    said = "\n".join(shown)
    assert "Learned from 12 kept pages on 2026-03-05 (sources/learned/paper.toml)" in said
    assert '# fields.title = "h1.headline"   (not used: the profile names its own)' in said
    assert "fields.body" in said
    assert "Подписывайтесь на наш канал" in said
    assert list(learned_lines(source)) == []

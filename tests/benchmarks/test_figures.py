"""What the benchmarks count, and when a floor fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from corpora import HERE, Page, scorer
from figures import BY_NAME, f1, language, marks, script, values
from quality import CORPORA, below_floors, bounds, json_floors

NEAR_ENOUGH = pytest.approx


def page(corpus: str = "fundus", **truth: object) -> Page:
    return Page(corpus, {"id": "1", "url": "https://gazeta.example/a/1", **truth}, Path("1.html.gz"))


@pytest.fixture(scope="module")
def score(shared: Path) -> ModuleType:
    return scorer(shared)


def test_body_f1_is_of_mean_precision_and_mean_recall():
    found = values([{"body": (1.0, 1, 0.5, 1, 0, 1)}, {"body": (0.0, 0, 0.0, 1, 0, 1)}], resamples=0)
    assert found["body_precision"].value == 1.0  # a page without a prediction has no precision
    assert found["body_recall"].value == 0.25
    assert found["body_f1"].value == NEAR_ENOUGH(f1(1.0, 0.25))
    assert found["body_f1"].low is None


def test_an_interval_holds_the_value_and_is_the_same_each_time():
    marked = [{"title": (n % 3 > 0, 1)} for n in range(90)]
    first, second = values(marked), values(marked)
    assert first == second
    title = first["title_exact"]
    assert title.low is not None
    assert title.high is not None
    assert 0.5 < title.low < title.value < title.high < 0.8
    assert title.pages == 90


def test_a_corpus_of_articles_alone_says_nothing_of_telling_them_apart():
    articles = [{"is_article": (1, 0, 0, 0)}] * 5
    assert values(articles, resamples=0) == {}
    both = values([*articles, {"is_article": (0, 1, 0, 1)}], resamples=0)
    assert both["is_article_f1"].value == NEAR_ENOUGH(10 / 11)


def test_each_field_is_scored_against_its_own_truth(score: ModuleType):
    truth = page(
        title="Мост закрыт",
        body="Мост закрыли на ремонт до осени. Объезд открыт.",
        published="2026-03-10T23:30:00+05:00",
        authors=["Асель Нурова", "Иван Петров"],
        lang="kk-Latn",
        lead="Мост закрыли",
        page_type="article",
        related=["/a/2 Вторая новость", "Третья новость"],
    )
    said = {
        "title": "  мост закрыт ",
        "body": "Мост закрыли на ремонт до осени. Объезд открыт.",
        "published": "2026-03-11",
        "authors": ["Нурова Асель", "Редакция"],
        "lang": "kk",
        "lead": None,
        "is_article": True,
        "related": [
            ("https://gazeta.example/a/2?utm_source=x", "иначе названа"),
            ("https://gazeta.example/a/3", "Третья новость"),
            ("https://gazeta.example/a/4", "Чужая"),
        ],
    }
    found = values([marks(score, truth, said)], resamples=0)
    assert {name: found[name].value for name in ("body_exact", "title_exact", "language")} == {
        "body_exact": 1.0,
        "title_exact": 1.0,
        "language": 1.0,
    }
    assert (found["right_day"].value, found["wrong_day"].value) == (0.0, 1.0)
    assert found["authors_f1"].value == 0.5
    assert found["lead"].value == 0.0
    assert found["related_precision"].value == NEAR_ENOUGH(2 / 3)
    assert found["related_recall"].value == 1.0


def test_a_date_given_to_a_page_that_states_none_is_a_false_one(score: ModuleType):
    undated = page(published=None)
    assert values([marks(score, undated, {"published": "2026-03-10"})], resamples=0)["false_day"].value == 1
    assert values([marks(score, undated, {})], resamples=0)["false_day"].value == 0


def test_snippets_count_what_is_kept_and_what_is_left_out(score: ModuleType):
    told = page("trafilatura", **{"with": ["мост закрыт", "объезд"], "without": ["Читайте также"]})
    found = values([marks(score, told, {"body": "Мост закрыли."})], resamples=0)
    assert found["snippets_kept"].value == 0.0
    found = values([marks(score, told, {"body": "Здесь мост закрыт. Читайте\nтакже: …"})], resamples=0)
    assert found["snippets_kept"].value == 0.5
    assert found["snippets_out"].value == 0.0


def test_pages_that_are_no_articles_are_scored_for_nothing_else(score: ModuleType):
    shop = page("wcxb-dev", page_type="product", title="Стул", body="Стул деревянный.")
    assert set(marks(score, shop, {"title": "Стул", "is_article": False})) == {"is_article"}


def test_a_page_is_grouped_by_language_and_script():
    assert language(page(lang="kk-Arab")) == "kk"
    assert language(page()) is None
    assert script(page(body="Мост закрыт, see map")) == "Cyrillic"
    assert script(page(title="قاراعاندى وبلىسى")) == "Arabic"
    assert script(page()) is None


@pytest.mark.parametrize(
    ("found", "failed"),
    [
        ({"fundus": {"title_exact": 0.9, "wrong_day": 0.0}}, 0),
        ({"fundus": {"title_exact": 0.89, "wrong_day": 0.0}}, 1),
        ({"fundus": {"title_exact": 0.9, "wrong_day": 0.01}}, 1),
        ({"fundus": {"title_exact": 0.9}}, 1),
        ({"kz": {}}, 0),
    ],
)
def test_a_floor_fails_below_itself_above_a_ceiling_and_when_not_measured(found, failed, capsys):
    assert below_floors(found, {"fundus": {"title_exact": 0.9, "max_wrong_day": 0.0}}) == failed
    assert bool(capsys.readouterr().out) == bool(failed)


def test_every_floor_is_of_a_figure_that_is_measured():
    for corpus, name, bound in bounds(json_floors()):
        if corpus not in ("dates", "copies", "crawling"):  # measured by scripts of their own
            assert corpus in CORPORA
            figure = BY_NAME[name.removeprefix("max_")]
            assert name.startswith("max_") == figure.less_is_better
            assert 0 <= bound <= 1


@pytest.mark.parametrize("script_name", ["quality.py", "bench.py"])
def test_without_the_corpora_nothing_is_measured_and_nothing_fails(script_name, tmp_path):
    ended = subprocess.run(
        [sys.executable, str(HERE / script_name), "--shared", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0
    assert "nothing measured" in ended.stdout

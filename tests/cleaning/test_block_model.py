"""The learned judge of blocks: what it is told, how it adds up, and who has the last word."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from lxml import html

from crawler.cleaning.body import Clues, read_body
from crawler.cleaning.body import model as models
from crawler.cleaning.body.choosing import CERTAIN, LEAST_SURE, SURE, SURE_SHARE, settled_lists, sure_enough
from crawler.cleaning.body.deciding import MOST_BLOCKS, Decider
from crawler.cleaning.body.features import NAMES, block_features
from crawler.cleaning.body.model import AT_ONCE, BlockModel, block_model, judged_by, read_model
from crawler.cleaning.body.reading import Reader
from crawler.cleaning.body.scoring import Weighed, weigh

TEXT = [
    "The reservoir above the town is fuller than in any spring since people began to write its level down.",
    "Engineers opened two of the four gates on Tuesday, and the river rose by the breadth of a hand.",
    "Nobody had to leave a house, though the lower footbridge stays closed until the end of the week.",
    "The next measurement is due on Friday, when the gates may be closed again if the nights stay cold.",
]
ARTICLE = "".join(f"<p>{text}</p>" for text in TEXT)
PAGE = f"<html><body><main><article><h1>The gates are open</h1>{ARTICLE}</article></main></body></html>"


def weighed_page(source: str) -> Weighed:
    tree = html.document_fromstring(source, parser=html.HTMLParser(encoding="utf-8"))
    return weigh(Reader().read(tree))


def body_of(source: str, **given: object) -> str:
    tree = html.document_fromstring(source, parser=html.HTMLParser(encoding="utf-8"))
    return read_body(tree, base_url="https://news.example/a", **given).text  # type: ignore[arg-type]


def some_model(trees: int = 7, depth: int = 3, seed: int = 0) -> BlockModel:
    random = np.random.default_rng(seed)
    return BlockModel(
        features=random.integers(0, len(NAMES), (depth, trees)),
        borders=random.normal(size=(depth, trees)).astype(np.float32),
        answers=random.normal(size=(trees, 1 << depth)).astype(np.float32),
        start=-0.25,
    )


def constant_model(odds: float) -> BlockModel:
    """A model that gives every block the same."""
    return BlockModel(
        features=np.zeros((1, 1), dtype=np.int64),
        borders=np.zeros((1, 1), dtype=np.float32),
        answers=np.zeros((1, 2), dtype=np.float32),
        start=odds,
    )


@pytest.mark.parametrize("blocks", [0, 1, 5, AT_ONCE + 3])
def test_all_blocks_at_once_score_as_each_would_going_down_each_tree(blocks: int) -> None:
    model = some_model()
    columns = np.random.default_rng(1).normal(size=(len(NAMES), blocks)).astype(np.float32)
    expected = []
    for block in columns.T:
        odds = model.start
        for tree in range(model.answers.shape[0]):
            leaf = 0
            for level in range(model.features.shape[0]):
                leaf |= int(block[model.features[level, tree]] > model.borders[level, tree]) << level
            odds += model.answers[tree, leaf]
        expected.append(1 / (1 + np.exp(-odds)))
    assert np.allclose(model.scores(columns), expected, atol=1e-5)


def test_the_shipped_weights_fit_the_features_and_are_small() -> None:
    model = models.shipped_model()
    assert model.features.max() < len(NAMES)
    assert (Path(models.__file__).parent / models.WEIGHTS).stat().st_size < 1_000_000


def test_weights_of_other_features_are_refused_with_what_to_do(tmp_path: Path) -> None:
    kept = tmp_path / "old.npz"
    with kept.open("wb") as opened:
        np.savez(opened, names=np.array(["weight"]), features=0, borders=0, answers=0, start=0)
    with pytest.raises(RuntimeError, match="make train"):
        read_model(kept)


def test_another_model_judges_only_inside_its_block() -> None:
    other = some_model()
    with judged_by(other):
        assert block_model() is other
    assert block_model() is models.shipped_model()


def test_every_block_has_every_feature_and_each_is_a_number() -> None:
    weighed = weighed_page(PAGE)
    columns = block_features(weighed, Clues("The gates are open", (TEXT[0],), " ".join(TEXT)), 0)
    assert columns.shape == (len(NAMES), len(weighed.reading.blocks))
    assert np.isfinite(columns).all()
    told = dict(zip(NAMES, columns, strict=True))
    assert told["is title"].tolist() == [1, 0, 0, 0, 0]
    assert told["is lead"].tolist() == [0, 1, 0, 0, 0]
    assert told["stated"].tolist() == [0, 1, 1, 1, 1]
    assert told["since title"].tolist() == [0, 1, 2, 3, 4]
    assert told["tag"].tolist() == [3, 1, 1, 1, 1]


def test_a_page_without_blocks_has_features_of_no_block() -> None:
    assert block_features(weighed_page("<html></html>"), Clues(), -1).shape == (len(NAMES), 0)


def test_features_and_their_names_are_told_once_each() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_the_rules_judge_where_the_model_finds_nothing() -> None:
    with judged_by(constant_model(-9.0)):
        assert body_of(PAGE, title="The gates are open") == "\n\n".join(TEXT)


def test_the_rules_can_be_asked_alone_and_ask_no_model() -> None:
    with judged_by(constant_model(9.0)):
        cookies = (
            "<div class='cookie-notice'><p>We count our readers with cookies, if you agree to it.</p></div>"
        )
        assert body_of(PAGE.replace(ARTICLE, ARTICLE + cookies), judge="rules") == "\n\n".join(TEXT)


def test_what_says_itself_that_it_is_no_text_goes_however_sure_the_model_is() -> None:
    plea = "<p>Подписывайтесь на наш канал, чтобы узнавать всё первыми</p>"
    with judged_by(constant_model(9.0)):
        both, alone = (body_of(PAGE.replace(ARTICLE, ARTICLE + plea), judge=who) for who in ("both", "model"))
    assert "Подписывайтесь" in alone
    assert "Подписывайтесь" not in both


def test_a_page_the_model_doubts_as_a_whole_is_measured_by_itself() -> None:
    blocks = weighed_page(PAGE).reading.blocks
    assert sure_enough(blocks, [0.0, 0.99, 0.98, 0.97, 0.3], None) == SURE
    assert sure_enough(blocks, [0.0, 0.5, 0.5, 0.5, 0.5], None) == pytest.approx(0.5 * SURE_SHARE)
    assert sure_enough(blocks, [0.0, 0.2, 0.2, 0.2, 0.2], None) == LEAST_SURE
    assert sure_enough(blocks, [0.0] * 5, None) == SURE


def test_long_teasers_elsewhere_lower_no_bound_where_the_article_is_certain() -> None:
    teasers = "".join(f"<p>{text * 4}</p>" for text in TEXT)
    weighed = weighed_page(PAGE.replace("</main>", f"</main><div>{teasers}</div>"))
    article = next(box for box in weighed.reading.boxes if box.tag == "article")
    scores = [0.0, *[CERTAIN] * 4, *[0.3] * 4]
    assert sure_enough(weighed.reading.blocks, scores, article) == pytest.approx(CERTAIN * SURE_SHARE)
    doubted = [0.0, *[0.8] * 4, *[0.3] * 4]
    assert sure_enough(weighed.reading.blocks, doubted, article) == LEAST_SURE


def test_a_list_is_the_article_s_as_a_whole_or_not_at_all() -> None:
    items = "".join(f"<li>{text}</li>" for text in TEXT)
    weighed = weighed_page(f"<html><body><ul>{items}</ul></body></html>")
    assert min(settled_lists(weighed, [0.9, 0.8, 0.4, 0.9], SURE)) >= SURE
    assert max(settled_lists(weighed, [0.1, 0.2, 0.6, 0.1], SURE)) < SURE


def test_a_page_of_more_blocks_than_any_article_is_left_to_the_rules() -> None:
    weighed = weighed_page("<html><body>" + "<p>One line.</p>" * (MOST_BLOCKS + 1) + "</body></html>")
    assert not Decider(weighed, Clues()).is_scored


def test_judging_grows_no_faster_than_the_page() -> None:
    def seconds(times: int) -> float:
        weighed = weighed_page(PAGE.replace(ARTICLE, ARTICLE * times))
        clues = Clues("The gates are open", tuple(TEXT), " ".join(TEXT))
        best = 9.0
        for _ in range(3):
            begun = time.process_time()
            Decider(weighed, clues).scores([])
            best = min(best, time.process_time() - begun)
        return best

    assert seconds(2_000) < 15 * max(seconds(200), 0.005)

"""Fault 10: consent, captcha and repairs in the articles' place are no wording of them."""

from __future__ import annotations

import sqlite3

import pytest

from tests.crawl.conftest import article_page
from tests.crawl.test_health import older, status

CONSENT = "Мы и наши партнёры храним сведения на вашем устройстве. Выберите, на что вы согласны, и читайте. "
pytestmark = pytest.mark.slow  # a dozen crawls; tests/store/test_walls.py tries the same without
KNOWN = [f"/a/known{number}" for number in range(4)]
NEW = [f"/a/new{number}" for number in range(9)]


def consent_wall(visitor):
    """What a consent tool shows: the article's own title and description, and its own text below them."""
    page = article_page(visitor.path)
    head, _, _ = page.partition("<p>")
    visitor.answer(head + f"<p>{CONSENT * 2}</p>" * 4 + "</article></body></html>")


def repairs(visitor):
    visitor.answer("<html><body><h1>Ведутся работы</h1><p>Сайт обновляется, зайдите, пожалуйста, позже.</p>")


def now_due(archive):
    """Time passes: what waits on the list is due."""
    with sqlite3.connect(archive.path / "news.db") as db:
        db.execute("UPDATE frontier SET not_before = NULL")


def bodies_with(archive, words):
    return archive.rows("SELECT count(*) FROM articles WHERE body LIKE ?", f"%{words}%")[0][0]


@pytest.fixture
def known(site, crawl_site):
    for path in KNOWN:
        site.article(path)
    assert crawl_site().code == 0
    return KNOWN


def test_fault_10_a_wall_is_blocked_told_and_forgotten_when_it_falls(known, site, crawl_site, archive):
    for path in [*KNOWN, *NEW]:
        site.article(path, consent_wall)
    older(archive, 20)
    done = crawl_site("--revisit")
    assert done.code == 0
    reasons = archive.reasons()
    assert [reasons.get(path) for path in KNOWN] == ["blocked"] * 4
    assert bodies_with(archive, "вышла из берегов") == 4  # the known ones, as they were
    assert archive.rows("SELECT count(*) FROM revisions") == [(4 + bodies_with(archive, "партнёры"),)]
    # Nobody can tell at the first ones; they are asked again.
    assert bodies_with(archive, "партнёры") == 4
    assert {url.split("/", 3)[-1] for (url,) in archive.rows("SELECT url FROM frontier")} == {
        path.lstrip("/") for path in [*KNOWN, *NEW]
    }
    assert "a wall for cookies" in archive.rows("SELECT reasons FROM source_health")[0][0]
    for path in [*KNOWN, *NEW]:
        site.routes[path] = site.good_article
    now_due(archive)
    assert crawl_site("--revisit").code == 0
    assert bodies_with(archive, "партнёры") == 0
    assert bodies_with(archive, "вышла из берегов") == len(KNOWN) + len(NEW)
    assert archive.rows("SELECT count(*) FROM frontier") == [(0,)]
    assert archive.rows("SELECT state FROM source_health") == [("well",)] or "a wall" not in (
        status(archive).output
    )


def test_fault_10_repairs_lose_no_new_article_and_end_no_known_one(known, site, crawl_site, archive):
    for path in [*KNOWN, *NEW]:
        site.article(path, repairs)
    assert crawl_site("--revisit").code == 0
    for _ in range(2):
        now_due(archive)
        with sqlite3.connect(archive.path / "news.db") as db:
            db.execute("UPDATE missing SET since = '2026-01-01T00:00:00Z'")
        assert crawl_site().code == 0
    assert archive.rows("SELECT count(*) FROM articles WHERE gone_at IS NOT NULL") == [(0,)]
    for path in [*KNOWN, *NEW]:
        site.routes[path] = site.good_article
    now_due(archive)
    assert crawl_site().code == 0
    assert archive.rows("SELECT count(*) FROM articles") == [(len(KNOWN) + len(NEW),)]


def test_fault_10_a_text_with_nothing_of_its_article_is_believed_after_a_day(
    known, site, crawl_site, archive
):
    other = "<p>" + "Завтра ярмарка мёда откроется на площади у театра, торговать будут пасечники. " * 4
    rewritten = article_page("x", title="Ярмарка мёда").partition("<p>")[0] + other
    site.routes[KNOWN[0]] = lambda visitor: visitor.answer(rewritten)
    assert crawl_site("--revisit").code == 0
    assert archive.reasons() == {KNOWN[0]: "blocked"}
    assert bodies_with(archive, "ярмарка") == 0
    with sqlite3.connect(archive.path / "news.db") as db:
        db.execute("UPDATE doubted SET since = '2026-01-01T00:00:00Z'")
    now_due(archive)
    assert crawl_site().code == 0
    assert bodies_with(archive, "ярмарка") == 1
    assert archive.rows("SELECT count(*) FROM doubted") == [(0,)]

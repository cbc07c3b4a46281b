"""A better reading of ours is never shown as the newspaper's edit: not in lists, not among changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.records import Article
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder

from .conftest import NOW, REWORDED, article, keep, served

OURS = article("ours", "Степь зацвела", "Тюльпаны зацвели.\n\nЧитайте нас в телеграме каждый день.")
BETTER = replace(OURS, body="Тюльпаны зацвели.", body_html="<p>Тюльпаны зацвели.</p>", cleaned_with="2")


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Any]:
    """One article that we read better, and one that we read better and its publisher then edited."""
    folder = ArchiveFolder(tmp_path)
    with Archive(folder) as archive:
        archive.sources.save(
            "steppe_news", name="Степь", home="h", languages=["ru"], timezone="Asia/Almaty", region=None
        )
        run = archive.runs.begin("steppe_news", started_at=NOW, version="1")
        for one in (OURS, REWORDED):
            keep(archive, run, one, NOW)
        reread(archive, BETTER)
        reread(archive, replace(REWORDED, title="Воды в реке стало меньше"))
        edited = replace(REWORDED, title="Воды в реке стало меньше", body="Уровень воды 405 сантиметров.")
        keep(archive, run, edited, NOW)
    yield from served(folder.news)


def reread(archive: Archive, better: Article) -> None:
    before = archive.articles.row(better.url_key)
    assert before is not None
    archive.articles.reread(before, better, at=NOW, all_read=True)


def test_the_page_of_changes_says_by_whom(both: Any) -> None:
    ours = both.page(f"/a/{both.ids['ours']}/changes")
    assert "the same page, read better by us" in ours
    assert "changed by the publisher" not in ours
    assert "<del>Читайте нас в телеграме каждый день.</del>" in ours
    edited = both.page(f"/a/{both.ids['reworded']}/changes")
    assert "Why it differs: changed by the publisher." in edited
    since = both.page(f"/a/{both.ids['reworded']}/changes?old=1&new=3")
    assert "Why it differs: the same page, read better by us, changed by the publisher." in since


@pytest.mark.parametrize(
    ("language", "said", "wordings"),
    [
        ("ru", "Издатель менял этот текст:", "2 редакции"),
        ("kk", "Баспагер бұл мәтінді өзгерткен:", "2 редакция"),
        ("en", "The publisher has reworded this:", "2 wordings"),
    ],
)
def test_a_reworded_article_says_so_above_its_text(
    both: Any, language: str, said: str, wordings: str
) -> None:
    above, _, below = both.page(f"/a/{both.ids['reworded']}", language).partition('<div class="text"')
    assert f'{said} <a href="#wordings">{wordings}</a>' in above
    assert '<section id="wordings">' in below
    assert said not in both.page(f"/a/{both.ids['ours']}", language)


def test_lists_call_reworded_only_what_its_publisher_reworded(both: Any) -> None:
    front = both.page("/")
    assert front.count(">reworded<") == 1
    assert "Степь зацвела" in front

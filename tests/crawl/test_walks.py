"""How far a listing is walked: until some pages in a row bring nothing new."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.records import Waiting
from archive.store.archive import Archive
from archive.store.folder import ArchiveFolder
from crawler.sources.profile import Listing, Source
from crawler.spiders.documents import BARREN_PAGES, Leads, onward

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
ROOT = "https://steppe.example/news/"
SOURCE = Source(
    id="steppe",
    name="Степь",
    home="https://steppe.example/",
    listings=(Listing(ROOT, "a", next="a.next", max_pages=100),),
)


@pytest.fixture
def frontier(tmp_path):
    with Archive(ArchiveFolder(tmp_path / "archive")) as archive:
        archive.sources.save(
            "steppe", name="Степь", home=SOURCE.home, languages=["ru"], timezone="UTC", region=None
        )
        yield archive.frontier


def page(step):
    return ROOT if step == 0 else f"{ROOT}page/{step + 1}/"


@pytest.mark.parametrize("tries", [1, 3], ids=["at once", "done again twice"])
def test_a_walk_ends_after_pages_that_bring_nothing_however_often_a_write_is_done_again(frontier, tries):
    walks: dict[str, int] = {}
    asked = 0
    for step in range(10):
        leads, waiting = Leads((), (), page(step + 1), ()), frontier.waiting("steppe")
        asking = Waiting(page(step), kind="listing", root=ROOT, step=step)
        offer = onward(SOURCE, asking, leads, NOON, None, walks)
        for _ in range(tries):
            offer(frontier, 0)
        asked += 1
        if frontier.waiting("steppe") == waiting:
            break
    assert asked == BARREN_PAGES
    assert walks == {ROOT: BARREN_PAGES}


def test_a_page_that_brings_something_begins_the_count_anew(frontier):
    walks = {ROOT: BARREN_PAGES - 1}
    leads = Leads((), (), page(1), ())
    onward(SOURCE, Waiting(page(0), kind="listing", root=ROOT), leads, NOON, None, walks)(frontier, 1)
    assert walks == {ROOT: 0}

"""Raw pages come back byte for byte, whatever they were and whatever happened on the way."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import ArchiveError
from archive.raw.migrations import migrations
from archive.raw.pages import JUDGED_PAGES, PageStore
from archive.records import Page
from archive.store.connection import open_to_write

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("pages") / "pages.db"
    with closing(open_to_write(path, migrations)) as db:
        yield PageStore(db, path)


def reopened(store: PageStore) -> PageStore:
    """The same file as another process sees it: nothing remembered."""
    return PageStore(store.db, store.path)


def page(body: bytes, source: str = "s", **fields) -> Page:
    url = "https://steppe.example/a"
    return Page(**({"url": url, "requested_url": url, "source": source, "fetched_at": NOON,
                    "status": 200, "headers": (), "body": body} | fields))  # fmt: skip


def template(seed: int, size: int = 30_000) -> bytes:
    """A page skeleton as a site's pages share it."""
    letters = random.Random(seed)
    return bytes(letters.choices(range(256), k=size))


headers = st.lists(
    st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.text("aя\n\"'\\")), max_size=5
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.one_of(st.binary(max_size=200), st.binary(min_size=2_000, max_size=6_000)),
    headers=headers.map(tuple),
    status=st.integers(100, 999),
    kind=st.sampled_from(["article", "feed"]),
)
def test_any_page_comes_back_as_it_was(store, body, headers, status, kind):
    kept = page(body, headers=headers, status=status)
    page_id = store.keep(kept, kind=kind)
    assert reopened(store).page(page_id) == kept


@pytest.mark.parametrize("size", [0, 1, 1_999, 2_000, 1_000_000, 1_000_001, 3_000_000])
def test_pages_around_every_limit_come_back(store, size):
    kept = page(template(size, size), source=f"size{size}")
    first = store.keep(kept, kind="article")
    second = store.keep(replace(kept, body=kept.body + b"x"), kind="article")
    assert reopened(store).page(first) == kept
    assert reopened(store).page(second).body == kept.body + b"x"


def test_a_page_that_is_not_there_is_none(store):
    assert store.page(10**9) is None


def test_the_same_body_is_kept_once_but_every_fetch_of_it(store):
    body = b"<html>once</html>" * 300
    (bodies,) = store.db.conn.execute("SELECT count(*) FROM bodies").fetchone()
    ids = {store.keep(page(body, fetched_at=NOON.replace(hour=hour)), kind="article") for hour in range(5)}
    assert len(ids) == 5
    assert store.db.conn.execute("SELECT count(*) FROM bodies").fetchone() == (bodies + 1,)
    assert {one.fetched_at.hour for one in store.pages("p.id >= ?", [min(ids)])} == set(range(5))


def test_pages_of_one_template_are_small(store):
    pages = [page(template(1) + f"<p>{n}</p>".encode() * 50, source="small") for n in range(10)]
    ids = [store.keep(one, kind="article") for one in pages]
    query = "SELECT length(zstd) FROM bodies b JOIN pages p ON p.body_sha256 = b.sha256 WHERE p.id = ?"
    assert all(store.db.conn.execute(query, [one]).fetchone()[0] < 300 for one in ids)


def dictionaries(store: PageStore, source: str) -> int:
    query = "SELECT count(*) FROM dictionaries WHERE source = ?"
    return store.db.conn.execute(query, [source]).fetchone()[0]


def test_a_redesigned_site_gets_a_new_dictionary_and_its_old_pages_can_still_be_read(store):
    kept = {}
    for seed in (1, 2):
        for n in range(2 * JUDGED_PAGES + 2):
            one = page(template(seed) + bytes([n]) * 40, source="redesigned")
            kept[store.keep(one, kind="article")] = one
    assert dictionaries(store, "redesigned") == 2
    fresh = reopened(store)
    assert all(fresh.page(page_id) == one for page_id, one in kept.items())


def test_feeds_and_small_pages_make_no_dictionary(store):
    store.keep(page(b"x" * 5_000, source="plain"), kind="feed")
    store.keep(page(b"x" * 50, source="plain"), kind="article")
    assert dictionaries(store, "plain") == 0


def test_a_page_that_could_not_be_kept_leaves_no_dictionary_behind_in_memory_either(store):
    broken = page(template(7), source="broken", status=None)  # refused by the last statement
    with pytest.raises(ArchiveError):
        store.keep(broken, kind="article")
    assert dictionaries(store, "broken") == 0
    # Another source may get the number that the lost dictionary had.
    other = page(template(8), source="other")
    other_id = store.keep(other, kind="article")
    good = page(template(7) + b"!", source="broken")
    good_id = store.keep(good, kind="article")
    fresh = reopened(store)
    assert fresh.page(other_id) == other
    assert fresh.page(good_id) == good

"""Raw pages come back byte for byte, whatever they were and whatever happened on the way."""

from __future__ import annotations

import random
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import ArchiveError, PageDamaged
from archive.raw.dictionaries import JUDGED_PAGES
from archive.raw.migrations import migrations
from archive.raw.pages import PageStore
from archive.records import Page
from archive.store.connection import open_to_write

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

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


def prose(seed: int, words: int = 900) -> bytes:
    """Text of a vocabulary that all pages share, in an order of its own."""
    letters = random.Random(0)
    known = ["".join(letters.choices("абвгдежзиклмнопрстуя", k=letters.randint(3, 9))) for _ in range(400)]
    return " ".join(random.Random(seed).choices(known, k=words)).encode()


def test_a_source_with_many_pages_gets_a_dictionary_of_several_that_makes_them_smaller(store):
    """Teasers and boxes come again on other pages: two pages share few of them, sixteen share most."""
    sizes = []
    for n in range(40):
        boxes = random.Random(n).sample(range(30), 8)
        body = template(3) + b"".join(template(100 + box, 1_000) for box in boxes) + str(n).encode()
        store.keep(page(body, source="grows"), kind="article")
        query = "SELECT length(b.zstd) FROM pages p JOIN bodies b ON b.sha256 = p.body_sha256 "
        query += "ORDER BY p.id DESC LIMIT 1"
        sizes.append(store.db.conn.execute(query).fetchone()[0])
    assert 2 <= dictionaries(store, "grows") <= 4
    assert sum(sizes[-5:]) < 0.3 * sum(sizes[1:6])


def test_a_new_dictionary_is_not_taken_where_it_does_not_pay(store):
    for n in range(40):  # but for the template, no two pages have anything in common
        store.keep(page(template(4, 3_000) + template(1_000 + n, 3_000), source="apart"), kind="article")
    assert dictionaries(store, "apart") == 1


def test_a_redesign_between_two_crawls_is_noticed_by_the_next(store):
    kept = {}
    for seed in (11, 12):
        crawl = reopened(store)
        for n in range(24):
            one = page(template(seed) + bytes([n]) * 40, source="overnight")
            kept[crawl.keep(one, kind="article")] = one
    assert dictionaries(store, "overnight") == 2
    assert all(reopened(store).page(page_id) == one for page_id, one in kept.items())


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


def flipped(store: PageStore, table: str, column: str, where: str, value: object) -> None:
    """Flip one bit in the middle of a blob, as a failing disk does."""
    query = f"SELECT {column} FROM {table} WHERE {where}"
    (blob,) = store.db.conn.execute(query, [value]).fetchone()
    half = len(blob) // 2
    spoiled = blob[:half] + bytes([blob[half] ^ 1]) + blob[half + 1 :]
    store.db.conn.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", [spoiled, value])
    store.db.conn.commit()


def test_a_damaged_body_is_an_error_that_names_its_page_and_never_other_bytes(store):
    bodies = [template(20 + n, 5_000) + prose(n) for n in range(12)]
    ids = [store.keep(page(body, source=f"flip{n}"), kind="feed") for n, body in enumerate(bodies)]
    for page_id, body in zip(ids, bodies, strict=True):
        flipped(store, "bodies", "zstd", "sha256 = ?", sha256(body).digest())
        with pytest.raises(PageDamaged, match=f"page {page_id} of https://steppe") as caught:
            reopened(store).page(page_id)
        assert caught.value.page_id == page_id


def test_a_digest_that_is_not_the_bodys_is_an_error(store):
    """Damage that zstd does not see is seen by the SHA-256."""
    body = prose(5)
    page_id = store.keep(page(body, source="swapped"), kind="feed")
    other = zstd.compress(prose(6)[: len(body)].ljust(len(body)))
    digest = sha256(body).digest()
    store.db.conn.execute("UPDATE bodies SET zstd = ? WHERE sha256 = ?", [other, digest])
    store.db.conn.commit()
    with pytest.raises(PageDamaged, match="not what was received"):
        store.page(page_id)


def test_a_damaged_dictionary_hides_its_own_pages_only_and_keeps_nobody_from_keeping(store):
    first = store.keep(page(template(30), source="worn out"), kind="article")
    (lost,) = store.db.conn.execute("SELECT max(id) FROM dictionaries").fetchone()
    store.db.conn.execute("UPDATE dictionaries SET body = x'00' WHERE id = ?", [lost])
    store.db.conn.commit()
    fresh = reopened(store)
    with pytest.raises(PageDamaged, match=f"dictionary {lost}"):
        fresh.page(first)
    later = page(template(30) + b"later", source="worn out")
    assert fresh.page(fresh.keep(later, kind="article")) == later

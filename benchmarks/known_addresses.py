"""What it costs to ask whether addresses are known, among many that are: CPU, in a table made for it."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from markdown_table import table
from sqlite_utils import Database

from archive.identity import url_hash, url_key
from archive.records import Found
from archive.store.connection import open_to_write, transaction
from archive.store.frontier import Frontier
from archive.store.migrations import migrations

ASKED = 5_000  # addresses asked for one by one
SITEMAP = 50_000  # addresses of one sitemap
NAMED = 200_000  # addresses that may be asked for
CHUNK = 100_000
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
INSERT = (
    "INSERT INTO addresses (url_hash, source, url, kind, status, checked_at, found, visits) "
    "VALUES (?, 's', ?, 'article', 200, '2026-03-10T12:00:00Z', ?, 0)"
)
FOUND = '[{"via": "sitemap", "document": "https://news.example/sitemap.xml"}]'


def measure_known(count: int) -> None:
    """Fill `addresses` with so many rows, ask, and print what it cost."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "news.db"
        with closing(open_to_write(path, migrations)) as db:
            fill(db, count)
            frontier = Frontier(db, path)
            one, new = asked_singly(frontier, count, known=True), asked_singly(frontier, count, known=False)
            rows = [
                ["one known address, µs", f"{one:.1f}"],
                ["one new address, µs", f"{new:.1f}"],
                [f"a sitemap of {SITEMAP:,}, all known, s", f"{sitemap_asked(frontier, count):.2f}"],
            ]
            size = path.stat().st_size / count
    print(table(f"asked of {count:,} known addresses, {size:.0f} bytes each on disk", rows, ["CPU"]))


def address(number: int) -> str:
    """An address as news sites have them."""
    return f"https://news.example/2026/03/{number % 31 + 1:02}/novosti-oblasti-{number}/"


def fill(db: Database, count: int) -> None:
    """Put addresses into the table in the order of their keys, which is as fast as SQLite writes.

    The first NAMED have their own keys; the others, that nobody asks for, have keys by chance.
    """
    real = [url_hash(url_key(address(number))) for number in range(min(NAMED, count))]
    others = np.random.default_rng(1).integers(-(2**63), 2**63 - 1, count - len(real), dtype=np.int64)
    keys = np.concatenate([np.array(real, dtype=np.int64), others])
    order = np.argsort(keys)
    with transaction(db, Path("news.db")):
        db.conn.execute("INSERT INTO sources VALUES ('s', 's', 'h', '[]', 'UTC', NULL, NULL, NULL)")
        for start in range(0, count, CHUNK):
            some = order[start : start + CHUNK].tolist()
            db.conn.executemany(INSERT, ((int(keys[number]), address(number), FOUND) for number in some))


def asked_singly(frontier: Frontier, count: int, *, known: bool) -> float:
    """CPU microseconds of one question, of addresses at random places of the table."""
    chance = random.Random(1)
    urls = [address(chance.randrange(min(NAMED, count)) + (0 if known else count)) for _ in range(ASKED)]
    began = time.process_time()
    answers = [bool(frontier.known(url)) for url in urls]
    seconds = time.process_time() - began
    assert all(answers) if known else not any(answers), "the table is not what was put in"
    return 1e6 * seconds / ASKED


def sitemap_asked(frontier: Frontier, count: int) -> float:
    """CPU seconds for a sitemap that names known addresses only, as it did before."""
    found = list(named(count))
    began = time.process_time()
    added = frontier.offer("s", found, now=NOW)
    seconds = time.process_time() - began
    assert added == 0, "known addresses are not put on the list"
    return seconds


def named(count: int) -> Iterator[Found]:
    """What the sitemap says of addresses at random places of the table."""
    chance = random.Random(2)
    document = "https://news.example/sitemap.xml"
    for number in chance.sample(range(min(NAMED, count)), min(SITEMAP, count)):
        yield Found(address(number), via="sitemap", document=document)

"""What each page of the site costs, on a made-up archive of any size, alone and beside a writer.

    python benchmarks/reading_room.py --articles 100000

Milliseconds of the server's processor for one request, all its threads together, warm: half and 95 of 100
requests need less. Beside it the clock's, which means something on an idle machine only. Then the same while
another process saves 50 articles at a time without a pause. (Not site.py: Python itself has a `site`.)
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from asgi import answer_of
from markdown_table import table
from search import Writer, fill

from archive.site.openness import Openness
from archive.site.serving import application
from archive.store.connection import open_to_write
from archive.store.count_tables import MONTHS_OF_DAYS
from archive.store.migrations import migrations
from archive.store.search_index import SearchIndex

REQUESTS = 60
HEADERS = [(b"host", b"localhost"), (b"accept-language", b"ru")]
SECTIONS = 12
# What `fill` leaves out: triggers would have counted days, a crawl would have kept wordings, links and hours.
REST = f"""
UPDATE articles SET section = 'Рубрика ' || (id / 7 % {SECTIONS}), published_precision = 'minute',
  published_at = published_date || 'T04:10:00Z', published_local = published_date || 'T09:10:00+05:00',
  first_seen_at = published_date || 'T05:00:00Z', last_seen_at = published_date || 'T05:00:00Z';
DELETE FROM daily_counts;
INSERT INTO daily_counts (day, source, section, language, articles)
  SELECT published_date, source, section, language, count(*) FROM articles GROUP BY 1, 2, 3, 4;
DELETE FROM monthly_counts;
{MONTHS_OF_DAYS};
INSERT INTO revisions (article_id, number, cause, seen_at, page_id, cleaned_with, content_hash)
  SELECT id, 1, 'first', first_seen_at, 1, '2', id FROM articles;
INSERT INTO revisions (article_id, number, cause, seen_at, page_id, cleaned_with, content_hash, title, body)
  SELECT id, 2, 'publisher', last_seen_at, 1, '2', -id, title, substr(body, 40)
  FROM articles WHERE id % 50 = 0;
INSERT INTO links (article_id, position, zone, url, url_key, text)
  SELECT a.id, n.n, 'related', 'https://x.example/' || b.url, b.url_key, b.title
  FROM articles a JOIN (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3) n
  JOIN articles b ON b.id = (SELECT max(id) FROM articles WHERE id < a.id - n.n * 50000);
UPDATE sources SET last_crawled_at = '2026-03-01T00:00:00Z', first_crawled_at = '2016-01-01T00:00:00Z';
ANALYZE;
"""


def make(news: Path, articles: int) -> None:
    """Write the archive."""
    with closing(open_to_write(news, migrations)) as db:
        fill(db.conn, Writer(1), articles)
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        db.conn.executescript(REST)
        for _, sql in triggers:
            db.execute(sql)
        db.conn.commit()
        list(SearchIndex(db, news).rebuild())


class Asked:
    """The application, asked in this process."""

    def __init__(self, news: Path) -> None:
        self.app = application(news, "127.0.0.1", Openness())
        self.loop = asyncio.new_event_loop()

    def get(self, path: str) -> tuple[int, int]:
        """Status and bytes of one answer."""
        return self.loop.run_until_complete(self.answer(path))

    async def answer(self, path: str) -> tuple[int, int]:
        """The same, within the loop."""
        answer = await answer_of(self.app, path, HEADERS)
        return answer.status, sum(map(len, answer.pieces))


def pages(news: Path) -> dict[str, Callable[[], str]]:
    """Each kind of page with a maker of its addresses."""
    from urllib.parse import quote

    chance, words = random.Random(7), Writer(1).words
    with closing(sqlite3.connect(news)) as connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM articles ORDER BY id")]
        reworded = [row[0] for row in connection.execute("SELECT article_id FROM revisions WHERE number > 1")]

    def word(first: int, last: int) -> str:
        language = chance.choice(["ru", "ru", "kk"])
        return quote(chance.choice(words[language][chance.randrange(first, last)]))

    commonest = quote(words["ru"][0][0])
    return {
        "reading page": lambda: f"/a/{chance.choice(ids)}",
        "search: the commonest word": lambda: f"/search?q={commonest}",
        "search: a common word": lambda: f"/search?q={word(0, 60)}",
        "search: a rare word": lambda: f"/search?q={word(2_000, 15_000)}",
        "search: two words, best first": lambda: (
            f"/search?q={word(0, 100)}+{word(100, 3_000)}&sort=relevance"
        ),
        "search: a common word of one source and year": lambda: (
            f"/search?q={word(0, 60)}&source=source3&since=2019-01-01&until=2019-12-31"
        ),
        "search: no word": lambda: "/search",
        "front page": lambda: "/",
        "sources": lambda: "/sources",
        "source page": lambda: f"/source/source{chance.randrange(10)}",
        "feed": lambda: "/feed.atom",
        "feed of a search": lambda: f"/search.atom?q={word(0, 60)}",
        "what changed": lambda: f"/a/{chance.choice(reworded)}/changes",
        "journal of edits": lambda: "/changes",
        "charts": lambda: f"/charts?q={word(0, 60)}",
        "citing": lambda: f"/a/{chance.choice(ids)}/cite",
        "Datasette: articles": lambda: "/news/articles",
        "Datasette: articles of a source": lambda: f"/news/articles?source=source{chance.randrange(10)}",
        "Datasette: tables": lambda: "/news",
        "Datasette: saved search": lambda: f"/news/with_words?words={word(0, 60)}&since=2025-11-01",
    }


@contextmanager
def writing(news: Path) -> Iterator[None]:
    """Another process that saves articles without a pause."""
    process = subprocess.Popen([sys.executable, __file__, "--write", str(news)])
    try:
        time.sleep(6)  # until it has its words and has begun
        yield
    finally:
        process.terminate()
        process.wait()


def write(news: Path) -> None:
    """Save articles, 50 in a transaction, until terminated."""
    writer = Writer(2)
    with closing(open_to_write(news, migrations)) as db:
        index = SearchIndex(db, news)
        (last,) = db.conn.execute("SELECT max(id) FROM articles").fetchone()
        ids = [row[0] for row in db.conn.execute("SELECT id FROM articles WHERE id > ? - 3000000000", [last])]
        while True:
            db.conn.execute("BEGIN IMMEDIATE")
            for one in random.sample(ids, min(50, len(ids))):
                db.conn.execute("UPDATE articles SET body = ? WHERE id = ?", [writer.text("ru", 100), one])
            index.apply_changes()
            db.conn.commit()


def measure(asked: Asked, kinds: dict[str, Callable[[], str]], requests: int) -> dict[str, Any]:
    """For each kind its times by processor and by clock, in ms, its largest answer, and its worst status."""
    found: dict[str, Any] = {name: ([], [], 0, 0) for name in kinds}
    for made in kinds.values():  # warm
        asked.get(made())
    for _ in range(requests):  # the kinds by turns: what else the machine does meets them all
        for name, made in kinds.items():
            path = made()
            cpu, clock = time.process_time(), time.perf_counter()
            status, size = asked.get(path)
            spent = (time.process_time() - cpu) * 1000, (time.perf_counter() - clock) * 1000
            cpus, clocks, largest, worst = found[name]
            found[name] = [*cpus, spent[0]], [*clocks, spent[1]], max(largest, size), max(worst, status)
    return found


def rows_of(alone: dict[str, Any], beside: dict[str, Any]) -> list[list[str]]:
    """The rows of the table."""

    def at(values: list[float], share: int) -> str:
        return f"{np.percentile(values, share):,.0f}"

    return [
        [
            *(name, f"{at(alone[name][0], 50)} / {at(alone[name][0], 95)}", at(alone[name][1], 95)),
            *(f"{at(beside[name][0], 95)}", at(beside[name][1], 95) if beside[name][1] else "–"),
            *(f"{alone[name][2] / 1000:,.1f}", str(max(alone[name][3], beside[name][3]))),
        ]
        for name in alone
    ]


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--articles", type=int, default=10_000)
    options.add_argument("--requests", type=int, default=REQUESTS)
    options.add_argument("--keep", type=Path, help="make the archive in this folder, or use the one there")
    options.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.write:
        write(chosen.write)
        return
    folder = chosen.keep or Path(tempfile.mkdtemp(prefix="muragat-site-"))
    folder.mkdir(parents=True, exist_ok=True)
    news = folder / "news.db"
    try:
        if not news.exists():
            make(news, chosen.articles)
        kinds, asked = pages(news), Asked(news)
        alone = measure(asked, kinds, chosen.requests)
        with writing(news):
            beside = measure(asked, kinds, chosen.requests)
    finally:
        if not chosen.keep:
            shutil.rmtree(folder)
    columns = [
        "CPU p50 / p95, ms",
        "clock p95",
        "CPU p95 beside a writer",
        "clock p95",
        "kB at most",
        "status",
    ]
    print(table(f"{chosen.articles:,} articles", rows_of(alone, beside), columns))


if __name__ == "__main__":
    main()

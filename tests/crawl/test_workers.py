"""Cleaning workers: a page may be bad enough to end one, never the crawl."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from archive.records import Page
from archive.search.article_keys import PreparedKeys, keys_of
from crawler.pipelines.workers import CleaningFailed, CleaningPool
from crawler.sources.profile import Source

SOURCE = Source("site", "Site", "https://news.example/")
SENTENCE = "The river rose over the lower street on Thursday, and everyone was taken to the school. "
LONG = (
    f"<html lang='en'><body><article><h1>Water</h1>{f'<p>{SENTENCE * 3}</p>' * 4000}</article></body></html>"
)
GOOD = f"<html lang='en'><body><article><h1>Water</h1>{f'<p>{SENTENCE * 3}</p>' * 4}</article></body></html>"


def page(body: bytes) -> Page:
    url = "https://news.example/a/1"
    return Page(
        url, url, "site", datetime(2026, 3, 5, tzinfo=UTC), 200, (("Content-Type", "text/html"),), body
    )


def test_a_page_that_takes_too_long_ends_its_worker_and_the_next_one_is_read():
    async def both() -> tuple[str, str | None]:
        with CleaningPool(workers=1, seconds=0.05) as pool:  # less than a worker needs to begin
            with pytest.raises(CleaningFailed) as failed:
                await pool.clean(page(GOOD.encode()), SOURCE, ())
            pool.seconds = 30
            return failed.value.code, (await pool.clean(page(GOOD.encode()), SOURCE, ())).title

    assert asyncio.run(both()) == ("too_slow", "Water")


def test_workers_killed_while_idle_are_replaced_and_the_page_is_read():
    async def both() -> str | None:
        with CleaningPool(workers=1, seconds=30) as pool:
            await pool.clean(page(GOOD.encode()), SOURCE, ())
            for worker in multiprocessing.active_children():
                os.kill(worker.pid, signal.SIGKILL)
            await asyncio.sleep(0.5)
            return (await pool.clean(page(GOOD.encode()), SOURCE, ())).title

    assert asyncio.run(both()) == "Water"


def test_a_page_whose_worker_is_killed_is_read_by_the_next():
    async def both() -> str | None:
        with CleaningPool(workers=1, seconds=30) as pool:
            await pool.clean(page(GOOD.encode()), SOURCE, ())
            reading = asyncio.create_task(pool.clean(page(LONG.encode()), SOURCE, ()))
            await asyncio.sleep(0.05)
            for worker in multiprocessing.active_children():
                os.kill(worker.pid, signal.SIGKILL)
            return (await reading).title

    assert asyncio.run(both()) == "Water"


def test_a_page_that_kills_every_worker_fails_with_its_code_and_the_pool_goes_on():
    async def both() -> tuple[str, str | None]:
        with CleaningPool(workers=1, seconds=30) as pool:
            with pytest.raises(CleaningFailed) as failed:
                await pool.do(os.abort)
            return failed.value.code, (await pool.clean(page(GOOD.encode()), SOURCE, ())).title

    assert asyncio.run(both()) == ("worker_died", "Water")


def test_a_crawls_main_process_loads_no_words_of_a_language() -> None:
    # They are 30 MB; the process that reads a page makes the keys of its article.
    loaded = (
        "import sys, crawler.runs.runner, crawler.spiders.news\n"
        "print([name for name in sys.modules if name.startswith(('pymorphy3', 'crawler.cleaning'))])"
    )
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_worker_makes_the_keys_of_its_article():
    prepared = PreparedKeys()

    async def read():
        with CleaningPool(workers=1, seconds=30, prepared=prepared) as pool:
            return await pool.clean(page(GOOD.encode()), SOURCE, ())

    article = asyncio.run(read())
    texts = (article.title, article.lead, article.body)
    assert prepared.known == {texts: keys_of(texts)}
    assert keys_of(texts) != texts

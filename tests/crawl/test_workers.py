"""Cleaning workers: a page may be bad enough to end one, never the crawl."""

from __future__ import annotations

import asyncio
import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from datetime import UTC, datetime

import pytest
from pebble import ProcessPool

from archive.errors import StorageFull
from archive.records import Page
from archive.store.prepared import OfTexts
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


@pytest.mark.parametrize(("number", "said"), [(errno.EAGAIN, "ulimit -u"), (errno.EMFILE, "ulimit -n")])
def test_a_machine_that_gives_no_process_is_no_fault_of_a_page(
    monkeypatch: pytest.MonkeyPatch, number: int, said: str
):
    def refused(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    async def one() -> None:
        with CleaningPool(workers=1, seconds=30) as pool:
            await pool.clean(page(GOOD.encode()), SOURCE, ())

    monkeypatch.setattr("pebble.pool.process.launch_process", refused)
    with pytest.raises(StorageFull, match=said):
        asyncio.run(one())


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


def test_a_crawls_main_process_loads_neither_cleaning_nor_words_of_a_language_nor_numpy(
    profile, archive, tmp_path
):
    # They are 40 MB; the process that reads a page makes what its article is found by.
    said = tmp_path / "loaded"
    crawl = f"""
import atexit, sys
from pathlib import Path
from crawler.cli import main

sys.argv = ["muragat", "crawl", "--profile", {str(profile)!r}, "--archive", {str(archive.path)!r}]

def loaded():
    names = {{name.split(".")[0] for name in sys.modules}} & {{"numpy", "pandas", "pymorphy3", "feedparser"}}
    Path({str(said)!r}).write_text(f"{{sorted(names)}} {{'crawler.cleaning' in sys.modules}}")

atexit.register(loaded)
sys.argv.append("--allow-private")
main()
"""
    done = subprocess.run([sys.executable, "-c", crawl], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert said.read_text() == "[] False"
    assert archive.rows("SELECT count(*) FROM article_fingerprints") == archive.rows(
        "SELECT count(*) FROM articles"
    )


def test_no_more_workers_are_started_than_pages_are_read_at_once():
    async def counted() -> list[int]:
        with CleaningPool(workers=3, seconds=30) as pool:
            found = [len(multiprocessing.active_children())]
            for _ in range(3):
                await pool.clean(page(GOOD.encode()), SOURCE, ())
            found.append(len(multiprocessing.active_children()))
            await asyncio.gather(*(pool.do(time.sleep, 1) for _ in range(5)))
            found.append(len(multiprocessing.active_children()))
            return found

    assert asyncio.run(counted()) == [0, 1, 3]
    assert not multiprocessing.active_children()


def test_a_worker_that_does_not_answer_is_left_and_another_reads_the_page(monkeypatch):
    # As after a machine's sleep, or where its pipe is broken: the pool's own limit does not come either.
    monkeypatch.setattr("crawler.pipelines.workers.START_SECONDS", -22.0)
    schedule, asked = ProcessPool.schedule, []

    def deaf(worker, *arguments, **options):
        asked.append(worker)
        return Future() if len(asked) == 1 else schedule(worker, *arguments, **options)

    monkeypatch.setattr(ProcessPool, "schedule", deaf)

    async def read() -> str | None:
        with CleaningPool(workers=1, seconds=30) as pool:
            title = (await pool.clean(page(GOOD.encode()), SOURCE, ())).title
            assert pool.idle == [asked[1]]
            return title

    assert asyncio.run(read()) == "Water"
    assert asked[0] is not asked[1]


def test_a_worker_makes_what_its_article_is_found_by():
    handed = []

    async def read():
        with CleaningPool(workers=1, seconds=30, prepare=lambda *one: handed.append(one)) as pool:
            return await pool.clean(page(GOOD.encode()), SOURCE, ())

    article = asyncio.run(read())
    assert handed == [(article, OfTexts.of(article))]

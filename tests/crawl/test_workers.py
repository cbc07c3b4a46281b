"""Cleaning workers: a page may be bad enough to end one, never the crawl."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime

import pytest

from archive.records import Page
from crawler.pipelines.workers import CleaningFailed, CleaningPool
from crawler.sources.profile import Source

SOURCE = Source("site", "Site", "https://news.example/")
SENTENCE = "The river rose over the lower street on Thursday, and everyone was taken to the school. "
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


def test_a_worker_that_dies_fails_its_page_and_is_replaced(monkeypatch):
    async def both() -> tuple[str, str | None]:
        with CleaningPool(workers=1, seconds=30) as pool:
            schedule = pool.pool.schedule
            monkeypatch.setattr(pool.pool, "schedule", lambda *_, **__: schedule(os.abort))
            with pytest.raises(CleaningFailed) as failed:
                await pool.clean(page(GOOD.encode()), SOURCE, ())
            monkeypatch.setattr(pool.pool, "schedule", schedule)
            return failed.value.code, (await pool.clean(page(GOOD.encode()), SOURCE, ())).title

    assert asyncio.run(both()) == ("worker_died", "Water")

"""What a crawl needs, loaded once for all crawls of a worker; the fork server imports this, nobody else."""

from __future__ import annotations

import gc
import os
import re
import signal
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib import import_module

from scrapy.settings import default_settings

from crawler import settings

MODULES = (
    *("crawler.cli", "crawler.cluster.child", "crawler.cleaning", "crawler.runs.logs"),
    *("crawler.pipelines.archive", "crawler.fetching.keeping", "crawler.fetching.mining"),
    *("crawler.fetching.pausing", "crawler.fetching.robots", "crawler.fetching.waiting"),
    *("msgpack", "redis", "tldextract", "protego", "queuelib.queue", "multiprocessing.popen_spawn_posix"),
)
# What settings name and Scrapy loads only when a crawl begins.
CLASS = re.compile(r"((?:scrapy|crawler)(?:\.\w+)+)\.[A-Z]\w+")
# In both languages: so their dictionaries are loaded too.
PAGE = """<html lang="ru"><head><title>Вода поднялась</title></head><body><article><h1>Вода поднялась</h1>
<p>Во вторник река вышла из берегов, и жители нижней улицы перенесли вещи на вторые этажи домов.</p>
<p>Сейсенбі күні өзен арнасынан асып, төменгі көшенің тұрғындары заттарын екінші қабатқа көшірді.</p>
</article></body></html>"""


def load() -> None:
    """Load it, and leave a process that is good to be forked: one thread, nothing open or to collect."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read by numpy when it is loaded, which makes no threads then
    # It ends when nobody is left who may ask it, but a service's end sends SIGTERM to all of its processes.
    # Blocked, and not ignored: one that reaches a crawl before it can listen is not lost.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is the worker's to hear
    for name in (*MODULES, *named_in(vars(default_settings)), *named_in(vars(settings))):
        import_module(name)
    read_one()
    gc.freeze()  # a collection would write to what all of them share


def named_in(kept: Mapping[str, object]) -> Iterator[str]:
    """The modules of the classes that settings name, single ones and those in tables of an order."""
    for value in kept.values():
        names = value if isinstance(value, Mapping) else [value]
        found = (CLASS.fullmatch(name) for name in names if isinstance(name, str))
        yield from (match[1] for match in found if match)


def read_one() -> None:
    """Read a page as a worker would: much is loaded with the first one."""
    from archive.records import Page
    from crawler.pipelines.workers import read_article
    from crawler.sources.profile import Source

    url = "https://news.example/1"
    now = datetime.now(UTC)
    page = Page(url, url, "first", now, 200, (("Content-Type", "text/html; charset=utf-8"),), PAGE.encode())
    read_article(page, Source("first", "First", "https://news.example/"), (), to_be_kept=True)


load()

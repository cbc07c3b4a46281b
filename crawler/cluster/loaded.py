"""What a crawl needs, loaded once for all crawls of a worker; the fork server imports this, nobody else."""

from __future__ import annotations

import gc
import os
import signal
from datetime import UTC, datetime
from importlib import import_module

MODULES = ("crawler.cli", "crawler.cluster.child", "crawler.cleaning", "scrapy.crawler", "msgpack", "redis")
# In both languages: so their dictionaries are loaded too.
PAGE = """<html lang="ru"><head><title>Вода поднялась</title></head><body><article><h1>Вода поднялась</h1>
<p>Во вторник река вышла из берегов, и жители нижней улицы перенесли вещи на вторые этажи домов.</p>
<p>Сейсенбі күні өзен арнасынан асып, төменгі көшенің тұрғындары заттарын екінші қабатқа көшірді.</p>
</article></body></html>"""


def load() -> None:
    """Load it, and leave a process that is good to be forked: one thread, nothing open or to collect."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read by numpy when it is loaded, which makes no threads then
    # It ends when nobody is left who may ask it; a service's end sends SIGTERM to all of its processes.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for name in MODULES:
        import_module(name)
    read_one()
    gc.freeze()  # a collection would write to what all of them share


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

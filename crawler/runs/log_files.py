"""The log of a crawl: one file, bounded, and older ones removed by age, number and size."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from scrapy.utils.log import get_scrapy_root_handler

from archive.store.disk import LEAST_BYTES, free_bytes
from crawler.runs.log_lines import formatter_of

MIB = 1024 * 1024
LOGS_KEPT = timedelta(days=14)
MOST_LOGS = 500  # a machine that crawls every ten minutes makes 144 a day
MOST_BYTES = 64 * MIB  # of all logs of crawls together
LOG_BYTES = 16 * MIB  # of one file; a crawl that says more begins it anew, and one earlier file stays


@contextmanager
def crawl_log(logs: Path, settings: BaseSettings, say: Callable[[str], None]) -> Iterator[Path | None]:
    """Inside, what is logged goes into a new file, whose path it gives; old files are removed first.

    Where no log can be written that is said, and the crawl goes on without.
    """
    path = logs / f"crawl-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.log"
    try:
        handler = opened(path)
    except OSError as error:
        say(f"{path}: no log is written ({error.strerror}); the crawl goes on without")
        yield None
        return
    handler.setFormatter(formatter_of(settings["MURAGAT_LOG_FORMAT"]))
    handler.setLevel(settings["LOG_LEVEL"])
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.NOTSET)
    root.addHandler(handler)
    try:
        yield path
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()


def opened(path: Path) -> RotatingFileHandler:
    """A new log, after old ones were removed; raises OSError where not a line could be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_old_logs(path.parent, datetime.now(UTC))
    if free_bytes(path.parent) < LEAST_BYTES:  # a file can still be made where nothing fits into it
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")


def remove_old_logs(logs: Path, now: datetime) -> None:
    """Remove logs of crawls of long ago, and the oldest of too many or too large ones; no other file."""
    bytes_kept = 0
    found = sorted(((path.stat(), path) for path in logs.glob("crawl-*.log*")), key=age_of)
    for number, (stat, path) in enumerate(found, 1):
        bytes_kept += stat.st_size
        is_old = now.timestamp() - stat.st_mtime > LOGS_KEPT.total_seconds()
        if is_old or number > MOST_LOGS or bytes_kept > MOST_BYTES:
            with suppress(OSError):  # another crawl's, just ended, or not ours to remove
                path.unlink()


def age_of(entry: tuple[os.stat_result, Path]) -> tuple[float, str]:
    """What puts logs in order, the newest first."""
    stat, path = entry
    return -stat.st_mtime, path.name


class LogCleaning:
    """For `scrapy crawl`, whose log is Scrapy's: the same lines in it."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if handler := get_scrapy_root_handler():
            handler.setFormatter(formatter_of(crawler.settings["MURAGAT_LOG_FORMAT"]))
        return cls()

"""Log lines a person can read: no page text, no control characters, nothing secret."""

from __future__ import annotations

import logging
from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure


class PlainLogFormatter(LogFormatter):
    """Names an article by its address: Scrapy would print the whole text of each."""

    def scraped(
        self, item: Any, response: Response | Failure | None, spider: Spider | None
    ) -> LogFormatterResult:
        return {
            "level": logging.DEBUG,
            "msg": "Read %(url)s",
            "args": {"url": getattr(response, "url", "a kept page")},
        }

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider | None
    ) -> LogFormatterResult:
        return {
            "level": logging.ERROR,
            "msg": "Not kept: %(url)s: %(error)s",
            "args": {"url": getattr(response, "url", "a kept page"), "error": exception},
        }

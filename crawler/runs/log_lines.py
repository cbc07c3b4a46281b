"""What a line of a log may hold: no control characters, no secrets, as text or as JSON."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime

# C0 and C1 controls, ANSI with them, marks that turn the direction of writing, line separators.
STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
HIDDEN = "***"
# A name and password in an address; what a header or a query calls a secret.
SECRETS = (
    (re.compile(r"(?<=://)[^\s/@]{1,500}@"), f"{HIDDEN}@"),
    (re.compile(r"(?i)\b((?:proxy-)?authorization['\"]?\s*[:=]\s*\[?b?['\"]?)[^\n'\",\]]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), rf"\1 {HIDDEN}"),
    (
        re.compile(
            r"(?i)([?&;](?:[\w-]*(?:token|secret|passw(?:or)?d|api[_-]?key|signature)|key|sig|auth|pwd)=)[^&\s\"'<>]+"
        ),
        rf"\1{HIDDEN}",
    ),
)
SECRET_NAME = re.compile(r"(?i)token|secret|passw(?:or)?d|api_?key|_url_?secret")
LEAST_SECRET = 6  # letters; what is shorter would hide words


class LineFormatter(logging.Formatter):
    """A record as one line of text, its traceback indented below: no page can write a line of its own."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.known = secrets_of(os.environ if environment is None else environment)

    def format(self, record: logging.LogRecord) -> str:
        place = f" {source}" if (source := source_of(record)) else ""
        head = f"{moment_of(record)} {record.levelname} [{record.name}]{place} {self.message_of(record)}"
        return "\n    ".join([head, *self.trace_of(record)])

    def message_of(self, record: logging.LogRecord) -> str:
        """The message on one line."""
        return self.clean(told(record))

    def trace_of(self, record: logging.LogRecord) -> list[str]:
        """The lines of the traceback, none without one."""
        trace = self.formatException(record.exc_info) if record.exc_info else record.exc_text or ""
        return [self.clean(line) for line in trace.splitlines()]

    def clean(self, text: str) -> str:
        """The text in one line, without what steers a terminal and without secrets."""
        for secret in self.known:
            text = text.replace(secret, HIDDEN)
        for pattern, instead in SECRETS:
            text = pattern.sub(instead, text)
        return STEERING.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class JsonFormatter(LineFormatter):
    """A record as one JSON object: time (UTC), level, logger, message, pid, and source and trace if any."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": moment_of(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.message_of(record),
            "pid": record.process,
        }
        if source := source_of(record):
            line["source"] = source
        if trace := self.trace_of(record):
            line["trace"] = trace
        return json.dumps(line, ensure_ascii=False)


FORMATS = {"text": LineFormatter, "json": JsonFormatter}


def formatter_of(name: str) -> logging.Formatter:
    """The formatter that MURAGAT_LOG_FORMAT names; text for a slip: no log is lost for one."""
    return FORMATS.get(name, LineFormatter)()


def told(record: logging.LogRecord) -> str:
    """The message with its arguments; one that does not fit its arguments as it is written."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args!r}"


def source_of(record: logging.LogRecord) -> str | None:
    """The source a record is about, where Scrapy says which spider logged it."""
    spider = getattr(record, "spider", None) or getattr(getattr(record, "crawler", None), "spider", None)
    return getattr(getattr(spider, "source", None), "id", None)


def moment_of(record: logging.LogRecord) -> str:
    """When it was logged, UTC to the millisecond."""
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def secrets_of(environment: Mapping[str, str]) -> list[str]:
    """The values of variables that are named as secrets, the longest first."""
    values = {v for name, v in environment.items() if SECRET_NAME.search(name) and len(v) >= LEAST_SECRET}
    return sorted(values, key=len, reverse=True)

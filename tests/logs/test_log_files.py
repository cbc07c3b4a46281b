"""Logs of crawls: lines that steer nothing and tell no secret, in files that do not grow for ever."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.runs import log_files
from crawler.runs.log_files import LOGS_KEPT, MOST_LOGS, crawl_log, remove_old_logs
from crawler.runs.log_lines import JsonFormatter, LineFormatter, formatter_of

NOW = datetime.now(UTC)


def record(message: str, *args: object, error: bool = False) -> logging.LogRecord:
    info = None
    if error:
        try:
            raise ValueError("first\n2026-03-10T07:00:00.000Z INFO [forged] all is well")
        except ValueError:
            info = sys.exc_info()
    return logging.LogRecord("scrapy.core", logging.WARNING, __file__, 1, message, args, info)


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("leads to https://user:hunter2@news.example/a", "hunter2"),
        ("asked https://news.example/?id=1&access_token=abcdef123", "abcdef123"),
        ("asked https://news.example/feed?key=abcdef123&page=2", "abcdef123"),
        ("Authorization: Bearer abcdef.123-456", "abcdef.123-456"),
        ("headers {b'Authorization': [b'Basic dXNlcjpwYXNz']}", "dXNlcjpwYXNz"),
        ("the server said wrong-horse-battery", "wrong-horse-battery"),
    ],
)
@pytest.mark.parametrize("formatter", [LineFormatter, JsonFormatter], ids=["text", "json"])
def test_secrets_are_hidden_and_the_rest_stays(formatter, said, hidden):
    line = formatter({"MURAGAT_SMTP_PASSWORD": "wrong-horse-battery"}).format(record("%s, page 2", said))
    assert hidden not in line
    assert "***" in line
    assert "page 2" in line


def test_an_address_of_an_article_stays_as_it_is():
    url = "https://news.example/a/1?id=2&page=monkey=3#@top"
    assert url in LineFormatter({}).format(record("Not kept: %s", url))


@pytest.mark.parametrize("formatter", [LineFormatter, JsonFormatter], ids=["text", "json"])
def test_what_a_page_wrote_is_one_line_and_steers_no_terminal(formatter):
    line = formatter({}).format(record("title %s", "a\x1b[2J\r\nb\u202e\x9b31m"))
    assert not [letter for letter in line if ord(letter) < 32 or letter in "\x9b\u202e"]


def test_a_traceback_is_indented_so_that_it_forges_no_line():
    first, *rest = LineFormatter({}).format(record("a bug", error=True)).splitlines()
    assert first.endswith("WARNING [scrapy.core] a bug")
    assert rest
    assert all(line.startswith("    ") for line in rest)


def test_a_line_of_json_says_when_what_and_of_whom():
    class Spider:
        class source:  # noqa: N801 - stands for a Source
            id = "liter_kz"

    logged = record("Crawled %(n)d", {"n": 3}, error=True)
    logged.spider = Spider()
    line = json.loads(formatter_of("json").format(logged))
    assert line.keys() == {"time", "level", "logger", "message", "pid", "source", "trace"}
    assert (line["level"], line["message"], line["source"]) == ("warning", "Crawled 3", "liter_kz")
    assert abs(datetime.fromisoformat(line["time"]) - NOW) < timedelta(minutes=10)


def test_a_message_that_does_not_fit_its_arguments_is_still_a_line():
    assert "100 % {} (1,)" in formatter_of("text").format(record("100 % {}", 1))


def touched(path: Path, age: timedelta, size: int = 0) -> None:
    path.write_bytes(b"x" * size)
    os.utime(path, times=((NOW - age).timestamp(),) * 2)


def test_logs_of_crawls_are_kept_for_two_weeks_and_other_files_for_ever(tmp_path: Path) -> None:
    for name, age in (
        ("crawl-old.log", 15),
        ("crawl-old.log.1", 15),
        ("crawl-new.log", 13),
        ("mine.log", 99),
    ):
        touched(tmp_path / name, timedelta(days=age))
    remove_old_logs(tmp_path, NOW)
    assert {path.name for path in tmp_path.iterdir()} == {"crawl-new.log", "mine.log"}
    assert timedelta(days=14) == LOGS_KEPT


def test_of_too_many_or_too_large_logs_the_oldest_go(tmp_path: Path, monkeypatch) -> None:
    for number in range(MOST_LOGS + 20):
        touched(tmp_path / f"crawl-{number:04}.log", timedelta(minutes=10 * number))
    remove_old_logs(tmp_path, NOW)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert (len(kept), kept[-1]) == (MOST_LOGS, f"crawl-{MOST_LOGS - 1:04}.log")

    monkeypatch.setattr(log_files, "MOST_BYTES", 2_500)
    for number in range(4):
        touched(tmp_path / f"crawl-{number:04}.log", timedelta(minutes=10 * number), 1_000)
    remove_old_logs(tmp_path, NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crawl-0000.log", "crawl-0001.log"]


def test_a_crawl_that_says_too_much_keeps_the_last_of_it(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(log_files, "LOG_BYTES", 5_000)
    settings = Settings({"MURAGAT_LOG_FORMAT": "text", "LOG_LEVEL": "INFO"})
    with crawl_log(tmp_path, settings, print) as path:
        assert path is not None
        for number in range(1_000):
            logging.getLogger("crawler").info("line %d", number)
        logging.getLogger("crawler").debug("not asked for")
    files = sorted(tmp_path.iterdir())
    assert files == [path, path.with_name(f"{path.name}.1")]
    assert sum(file.stat().st_size for file in files) <= 10_000
    assert path.read_text().splitlines()[-1].endswith("line 999")

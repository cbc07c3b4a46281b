"""`muragat crawl`: sources chosen, crawled, and what came of it told."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console

from archive.exits import Exit
from archive.search.reindexing import refill_before_crawl
from archive.store.folder import ArchiveFolder
from crawler.alarms.telling import tell_after_crawl
from crawler.runs.choosing import named_sources
from crawler.runs.options import CrawlOptions
from crawler.runs.report import BarBoard, LineBoard, RunReport, exit_of, summary
from crawler.runs.runner import crawl
from crawler.sources.profile import Source


def crawl_sources(
    folder: ArchiveFolder, ids: Sequence[str], profile: Path | None, options: CrawlOptions
) -> Exit:
    """Crawl and report; progress goes to standard error, the result to standard output."""
    return exit_of(crawl_and_tell(named_sources(folder, ids, profile), folder, options))


def crawl_and_tell(
    sources: Sequence[Source], folder: ArchiveFolder, options: CrawlOptions
) -> list[RunReport]:
    """Crawl before the eyes of whoever watches, and send the alarms at the end."""
    screen = Console(stderr=True)
    out = Console(soft_wrap=True)
    refill_before_crawl(folder)
    board = BarBoard(screen, out) if screen.is_terminal else LineBoard(out)
    with board if isinstance(board, BarBoard) else nullcontext():
        reports = crawl(sources, folder, options, board)
    if len(reports) > 1 and sys.stdout.isatty():
        Console().print(summary(reports))
    tell(folder, reports, screen)
    return reports


def tell(folder: ArchiveFolder, reports: Sequence[RunReport], screen: Console) -> None:
    """Send the alarms of a crawl that ended, and say which were not sent."""
    did_its_work = any(report.status == "done" for report in reports)
    for line in tell_after_crawl(folder, did_its_work=did_its_work):
        screen.print(line, markup=False, highlight=False, soft_wrap=True)

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
from crawler.runs.choosing import named_sources
from crawler.runs.options import CrawlOptions
from crawler.runs.report import BarBoard, LineBoard, exit_of, summary
from crawler.runs.runner import crawl


def crawl_sources(
    folder: ArchiveFolder, ids: Sequence[str], profile: Path | None, options: CrawlOptions
) -> Exit:
    """Crawl and report; progress goes to standard error, the result to standard output."""
    sources = named_sources(folder, ids, profile)
    screen = Console(stderr=True)
    out = Console(soft_wrap=True)
    refill_before_crawl(folder)
    board = BarBoard(screen, out) if screen.is_terminal else LineBoard(out)
    with board if isinstance(board, BarBoard) else nullcontext():
        reports = crawl(sources, folder, options, board)
    if len(reports) > 1 and sys.stdout.isatty():
        Console().print(summary(reports))
    return exit_of(reports)

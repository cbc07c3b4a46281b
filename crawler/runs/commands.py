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
from crawler.runs.report import BarBoard, LineBoard, RunReport, summary
from crawler.runs.runner import CrawlOptions, crawl
from crawler.sources.errors import ProfileError, ProfileErrors
from crawler.sources.layouts import with_layout
from crawler.sources.profile import Source
from crawler.sources.reading import read_profile
from crawler.sources.shipped import chosen, load_profiles


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


def named_sources(folder: ArchiveFolder, ids: Sequence[str], profile: Path | None) -> list[Source]:
    """The sources of a profile file, or of these ids, or all. Raises ProfileError or UnknownSource.

    A bad profile among many is told and left out; one that was asked for is an error. A shipped profile
    never stands in for a bad one of the user's own: it might crawl what that one was to spare.
    """
    if profile:
        return [with_layout(read_profile(profile), folder.sources)]
    known, errors = load_profiles(folder.sources)
    broken = by_file(errors)
    known = {source_id: source for source_id, source in known.items() if source_id not in broken}
    for source_id in ids:
        if source_id not in known and source_id in broken:
            raise broken[source_id]
    if not ids:
        for error in errors:
            Console(stderr=True, soft_wrap=True).print(f"Left out: {error}", markup=False, highlight=False)
    return chosen(known, ids)


def by_file(errors: Sequence[ProfileError]) -> dict[str, ProfileError]:
    """What is wrong with each profile that cannot be read, by the id its file name stands for."""
    found: dict[str, list[ProfileError]] = {}
    for error in errors:
        found.setdefault(error.path.stem, []).append(error)
    return {name: ProfileErrors(several) if several[1:] else several[0] for name, several in found.items()}


def exit_of(reports: Sequence[RunReport]) -> Exit:
    """The exit code of a crawl."""
    if any(report.status == "stopped" for report in reports):
        return Exit.INTERRUPTED
    if any(report.status == "failed" for report in reports):
        return Exit.SOURCES_FAILED
    return Exit.DONE

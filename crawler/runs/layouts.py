"""Layouts between archive and file: the pages to learn from, when a crawl learns, and where it is written.

Nothing is fetched: pages are read from the archive, spread over the newest that are kept.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from archive.errors import ArchiveError, StorageFull
from archive.raw.pages import PageStore
from archive.records import Page
from archive.store.archive import Archive
from archive.store.connection import named_errors
from archive.store.folder import ArchiveFolder
from crawler.pipelines.workers import CleaningFailed
from crawler.runs.session import Session
from crawler.sources.errors import ProfileError
from crawler.sources.layouts import is_untouched, layout_of, layout_path, layout_text
from crawler.sources.profile import Source
from crawler.sources.toml_files import text_of

logger = logging.getLogger(__name__)
USUAL_PAGES = 12  # more cost time and teach little: a selector that holds on twelve holds
NEWEST = 200  # addresses among which the pages are spread, so that one day's big story is not all of them
# A crawl learns by itself from this many pages on: a paper's plea is on a third of its pages at least.
ENOUGH_PAGES = 8
STALE_AFTER = timedelta(days=30)
LOOKED_AT = 5  # newest pages that tell whether a layout still fits


async def renew_layout(session: Session, source: Source) -> None:
    """Learn the layout of a source that has pages enough and none that fits, for its next crawl.

    What goes wrong here is logged: a crawl that kept its articles is done.
    """
    path = layout_path(session.folder.sources, source.id)

    def pages_of(archive: Archive) -> tuple[int, list[Page], list[Page]]:
        ids = newest_ids(archive.pages, source.id)
        return (
            len(ids),
            picked(archive.pages, spread(ids, USUAL_PAGES)),
            picked(archive.pages, ids[:LOOKED_AT]),
        )

    try:
        kept, pages, newest = await session.write(pages_of)
        if kept < ENOUGH_PAGES:
            return
        today = datetime.now(UTC).date()
        if text := await session.pool.do(renewed, path, source, kept, pages, newest, today):
            logger.info("%s: %s", source.id, written(session.folder, source.id, text))
    except (CleaningFailed, ArchiveError, ProfileError) as error:
        logger.warning("%s: no layout was learned: %s", source.id, error)


def renewed(
    path: Path, source: Source, kept: int, pages: Sequence[Page], newest: Sequence[Page], today: date
) -> str | None:
    """The text of a new layout, or `None` where none is due or can be; what runs in a worker."""
    from crawler.cleaning.layout import learn  # only workers pay for loading it

    if not is_due(path, source, kept, newest, today):
        return None
    learned = learn(pages, source, on=today)
    return layout_text(source.id, learned.layout) if learned else None


def replace_file(target: Path, text: str) -> None:
    """Write a file whole or not at all, whoever else writes it: through a draft of its own beside it."""
    with NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, prefix=".", delete=False) as draft:
        try:
            draft.write(text)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).replace(target)
        except OSError:
            Path(draft.name).unlink(missing_ok=True)
            raise


def is_due(path: Path, source: Source, kept: int, newest: Sequence[Page], today: date) -> bool:
    """Whether to learn: there is no layout, or one that nobody changed and that is old or fits no more."""
    from crawler.cleaning.layout import is_stale

    if not path.exists():
        return True
    try:
        text = text_of(path)
        if not is_untouched(text):
            return False
    except ProfileError:
        return False  # a person is at it
    try:
        layout = layout_of(path, text)
    except ProfileError:
        return True
    if not layout.learned_on or today - date.fromisoformat(layout.learned_on) > STALE_AFTER:
        return True
    knows_little = layout.pages < USUAL_PAGES and kept >= 2 * layout.pages
    return knows_little or is_stale(layout, newest, source)


def sample(store: PageStore, source_id: str, count: int) -> list[Page]:
    """Kept article pages of a source, the last of each address, spread evenly over the newest."""
    return picked(store, spread(newest_ids(store, source_id), count))


def newest_ids(store: PageStore, source_id: str) -> list[int]:
    """The last page of each of the newest addresses of a source, by id, the newest first."""
    with named_errors(store.path):
        rows = store.db.conn.execute(
            "SELECT max(id) FROM pages WHERE source = ? AND kind = 'article' AND status = 200 "
            "GROUP BY url_hash ORDER BY 1 DESC LIMIT ?",
            [source_id, NEWEST],
        ).fetchall()
    return [row[0] for row in rows]


def spread(ids: Sequence[int], count: int) -> list[int]:
    """So many of the ids, evenly from first to last."""
    if len(ids) <= count:
        return list(ids)
    return [ids[place * (len(ids) - 1) // max(1, count - 1)] for place in range(count)]


def picked(store: PageStore, ids: Sequence[int]) -> list[Page]:
    """The pages of these ids; raises ArchiveError when one of them is damaged."""
    marks = ", ".join("?" * len(ids))
    with named_errors(store.path):
        return list(store.pages(f"p.id IN ({marks})", list(ids))) if ids else []


def written(folder: ArchiveFolder, source_id: str, text: str) -> str:
    """Keep a layout, beside one that a person has changed; returns the line that says where."""
    path = layout_path(folder.sources, source_id)
    changed = path.exists() and not is_untouched(path.read_text(encoding="utf-8", errors="replace"))
    # A name with a dot in front is read by nobody.
    target = path.with_name(f".{source_id}.new.toml") if changed else path
    layout_of(path, text)  # what cannot be read back is never kept
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, text)
    except OSError as error:
        raise StorageFull(f"{target}: cannot be written ({error.strerror}); make room or rights") from error
    if changed:
        return f"{path} was changed by a person and stays as it is; the new one, unused, is {target}"
    return f"written to {path}; the next crawl uses it, and it is yours to correct"

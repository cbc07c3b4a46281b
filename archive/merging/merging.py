"""One archive taken into another: tombstones, pages, articles, then the books, so that it may end anywhere.

What was taken down goes first, so that nothing of it can come. Pages come before the articles that name them,
an article with the addresses it was read at, requests after the articles they brought. Each step is done in
batches, each a transaction, and does nothing the second time: killed, the same merge again ends as it would
have.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from archive.merging.barred import Barred, barred_of
from archive.merging.takedowns import TakenDown, take_tombstones
from archive.raw.merging import PagesTaken, PageTaking
from archive.store.archive import Archive
from archive.store.merging.addresses import AddressTaking
from archive.store.merging.articles import ArticlesTaken, ArticleTaking
from archive.store.merging.books import (
    take_attempts,
    take_judged_pages,
    take_problems,
    take_sources,
    take_states,
)
from archive.store.merging.fronts import take_fronts
from archive.store.merging.hosts import take_hosts
from archive.store.merging.other import Other
from archive.store.merging.runs import RunNumbers, RunTaking

BATCH = 100  # articles, or runs, of one transaction
Advance = Callable[[int], None]
# A bar of so many steps, called so.
Shown = Callable[[int, str], AbstractContextManager[Advance]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one archive: `taken_down` is what went for its tombstones; `doubts` are for a person."""

    articles: ArticlesTaken
    pages: PagesTaken
    taken_down: TakenDown
    doubts: tuple[str, ...]


def take_archive(archive: Archive, other: Other, shown: Shown) -> Taken:
    """Take another archive in. Raises an ArchiveError; what was taken until then is there the next time."""
    taken_down = take_tombstones(archive, other)
    barred = barred_of(archive, other)
    doubts = take_sources(archive, other)
    pages = PageTaking(archive.pages, other.pages, barred.page_ids)
    (count,) = other.pages.db.conn.execute("SELECT count(*) FROM pages").fetchone()
    with shown(count, "pages") as advance:
        pages.run(advance)
    articles = take_articles(archive, other, pages, barred, shown)
    take_books(archive, other, articles, shown)
    return Taken(articles.taken, pages.taken, taken_down, tuple(doubts))


def take_articles(
    archive: Archive, other: Other, pages: PageTaking, barred: Barred, shown: Shown
) -> ArticleTaking:
    """Take the articles in."""
    taking = ArticleTaking(archive, other, pages.numbers, barred)
    with shown(other.count("articles"), "articles") as advance:
        for rows in other.chunks("SELECT * FROM articles ORDER BY id", size=BATCH):
            taking.take(rows)
            advance(len(rows))
    return taking


def take_books(archive: Archive, other: Other, articles: ArticleTaking, shown: Shown) -> None:
    """Take in what the books tell, now that pages and articles are here."""
    pages, barred = articles.pages, articles.barred
    runs = RunTaking(archive, other, pages, articles.again)
    with shown(other.count("runs"), "runs") as advance:
        for rows in other.chunks("SELECT * FROM runs ORDER BY id", size=BATCH):
            runs.take(rows)
            advance(len(rows))
    numbers = RunNumbers(runs)
    AddressTaking(archive, barred).run(other)
    take_problems(archive, other, numbers, barred)
    take_judged_pages(archive, other, pages)
    take_hosts(archive, other, pages)
    take_fronts(archive, other, barred)
    take_states(archive, other)
    take_attempts(archive, other, numbers, pages)

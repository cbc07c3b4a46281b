"""An earlier page of a visited address, read as we read today: what tells an edit from a better reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from archive.records import Article, Visit
from archive.store.archive import Archive
from crawler.pipelines.workers import CleaningFailed
from crawler.runs.session import Session
from crawler.sources.profile import Source

Answer = TypeVar("Answer")


class Crawl(Protocol):
    """A crawl of one source; the spider is one."""

    source: Source
    session: Session

    async def write(self, work: Callable[[Archive], Answer]) -> Answer:
        """Do something to the archive."""


async def earlier_reading(
    crawl: Crawl, article: Article, visit: Visit, kept: Mapping[str, Any]
) -> tuple[Article | None, str]:
    """The earlier page of a reworded article as we read it today, and who changed the text without it.

    `kept` are the columns of the article as it is kept.

    Profiles, learned layouts and the code change too: only the same reading of both pages tells what the
    publisher changed. Where the earlier page cannot be read any more and an older version had read it,
    nobody can tell; then the publisher is not accused.
    """
    earlier = await read_again(crawl, kept["page_id"], visit)
    is_ours = earlier is None and kept["cleaned_with"] != article.cleaned_with
    return earlier, "recleaned" if is_ours else "publisher"


async def read_again(crawl: Crawl, page_id: int, visit: Visit) -> Article | None:
    """The article on an earlier page of the visited address, as read today; `None` for none."""
    page = await crawl.write(lambda archive: archive.kept_page(page_id))
    if page is None:
        return None
    stated = await crawl.write(lambda archive: archive.frontier.statements(visit.url))
    try:
        article = await crawl.session.pool.clean(page, crawl.source, stated)
    except CleaningFailed:
        return None
    return article if article.article_type != "not_article" else None

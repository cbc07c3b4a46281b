"""What a feed, sitemap or listing leads to: articles, and further documents. No network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from archive.identity import url_key
from archive.records import Found, Refusal, Teaser, Waiting
from archive.store.frontier import Frontier
from archive.store.health import TO_FRONT_PAGE
from crawler.discovery.article_urls import is_article_url, is_front_page
from crawler.discovery.documents import read_feed, read_sitemap
from crawler.discovery.listings import read_listing
from crawler.discovery.reading import Child, Reading
from crawler.sources.profile import Listing, Source

SITEMAP_DEPTH = 5  # a sitemap index may name indexes; nobody needs more levels
# Sitemaps one document may put on the list in one crawl, newest first: the next crawl takes the next ones.
SITEMAPS_PER_CRAWL = 20
SITEMAPS_BACK = 1_000  # the same where articles of days past are looked for
# Faults of a document itself that mean: this is no feed, sitemap or listing any more.
UNREADABLE = {"parse", "empty", "entities", "too_complex", "bad_selector", "no_matches"}
# Pages of a listing in a row without an article that is new to us, then its walk is over for this crawl.
BARREN_PAGES = 3
MONTH_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])(?:[/?-]|$)")
LONGEST_URL = 2_083  # as far as every browser and server goes


@dataclass(frozen=True, slots=True)
class Leads:
    """What one document leads to.

    `children` are sitemaps; `next_page` is a listing's next page; `unreadable` says why a document that
    named nothing is not what it should be; `teasers` are the articles of a listing's first page as it offers
    them, the top one first.
    """

    articles: tuple[Found, ...]
    children: tuple[Found, ...]
    next_page: str | None
    refusals: tuple[Refusal, ...]
    unreadable: Refusal | None = None
    teasers: tuple[Teaser, ...] = ()


def root_documents(source: Source) -> Iterator[Waiting]:
    """The documents a profile names, asked at every crawl."""
    for kind, urls in (("feed", source.feeds), ("sitemap", source.sitemaps)):
        yield from (Waiting(url, kind=kind, root=url) for url in urls)
    yield from (Waiting(listing.url, kind="listing", root=listing.url) for listing in source.listings)


def leads(source: Source, waiting: Waiting, body: bytes, url: str, content_type: str | None) -> Leads:
    """Read a document of the source; `url` is where it was found after redirects."""
    reading = read(source, waiting, body, url, content_type)
    articles = [one for one in reading.found if is_article_url(one.url, source)]
    kept = tuple(one for one in articles if len(one.url) <= LONGEST_URL)
    too_long = (
        Refusal(one.url[:LONGEST_URL], "bad_url", "longer than any server reads")
        for one in articles
        if len(one.url) > LONGEST_URL
    )
    named = bool(reading.found or reading.children)
    faults = (one for one in reading.rejected if one.url == url and one.code in UNREADABLE)
    return Leads(
        kept,
        children_of(reading, url),
        reading.next_page,
        (*reading.rejected, *too_long),
        unreadable=None if named else next(faults, None),
        teasers=front_of(reading, kept) if waiting.step == 0 else (),
    )


def front_of(reading: Reading, articles: Sequence[Found]) -> tuple[Teaser, ...]:
    """The teasers of these articles, in the listing's order."""
    urls = {one.url for one in articles}
    return tuple(one for one in reading.teasers if one.url in urls)


def read(source: Source, waiting: Waiting, body: bytes, url: str, content_type: str | None) -> Reading:
    """What the document says, by its kind."""
    if waiting.kind == "listing":
        return read_listing(
            body, url, listing_of(source, waiting), content_type=content_type, home=source.home
        )
    if waiting.kind == "sitemap":
        return read_sitemap(body, url, content_type=content_type, home=source.home)
    return read_feed(body, url, content_type=content_type, home=source.home)


def listing_of(source: Source, waiting: Waiting) -> Listing:
    """The listing of the profile that a page belongs to."""
    return next(listing for listing in source.listings if listing.url == waiting.root)


def children_of(reading: Reading, document: str) -> tuple[Found, ...]:
    """The sitemaps an index names, the newest first; those without a date as they stand."""
    dated: Callable[[Child], str] = lambda child: child.lastmod or ""  # noqa: E731
    ordered: Sequence[Child] = sorted(reading.children, key=dated, reverse=True)
    return tuple(
        Found(child.url, via="sitemap index", document=document, modified=child.lastmod) for child in ordered
    )


def is_older(found: Sequence[Found], source: Source, since: date) -> bool:
    """Whether documents state a day of an address, and none a day from `since` on, on the source's clock."""
    stated = [day for one in found if (day := stated_day(one, source))]
    return bool(stated) and all(day < since for day in stated)


def stated_day(found: Found, source: Source) -> date | None:
    """The source's own day a document says that an address changed or was published on, or `None`."""

    written = found.modified or found.published
    if not written:
        return None
    from crawler.cleaning.dates import read_moment  # loads all of cleaning: only who asks by days pays

    now = datetime.now(UTC)
    zone = ZoneInfo(source.timezone)
    moment = read_moment(written, now=now, zone=zone, languages=source.languages)
    return moment.at.astimezone(zone).date() if moment else None


def onward(
    source: Source,
    waiting: Waiting,
    document: Leads,
    now: datetime,
    back_to: date | None = None,
    walks: dict[str, int] | None = None,
) -> Callable[[Frontier, int], None]:
    """What puts the document's further documents on the list, told how many articles it added.

    With `back_to` those that were read before too, as far as they may name articles of that day or later.
    `walks` counts for each listing its pages in a row that added nothing: some go on for ever.
    """
    root, step = waiting.root or waiting.url, waiting.step + 1
    # Counted from here: a write that found the archive locked is done again, and the page is the same.
    barren = walks.get(root, 0) if walks is not None else 0

    def offer(frontier: Frontier, added: int) -> None:
        if document.children and step <= SITEMAP_DEPTH:
            frontier.offer_documents(
                source.id,
                "sitemap",
                children_since(document.children, source, back_to),
                root=root,
                step=step,
                budget=SITEMAPS_BACK if back_to else SITEMAPS_PER_CRAWL,
                now=now,
                unchanged_too=back_to is not None,
            )
        if walks is not None and waiting.kind == "listing":
            walks[root] = 0 if added else barren + 1
            if walks[root] >= BARREN_PAGES:
                return
        if goes_on(source, waiting, document, added, frontier, back_to) and not is_to_come(
            document.next_page or "", now
        ):
            page = Found(document.next_page or "", via="listing", document=waiting.url)
            frontier.offer_documents(source.id, "listing", [page], root=root, step=step, budget=1, now=now)

    return offer


def is_to_come(url: str, now: datetime) -> bool:
    """Whether an address names a month after the next one, as calendars do that never end."""
    named = MONTH_IN_PATH.search(url)
    if not named:
        return False
    return (int(named[1]) - now.year) * 12 + int(named[2]) - now.month > 1


def leads_off(source: Source, asked: str, answered: str) -> str | None:
    """Where a redirect led that is no article, in words; `None` where it may have led to one."""
    if url_key(answered) == url_key(asked):
        return None
    if url_key(answered) == url_key(source.home) or is_front_page(answered):
        return TO_FRONT_PAGE
    lists = {url_key(listing.url) for listing in source.listings}
    return "leads to a list of articles" if url_key(answered) in lists else None


def children_since(children: Sequence[Found], source: Source, back_to: date | None) -> Sequence[Found]:
    """The sitemaps that may name articles of a day or later: those not stated to be older."""
    if back_to is None:
        return children
    return [child for child in children if not is_older([child], source, back_to)]


def goes_on(
    source: Source,
    waiting: Waiting,
    document: Leads,
    added: int,
    frontier: Frontier,
    back_to: date | None = None,
) -> bool:
    """Whether a listing's next page is worth a request: it has news, or was never walked so far.

    With `back_to`: until most articles of a page are known to be older than that day.
    """
    if not document.next_page or waiting.step + 1 >= listing_of(source, waiting).max_pages:
        return False
    if back_to:
        old = frontier.published_before([one.url for one in document.articles], back_to)
        return bool(document.articles) and 2 * old <= len(document.articles)
    return bool(added) or not frontier.known(document.next_page)

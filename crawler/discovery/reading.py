"""What reading one document gives, and how much of a document is read at all."""

from __future__ import annotations

from dataclasses import dataclass

from archive.records import Found, Refusal, Teaser

MIB = 1024 * 1024

MAX_FEED_BYTES = 32 * MIB  # as much as a page may have; the largest feeds seen have 3 MiB
MAX_SITEMAP_BYTES = 64 * MIB  # sitemaps.org allows 50 MB
MAX_LISTING_BYTES = 8 * MIB  # lxml drops what follows a text of 10 MB, so stay below
MAX_JSON_BYTES = 8 * MIB  # the json module needs up to 25 times the bytes it reads

MAX_FEED_ITEMS = 100_000  # read at most, so that the newest are found wherever they stand
KEPT_FEED_ITEMS = 2_000
MAX_SITEMAP_URLS = 50_000  # sitemaps.org
MAX_LISTING_LINKS = 2_000
MAX_REJECTED = 1_000  # of one document: a reason told a thousand times is known

MAX_MARKS_BEFORE_RECORD = 250_000  # `<`, `=` and `&` in or before an item: 30 MB of tree
MAX_LISTING_TAGS = 300_000  # about 60 MB of tree
MAX_ATTRIBUTES = 1_000  # of one tag: lxml's HTML parser is quadratic in them

MAX_URL_CHARS = 4_096
MAX_TITLE_CHARS = 1_000
MAX_DATE_CHARS = 100
SHOWN_CHARS = 200  # of what is rejected


@dataclass(frozen=True, slots=True)
class Child:
    """A sitemap named by a sitemap index; `lastmod` is as written there."""

    url: str
    lastmod: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one document gave: addresses in its own order, each once.

    `children` are the sitemaps a sitemap index names; `next_page` is where a listing goes on, `teasers` are
    its addresses as it offers them. `rejected` is what could not be used, wholly or in part. Codes of an
    address: "scheme" (neither http nor https), "bad_url", "offsite", "loop" (a sitemap that names itself),
    "no_link" (an item without address). Codes of the document itself: "parse" (the detail begins like the
    document), "empty", "entities" (it defines XML entities), "too_large", "too_complex", "too_many_items",
    "truncated" (what came before the break was read), "bad_selector", "no_matches" (a listing's `link` found
    nothing), "more_rejected" (how many rejections were left out).
    """

    found: tuple[Found, ...] = ()
    children: tuple[Child, ...] = ()
    next_page: str | None = None
    teasers: tuple[Teaser, ...] = ()
    rejected: tuple[Refusal, ...] = ()

"""A source: one site whose news we collect, as its profile describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# What may be wrong with a certificate and accepted: past or before its time, another host's, signed by
# itself, or by somebody nobody knows (a missing intermediate certificate looks the same).
TLS_FAULTS = ("expired", "self_signed", "unknown_issuer", "wrong_name")
# The fields of an article a profile may name a selector for.
ARTICLE_FIELDS = ("title", "lead", "body", "published_at", "authors", "section", "tags", "related", "image")


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of teasers and how to walk it.

    `link` and `next` are CSS selectors, or XPath when they start with `/` or `(`; `max_pages` is how many
    pages one crawl follows at most.
    """

    url: str
    link: str
    next: str | None = None
    max_pages: int = 1


@dataclass(frozen=True, slots=True)
class ArticlePatterns:
    """Which addresses of the site are articles: regular expressions searched in path and query.

    An empty `allow` allows every path that is not the front page; `deny` wins over `allow`.
    """

    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """What stands inside a site's articles and belongs to none.

    `drop` are selectors of such elements; `texts` is what such paragraphs say, spelling and punctuation
    apart: all of it, or how it begins where a text ends in "…".
    """

    drop: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a site's pages show what and what they repeat, as learned from pages that were kept.

    `fields` is as in a Source, whose own selectors win; `pages` is how many were read, `learned_on` the day.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    boilerplate: Boilerplate = Boilerplate()
    pages: int = 0
    learned_on: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the site may be asked, and how many articles one crawl looks at again at most.

    `every_minutes` fixes how often scheduled crawls look at it; `None` lets them learn that.
    """

    delay_seconds: float = 1.0
    concurrent_requests: int = 1
    visits_per_crawl: int = 200
    every_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class TlsException:
    """Faults of the site's certificate that are accepted, some of TLS_FAULTS, and why.

    `until` is the last day it holds, `YYYY-MM-DD`; `None` sets no end. Each crawl that makes use of it is
    noted in the archive.
    """

    accept: tuple[str, ...] = ()
    reason: str = ""
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Expect:
    """What a well source gives; `None` where nobody knows yet."""

    articles_per_day_min: float | None = None
    date_share_min: float | None = None
    body_chars_min: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What was seen of the site and what is only supposed. Dates are `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""

    seen: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    as_of: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One site: whom we crawl, where its articles are named, and how it may be asked.

    `fields` maps a field of an article, one of ARTICLE_FIELDS, to a CSS or XPath selector; `timezone` is an
    IANA name; `languages` are two-letter codes, the usual one first; with `render` articles are read as a
    browser shows them. `learned` stands in a file of its own.
    """

    id: str
    name: str
    home: str
    languages: tuple[str, ...] = ()
    timezone: str = "UTC"
    region: str | None = None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    listings: tuple[Listing, ...] = ()
    render: bool = False
    articles: ArticlePatterns = ArticlePatterns()
    fields: Mapping[str, str] = field(default_factory=dict)
    boilerplate: Boilerplate = Boilerplate()
    pace: Pace = Pace()
    tls: TlsException = TlsException()
    expect: Expect = Expect()
    known: Known = Known()
    learned: Layout | None = None

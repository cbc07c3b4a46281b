"""What may cross from one folder to another: frozen records, no behaviour but their own shape.

Times are aware datetimes in UTC unless a name says otherwise; addresses are absolute http(s) URLs;
`None` means *the page did not say*, never a stand-in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Author:
    """A person who signed the article. Agencies are not authors: see `Article.agency`."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture the article shows. `role` is "lead" for the one that opens it, else "body"."""

    url: str
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None
    role: str = "body"


@dataclass(frozen=True, slots=True)
class Link:
    """A link the article offers.

    `zone` is "inline" (in the running text), "related" (what the article itself offers to read next) or
    "source" (whom it credits). Menus, tags, sidebars and share buttons are no links of the article.
    """

    url: str
    text: str
    zone: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong or was doubted while reading, kept as data.

    `code` is a short stable word ("date_unreadable", "encoding_replaced"); `detail` is for a person.
    """

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """An address some document of a source named, and what that document said of it.

    `via` is "feed", "sitemap", "news sitemap", "sitemap index" or "listing"; `document` is the URL of the
    naming document, `None` for an address given by hand. `published` and `modified` are as written there:
    reading them is cleaning's business.
    """

    url: str
    via: str
    document: str | None = None
    title: str | None = None
    published: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Teaser:
    """An article as a listing offers it.

    `headline` is the listing's own wording; `block` names the part of the page it stands in by tag and id
    or class ("section#main"), `None` where the page names none.
    """

    url: str
    headline: str | None = None
    block: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a server, as it was kept: `body` is decoded from transfer and content encoding only."""

    url: str
    requested_url: str
    source: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def content_type(self) -> str | None:
        """The Content-Type header as sent, or `None`."""
        return self.header("content-type")

    def header(self, name: str) -> str | None:
        """The first header of this name, given in lower case, as sent, or `None`."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says, field by field; the columns of docs/schema.md.

    `published_at` is UTC; `published_local` is the same instant with the publisher's own offset;
    `published_date` is the publisher's local day; `published_precision` is "second", "minute" or "day"
    (a bare day has `published_at` at that day's midnight on the publisher's clock). `evidence` maps a
    field's name to where its value came from. `is_article` is a score from 0 to 1.
    """

    url: str
    requested_url: str
    url_key: str
    canonical_url: str | None = None
    title: str | None = None
    kicker: str | None = None
    lead: str | None = None
    body: str = ""
    body_html: str = ""
    published_at: datetime | None = None
    published_local: datetime | None = None
    published_date: date | None = None
    published_raw: str | None = None
    published_precision: str | None = None
    published_evidence: str | None = None
    modified_at: datetime | None = None
    authors: tuple[Author, ...] = ()
    agency: str | None = None
    section: str | None = None
    breadcrumbs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    images: tuple[Image, ...] = ()
    links: tuple[Link, ...] = ()
    access: str = "unknown"
    article_type: str = "not_article"
    is_article: float = 0.0
    evidence: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    cleaned_with: str = ""


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """What readers need to know of a source, as a data set or a web archive tells of it.

    `timezone` is an IANA name, `languages` are two-letter codes, the usual one first.
    """

    id: str
    name: str
    home: str
    timezone: str
    languages: tuple[str, ...] = ()
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    """What an answer says of text and data mining: whether that is reserved, where and how it says so.

    `policy` is the address of the terms it names, `None` for none.
    """

    reserved: bool
    said: tuple[str, ...]
    policy: str | None = None


class Outcome(StrEnum):
    """What became of an address that was asked for."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"  # fetched, and says what it said
    NOT_MODIFIED = "not_modified"  # the server said 304
    READ = "read"  # a feed, sitemap, listing or robots.txt
    REJECTED = "rejected"  # no article, and why
    GONE = "gone"
    FAILED = "failed"  # no usable answer; it stays on the list


@dataclass(frozen=True, slots=True)
class Visit:
    """One request and its answer, as the archive's books keep it.

    `url` is as asked for; `kind` is "article", "feed", "sitemap", "listing" or "robots"; `status` is
    HTTP's, `None` without an answer; `bytes` counts after decompression; `page_id` names the kept page;
    `etag` and `last_modified` are the answer's validators as sent; `reason` is a short stable code;
    `reservation` is what an article's answer says of mining, `None` for nothing.
    """

    url: str
    kind: str
    status: int | None
    fetched_at: datetime
    seconds: float = 0.0
    bytes: int = 0
    page_id: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    reason: str | None = None
    detail: str = ""
    reservation: Reservation | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An address whose turn has come.

    `kind` is "article", "feed", "sitemap" or "listing"; `why` is "new", "changed" or "revisit"; `root` is
    the profile's document that led to a sitemap or listing, `step` how many documents lie between;
    `is_article` says whether an article was read there before.
    """

    url: str
    kind: str = "article"
    why: str = "new"
    root: str | None = None
    step: int = 0
    is_article: bool = False
    found: tuple[Found, ...] = ()
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An address or document that could not be used: a code and what a person should know."""

    url: str
    code: str
    detail: str = ""

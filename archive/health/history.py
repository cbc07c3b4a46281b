"""What a verdict on a source is made from: frozen records, read from the books by `recalling`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

# The fields whose share of filled articles each run notes.
FIELDS = ("title", "date", "body", "authors", "section", "language", "image")


@dataclass(frozen=True, slots=True)
class Expected:
    """What the source's profile expects; `None` where it says nothing."""

    articles_per_day_min: float | None = None
    date_share_min: float | None = None
    body_chars_min: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the publisher: articles of that day, and whether a crawl looked on it or the day after."""

    day: date
    articles: int
    looked: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run measured.

    `status` is done, stopped, failed or killed; `errors` are articles' addresses by reason, of `asked`;
    `front_page` of them led there. `filled` maps a field to how many of `articles` have it; `body_chars`
    is their median length, `None` without articles; `problems` maps one of cleaning to how many have it.
    """

    started_at: datetime
    status: str = "done"
    reason: str | None = None
    asked: int = 0
    errors: Mapping[str, int] = field(default_factory=dict)
    document_errors: Mapping[str, int] = field(default_factory=dict)
    front_page: int = 0
    articles: int = 0
    filled: Mapping[str, int] = field(default_factory=dict)
    body_chars: float | None = None
    languages: Mapping[str, int] = field(default_factory=dict)
    problems: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A feed, sitemap or listing as it last was; the columns of `documents`."""

    url: str
    kind: str
    named: int = 0
    named_before: int = 0
    changed_at: datetime | None = None
    failing_since: datetime | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """A source as its books show it at the moment `at`, on the publisher's clock.

    `days` are complete days since the first crawl, in order; `runs` the latest, oldest first; `repeated` is
    how many of the `newest` articles share the one body most of them have; `waiting` counts new addresses
    not asked yet. `kept` counts articles ever kept.
    """

    at: datetime
    first_crawled_at: datetime | None = None
    kept: int = 0
    expected: Expected = Expected()
    days: tuple[Day, ...] = ()
    runs: tuple[Measured, ...] = ()
    documents: tuple[Document, ...] = ()
    newest: int = 0
    repeated: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is wrong: a stable `code`, the `state` it speaks for, the evidence in words."""

    code: str
    state: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state` is new (too little is known), well, worse or silent; the worst reason comes first."""

    state: str
    reasons: tuple[Reason, ...] = ()

    @property
    def why(self) -> str:
        """The evidence as one text, empty for a source that is well."""
        return " ".join(reason.evidence for reason in self.reasons)

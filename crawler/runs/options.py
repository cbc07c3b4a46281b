"""What may be said of a crawl before it begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """How to crawl.

    At most `limit` articles a source and `documents` sitemaps and pages of listings beyond those its
    profile names; nothing stated as older than the day `since`; every known article asked again with
    `revisit`; documents read again and further, for articles `back_to` a day; private addresses too with
    `allow_private`. Where it is `attended`, somebody hears that it is stopping, and a second signal ends it.
    """

    limit: int | None = None
    documents: int | None = None
    since: date | None = None
    revisit: bool = False
    back_to: date | None = None
    allow_private: bool = False
    attended: bool = True
